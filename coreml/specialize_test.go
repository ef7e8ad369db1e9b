package coreml_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
)

// TestRefusals gives operations parameters that do not fit, and wants to be
// told which and why.
func TestRefusals(t *testing.T) {
	zeros := func(shape ...int) *coreml.Tensor {
		return mil.Floats(coreml.Float32, shape, make([]float32, coreml.Type{Shape: shape}.Elements()))
	}
	for _, test := range []struct {
		op   string
		args mil.Args // x is an input fp32 [1, 4, 6, 6] where not given
		want string
	}{
		{"warp", nil, "the operation warp is not known"},
		{"relu", mil.Args{"slope": 1}, "parameter slope that is not known"},
		{"relu", mil.Args{"x": 1}, "its parameter x: it is int32 [], it takes floating-point numbers"},
		{"leaky_relu", nil, "its parameter alpha is missing"},
		{"leaky_relu", mil.Args{"alpha": zeros(2)}, "it takes one value"},
		{"leaky_relu", mil.Args{"alpha": "steep"}, "it is a string, not a number"},
		{"prelu", mil.Args{"alpha": zeros(3)}, "needs 4 numbers, one a channel"},
		{"cast", mil.Args{"dtype": "fp24"}, `it casts to "fp24"`},
		{"gelu", mil.Args{"mode": "ROUGH"}, "it takes EXACT, TANH_APPROXIMATION, SIGMOID_APPROXIMATION"},
		{"add", mil.Args{"y": zeros(5)}, "[1, 4, 6, 6] and [5] do not broadcast: 6 against 5"},
		{"add", mil.Args{"y": 1}, "x is fp32 [1, 4, 6, 6] and y is int32 []; both have to be of one type"},
		{"conv", mil.Args{"weight": zeros(8, 3, 3, 3)}, "with x [1, 4, 6, 6] and 1 groups"},
		{"conv", mil.Args{"weight": zeros(8, 4, 3)}, "both have to be of one rank"},
		{"conv", mil.Args{"weight": zeros(8, 4, 9, 3)}, "the kernel spans 9 elements, the padded input has 6"},
		{"conv", mil.Args{"weight": zeros(8, 4, 3, 3), "groups": 0}, "and 0 groups"},
		{"conv", mil.Args{"weight": zeros(8, 4, 3, 3), "strides": []int{0, 1}}, "strides is [0 1]; each has to be at least 1"},
		{"conv", mil.Args{"weight": zeros(8, 4, 3, 3), "strides": []int{1}}, "x has 2 spatial dimensions"},
		{"conv", mil.Args{"weight": zeros(8, 4, 3, 3), "pad_type": "mirror"}, `it is "mirror", it takes custom, valid, same, same_lower`},
		{"conv", mil.Args{"weight": zeros(8, 4, 3, 3), "pad_type": "custom", "pad": []int{1, 1}}, "it takes 4 numbers"},
		{"conv", mil.Args{"weight": zeros(8, 4, 3, 3), "pad_type": "custom", "pad": []int{1, 1, -1, 1}}, "none may be negative"},
		{"conv", mil.Args{"weight": zeros(8, 4, 3, 3), "bias": zeros(7)}, "it has to be a list of 8"},
		{"conv_transpose", mil.Args{"weight": zeros(3, 4, 2, 2)}, "[C_in, C_out/groups, ...]"},
		{"conv_transpose", mil.Args{"weight": zeros(4, 4, 2, 2), "pad_type": "custom", "pad": []int{4, 4, 0, 0}}, "nothing is left of 7"},
		{"max_pool", mil.Args{"kernel_sizes": []int{2, 2}}, "its parameter pad_type is missing"},
		{"max_pool", mil.Args{"kernel_sizes": []int{1, 1}, "strides": []int{4, 4}, "pad_type": "valid", "ceil_mode": true}, "starts outside the 6 elements"},
		{"max_pool", mil.Args{"kernel_sizes": []int{2, 2}, "pad_type": "custom", "pad": []int{0, 1, 0, 1}, "ceil_mode": true}, "equal padding"},
		{"pixel_shuffle", mil.Args{"upscale_factor": 3}, "its channels have to be a multiple of 9"},
		{"reshape", mil.Args{"shape": []int{7, -1}}, "144 elements, which do not fill the shape [7 -1]"},
		{"reshape", mil.Args{"shape": []int{-1, -1}}, "one may be -1"},
		{"transpose", mil.Args{"perm": []int{0, 1, 2, 2}}, "none twice"},
		{"concat", mil.Args{"values": []mil.Value{}, "axis": 1}, "parameter values is missing"},
		{"split", mil.Args{"num_splits": 5, "axis": 2}, "splits the extent 6 into 5"},
		{"split", mil.Args{"split_sizes": []int{2, 3}, "axis": 2}, "does not add up to the extent 6"},
		{"pad", mil.Args{"pad": []int{6, 0}, "mode": "reflect"}, "at most 5 is there to reflect"},
		{"slice_by_index", mil.Args{"begin": []int{0, 0, 5, 0}, "end": []int{1, 4, 2, 6}}, "in dimension 2 of x [1, 4, 6, 6] nothing is from 5 to 2"},
		{"slice_by_index", mil.Args{"begin": []int{0}, "end": []int{1}}, "has 1 entries"},
		{"gather", mil.Args{"indices": []int{0, 4}, "axis": 1}, "the index 4 is outside; the extent is 4"},
		{"reduce_mean", mil.Args{"axes": []int{4}}, "each has to be from -4 to 3"},
		{"softmax", mil.Args{"axis": -5}, "it has to be from -4 to 3"},
		{"upsample_nearest_neighbor", mil.Args{"scale_factor_height": 0.1}, "gives 0; it has to give 1"},
		{"upsample_bilinear", mil.Args{"align_corners": true, "half_pixel_centers": true}, "both true"},
		{"matmul", mil.Args{"y": zeros(5, 6)}, "6 columns against 5 rows"},
		{"linear", mil.Args{"weight": zeros(3, 5)}, "[..., C_in] and [C_out, C_in]"},
		{"tile", mil.Args{"reps": []int{1, 1, 1, 1 << 30}}, "is not in 0..2147483647"},
		{"topk", mil.Args{"k": 7}, "k is 7; the extent is 6"},
		{"einsum", mil.Args{"values": []mil.Value{}, "equation": "a"}, "parameter values is missing"},
		{"constexpr_lut_to_dense", mil.Args{"indices": zeros(2), "lut": zeros(3), "shape": []int{4}, "x": nil}, "2, 4, 16, 64 or 256"},
	} {
		b := mil.NewBuilder("CoreML7")
		x := b.Input("x", coreml.Float32, 1, 4, 6, 6)
		args := mil.Args{"x": x}
		for name, v := range test.args {
			args[name] = v
		}
		if _, ok := test.args["values"]; ok || args["x"] == nil {
			delete(args, "x")
		}
		b.Output(b.Op(test.op, "y", args))
		_, err := b.Package()
		require.ErrorContains(t, err, test.want, test.op)
	}
}

