package coreml_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
)

// constexpr is an operation whose parameters are all constants.
func constexpr(opType string, params map[string]*coreml.Tensor) *coreml.Op {
	op := &coreml.Op{Type: opType, Inputs: map[string][]coreml.Arg{}, Attributes: map[string]*coreml.Tensor{}}
	for name, t := range params {
		op.Inputs[name] = []coreml.Arg{{Value: t}}
	}
	return op
}

func list(values ...float32) *coreml.Tensor {
	return mil.Floats(coreml.Float32, []int{len(values)}, values)
}

// TestDecompress takes the newer forms, with blocks and vectors; the older
// ones are among the cases of package reference.
func TestDecompress(t *testing.T) {
	for _, test := range []struct {
		name string
		op   *coreml.Op
		typ  string
		want []float32
	}{
		{
			"blocks of two along the last axis",
			constexpr("constexpr_blockwise_shift_scale", map[string]*coreml.Tensor{
				"data":   mil.Ints(coreml.Int4, []int{2, 4}, []int{-8, 7, 1, 2, 0, -1, 3, 4}),
				"scale":  mil.Floats(coreml.Float32, []int{2, 2}, []float32{1, 0.5, 2, 10}),
				"offset": mil.Ints(coreml.Int4, []int{2, 2}, []int{0, 1, 0, -1}),
			}),
			"fp32 [2, 4]",
			[]float32{-8, 7, 0, 0.5, 0, -2, 40, 50},
		},
		{
			"a table for each row",
			constexpr("constexpr_lut_to_dense", map[string]*coreml.Tensor{
				"indices": mil.Ints(coreml.UInt1, []int{2, 3}, []int{0, 1, 1, 1, 0, 0}),
				"lut":     mil.Floats(coreml.Float32, []int{2, 1, 2, 1}, []float32{1, 2, 30, 40}),
			}),
			"fp32 [2, 3]",
			[]float32{1, 2, 2, 40, 30, 30},
		},
		{
			// The example in coremltools' description of the operation.
			"vectors of two along axis 0",
			constexpr("constexpr_lut_to_dense", map[string]*coreml.Tensor{
				"indices":     mil.Ints(coreml.UInt1, []int{1, 2}, []int{0, 1}),
				"lut":         mil.Floats(coreml.Float32, []int{1, 1, 2, 2}, []float32{1, 2, 3, 4}),
				"vector_axis": mil.Ints(coreml.Int32, []int{}, []int{0}),
			}),
			"fp32 [2, 2]",
			[]float32{1, 3, 2, 4},
		},
		{
			"a mask that has a shape",
			constexpr("constexpr_sparse_to_dense", map[string]*coreml.Tensor{
				"nonzero_data": list(5, 6),
				"mask":         mil.Ints(coreml.UInt1, []int{2, 2}, []int{0, 1, 1, 0}),
			}),
			"fp32 [2, 2]",
			[]float32{0, 5, 6, 0},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			types, err := test.op.Infer(func(string) (coreml.Type, bool) { return coreml.Type{}, false })
			require.NoError(t, err)
			require.Equal(t, test.typ, types[0].String())
			got, err := coreml.Decompress(test.op)
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
}

// TestDecompressAttributes keeps the data where older packages do.
func TestDecompressAttributes(t *testing.T) {
	op := &coreml.Op{Type: "constexpr_affine_dequantize", Attributes: map[string]*coreml.Tensor{
		"quantized_data": mil.Ints(coreml.UInt8, []int{1, 3}, []int{128, 130, 0}),
		"zero_point":     mil.Ints(coreml.UInt8, []int{}, []int{128}),
		"scale":          mil.Floats(coreml.Float32, []int{}, []float32{0.5}),
		"axis":           mil.Ints(coreml.Int32, []int{}, []int{0}),
	}}
	got, err := coreml.Decompress(op)
	require.NoError(t, err)
	require.Equal(t, []float32{0, 1, -64}, got)
}

func TestDecompressErrors(t *testing.T) {
	op := constexpr("constexpr_sparse_to_dense", map[string]*coreml.Tensor{
		"nonzero_data": list(5), "mask": mil.Ints(coreml.UInt1, []int{2}, []int{1, 1}),
	})
	_, err := coreml.Decompress(op)
	require.ErrorContains(t, err, "more ones than the 1 elements")
	op.Inputs["nonzero_data"][0].Value = list(5, 6, 7)
	_, err = coreml.Decompress(op)
	require.ErrorContains(t, err, "2 ones for 3 elements")
	op.Inputs["nonzero_data"][0].Value = &coreml.Tensor{Type: coreml.Type{DataType: coreml.Float32, Shape: []int{2}}, File: "weight.bin"}
	_, err = coreml.Decompress(op)
	require.ErrorContains(t, err, "was not read")
	_, err = coreml.Decompress(constexpr("relu", map[string]*coreml.Tensor{"x": list(1)}))
	require.ErrorContains(t, err, "relu holds no compressed weights")
}
