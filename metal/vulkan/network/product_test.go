package network_test

import (
	"testing"

	"pgregory.net/rapid"

	"weft/coreml"
	"weft/coreml/mil"
)

// TestProduct multiplies matrices of every shape: rows that are read four
// elements at a time and others, constants and computed values, broadcast.
func TestProduct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		rows, depth, columns := small(t, 1, 21, "rows"), small(t, 1, 21, "depth"), small(t, 1, 21, "columns")
		if rapid.Bool().Draw(t, "fours") {
			rows, depth, columns = 4*rows, 4*depth, 4*columns
		}
		before := rapid.SampledFrom([][2][]int{{{}, {}}, {{3}, {1}}, {{2, 1}, {1, 3}}, {{}, {2}}, {{2, 3, 2}, {3, 1}}}).Draw(t, "batch")
		matrix := func(b *mil.Builder, name string, batch []int, h, w int, transposed bool) any {
			if transposed {
				h, w = w, h
			}
			shape := append(append([]int{}, batch...), h, w)
			if name == "y" && rapid.Bool().Draw(t, "constant") {
				return weights(kind, 3, shape...)
			}
			return b.Op("mul", "", mil.Args{"x": b.Input(name, kind, shape...), "y": 0.5})
		}
		p := program(t, func(b *mil.Builder) {
			tx, ty := rapid.Bool().Draw(t, "transpose x"), rapid.Bool().Draw(t, "transpose y")
			x, y := matrix(b, "x", before[0], rows, depth, tx), matrix(b, "y", before[1], depth, columns, ty)
			z := b.Op("matmul", "", mil.Args{"x": x, "y": y, "transpose_x": tx, "transpose_y": ty})
			b.Output(b.Op("mul", "z", mil.Args{"x": z, "y": 1 / float64(depth)}))
		})
		compare(t, p, randomInputs(p), tolerance(kind))
	})
}

// TestAttention runs the operations that are products with more around them.
func TestAttention(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		heads, queries, keys, width := small(t, 1, 3, "heads"), small(t, 1, 9, "queries"), small(t, 1, 9, "keys"), small(t, 1, 9, "width")
		mask := rapid.SampledFrom([]string{"", "truth", "numbers"}).Draw(t, "mask")
		p := program(t, func(b *mil.Builder) {
			args := mil.Args{
				"query": b.Input("q", kind, 1, heads, queries, width), "key": b.Input("k", kind, 1, heads, keys, width),
				"value": b.Input("v", kind, 1, heads, keys, 5),
			}
			switch m := b.Input("mask", kind, queries, keys); mask {
			case "truth": // true for one key at least
				args["attn_mask"] = b.Op("greater_equal", "", mil.Args{"x": m, "y": b.Op("reduce_mean", "", mil.Args{"x": m, "axes": []int{-1}, "keep_dims": true})})
			case "numbers":
				args["attn_mask"] = m
			}
			b.Output(b.Op("scaled_dot_product_attention", "attention", args))
			x, y := b.Input("x", kind, 2, 3, 4, width), b.Input("y", kind, 2, width, 4, 6)
			b.Output(b.Op("einsum", "sums", mil.Args{"values": []mil.Value{x, y}, "equation": "nchw,nwhu->nchu"}))
			norm := b.Op("layer_norm", "", mil.Args{"x": x, "axes": []int{1, -1}, "gamma": weights(kind, 1, 3, width), "epsilon": 0.1})
			b.Output(b.Op("instance_norm", "norm", mil.Args{"x": norm, "beta": weights(kind, 1, 3), "epsilon": 0.1}))
		})
		compare(t, p, randomInputs(p), tolerance(kind))
	})
}

