package main

import (
	"math"

	"weft/coreml"
	"weft/coreml/mil"
)

// espcn builds the upscaler espcn2x in fp32: convolutions 5x5, 3x3 and 3x3 of
// 3, 32, 32 and 12 channels, zeros around, relu between, and a pixel shuffle by
// two. 15,148 parameters; 15.6 GFLOP for 960x540. Its weights are one stream of
// xorshift32, seeded 0x9E3779B9, from -1 to 1, scaled by sqrt(3 / inputs of a
// sum), in the order of Core ML; biases are 0.01.
func espcn(width, height int) (*coreml.Package, error) {
	state := uint32(0x9E3779B9)
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, 3, height, width)
	layers := []struct{ kernel, in, out int }{{5, 3, 32}, {3, 32, 32}, {3, 32, 12}}
	for i, l := range layers {
		inputs := l.in * l.kernel * l.kernel
		weight, bias := make([]float32, l.out*inputs), make([]float32, l.out)
		for k := range weight {
			state ^= state << 13
			state ^= state >> 17
			state ^= state << 5
			weight[k] = float32((float64(state)/(1<<31) - 1) * math.Sqrt(3/float64(inputs)))
		}
		for k := range bias {
			bias[k] = 0.01
		}
		x = b.Op("conv", "", mil.Args{
			"x": x, "pad_type": "same", "weight": mil.Floats(coreml.Float32, []int{l.out, l.in, l.kernel, l.kernel}, weight),
			"bias": mil.Floats(coreml.Float32, []int{l.out}, bias),
		})
		if i < len(layers)-1 {
			x = b.Op("relu", "", mil.Args{"x": x})
		}
	}
	b.Output(b.Op("pixel_shuffle", "y", mil.Args{"x": x, "upscale_factor": 2}))
	return b.Package()
}

// scattered is numbers from 0 to 1 without order: Knuth's multiplicative hash.
func scattered(i int) float64 { return float64(uint32(i)*2654435761) / (1 << 32) }
