package metaltest

import (
	"github.com/stretchr/testify/assert"

	"weft/metal"
)

// halves is the box filter: the mean of each 2x2 block, channel by channel.
func halves(values []float32, width, channels int) []float32 {
	row := width * channels
	var out []float32
	for y := 0; y+1 < len(values)/row; y += 2 {
		for x := 0; x+1 < width; x += 2 {
			for c := range channels {
				at := y*row + x*channels + c
				out = append(out, (values[at]+values[at+channels]+values[at+row]+values[at+row+channels])/4)
			}
		}
	}
	return out
}

var mips = area{name: "mips", tests: []test{
	{"box filter", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatR32Float, Width: 16, Height: 16, Layers: 2, Mips: 5, Usage: metal.TextureUsageShaderRead})
		first := scaled(counting(256), 0.25, -7)
		second := scaled(counting(256), -1, 100)
		var got [2][5]metal.Buffer
		k.compute(func(e metal.ComputeEncoder) {
			k.upload(e, t, 0, 0, floats(first...))
			k.upload(e, t, 1, 0, floats(second...))
			blits(e)
			e.GenerateMipmaps(t)
			blits(e)
			for slice := range got {
				for level := range got[slice] {
					got[slice][level] = k.readback(e, t, slice, level)
				}
			}
		})
		for slice, want := range [][]float32{first, second} {
			for level := range 5 {
				executed(k, want, readFloats(got[slice][level].Contents()), "slice", slice, "level", level)
				want = halves(want, 16>>level, 1)
			}
		}
	}},
	{"sRGB averages light", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8UnormSRGB, Width: 2, Height: 2, Mips: 2, Usage: metal.TextureUsageShaderRead})
		var got metal.Buffer
		k.compute(func(e metal.ComputeEncoder) {
			black, white := []byte{0, 0, 0, 0}, []byte{255, 255, 255, 255}
			k.upload(e, t, 0, 0, append(append(append(append([]byte(nil), black...), white...), white...), black...))
			blits(e)
			e.GenerateMipmaps(t)
			blits(e)
			got = k.readback(e, t, 0, 1)
		})
		if k.options.Executes {
			// Half of the light is 188 of 255 on the sRGB curve; alpha is linear.
			assert.InDelta(k, 188, int(got.Contents()[0]), 1)
			assert.InDelta(k, 128, int(got.Contents()[3]), 1)
		}
	}},
	{"odd sizes keep a flat color", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 13, Height: 6, Mips: 4, Usage: metal.TextureUsageShaderRead})
		var flat []byte
		for range 13 * 6 {
			flat = append(flat, 10, 100, 200, 255)
		}
		var got [4]metal.Buffer
		k.compute(func(e metal.ComputeEncoder) {
			k.upload(e, t, 0, 0, flat)
			blits(e)
			e.GenerateMipmaps(t)
			blits(e)
			for level := range got {
				got[level] = k.readback(e, t, 0, level)
			}
		})
		for _, b := range got {
			executed(k, flat[:b.Length()], b.Contents())
		}
	}},
}}