// TestDimensions runs windows over one and three dimensions.
func TestDimensions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		c, d, h, w := small(t, 1, 5, "channels"), small(t, 3, 6, "depth"), small(t, 3, 6, "height"), small(t, 3, 9, "width")
		k, s := small(t, 1, 3, "kernel"), small(t, 1, 2, "stride")
		padType := rapid.SampledFrom([]string{"valid", "same"}).Draw(t, "pad type")
		p := program(t, func(b *mil.Builder) {
			line, volume := b.Input("line", kind, 2, c, w), b.Input("volume", kind, 2, c, d, h, w)
			bias := mil.Floats(kind, []int{4}, noise(4, 2))
			b.Output(b.Op("conv", "conv1", mil.Args{"x": line, "weight": weights(kind, 1, 4, c, k), "bias": bias, "strides": []int{s}, "pad_type": padType}))
			b.Output(b.Op("conv_transpose", "conv1t", mil.Args{"x": line, "weight": weights(kind, 1, c, 4, k), "bias": bias, "strides": []int{s}, "pad_type": padType}))
			b.Output(b.Op("conv", "conv3", mil.Args{"x": volume, "weight": weights(kind, 1, 4, c, k, 2, k), "bias": bias, "strides": []int{s, 1, 2}, "pad_type": padType}))
			for _, name := range []string{"max_pool", "avg_pool", "l2_pool"} {
				args := mil.Args{"x": volume, "kernel_sizes": []int{2, k, 2}, "strides": []int{s, 1, 2}, "pad_type": padType}
				if name == "avg_pool" {
					args["exclude_padding_from_average"] = rapid.Bool().Draw(t, "exclude")
				}
				b.Output(b.Op(name, name+"3", args))
				b.Output(b.Op(name, name+"1", mil.Args{"x": line, "kernel_sizes": []int{k}, "strides": []int{s}, "pad_type": padType}))
			}
		})
		compare(t, p, randomInputs(p), tolerance(kind))
	})
}

// TestScatter writes updates over elements, by indices that repeat and count
// from the end.
func TestScatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mode := rapid.SampledFrom([]string{"update", "add", "sub", "mul", "div", "max", "min"}).Draw(t, "mode")
		whole := rapid.Bool().Draw(t, "whole") && mode != "div"
		input := func(b *mil.Builder, name string, shape ...int) mil.Value {
			x := b.Input(name, coreml.Float32, shape...)
			if whole {
				x = b.Op("cast", "", mil.Args{"x": b.Op("mul", "", mil.Args{"x": x, "y": 20.0}), "dtype": "int32"})
			}
			return x
		}
		p := program(t, func(b *mil.Builder) {
			data := input(b, "data", 3, 5, 4)
			list := mil.Ints(coreml.Int32, []int{2, 2}, []int{4, 0, -5, 2})
			axis := rapid.SampledFrom([]int{1, -2}).Draw(t, "axis")
			b.Output(b.Op("scatter", "along", mil.Args{"data": data, "indices": list, "updates": input(b, "u", 3, 2, 2, 4), "axis": axis, "mode": mode}))
			at := make([]int, 3*7*2)
			for i := range at {
				at[i] = i*3%10 - 5
			}
			b.Output(b.Op("scatter_along_axis", "each", mil.Args{
				"data": data, "indices": mil.Ints(coreml.Int32, []int{3, 7, 2}, at), "updates": input(b, "v", 3, 7, 2), "axis": axis, "mode": mode,
			}))
			places := mil.Ints(coreml.Int32, []int{4, 2}, []int{0, 1, 2, -1, 0, 1, 1, 3})
			b.Output(b.Op("scatter_nd", "places", mil.Args{"data": data, "indices": places, "updates": input(b, "w", 4, 4), "mode": mode}))
			b.Output(b.Op("gather_nd", "picked", mil.Args{"x": data, "indices": places}))
			written := b.Op("slice_update", "", mil.Args{"x": data, "update": input(b, "s", 3, 2, 4), "begin": []int{0, 1, 0}, "end": []int{3, 5, 4}, "stride": []int{1, 2, 1}})
			b.Output(b.Op("abs", "written", mil.Args{"x": written}))
			band := b.Op("band_part", "", mil.Args{"x": data, "lower": small(t, -1, 2, "lower"), "upper": small(t, -1, 2, "upper")})
			b.Output(b.Op("square", "band", mil.Args{"x": band}))
		})
		compare(t, p, randomInputs(p), 1e-4)
	})
}
