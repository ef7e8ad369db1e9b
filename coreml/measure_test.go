package coreml_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
)

// TestMeasure counts a program whose figures can be added up by hand.
func TestMeasure(t *testing.T) {
	b := mil.NewBuilder("CoreML8")
	zeros := func(shape ...int) *coreml.Tensor {
		return mil.Floats(coreml.Float16, shape, make([]float32, coreml.Type{Shape: shape}.Elements()))
	}
	x := b.Input("x", coreml.Float16, 1, 2, 10, 20)
	w := b.Const("w", zeros(8, 2, 3, 3))
	a := b.Op("conv", "a", mil.Args{"x": x, "weight": w, "bias": zeros(8), "pad_type": "same"})
	a = b.Op("relu", "b", mil.Args{"x": a})
	packed := b.Op("constexpr_blockwise_shift_scale", "packed", mil.Args{"data": mil.Ints(coreml.Int4, []int{8, 4, 2, 2}, make([]int, 128)), "scale": zeros(8, 1, 1, 1)})
	up := b.Op("conv_transpose", "up", mil.Args{"x": a, "weight": packed, "strides": []int{2, 2}})
	flat := b.Op("reshape", "flat", mil.Args{"x": up, "shape": []int{4, 800}})
	y := b.Op("matmul", "y", mil.Args{"x": flat, "y": flat, "transpose_y": true})
	b.Output(b.Op("linear", "z", mil.Args{"x": y, "weight": zeros(6, 4)}))
	p, err := b.Package()
	require.NoError(t, err)
	s, err := p.Specialize(nil)
	require.NoError(t, err)
	got := s.Measure()
	assert.EqualValues(t, 8*2*9+8+8*4*4+6*4, got.Parameters)
	assert.EqualValues(t, 1600*18+1600*16+16*800+24*4, got.MultiplyAdds)
	assert.EqualValues(t, 2*(1600+1600+3200+3200+16+24), got.ValueBytes)
	assert.EqualValues(t, 2*(3200+3200), got.LiveBytes, "up and flat")
	// The numbers of float16, the halves of bytes, their 8 scales, and the
	// parameters of operations: two strides, two extents and a truth value.
	assert.EqualValues(t, 2*(144+8+24)+64+16+4*4+1, got.WeightBytes)
}
