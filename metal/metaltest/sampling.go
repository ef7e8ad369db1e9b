package metaltest

import (
	"math"

	"github.com/stretchr/testify/assert"

	"weft/metal"
	"weft/metal/metaltest/shaders"
)

// reads is what a sampler finds in a texture at places: u, v, level.
func (k *kit) reads(t metal.Texture, s metal.SamplerDescriptor, places ...[3]float32) [][4]float32 {
	k.Helper()
	p, table := k.computePipeline(shaders.SampleComp), k.table("t")
	var at []byte
	for _, x := range places {
		at = append(at, floats(x[0], x[1], x[2], 0)...)
	}
	at = append(at, make([]byte, up(len(at), 256)-len(at))...)
	out := k.space("results", len(at))
	table.SetBuffer(k.shared("places", at), 0, 0)
	table.SetBuffer(out, 0, 1)
	table.SetTexture(t, 3)
	table.SetSampler(made[metal.Sampler](k)(k.device.NewSampler(s)), 1)
	k.compute(func(e metal.ComputeEncoder) {
		e.SetComputePipeline(p)
		e.SetArgumentTable(table)
		e.DispatchThreadgroups(groups(len(at)/256), shaders.SampleComp.Threads)
	})
	values := readFloats(out.Contents())
	result := make([][4]float32, len(places))
	for i := range result {
		result[i] = [4]float32(values[4*i : 4*i+4])
	}
	return result
}

// near compares the first channels.
func (k *kit) near(want []float32, got [][4]float32, delta float64, why string) {
	k.Helper()
	if !k.options.Executes {
		return
	}
	for i, w := range want {
		assert.InDelta(k, w, got[i][0], delta, "%s, place %d", why, i)
	}
}

