package metaltest

import (
	"encoding/binary"

	"github.com/stretchr/testify/assert"
	"github.com/x448/float16"

	"weft/metal"
	"weft/metal/metaltest/shaders"
)

// blended is a pipeline with one blended RGBA8 target.
func (k *kit) blended(b metal.Blend, mask metal.ColorWriteMask) metal.RenderPipeline {
	k.Helper()
	return k.pipeline(func(d *metal.RenderPipelineDescriptor) {
		d.Colors[0].Blend, d.Colors[0].WriteMask = &b, mask
	})
}

var targets = area{name: "targets", tests: []test{
	{"several formats at once", func(k *kit) {
		d := cleared(k.target("first", metal.PixelFormatRGBA8Unorm, 8))
		d.Colors[1].Attachment = metal.Attachment{Texture: k.target("second", metal.PixelFormatRGBA16Float, 8), Load: metal.LoadActionClear, Store: metal.StoreActionStore}
		d.Colors[1].Clear = metal.ClearColor{Red: -3, Green: 100}
		d.Colors[2].Attachment = metal.Attachment{Texture: k.target("third", metal.PixelFormatR32Uint, 8), Load: metal.LoadActionClear, Store: metal.StoreActionStore}
		d.Colors[2].Clear = metal.ClearColor{Red: 70000}
		p := k.pipeline(func(d *metal.RenderPipelineDescriptor) {
			d.Fragment = shaders.TargetsFrag
			d.Colors = append(d.Colors, metal.PipelineColor{Format: metal.PixelFormatRGBA16Float}, metal.PipelineColor{Format: metal.PixelFormatR32Uint})
		})
		m := k.mesh(rectangle(-1, -1, 0, 1, 0, [4]float32{1, 0.5, 0, 1}))
		var got [3]metal.Buffer
		k.frame(func(b metal.CommandBuffer) {
			k.draw(b, d, func(e metal.RenderEncoder) { triangles(e, p, m, 6) })
			k.encode(b, func(e metal.ComputeEncoder) {
				for i := range got {
					got[i] = k.readback(e, d.Colors[i].Texture, 0, 0)
				}
			})
		})
		k.picture(got[0], 8, func(x, y int) [4]byte {
			if x < 4 {
				g := got[0].Contents()[1]
				assert.InDelta(k, 128, int(g), 1)
				return [4]byte{255, g, 0, 255}
			}
			return clear8
		})
		half := func(at int) float32 {
			return float16.Frombits(binary.LittleEndian.Uint16(got[1].Contents()[at:])).Float32()
		}
		executed(k, []float32{6, 2, -2, 6}, []float32{half(0), half(2), half(4), half(6)})
		executed(k, []float32{-3, 100, 0, 0}, []float32{half(56), half(58), half(60), half(62)})
		executed(k, uint32(100), readWords(got[2].Contents())[0])
		executed(k, uint32(70000), readWords(got[2].Contents())[7])
	}},
	{"sRGB", func(k *kit) {
		d := cleared(k.target("target", metal.PixelFormatRGBA8UnormSRGB, 8))
		d.Colors[0].Clear = metal.ClearColor{Red: 0.5, Alpha: 0.5}
		p := k.pipeline(func(d *metal.RenderPipelineDescriptor) { d.Colors[0].Format = metal.PixelFormatRGBA8UnormSRGB })
		m := k.mesh(rectangle(-1, -1, 0, 1, 0, [4]float32{0, 0.5, 0, 0.5}))
		var got metal.Buffer
		k.frame(func(b metal.CommandBuffer) {
			k.draw(b, d, func(e metal.RenderEncoder) { triangles(e, p, m, 6) })
			k.encode(b, func(e metal.ComputeEncoder) { got = k.readback(e, d.Colors[0].Texture, 0, 0) })
		})
		if k.options.Executes {
			texels := got.Contents()
			assert.InDelta(k, 188, int(texels[1]), 1, "drawn")
			assert.InDelta(k, 128, int(texels[3]), 1, "drawn alpha")
			assert.InDelta(k, 188, int(texels[28]), 1, "cleared")
			assert.InDelta(k, 128, int(texels[31]), 1, "cleared alpha")
		}
	}},
	{"BGRA", func(k *kit) {
		d := cleared(k.target("target", metal.PixelFormatBGRA8Unorm, 8))
		p := k.pipeline(func(d *metal.RenderPipelineDescriptor) { d.Colors[0].Format = metal.PixelFormatBGRA8Unorm })
		m := k.mesh(screen(0, red))
		k.shows(d, flat([4]byte{0, 0, 255, 255}), func(e metal.RenderEncoder) { triangles(e, p, m, 6) })
	}},
	{"blending", func(k *kit) {
		d := cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 8))
		d.Colors[0].Clear = metal.ClearColor{Red: 0.2, Green: 0.4, Blue: 0.6, Alpha: 1}
		over := k.blended(metal.Blend{
			SourceColor: metal.BlendFactorSourceAlpha, DestinationColor: metal.BlendFactorOneMinusSourceAlpha,
			SourceAlpha: metal.BlendFactorOne, DestinationAlpha: metal.BlendFactorOneMinusSourceAlpha,
		}, 0)
		invisible, opaque := k.mesh(screen(0, [4]float32{1, 1, 1, 0})), k.mesh(rectangle(-1, -1, 0, 1, 0, red))
		k.shows(d, func(x, y int) [4]byte {
			if x < 4 {
				return red8
			}
			return [4]byte{51, 102, 153, 255}
		}, func(e metal.RenderEncoder) {
			triangles(e, over, invisible, 6)
			triangles(e, over, opaque, 6)
		})
	}},
	{"blend operations and color", func(k *kit) {
		one := metal.BlendFactorOne
		for _, c := range []struct {
			name  string
			blend metal.Blend
			want  [4]byte
		}{
			// The source is (0.2, 0.4, 1, 1), the destination (0.4, 0.2, 0, 1).
			{"add", metal.Blend{SourceColor: one, DestinationColor: one, SourceAlpha: one}, [4]byte{153, 153, 255, 255}},
			{"subtract", metal.Blend{Operation: metal.BlendOperationSubtract, SourceColor: one, DestinationColor: one, SourceAlpha: one}, [4]byte{0, 51, 255, 255}},
			{"reverse", metal.Blend{Operation: metal.BlendOperationReverseSubtract, SourceColor: one, DestinationColor: one, DestinationAlpha: one}, [4]byte{51, 0, 0, 255}},
			{"min", metal.Blend{Operation: metal.BlendOperationMin, SourceColor: one, DestinationColor: one, SourceAlpha: one}, [4]byte{51, 51, 0, 255}},
			{"max", metal.Blend{Operation: metal.BlendOperationMax, SourceColor: one, DestinationColor: one, SourceAlpha: one}, [4]byte{102, 102, 255, 255}},
			{"multiply", metal.Blend{DestinationColor: metal.BlendFactorSourceColor, SourceAlpha: one}, [4]byte{20, 20, 0, 255}},
			{"constant", metal.Blend{SourceColor: metal.BlendFactorBlendColor, SourceAlpha: metal.BlendFactorBlendAlpha}, [4]byte{51, 0, 102, 204}},
		} {
			d := cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 4))
			d.Colors[0].Clear = metal.ClearColor{Red: 0.4, Green: 0.2, Alpha: 1}
			p, m := k.blended(c.blend, 0), k.mesh(screen(0, [4]float32{0.2, 0.4, 1, 1}))
			var got metal.Buffer
			k.frame(func(b metal.CommandBuffer) {
				k.draw(b, d, func(e metal.RenderEncoder) {
					e.SetBlendColor(1, 0, 0.4, 0.8)
					triangles(e, p, m, 6)
				})
				k.encode(b, func(e metal.ComputeEncoder) { got = k.readback(e, d.Colors[0].Texture, 0, 0) })
			})
			for i := range c.want {
				if k.options.Executes {
					assert.InDelta(k, int(c.want[i]), int(got.Contents()[i]), 1, "%s, channel %d", c.name, i)
				}
			}
		}
	}},
	{"write mask", func(k *kit) {
		d := cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 8))
		d.Colors[0].Clear = metal.ClearColor{Green: 1}
		p := k.pipeline(func(d *metal.RenderPipelineDescriptor) {
			d.Colors[0].WriteMask = metal.ColorWriteMaskRed | metal.ColorWriteMaskAlpha
		})
		m := k.mesh(screen(0, [4]float32{1, 0, 1, 1}))
		k.shows(d, flat([4]byte{255, 255, 0, 255}), func(e metal.RenderEncoder) { triangles(e, p, m, 6) })
	}},
	{"holes behind the target", func(k *kit) {
		p := k.pipeline(func(d *metal.RenderPipelineDescriptor) {
			d.Colors = append(d.Colors, metal.PipelineColor{}, metal.PipelineColor{})
		})
		m := k.mesh(screen(0, red))
		d := cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 8))
		k.shows(d, flat(red8), func(e metal.RenderEncoder) { triangles(e, p, m, 6) })
	}},
	{"a hole between targets", func(k *kit) {
		first, third := k.target("first", metal.PixelFormatRGBA8Unorm, 8), k.target("third", metal.PixelFormatR32Uint, 8)
		d := cleared(first)
		d.Colors[2].Attachment = metal.Attachment{Texture: third, Load: metal.LoadActionClear, Store: metal.StoreActionStore}
		p := k.pipeline(func(d *metal.RenderPipelineDescriptor) {
			d.Fragment = shaders.TargetsFrag
			d.Colors = []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}, {}, {Format: metal.PixelFormatR32Uint}}
		})
		m := k.mesh(screen(0, red))
		var got metal.Buffer
		k.frame(func(b metal.CommandBuffer) {
			k.draw(b, d, func(e metal.RenderEncoder) { triangles(e, p, m, 6) })
			k.encode(b, func(e metal.ComputeEncoder) { got = k.readback(e, third, 0, 0) })
		})
		executed(k, uint32(100), readWords(got.Contents())[63])
	}},
}}
