package metaltest

import (
	"github.com/stretchr/testify/assert"

	"weft/metal"
)

// sampled makes a target of four samples; memoryless where nothing of it is
// kept.
func (k *kit) sampled(label string, f metal.PixelFormat, s metal.StorageMode) metal.Texture {
	k.Helper()
	return k.texture(metal.TextureDescriptor{
		Label: label, Format: f, Width: 16, Height: 16, Samples: 4, Storage: s,
		Usage: metal.TextureUsageRenderTarget,
	})
}

func fourSamples(d *metal.RenderPipelineDescriptor) { d.Samples = 4 }

// sloped is a triangle under the diagonal from bottom left to top right,
// clockwise.
func sloped(z float32, c [4]float32) []vertex {
	at := func(x, y float32) vertex { return vertex{[4]float32{x, y, z, 1}, c} }
	return []vertex{at(-1, -1), at(1, 1), at(1, -1)}
}

var multisample = area{name: "multisample", tests: []test{
	{"color resolves", func(k *kit) {
		for _, store := range []metal.StoreAction{metal.StoreActionMultisampleResolve, metal.StoreActionStoreAndMultisampleResolve} {
			storage := metal.StorageModePrivate
			if store == metal.StoreActionMultisampleResolve {
				storage = metal.StorageModeMemoryless
			}
			many, one := k.sampled("many", metal.PixelFormatRGBA8Unorm, storage), k.target("one", metal.PixelFormatRGBA8Unorm, 16)
			d := cleared(many)
			d.Colors[0].Store, d.Colors[0].Resolve = store, one
			p, m := k.pipeline(fourSamples), k.mesh(sloped(0, white))
			var got metal.Buffer
			k.frame(func(b metal.CommandBuffer) {
				k.draw(b, d, func(e metal.RenderEncoder) { triangles(e, p, m, 3) })
				k.encode(b, func(e metal.ComputeEncoder) { got = k.readback(e, one, 0, 0) })
			})
			if !k.options.Executes {
				continue
			}
			for y := range 16 {
				for x := range 16 {
					v := got.Contents()[(y*16+x)*4]
					switch right := x + y - 15; { // of the diagonal
					case right < 0:
						assert.Zero(k, v, "(%d, %d)", x, y)
					case right > 0:
						assert.Equal(k, byte(255), v, "(%d, %d)", x, y)
					default:
						assert.True(k, v >= 64 && v <= 192, "(%d, %d) lies half inside: %d", x, y, v)
					}
				}
			}
		}
	}},
	{"stored samples load again", func(k *kit) {
		many, one := k.sampled("many", metal.PixelFormatRGBA8Unorm, metal.StorageModePrivate), k.target("one", metal.PixelFormatRGBA8Unorm, 16)
		p := k.pipeline(fourSamples)
		left, top := k.mesh(rectangle(-1, -1, 0, 1, 0, red)), k.mesh(rectangle(-1, 0, 1, 1, 0, green))
		second := loaded(many)
		second.Colors[0].Store, second.Colors[0].Resolve = metal.StoreActionMultisampleResolve, one
		var got metal.Buffer
		k.frame(func(b metal.CommandBuffer) {
			k.draw(b, cleared(many), func(e metal.RenderEncoder) { triangles(e, p, left, 6) })
			k.draw(b, second, func(e metal.RenderEncoder) { triangles(e, p, top, 6) })
			k.encode(b, func(e metal.ComputeEncoder) { got = k.readback(e, one, 0, 0) })
		})
		k.picture(got, 16, func(x, y int) [4]byte {
			switch {
			case y < 8:
				return green8
			case x < 8:
				return red8
			}
			return clear8
		})
	}},
	{"depth tests and resolves", func(k *kit) {
		f := metal.PixelFormatDepth32Float
		color, colorOne := k.sampled("color", metal.PixelFormatRGBA8Unorm, metal.StorageModePrivate), k.target("color one", metal.PixelFormatRGBA8Unorm, 16)
		many, one := k.sampled("many", f, metal.StorageModePrivate), k.target("one", f, 16)
		d := cleared(color)
		d.Colors[0].Store, d.Colors[0].Resolve = metal.StoreActionMultisampleResolve, colorOne
		d.Depth = metal.DepthStencilAttachment{ClearDepth: 1, Attachment: metal.Attachment{
			Texture: many, Load: metal.LoadActionClear, Store: metal.StoreActionMultisampleResolve, Resolve: one,
		}}
		p := k.pipeline(fourSamples, func(d *metal.RenderPipelineDescriptor) { d.DepthStencilFormat = f })
		less := k.state(metal.DepthStencilDescriptor{Label: "less", DepthCompare: metal.CompareFunctionLess, DepthWrite: true})
		near, far := k.mesh(rectangle(-1, -1, 0, 1, 0.25, red)), k.mesh(screen(0.5, green))
		var gotColor, gotDepth metal.Buffer
		k.frame(func(b metal.CommandBuffer) {
			k.draw(b, d, func(e metal.RenderEncoder) {
				e.SetDepthStencilState(less)
				triangles(e, p, near, 6)
				triangles(e, p, far, 6)
			})
			k.encode(b, func(e metal.ComputeEncoder) {
				gotColor, gotDepth = k.readback(e, colorOne, 0, 0), k.readback(e, one, 0, 0)
			})
		})
		k.picture(gotColor, 16, func(x, y int) [4]byte {
			if x < 8 {
				return red8
			}
			return green8
		})
		row := readFloats(gotDepth.Contents())[:16]
		executed(k, []float32{0.25, 0.25, 0.5, 0.5}, []float32{row[0], row[7], row[8], row[15]})
	}},
}}
