package metaltest

import (
	"github.com/stretchr/testify/assert"

	"weft/metal"
)

// state makes a depth-stencil state.
func (k *kit) state(d metal.DepthStencilDescriptor) metal.DepthStencilState {
	k.Helper()
	return made[metal.DepthStencilState](k)(k.device.NewDepthStencilState(d))
}

// withDepth adds a cleared depth (and stencil) target to a pass.
func (k *kit) withDepth(d *metal.RenderPassDescriptor, f metal.PixelFormat, side int) *metal.RenderPassDescriptor {
	k.Helper()
	a := metal.Attachment{Texture: k.target("depth", f, side), Load: metal.LoadActionClear, Store: metal.StoreActionStore}
	if f.HasDepth() {
		d.Depth = metal.DepthStencilAttachment{Attachment: a, ClearDepth: 1}
	}
	if f.HasStencil() {
		d.Stencil = metal.DepthStencilAttachment{Attachment: a}
	}
	return d
}

// depthPipeline is a pipeline for passes with a depth or stencil format.
func (k *kit) depthPipeline(f metal.PixelFormat) metal.RenderPipeline {
	k.Helper()
	return k.pipeline(func(d *metal.RenderPipelineDescriptor) { d.DepthStencilFormat = f })
}

var depth = area{name: "depth", tests: []test{
	{"nearer wins", func(k *kit) {
		for _, f := range []metal.PixelFormat{metal.PixelFormatDepth32Float, metal.PixelFormatDepth16Unorm, metal.PixelFormatDepth32FloatStencil8} {
			d := k.withDepth(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), f, 16)
			p := k.depthPipeline(f)
			less := k.state(metal.DepthStencilDescriptor{Label: "less", DepthCompare: metal.CompareFunctionLess, DepthWrite: true})
			near, far := k.mesh(rectangle(-1, -1, 0, 1, 0.25, red)), k.mesh(screen(0.75, green))
			k.shows(d, func(x, y int) [4]byte {
				if x < 8 {
					return red8
				}
				return green8
			}, func(e metal.RenderEncoder) {
				e.SetDepthStencilState(less)
				triangles(e, p, near, 6)
				triangles(e, p, far, 6)
			})
		}
	}},
	{"no state, no test", func(k *kit) {
		f := metal.PixelFormatDepth32Float
		d := k.withDepth(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 8)), f, 8)
		d.Depth.ClearDepth = 0
		p, m := k.depthPipeline(f), k.mesh(screen(0.5, red))
		k.shows(d, flat(red8), func(e metal.RenderEncoder) { triangles(e, p, m, 6) })
	}},
	{"compare without write", func(k *kit) {
		f := metal.PixelFormatDepth32Float
		d := k.withDepth(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 8)), f, 8)
		d.Depth.ClearDepth = 0.5
		p := k.depthPipeline(f)
		greater := k.state(metal.DepthStencilDescriptor{Label: "greater", DepthCompare: metal.CompareFunctionGreater})
		far, middle := k.mesh(screen(0.9, red)), k.mesh(screen(0.6, green))
		k.shows(d, flat(green8), func(e metal.RenderEncoder) {
			e.SetDepthStencilState(greater)
			triangles(e, p, far, 6)
			triangles(e, p, middle, 6) // 0.6 is still greater than 0.5
		})
	}},
	{"read-only depth", func(k *kit) {
		for _, f := range []metal.PixelFormat{metal.PixelFormatDepth32Float, metal.PixelFormatDepth32FloatStencil8} {
			d := k.withDepth(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), f, 16)
			p := k.depthPipeline(f)
			write := k.state(metal.DepthStencilDescriptor{Label: "write", DepthCompare: metal.CompareFunctionLess, DepthWrite: true})
			test := k.state(metal.DepthStencilDescriptor{Label: "test", DepthCompare: metal.CompareFunctionLess})
			near, far := k.mesh(rectangle(-1, -1, 0, 1, 0.25, red)), k.mesh(screen(0.75, green))
			want := func(x, y int) [4]byte {
				if x < 8 {
					return red8
				}
				return clear8
			}
			k.shows(d, want, func(e metal.RenderEncoder) {
				e.SetDepthStencilState(write)
				triangles(e, p, near, 6)
			})
			for _, part := range []*metal.DepthStencilAttachment{&d.Depth, &d.Stencil} {
				part.ReadOnly, part.Load = true, metal.LoadActionLoad
			}
			for range 2 { // the second time sees the same depths
				k.shows(d, func(x, y int) [4]byte {
					if x < 8 {
						return clear8
					}
					return green8
				}, func(e metal.RenderEncoder) {
					e.SetDepthStencilState(test)
					triangles(e, p, far, 6)
				})
			}
		}
	}},
	{"depths from 0 to 1", func(k *kit) {
		// A depth-only pass: z below 0 is clipped, the viewport scales the rest.
		t := k.target("depth", metal.PixelFormatDepth32Float, 8)
		d := &metal.RenderPassDescriptor{Label: "depth only"}
		d.Depth = metal.DepthStencilAttachment{Attachment: metal.Attachment{Texture: t, Load: metal.LoadActionClear, Store: metal.StoreActionStore}, ClearDepth: 1}
		p := k.pipeline(func(d *metal.RenderPipelineDescriptor) {
			d.Fragment, d.Colors, d.DepthStencilFormat = metal.Function{}, nil, metal.PixelFormatDepth32Float
		})
		always := k.state(metal.DepthStencilDescriptor{Label: "write", DepthCompare: metal.CompareFunctionAlways, DepthWrite: true})
		left, right := k.mesh(rectangle(-1, -1, 0, 1, 0.5, red)), k.mesh(rectangle(0, -1, 1, 1, -0.5, red))
		var got metal.Buffer
		k.frame(func(b metal.CommandBuffer) {
			k.draw(b, d, func(e metal.RenderEncoder) {
				e.SetDepthStencilState(always)
				e.SetViewport(metal.Viewport{Width: 8, Height: 8, Near: 0.5, Far: 1})
				triangles(e, p, left, 6)
				triangles(e, p, right, 6)
			})
			k.encode(b, func(e metal.ComputeEncoder) { got = k.readback(e, t, 0, 0) })
		})
		executed(k, []float32{0.75, 0.75, 0.75, 0.75, 1, 1, 1, 1}, readFloats(got.Contents())[:8])
	}},
	{"depth bias", func(k *kit) {
		t := k.target("depth", metal.PixelFormatDepth32Float, 4)
		d := &metal.RenderPassDescriptor{Label: "depth only"}
		d.Depth = metal.DepthStencilAttachment{Attachment: metal.Attachment{Texture: t, Load: metal.LoadActionClear, Store: metal.StoreActionStore}, ClearDepth: 1}
		p := k.pipeline(func(d *metal.RenderPipelineDescriptor) {
			d.Fragment, d.Colors, d.DepthStencilFormat = metal.Function{}, nil, metal.PixelFormatDepth32Float
		})
		always := k.state(metal.DepthStencilDescriptor{Label: "write", DepthCompare: metal.CompareFunctionAlways, DepthWrite: true})
		m := k.mesh(screen(0.5, red))
		var got metal.Buffer
		k.frame(func(b metal.CommandBuffer) {
			k.draw(b, d, func(e metal.RenderEncoder) {
				e.SetDepthStencilState(always)
				e.SetDepthBias(1<<20, 0, 0)
				triangles(e, p, m, 6)
			})
			k.encode(b, func(e metal.ComputeEncoder) { got = k.readback(e, t, 0, 0) })
		})
		if k.options.Executes {
			// A unit is 2^-24 at a depth of 0.5: bias 2^20 is about 1/16.
			assert.InDelta(k, 0.5625, readFloats(got.Contents())[0], 0.01)
		}
	}},
	{"stencil", func(k *kit) {
		for _, f := range []metal.PixelFormat{metal.PixelFormatDepth32FloatStencil8, metal.PixelFormatStencil8} {
			d := k.withDepth(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), f, 16)
			d.Stencil.ClearStencil = 3
			p := k.depthPipeline(f)
			face := metal.StencilDescriptor{Compare: metal.CompareFunctionAlways, Pass: metal.StencilOperationReplace, ReadMask: 255, WriteMask: 255}
			mark := k.state(metal.DepthStencilDescriptor{Label: "mark", DepthCompare: metal.CompareFunctionAlways, Stencil: true, Front: face, Back: face})
			face = metal.StencilDescriptor{Compare: metal.CompareFunctionEqual, Pass: metal.StencilOperationIncrementClamp, ReadMask: 255, WriteMask: 255}
			test := k.state(metal.DepthStencilDescriptor{Label: "test", DepthCompare: metal.CompareFunctionAlways, Stencil: true, Front: face, Back: face})
			left, all := k.mesh(rectangle(-1, -1, 0, 1, 0.5, red)), k.mesh(screen(0.5, green))
			last := k.mesh(screen(0.5, blue))
			k.shows(d, func(x, y int) [4]byte {
				if x < 8 {
					return green8 // 7 was replaced, found equal, and is 8 now
				}
				return clear8
			}, func(e metal.RenderEncoder) {
				e.SetDepthStencilState(mark)
				e.SetStencilReference(7)
				triangles(e, p, left, 6)
				e.SetDepthStencilState(test)
				triangles(e, p, all, 6)
				triangles(e, p, last, 6)
			})
		}
	}},
	{"stencil by face", func(k *kit) {
		f := metal.PixelFormatStencil8
		d := k.withDepth(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 8)), f, 8)
		p, m := k.depthPipeline(f), k.mesh(screen(0.5, red)) // front faces
		pass := metal.StencilDescriptor{Compare: metal.CompareFunctionAlways, ReadMask: 255}
		never := metal.StencilDescriptor{Compare: metal.CompareFunctionNever, ReadMask: 255}
		s := k.state(metal.DepthStencilDescriptor{Label: "faces", DepthCompare: metal.CompareFunctionAlways, Stencil: true, Front: pass, Back: never})
		k.shows(d, flat(red8), func(e metal.RenderEncoder) {
			e.SetDepthStencilState(s)
			triangles(e, p, m, 6)
		})
		k.shows(d, flat(clear8), func(e metal.RenderEncoder) {
			e.SetDepthStencilState(s)
			e.SetFrontFacing(metal.WindingCounterClockwise)
			triangles(e, p, m, 6)
		})
	}},
}}
