package network_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/coreml"
	"weft/coreml/mil"
)

// TestUnary runs every elementwise operation, each as an output of one
// program.
func TestUnary(t *testing.T) {
	scalars := map[string]mil.Args{
		"clip": {"alpha": -0.25, "beta": 0.5}, "leaky_relu": {"alpha": 0.1}, "elu": {"alpha": 0.7},
		"thresholded_relu": {"alpha": 0.3}, "threshold": {"alpha": 0.3}, "sigmoid_hard": {"alpha": 0.3, "beta": 0.4},
		"scaled_tanh": {"alpha": 1.5, "beta": 0.6}, "log": {"epsilon": 1.5}, "rsqrt": {"epsilon": 1.25}, "inverse": {"epsilon": 1.125},
	}
	for _, name := range []string{
		"relu", "relu6", "sigmoid", "tanh", "silu", "softplus", "softsign", "exp", "exp2", "abs", "sign", "square",
		"erf", "ceil", "floor", "round", "sin", "cos", "tan", "atan",
	} {
		scalars[name] = mil.Args{}
	}
	p := program(t, func(b *mil.Builder) {
		x := b.Input("x", coreml.Float32, 1, 5, 3, 7)
		wide := b.Op("mul", "wide", mil.Args{"x": x, "y": float32(1.0)})
		for name, args := range scalars {
			args["x"] = wide
			b.Output(b.Op(name, name+"_out", args))
		}
		for _, mode := range []string{"EXACT", "TANH_APPROXIMATION", "SIGMOID_APPROXIMATION"} {
			b.Output(b.Op("gelu", mode, mil.Args{"x": wide, "mode": mode}))
		}
		b.Output(b.Op("sqrt", "sqrt_out", mil.Args{"x": b.Op("abs", "abs2", mil.Args{"x": wide})}))
	})
	plan := compare(t, p, randomInputs(p), 2e-5)
	require.Greater(t, len(plan.Outputs), 30)
}

// TestLargeOperands runs the operations that could overflow on the way to a
// finite result.
func TestLargeOperands(t *testing.T) {
	p := program(t, func(b *mil.Builder) {
		x := b.Op("mul", "", mil.Args{"x": b.Input("x", coreml.Float32, 1, 2, 3, 7), "y": float32(200)})
		for _, name := range []string{"sigmoid", "tanh", "silu", "softplus", "erf"} {
			b.Output(b.Op(name, name+"_out", mil.Args{"x": x}))
		}
		b.Output(b.Op("elu", "elu_out", mil.Args{"x": x, "alpha": 0.5}))
	})
	compare(t, p, randomInputs(p), 1e-5)
}

// TestBinary broadcasts tensors and constants against each other.
func TestBinary(t *testing.T) {
	shapes := [][]int{{1, 6, 5, 4}, {1, 6, 1, 1}, {1, 1, 5, 4}, {6, 1, 1}, {1}, {}, {1, 1, 1, 4}, {1, 6, 5, 1}, {2, 6, 5, 4}}
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		p := program(t, func(b *mil.Builder) {
			x := b.Input("x", kind, rapid.SampledFrom(shapes[:3]).Draw(t, "x")...)
			x = b.Op("mul", "", mil.Args{"x": x, "y": 2.0})
			for i, name := range []string{"add", "sub", "mul", "real_div", "maximum", "minimum"} {
				shape := rapid.SampledFrom(shapes).Draw(t, "y")
				count := 1
				for _, e := range shape {
					count *= e
				}
				data := noise(count, uint32(i))
				for i := range data {
					data[i] += 2.5
				}
				var y any = mil.Floats(kind, shape, data)
				if len(shape) == 4 && rapid.Bool().Draw(t, "computed") {
					z := b.Input(fmt.Sprint("y", i), kind, shape...)
					y = b.Op("add", "", mil.Args{"x": z, "y": 3.0})
				}
				args := mil.Args{"x": x, "y": y}
				if rapid.Bool().Draw(t, "swap") {
					args = mil.Args{"x": y, "y": x}
				}
				b.Output(b.Op(name, name+"_out", args))
			}
		})
		compare(t, p, randomInputs(p), tolerance(kind))
	})
}