// TestDeclaredTypes declares types that are not what follows.
func TestDeclaredTypes(t *testing.T) {
	p := small(t)
	p.Program.Ops[0].Outputs[0].Type.Shape[1] = 5
	_, err := p.Program.Specialize(nil)
	require.ErrorContains(t, err, `coreml: operation 0, conv "conv_0" (output conv_0: fp32 [1, 5, 4, 4]): it declares conv_0: fp32 [1, 5, 4, 4], but by its inputs it gives fp32 [1, 3, 4, 4]`)

	p = small(t)
	p.Program.Ops[1].Outputs[0].Type.DataType = coreml.Float16
	_, err = p.Program.Specialize(nil)
	require.ErrorContains(t, err, "it declares y: fp16 [1, 3, 4, 4], but by its inputs it gives fp32")

	p = small(t)
	p.Program.Ops[1].Outputs = append(p.Program.Ops[1].Outputs, coreml.Variable{Name: "z"})
	_, err = p.Program.Specialize(nil)
	require.ErrorContains(t, err, "it declares 2 outputs, it gives 1")

	p = small(t)
	p.Program.Ops[0].Outputs[0].Type = coreml.Type{} // not declared: taken as it follows
	s, err := p.Program.Specialize(nil)
	require.NoError(t, err)
	require.Equal(t, "fp32 [1, 3, 4, 4]", s.Ops[0].Output().Type.String())
}

func TestFeatureShapes(t *testing.T) {
	f := coreml.Feature{Enumerated: [][]int{{1, 3, 4, 4}, {1, 3, 8, 8}}}
	require.NoError(t, f.Allows([]int{1, 3, 8, 8}))
	require.ErrorContains(t, f.Allows([]int{1, 3, 5, 5}), "it takes one of [1, 3, 4, 4] and [1, 3, 8, 8]")
	f = coreml.Feature{Range: []coreml.Bounds{{Min: 1, Max: 1}, {Min: 16, Max: coreml.Dynamic}}}
	require.NoError(t, f.Allows([]int{1, 1 << 20}))
	for _, shape := range [][]int{{1, 15}, {2, 16}, {1}} {
		require.EqualError(t, f.Allows(shape), "it does not take the shape "+coreml.FormatShape(shape)+"; it takes [1, 16..]")
	}
	require.NoError(t, coreml.Feature{}.Allows([]int{5}))
}
