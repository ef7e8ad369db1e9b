package coreml_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/coreml/reference"
)

// TestComputedShapes specializes what converters write for a network that
// arranges elements by the extents of its input.
func TestComputedShapes(t *testing.T) {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, 4, coreml.Dynamic, coreml.Dynamic)
	shape := b.Op("shape", "", mil.Args{"x": x})
	extent := func(i int) mil.Value {
		e := b.Op("gather", "", mil.Args{"x": shape, "indices": i, "axis": 0})
		return b.Op("expand_dims", "", mil.Args{"x": e, "axes": []int{0}})
	}
	height, width := extent(2), extent(3)
	four := b.Const("four", mil.Ints(coreml.Int32, []int{1}, []int{4}))
	rest := b.Const("rest", mil.Ints(coreml.Int32, []int{1}, []int{-1}))
	// Half as high, twice as wide, and a part of it cut off.
	wide := b.Op("mul", "", mil.Args{"x": width, "y": 2})
	low := b.Op("floor_div", "", mil.Args{"x": height, "y": 2})
	flat := b.Op("reshape", "", mil.Args{"x": x, "shape": b.Op("concat", "", mil.Args{"values": []mil.Value{rest, four, low, wide}, "axis": 0})})
	zeros := b.Const("zeros", mil.Ints(coreml.Int32, []int{3}, make([]int, 3)))
	size := b.Op("slice_by_index", "", mil.Args{"x": shape, "begin": []int{1}, "end": []int{4}})
	isFour := b.Op("equal", "", mil.Args{"x": size, "y": four})
	size = b.Op("select", "", mil.Args{"cond": isFour, "a": rest, "b": b.Op("floor_div", "", mil.Args{"x": size, "y": 3})})
	cut := b.Op("squeeze", "", mil.Args{"x": flat, "axes": []int{0}})
	// size is [-1, H/3, W/3].
	y := b.Op("slice_by_size", "cut", mil.Args{"x": cut, "begin": zeros, "size": size})
	asFloat := b.Op("cast", "", mil.Args{"x": width, "dtype": "fp32"})
	scale := b.Op("real_div", "", mil.Args{"x": asFloat, "y": b.Op("floor", "", mil.Args{"x": b.Op("mul", "", mil.Args{"x": asFloat, "y": 0.5})})})
	up := b.Op("upsample_nearest_neighbor", "up", mil.Args{"x": x, "scale_factor_width": scale})
	b.Output(y)
	b.Output(up)
	p, err := b.Package()
	require.NoError(t, err)

	s, err := p.Specialize(map[string][]int{"x": {1, 4, 12, 7}})
	require.NoError(t, err)
	types := s.Variables()
	assert.Equal(t, "fp32 [4, 4, 2]", types["cut"].String())
	assert.Equal(t, "fp32 [1, 4, 12, 16]", types["up"].String(), "7/floor(3.5)")
	var left []string
	for _, op := range s.Ops {
		left = append(left, op.Type)
	}
	assert.Equal(t, []string{"reshape", "squeeze", "slice_by_size", "upsample_nearest_neighbor"}, left)
	_, err = p.Specialize(map[string][]int{"x": {1, 4, 7, 7}})
	assert.ErrorContains(t, err, "196 elements, which do not fill the shape [-1 4 3 14]")
	assert.NotContains(t, p.Program.Constants, shape.Name(), "the program itself is not changed")
}

