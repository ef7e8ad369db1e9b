package main

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal/system"
)

// What PyTorch 2.11 gives for espcn2x in 64 bits, computed once from the same
// weights: the mean, the first four values and the last two.
func TestEspcn(t *testing.T) {
	pkg, err := espcn(960, 540)
	require.NoError(t, err)
	program, err := pkg.Specialize(nil)
	require.NoError(t, err)
	device, err := system.Device(system.Options{})
	require.NoError(t, err, "this test needs a Vulkan driver (make setup)")
	defer device.Release()
	input := make([]float32, program.Inputs[0].Type.Elements())
	for i := range input {
		input[i] = float32(scattered(i))
	}
	o, err := newOurs(device, "espcn2x", pkg, program, input)
	require.NoError(t, err)
	defer o.close()
	_, err = o.run()
	require.NoError(t, err)
	y := o.output()
	require.Len(t, y, 3*1080*1920)
	mean := 0.0
	for _, v := range y {
		mean += float64(v) / float64(len(y))
	}
	assert.InDelta(t, 0.0890020035, mean, 1e-6)
	assert.InDeltaSlice(t, []float64{-0.0361261744, -0.0158014571, -0.1815903217, 0.0712085330}, y[:4], 2e-6)
	assert.InDeltaSlice(t, []float64{0.1456014640, -0.0111671865}, y[len(y)-2:], 2e-6)
}

func TestCompare(t *testing.T) {
	read := func(v ...float32) func() ([]float32, error) { return func() ([]float32, error) { return v, nil } }
	d, err := compare([]float32{0, 1.005, 2}, read(0, 1, 2))
	require.NoError(t, err)
	assert.InDelta(t, 0.0025, d, 1e-6)
	for _, wrong := range [][]float32{{0, 1.05, 2}, {0, 1}, {0, float32(math.NaN()), 2}} {
		_, err := compare(wrong, read(0, 1, 2))
		assert.Error(t, err, "%v", wrong)
	}
}

func TestArguments(t *testing.T) {
	for _, args := range [][]string{{}, {"-rounds", "2", "x"}, {"a", "b"}, {"-device", "no such device", "x"}} {
		assert.Error(t, run(args, &strings.Builder{}), "%v", args)
	}
}