// TestSpatial runs the operations that move, blend or reduce pixels.
func TestSpatial(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		c, h, w := small(t, 1, 9, "channels"), small(t, 3, 12, "height"), small(t, 3, 12, "width")
		p := program(t, func(b *mil.Builder) {
			x := b.Input("x", kind, rapid.SampledFrom([]int{1, 1, 2}).Draw(t, "pictures"), c, h, w)
			x = b.Op("add", "sum", mil.Args{"x": x, "y": 0.5})
			scale := mil.Args{"x": x, "scale_factor_height": rapid.SampledFrom([]float64{1, 2, 3}).Draw(t, "y scale"), "scale_factor_width": 2}
			b.Output(b.Op("upsample_nearest_neighbor", "near", scale))
			corners := rapid.Bool().Draw(t, "corners")
			b.Output(b.Op("upsample_bilinear", "blend", mil.Args{"x": x, "scale_factor_height": 2.5, "scale_factor_width": 3, "align_corners": corners}))
			b.Output(b.Op("upsample_bilinear", "plain", mil.Args{"x": x, "scale_factor_height": 2, "scale_factor_width": 2, "align_corners": false, "half_pixel_centers": false}))
			b.Output(b.Op("resize_bilinear", "resized", mil.Args{"x": x, "target_size_height": small(t, 1, 20, "to"), "target_size_width": 5, "sampling_mode": "UNALIGN_CORNERS"}))
			pad := []int{0, 0, 0, 0, small(t, 0, 2, "top"), small(t, 0, 2, "bottom"), small(t, 0, 2, "left"), small(t, 0, 2, "right")}
			for _, mode := range []string{"reflect", "replicate", "constant"} {
				b.Output(b.Op("pad", mode, mil.Args{"x": x, "pad": pad, "mode": mode, "constant_val": 1.5}))
			}
			begin, stride := small(t, 0, 2, "begin"), small(t, 1, 2, "stride")
			b.Output(b.Op("slice_by_index", "slice", mil.Args{
				"x": x, "begin": []int{0, 0, begin, -1}, "end": []int{0, 0, h, 0}, "stride": []int{1, 1, stride, -1},
				"begin_mask": []bool{true, true, false, false}, "end_mask": []bool{true, true, false, true},
			}))
			axes := rapid.SampledFrom([][]int{{2, 3}, {3}, {-2}}).Draw(t, "axes")
			for _, name := range []string{"reduce_mean", "reduce_sum", "reduce_max", "reduce_min"} {
				b.Output(b.Op(name, name+"_out", mil.Args{"x": x, "axes": axes, "keep_dims": true}))
			}
		})
		compare(t, p, randomInputs(p), tolerance(kind))
	})
}

func TestPool(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		k := small(t, 2, 3, "kernel")
		pad := small(t, 0, 1, "pad")
		p := program(t, func(b *mil.Builder) {
			x := b.Input("x", kind, 1, small(t, 1, 5, "channels"), small(t, 3, 12, "height"), small(t, 3, 12, "width"))
			x = b.Op("sub", "sum", mil.Args{"x": x, "y": 3.0})
			args := mil.Args{
				"x": x, "kernel_sizes": []int{k, k}, "strides": []int{2, small(t, 1, 2, "stride")}, "pad_type": "custom",
				"pad": []int{pad, pad, pad, pad}, "ceil_mode": rapid.Bool().Draw(t, "ceil"),
			}
			b.Output(b.Op("max_pool", "max", args))
			args["exclude_padding_from_average"] = rapid.Bool().Draw(t, "exclude")
			b.Output(b.Op("avg_pool", "avg", args))
		})
		compare(t, p, randomInputs(p), tolerance(kind))
	})
}

// TestChannels runs the operations along channels, with a convolution behind
// them that reads their image with a border.
func TestChannels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		h, w := small(t, 1, 9, "height"), small(t, 1, 9, "width")
		channels := rapid.SampledFrom([][]int{{4, 8}, {4, 4, 3}, {3, 5}, {1, 2, 6}}).Draw(t, "channels")
		total := 0
		p := program(t, func(b *mil.Builder) {
			var values []mil.Value
			for i, c := range channels {
				x := b.Input(fmt.Sprint("x", i), kind, 1, c, h, w)
				values = append(values, b.Op("add", fmt.Sprint("sum", i), mil.Args{"x": x, "y": float64(i)}))
				total += c
			}
			joined := b.Op("concat", "joined", mil.Args{"values": values, "axis": 1})
			wider := b.Op("concat", "wider", mil.Args{"values": append(values, b.Op("relu", "last", mil.Args{"x": values[0]})), "axis": 1})
			conv := b.Op("conv", "conv", mil.Args{"x": joined, "weight": weights(kind, 1, 8, total, 3, 3), "pad_type": "same"})
			b.Output(b.Op("relu", "y", mil.Args{"x": conv}))
			b.Output(b.Op("abs", "w", mil.Args{"x": wider}))
			b.Output(joined)
			var order []int
			for range small(t, 1, 6, "picks") {
				order = append(order, small(t, -total, total-1, "channel"))
			}
			b.Output(b.Op("gather", "picked", mil.Args{"x": joined, "indices": order, "axis": 1}))
			first := rapid.IntRange(0, total-1).Draw(t, "first")
			part := b.Op("slice_by_index", "part", mil.Args{
				"x": joined, "begin": []int{0, first, 0, 0}, "end": []int{1, total, h, w},
				"begin_mask": []bool{true, false, true, true}, "end_mask": []bool{true, true, true, true},
			})
			b.Output(b.Op("relu", "part_out", mil.Args{"x": part}))
			for i, v := range b.Ops("split", []string{"split0", "split1"}, mil.Args{"x": conv, "split_sizes": []int{4, 4}, "axis": 1}) {
				b.Output(b.Op("square", fmt.Sprint("square", i), mil.Args{"x": v}))
			}
			b.Output(b.Op("pad", "padded", mil.Args{"x": joined, "pad": []int{0, 0, 1, 2, 1, 0, 0, 2}, "constant_val": -1}))
		})
		compare(t, p, randomInputs(p), tolerance(kind))
	})
}