var sampling = area{name: "sampling", tests: []test{
	{"filters and addresses", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatR16Unorm, Width: 4, Height: 1, Usage: metal.TextureUsageShaderRead})
		k.compute(func(e metal.ComputeEncoder) { k.upload(e, t, 0, 0, shorts(0, 0x3333, 0x9999, 0xffff)) }) // 0, 0.2, 0.6, 1
		// The middles of texels 1 and 2, between them, before and behind all.
		places := [][3]float32{{0.375, 0.5, 0}, {0.625, 0.5, 0}, {0.5, 0.5, 0}, {-0.375, 0.5, 0}, {1.375, 0.5, 0}}
		linear := metal.SamplerDescriptor{Label: "linear", MinFilter: metal.FilterLinear, MagFilter: metal.FilterLinear}
		k.near([]float32{0.2, 0.6, 0.4, 0, 1}, k.reads(t, linear, places...), 1e-2, "clamp")
		linear.AddressU = metal.AddressModeRepeat
		k.near([]float32{0.2, 0.6, 0.4, 0.6, 0.2}, k.reads(t, linear, places...), 1e-2, "repeat")
		linear.AddressU = metal.AddressModeMirrorRepeat
		k.near([]float32{0.2, 0.6, 0.4, 0.2, 0.6}, k.reads(t, linear, places...), 1e-2, "mirror")
		linear.AddressU, linear.Border = metal.AddressModeClampToBorder, metal.BorderColorOpaqueWhite
		k.near([]float32{0.2, 0.6, 0.4, 1, 1}, k.reads(t, linear, places...), 1e-2, "white border")
		linear.AddressU = metal.AddressModeClampToZero
		k.near([]float32{0.2, 0.6, 0.4, 0, 0}, k.reads(t, linear, places...), 1e-2, "zero")
		nearest := metal.SamplerDescriptor{Label: "nearest"}
		k.near([]float32{0.2, 0.6, 0.2, 0.6}, k.reads(t, nearest, [3]float32{0.3, 0.5, 0}, [3]float32{0.7, 0.5, 0}, [3]float32{0.49, 0.5, 0}, [3]float32{0.51, 0.5, 0}), 1e-3, "nearest")
	}},
	{"levels of detail", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatR32Float, Width: 8, Height: 8, Mips: 4, Usage: metal.TextureUsageShaderRead})
		k.compute(func(e metal.ComputeEncoder) {
			for level := range 4 {
				side := 8 >> level
				k.upload(e, t, 0, level, floats(scaled(make([]float32, side*side), 0, float32(level))...))
			}
		})
		places := [][3]float32{{0.5, 0.5, 0}, {0.5, 0.5, 1}, {0.5, 0.5, 1.25}, {0.5, 0.5, 3}, {0.5, 0.5, 9}}
		s := metal.SamplerDescriptor{Label: "mips", MipFilter: metal.MipFilterLinear}
		k.near([]float32{0, 1, 1.25, 3, 3}, k.reads(t, s, places...), 1e-2, "linear")
		s.MipFilter = metal.MipFilterNearest
		k.near([]float32{0, 1, 1, 3, 3}, k.reads(t, s, places...), 1e-2, "nearest")
		s.MipFilter = metal.MipFilterNotMipmapped
		k.near([]float32{0, 0, 0, 0, 0}, k.reads(t, s, places...), 1e-2, "one level")
		s.MipFilter, s.LodMin, s.LodMax = metal.MipFilterLinear, 0.5, 2
		k.near([]float32{0.5, 1, 1.25, 2, 2}, k.reads(t, s, places...), 1e-2, "clamped")
		v := made[metal.Texture](k)(t.NewView(metal.TextureViewDescriptor{Label: "view", MipStart: 2}))
		s = metal.SamplerDescriptor{Label: "mips", MipFilter: metal.MipFilterLinear}
		k.near([]float32{2, 3, 3, 3, 3}, k.reads(v, s, places...), 1e-2, "through a view")
	}},
	{"what formats mean", func(k *kit) {
		for _, c := range []struct {
			format metal.PixelFormat
			texel  []byte
			want   [4]float32
		}{
			{metal.PixelFormatR8Unorm, []byte{51}, [4]float32{0.2, 0, 0, 1}},
			{metal.PixelFormatRG8Snorm, []byte{127, 0x81}, [4]float32{1, -1, 0, 1}},
			{metal.PixelFormatRGBA8Unorm, []byte{255, 102, 51, 0}, [4]float32{1, 0.4, 0.2, 0}},
			{metal.PixelFormatRGBA8UnormSRGB, []byte{188, 0, 255, 51}, [4]float32{0.5029, 0, 1, 0.2}},
			{metal.PixelFormatBGRA8Unorm, []byte{255, 102, 51, 0}, [4]float32{0.2, 0.4, 1, 0}},
			{metal.PixelFormatRGB10A2Unorm, words(1023 | 341<<10 | 3<<30), [4]float32{1, 1. / 3, 0, 1}},
			{metal.PixelFormatRG11B10Float, words(15<<6 | 16<<17 | 14<<27), [4]float32{1, 2, 0.5, 1}},
			{metal.PixelFormatRGB9E5Float, words(256 | 128<<9 | 64<<18 | 16<<27), [4]float32{1, 0.5, 0.25, 1}},
			{metal.PixelFormatRGBA16Float, shorts(0x3c00, 0xc000, 0x3800, 0), [4]float32{1, -2, 0.5, 0}},
			{metal.PixelFormatRG16Unorm, shorts(0xffff, 0x3333), [4]float32{1, 0.2, 0, 1}},
			{metal.PixelFormatRG32Float, floats(7.5, -3), [4]float32{7.5, -3, 0, 1}},
			{metal.PixelFormatRGBA16Unorm, shorts(0xffff, 0x3333, 0, 0x9999), [4]float32{1, 0.2, 0, 0.6}},
			{metal.PixelFormatDepth32Float, floats(0.25), [4]float32{0.25, 0, 0, 1}},
			{metal.PixelFormatDepth16Unorm, shorts(0x3333), [4]float32{0.2, 0, 0, 1}},
		} {
			t := k.texture(metal.TextureDescriptor{Label: c.format.String(), Format: c.format, Width: 1, Height: 1, Usage: metal.TextureUsageShaderRead})
			k.compute(func(e metal.ComputeEncoder) { k.upload(e, t, 0, 0, c.texel) })
			got := k.reads(t, metal.SamplerDescriptor{Label: "nearest"}, [3]float32{0.5, 0.5, 0})[0]
			if c.format.HasDepth() {
				got[1], got[2], got[3] = 0, 0, 1 // depth is one channel; what the others hold is not said
			}
			for i := range got {
				if k.options.Executes {
					assert.InDelta(k, c.want[i], got[i], 2e-3*math.Max(1, math.Abs(float64(c.want[i]))), "%v, channel %d", c.format, i)
				}
			}
		}
	}},
	{"a texture is drawn as it lies", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Usage: metal.TextureUsageShaderRead})
		want := pattern(1024, 1)
		k.compute(func(e metal.ComputeEncoder) { k.upload(e, t, 0, 0, want) })
		p := k.pipeline(func(d *metal.RenderPipelineDescriptor) { d.Fragment = shaders.TexturedFrag })
		m := k.mesh(screen(0, white))
		m.SetTexture(t, 0)
		m.SetSampler(made[metal.Sampler](k)(k.device.NewSampler(metal.SamplerDescriptor{Label: "nearest"})), 0)
		k.shows(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), func(x, y int) [4]byte {
			return [4]byte(want[(y*16+x)*4:])
		}, func(e metal.RenderEncoder) { triangles(e, p, m, 6) })
	}},
	{"a table for each stage", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 1, Height: 1, Usage: metal.TextureUsageShaderRead})
		k.compute(func(e metal.ComputeEncoder) { k.upload(e, t, 0, 0, []byte{1, 2, 3, 4}) })
		p := k.pipeline(func(d *metal.RenderPipelineDescriptor) { d.Fragment = shaders.TexturedFrag })
		m, f := k.mesh(screen(0, white)), k.table("fragment")
		f.SetTexture(t, 0)
		f.SetSampler(made[metal.Sampler](k)(k.device.NewSampler(metal.SamplerDescriptor{Label: "nearest"})), 0)
		k.shows(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 8)), flat([4]byte{1, 2, 3, 4}), func(e metal.RenderEncoder) {
			e.SetRenderPipeline(p)
			e.SetArgumentTable(m, metal.StageVertex)
			e.SetArgumentTable(f, metal.StageFragment)
			e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 6, 1, 0)
		})
	}},
}}
