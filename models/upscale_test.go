package models_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/coreml/reference"
	"weft/models"
)

// upscale runs the network on the CPU over a planar picture.
func upscale(t *testing.T, width, height int, color []float32) []float32 {
	t.Helper()
	program, err := open(t).Program.Specialize(map[string][]int{models.ColorInput: {1, 3, height, width}})
	require.NoError(t, err)
	out, err := reference.Run(program, map[string][]float32{models.ColorInput: color}, reference.Options{Half: true})
	require.NoError(t, err)
	upscaled := out[models.UpscaledOutput]
	require.Equal(t, []int{1, 3, models.UpscaleFactor * height, models.UpscaleFactor * width}, upscaled.Type.Shape)
	return upscaled.Values
}

// A picture of one color must stay that color up to its border, where the
// convolutions see what the network puts outside.
func TestUpscaleKeepsFlatColors(t *testing.T) {
	const width, height, tolerance = 24, 16, 1.0 / 255
	for _, c := range [][3]float32{{0, 0, 0}, {1, 1, 1}, {0.5, 0.5, 0.5}, {0.8, 0.3, 0.1}, {0.05, 0.1, 0.4}} {
		in := planes(width, height, func(channel, _, _ int) float32 { return c[channel] })
		out := upscale(t, width, height, in)
		worst := 0.0
		for i, v := range out {
			worst = max(worst, math.Abs(float64(v-c[i/(len(out)/3)])))
		}
		assert.LessOrEqual(t, worst, tolerance, "color %v", c)
	}
}

// A slanted edge sampled once a pixel comes out closer to the true coverage of
// the pixels than linear interpolation brings it.
func TestUpscaleSmoothsEdges(t *testing.T) {
	const width, height = 48, 32
	edge := func(x, y float64) float32 {
		if 0.31*x+y < 0.31*width/2+height/2 {
			return 0.85
		}
		return 0.15
	}
	in := planes(width, height, func(_, x, y int) float32 { return edge(float64(x)+0.5, float64(y)+0.5) })
	out := upscale(t, width, height, in)
	neural, linear := 0.0, 0.0
	const margin = 4 // the border is another test's
	for y := margin; y < 2*height-margin; y++ {
		for x := margin; x < 2*width-margin; x++ {
			want := 0.0
			for i := range 64 {
				want += float64(edge((float64(x)+float64(i%8)/8+1.0/16)/2, (float64(y)+float64(i/8)/8+1.0/16)/2)) / 64
			}
			neural += square(float64(out[y*2*width+x]) - want)
			linear += square(bilinear(in[:width*height], width, x, y) - want)
		}
	}
	assert.Less(t, neural, 0.8*linear, "squared errors")
}

// bilinear is pixel x, y, not at the border, of a plane at twice its size.
func bilinear(plane []float32, width, x, y int) float64 {
	nearX, nearY := x/2, y/2
	farX, farY := nearX+2*(x%2)-1, nearY+2*(y%2)-1
	at := func(x, y int) float64 { return float64(plane[y*width+x]) }
	return (9*at(nearX, nearY) + 3*at(farX, nearY) + 3*at(nearX, farY) + at(farX, farY)) / 16
}

func planes(width, height int, value func(channel, x, y int) float32) []float32 {
	out := make([]float32, 0, 3*width*height)
	for channel := range 3 {
		for y := range height {
			for x := range width {
				out = append(out, value(channel, x, y))
			}
		}
	}
	return out
}

func square(x float64) float64 { return x * x }
