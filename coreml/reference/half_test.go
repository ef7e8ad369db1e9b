package reference_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/coreml/reference"
)

// TestHalf adds to 2048 in fp16, where 2049 does not exist.
func TestHalf(t *testing.T) {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 3)
	half := b.Op("cast", "", mil.Args{"x": x, "dtype": "fp16"})
	sum := b.Op("add", "", mil.Args{"x": half, "y": 1.0})
	b.Output(b.Op("cast", "y", mil.Args{"x": sum, "dtype": "fp32"}))
	p, err := b.Package()
	require.NoError(t, err)
	program, err := p.Specialize(nil)
	require.NoError(t, err)
	inputs := map[string][]float32{"x": {2048, 0.1, 1e6}}

	exact, err := reference.Run(program, inputs, reference.Options{})
	require.NoError(t, err)
	require.Equal(t, []float32{2049, 1.1, 1e6 + 1}, exact["y"].Values)

	rounded, err := reference.Run(program, inputs, reference.Options{Half: true})
	require.NoError(t, err)
	require.Equal(t, []float32{2048, 1.0996094, float32(math.Inf(1))}, rounded["y"].Values)
}

// TestCastSaturates casts numbers that an integer type cannot hold.
func TestCastSaturates(t *testing.T) {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 5)
	b.Output(b.Op("cast", "y", mil.Args{"x": x, "dtype": "uint8"}))
	p, err := b.Package()
	require.NoError(t, err)
	program, err := p.Specialize(nil)
	require.NoError(t, err)
	out, err := reference.Run(program, map[string][]float32{"x": {-3, 2.9, 254.5, 300, float32(math.NaN())}}, reference.Options{})
	require.NoError(t, err)
	require.Equal(t, []float32{0, 2, 254, 255, 0}, out["y"].Values)
}

func TestRunErrors(t *testing.T) {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, coreml.Dynamic, 1)
	b.Output(b.Op("relu", "y", mil.Args{"x": x}))
	p, err := b.Package()
	require.NoError(t, err)
	_, err = reference.Run(p.Program, map[string][]float32{"x": {1}}, reference.Options{})
	require.ErrorContains(t, err, "specialize the program first")
	program, err := p.Specialize(map[string][]int{"x": {1, 2, 1}})
	require.NoError(t, err)
	_, err = reference.Run(program, nil, reference.Options{})
	require.ErrorContains(t, err, "has no values")
	_, err = reference.Run(program, map[string][]float32{"x": {1}}, reference.Options{})
	require.ErrorContains(t, err, "takes 2 values, not 1")
	out, err := reference.Run(program, map[string][]float32{"x": {1, -1}}, reference.Options{})
	require.NoError(t, err)
	require.Equal(t, []float32{1, 0}, out["y"].Values)
}