// TestTypes casts between the types of bound tensors.
func TestTypes(t *testing.T) {
	p := program(t, func(b *mil.Builder) {
		x := b.Input("x", coreml.Float16, 1, 3, 4, 5)
		i := b.Input("i", coreml.Int32, 1, 2, 4, 5)
		list := b.Input("list", coreml.Float16, 7)
		wide := b.Op("cast", "wide", mil.Args{"x": x, "dtype": "fp32"})
		b.Output(b.Op("mul", "scaled", mil.Args{"x": wide, "y": float32(300)}))
		big := b.Op("mul", "", mil.Args{"x": x, "y": 256.0})
		b.Output(b.Op("cast", "whole", mil.Args{"x": big, "dtype": "int32"}))
		byte := b.Op("cast", "byte", mil.Args{"x": big, "dtype": "uint8"})
		b.Output(b.Op("cast", "from_byte", mil.Args{"x": byte, "dtype": "int32"}))
		b.Output(b.Op("cast", "from_int", mil.Args{"x": i, "dtype": "fp16"}))
		b.Output(b.Op("identity", "same", mil.Args{"x": i}))
		b.Output(b.Op("relu", "list_out", mil.Args{"x": list}))
	})
	inputs := randomInputs(p)
	for i := range inputs["i"] {
		inputs["i"][i] = float32(int(inputs["i"][i] * 2000))
	}
	compare(t, p, inputs, 1e-3)
}

func TestBatchNorm(t *testing.T) {
	p := program(t, func(b *mil.Builder) {
		x := b.Input("x", coreml.Float32, 1, 6, 3, 5)
		positive := noise(6, 3)
		for i := range positive {
			positive[i] = positive[i]*0.5 + 1
		}
		list := func(seed uint32) *coreml.Tensor { return mil.Floats(coreml.Float32, []int{6}, noise(6, seed)) }
		b.Output(b.Op("batch_norm", "y", mil.Args{
			"x": x, "mean": list(1), "variance": mil.Floats(coreml.Float32, []int{6}, positive), "gamma": list(2), "beta": list(4), "epsilon": float32(1e-3),
		}))
	})
	compare(t, p, randomInputs(p), 1e-5)
}

// TestMissingChannels divides by one number a channel, of five: what stands in
// place of channels six to eight must not spoil what reads them with the rest.
func TestMissingChannels(t *testing.T) {
	p := program(t, func(b *mil.Builder) {
		x := b.Input("x", coreml.Float32, 1, 5, 4, 6)
		y := b.Op("real_div", "", mil.Args{"x": x, "y": mil.Floats(coreml.Float32, []int{1, 5, 1, 1}, []float32{1, 2, 3, 4, 5})})
		y = b.Op("conv", "", mil.Args{"x": y, "weight": weights(coreml.Float32, 1, 4, 5, 3, 3), "pad_type": "same"})
		b.Output(b.Op("relu", "y", mil.Args{"x": y}))
	})
	compare(t, p, randomInputs(p), 1e-5)
}

// TestShapes runs the operations that arrange elements anew.
func TestShapes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		n, c, h, w := small(t, 1, 2, "pictures"), small(t, 1, 9, "channels"), small(t, 1, 7, "height"), small(t, 1, 7, "width")
		p := program(t, func(b *mil.Builder) {
			x := b.Op("mul", "", mil.Args{"x": b.Input("x", kind, n, c, h, w), "y": 2.0})
			perm := rapid.Permutation([]int{0, 1, 2, 3}).Draw(t, "order")
			y := b.Op("transpose", "transposed", mil.Args{"x": x, "perm": perm})
			b.Output(y)
			b.Output(b.Op("reshape", "reshaped", mil.Args{"x": y, "shape": []int{n, -1, w}}))
			b.Output(b.Op("reshape", "list", mil.Args{"x": x, "shape": []int{-1}}))
			b.Output(b.Op("flatten2d", "flat", mil.Args{"x": x, "axis": 2}))
			b.Output(b.Op("slice_by_index", "squeezed", mil.Args{
				"x": x, "begin": []int{0, c - 1, 0, 0}, "end": []int{n, 0, h, w}, "squeeze_mask": []bool{false, true, false, false},
			}))
			b.Output(b.Op("reduce_mean", "mean", mil.Args{"x": x, "axes": []int{2, 3}, "keep_dims": false}))
			three := b.Op("transpose", "three", mil.Args{"x": b.Input("three_in", kind, c, h, w), "perm": []int{1, -1, 0}})
			b.Output(b.Op("expand_dims", "four", mil.Args{"x": three, "axes": []int{3}}))
		})
		compare(t, p, randomInputs(p), tolerance(kind))
	})
}
