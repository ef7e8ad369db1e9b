package metaltest

import (
	"weft/metal"
)

var render = area{name: "render", tests: []test{
	{"a clear alone", func(k *kit) {
		d := cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16))
		d.Colors[0].Clear = metal.ClearColor{Red: 1, Green: 0.2, Blue: 0, Alpha: 0.4}
		k.shows(d, flat([4]byte{255, 51, 0, 102}), func(metal.RenderEncoder) {})
	}},
	{"up is up", func(k *kit) {
		// Clip space's upper left quarter is the texture's first rows and columns.
		p, m := k.pipeline(), k.mesh(rectangle(-1, 0, 0, 1, 0, red))
		k.shows(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), inside(0, 0, 8, 8, red8), func(e metal.RenderEncoder) {
			triangles(e, p, m, 6)
		})
	}},
	{"load keeps and store keeps", func(k *kit) {
		t := k.target("target", metal.PixelFormatRGBA8Unorm, 16)
		p := k.pipeline()
		left, top := k.mesh(rectangle(-1, -1, 0, 1, 0, red)), k.mesh(rectangle(-1, 0, 1, 1, 0, green))
		k.frame(func(b metal.CommandBuffer) {
			k.draw(b, cleared(t), func(e metal.RenderEncoder) { triangles(e, p, left, 6) })
		})
		want := func(x, y int) [4]byte {
			switch {
			case y < 8:
				return green8
			case x < 8:
				return red8
			}
			return clear8
		}
		k.shows(loaded(t), want, func(e metal.RenderEncoder) { triangles(e, p, top, 6) })
	}},
	{"starts and instances", func(k *kit) {
		p := k.pipeline()
		m := k.mesh(append(screen(0, white), rectangle(-1, 0.75, -0.75, 1, 0, white)...),
			nothing, instance{[4]float32{0.25}, red}, instance{[4]float32{0.5, -0.25}, green}, instance{[4]float32{0.75, -0.5}, blue})
		want := func(x, y int) [4]byte {
			switch {
			case x/2 == 2 && y/2 == 1:
				return green8
			case x/2 == 3 && y/2 == 2:
				return blue8
			}
			return clear8
		}
		k.shows(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), want, func(e metal.RenderEncoder) {
			e.SetRenderPipeline(p)
			e.SetArgumentTable(m, both)
			e.DrawPrimitives(metal.PrimitiveTypeTriangle, 6, 6, 2, 2)
		})
	}},
	{"strips, lines and points", func(k *kit) {
		t := k.target("target", metal.PixelFormatRGBA8Unorm, 16)
		at := func(x, y float32, c [4]float32) vertex { return vertex{[4]float32{x, y, 0, 1}, c} }
		strip := k.mesh([]vertex{at(-1, 0.5, red), at(-1, 1, red), at(1, 0.5, red), at(1, 1, red)})
		// Through the middles of the texels of row 8, from column 2 up to 14.
		line := k.mesh([]vertex{at(-0.6875, -0.0625, green), at(0.8125, -0.0625, green)})
		point := k.mesh([]vertex{at(0.0625, -0.8125, blue)})
		pipeline := func(p metal.PrimitiveType) metal.RenderPipeline {
			return k.pipeline(func(d *metal.RenderPipelineDescriptor) { d.Topology = p })
		}
		s, l, p := pipeline(metal.PrimitiveTypeTriangle), pipeline(metal.PrimitiveTypeLine), pipeline(metal.PrimitiveTypePoint)
		want := func(x, y int) [4]byte {
			switch {
			case y < 4:
				return red8
			case y == 8 && x >= 2 && x < 14:
				return green8
			case x == 8 && y == 14:
				return blue8
			}
			return clear8
		}
		k.shows(cleared(t), want, func(e metal.RenderEncoder) {
			e.SetRenderPipeline(s)
			e.SetArgumentTable(strip, both)
			e.DrawPrimitives(metal.PrimitiveTypeTriangleStrip, 0, 4, 1, 0)
			e.SetRenderPipeline(l)
			e.SetArgumentTable(line, both)
			e.DrawPrimitives(metal.PrimitiveTypeLine, 0, 2, 1, 0)
			e.SetRenderPipeline(p)
			e.SetArgumentTable(point, both)
			e.DrawPrimitives(metal.PrimitiveTypePoint, 0, 1, 1, 0)
		})
	}},
	{"viewport", func(k *kit) {
		p, m := k.pipeline(), k.mesh(rectangle(-1, 0, 1, 1, 0, red))
		k.shows(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), inside(2, 4, 10, 7, red8), func(e metal.RenderEncoder) {
			e.SetViewport(metal.Viewport{X: 2, Y: 4, Width: 8, Height: 6, Far: 1})
			triangles(e, p, m, 6)
		})
	}},
	{"scissor", func(k *kit) {
		p, m := k.pipeline(), k.mesh(screen(0, red))
		k.shows(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), inside(1, 2, 6, 5, red8), func(e metal.RenderEncoder) {
			e.SetScissor(1, 2, 5, 3)
			triangles(e, p, m, 6)
		})
	}},
	{"culling and winding", func(k *kit) {
		p, m := k.pipeline(), k.mesh(screen(0, red)) // clockwise: the front
		for _, c := range []struct {
			mode  metal.CullMode
			front metal.Winding
			seen  bool
		}{
			{metal.CullModeNone, metal.WindingClockwise, true},
			{metal.CullModeBack, metal.WindingClockwise, true},
			{metal.CullModeFront, metal.WindingClockwise, false},
			{metal.CullModeBack, metal.WindingCounterClockwise, false},
			{metal.CullModeFront, metal.WindingCounterClockwise, true},
		} {
			want := flat(clear8)
			if c.seen {
				want = flat(red8)
			}
			k.shows(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 8)), want, func(e metal.RenderEncoder) {
				e.SetCullMode(c.mode)
				if c.front != metal.WindingClockwise { // else the default
					e.SetFrontFacing(c.front)
				}
				triangles(e, p, m, 6)
			})
		}
	}},
	{"a level and a slice", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{
			Label: "target", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Layers: 3, Mips: 3,
			Usage: metal.TextureUsageRenderTarget,
		})
		d := cleared(t)
		d.Colors[0].Slice, d.Colors[0].Level = 2, 1
		p, m := k.pipeline(), k.mesh(rectangle(0, -1, 1, 1, 0, green))
		k.shows(d, inside(4, 0, 8, 8, green8), func(e metal.RenderEncoder) { triangles(e, p, m, 6) })
	}},
	{"a view", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{
			Label: "target", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Layers: 2, Mips: 2,
			Usage: metal.TextureUsageRenderTarget,
		})
		v := made[metal.Texture](k)(t.NewView(metal.TextureViewDescriptor{Label: "view", Type: metal.TextureType2D, MipStart: 1, MipEnd: 2, SliceStart: 1, SliceEnd: 2}))
		p, m := k.pipeline(), k.mesh(rectangle(0, -1, 1, 1, 0, blue))
		k.shows(cleared(v), inside(4, 0, 8, 8, blue8), func(e metal.RenderEncoder) { triangles(e, p, m, 6) })
	}},
}}
