package metal_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"weft/metal"
)

func TestTensorStrides(t *testing.T) {
	for _, c := range []struct {
		name    string
		strides []int
		says    string // "" where it is right
	}{
		{"packed", []int{1, 16}, ""},
		{"padded", []int{1, 48}, ""},
		{"too close", []int{1, 15}, "must be at least 16"},
		{"negative", []int{1, -16}, "stride 1 is -16: must be at least 1"},
		{"a product of 2^64", []int{1, 6148914691236517216}, "at most 2^40 elements"},
		{"the largest", []int{1, math.MaxInt}, "at most 2^40 elements"},
	} {
		d := metal.TensorDescriptor{Label: "x", Type: metal.TensorDataTypeFloat32, Dimensions: []int{16, 3}, Strides: c.strides, Usage: metal.TensorUsageCompute}
		err := d.Validate()
		if c.says == "" {
			assert.NoError(t, err, c.name)
			assert.Equal(t, 4*3*c.strides[1], d.Size(), c.name)
			continue
		}
		assert.ErrorContains(t, err, `tensor "x": `, c.name)
		assert.ErrorContains(t, err, c.says, c.name)
	}
}