// TestFoldAsReference computes each operation on small constants and compares
// with the reference.
func TestFoldAsReference(t *testing.T) {
	elementwise := []string{"cast", "identity", "floor", "ceil", "round", "abs", "sqrt", "square", "logical_not"}
	pairs := []string{
		"add", "sub", "mul", "real_div", "floor_div", "mod", "pow", "maximum", "minimum",
		"equal", "not_equal", "greater", "greater_equal", "less", "less_equal", "logical_and", "logical_or", "logical_xor",
	}
	kinds := append(slices.Concat(elementwise, pairs), "reshape", "squeeze", "expand_dims",
		"reduce_prod", "reduce_sum", "reduce_max", "reduce_min", "select", "concat", "stack", "gather",
		"slice_by_index", "slice_by_size", "split", "tile", "range_1d")
	folded := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		number := func(name string, least, most int) int { return rapid.IntRange(least, most).Draw(t, name) }
		kind := rapid.SampledFrom([]coreml.DataType{
			coreml.Int32, coreml.Float32, coreml.Float16, coreml.Bool, coreml.Int16, coreml.UInt16, coreml.Int8, coreml.UInt8, coreml.UInt32,
		}).Draw(t, "kind")
		tensor := func(name string, shape ...int) *coreml.Tensor {
			n := coreml.Type{Shape: shape}.Elements()
			if kind.IsFloat() {
				return mil.Floats(kind, shape, rapid.SliceOfN(rapid.Float32Range(-9, 9), n, n).Draw(t, name))
			}
			least, most := -9, 9
			switch kind {
			case coreml.UInt8, coreml.UInt16, coreml.UInt32:
				least = 0
			case coreml.Bool:
				least, most = 0, 1
			}
			return mil.Ints(kind, shape, rapid.SliceOfN(rapid.IntRange(least, most), n, n).Draw(t, name))
		}
		n := number("n", 1, 4)
		other := rapid.SampledFrom([][]int{{}, {1}, {n}, {3, n}, {2, 1}}).Draw(t, "other")
		// Every operation that takes such values is computed.
		for _, opType := range kinds {
			args := mil.Args{"x": tensor("x", n)}
			switch {
			case opType == "cast":
				args["dtype"] = rapid.SampledFrom([]string{"int32", "fp32", "fp16", "bool", "uint8", "int8", "uint16", "uint32"}).Draw(t, "to")
			case slices.Contains(pairs, opType):
				args["y"] = tensor("y", other...)
			case opType == "reshape":
				args["shape"] = []int{1, -1, 1}
			case opType == "squeeze":
				args["x"] = tensor("x", 1, n)
				args["axes"] = []int{0}
			case opType == "expand_dims":
				args["axes"] = []int{number("axis", 0, 1)}
			case opType == "select":
				cond := make([]int, n)
				for i := range cond {
					cond[i] = number("cond", 0, 1)
				}
				args = mil.Args{"cond": mil.Ints(coreml.Bool, []int{n}, cond), "a": args["x"], "b": tensor("b", other...)}
			case opType == "gather":
				args["axis"], args["indices"] = 0, rapid.SliceOfN(rapid.IntRange(-n, n-1), 1, 5).Draw(t, "indices")
			case opType == "slice_by_index":
				args["begin"], args["end"] = []int{number("begin", -n, n)}, []int{number("end", -n, n)}
				args["stride"] = []int{rapid.SampledFrom([]int{-2, -1, 1, 2}).Draw(t, "stride")}
				args["end_mask"] = []bool{rapid.Bool().Draw(t, "mask")}
			case opType == "slice_by_size":
				args["begin"], args["size"] = []int{number("begin", 0, n-1)}, []int{-1}
			case opType == "split":
				args["split_sizes"], args["axis"] = []int{n}, 0
			case opType == "tile":
				args["reps"] = []int{number("reps", 1, 3)}
			case opType == "range_1d":
				args = mil.Args{"start": tensor("start"), "end": tensor("end"), "step": tensor("step")}
				if v, err := args["step"].(*coreml.Tensor).Float32s(); err != nil || max(v[0], -v[0]) < 0.25 {
					continue // many steps
				}
			}
			b := mil.NewBuilder("CoreML8")
			b.Input("unused", coreml.Float32, 1)
			if opType == "concat" || opType == "stack" {
				v := b.Const("x", args["x"].(*coreml.Tensor))
				args = mil.Args{"values": []mil.Value{v, v}, "axis": 0}
			}
			b.Output(b.Op(opType, "result", args))
			p, err := b.Package()
			if err != nil {
				continue // parameters that do not fit
			}
			want, err := reference.Run(p.Program, map[string][]float32{"unused": {0}}, reference.Options{Half: true})
			require.NoError(t, err)
			s, err := p.Specialize(nil)
			require.NoError(t, err)
			if opType == "stack" {
				require.NotEmpty(t, s.Ops, "a table is not computed here")
				continue
			}
			require.Empty(t, s.Ops, opType)
			got, err := s.Constants["result"].Float32s()
			require.NoError(t, err)
			for i, v := range want["result"].Values {
				require.Equal(t, fmt.Sprint(v+0), fmt.Sprint(got[i]+0), opType) // without the sign of 0; NaN is itself
			}
			require.Len(t, got, len(want["result"].Values))
			require.Equal(t, want["result"].Type, s.Constants["result"].Type)
			folded[opType] = true
		}
	})
	require.Len(t, folded, len(kinds)-1)
}
