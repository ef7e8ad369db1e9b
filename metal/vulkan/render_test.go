package vulkan

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

func (r *rig) texture(d metal.TextureDescriptor) metal.Texture {
	t, err := r.NewTexture(d)
	require.NoError(r, err)
	r.Cleanup(t.Release)
	return t
}

func (r *rig) floats(label string, v ...float32) metal.Buffer {
	b := r.buffer(label, 4*len(v))
	for i, x := range v {
		binary.LittleEndian.PutUint32(b.Contents()[4*i:], math.Float32bits(x))
	}
	return b
}

func (r *rig) renderPipeline(d metal.RenderPipelineDescriptor, vertex, fragment string) metal.RenderPipeline {
	d.Vertex = function(r.TB, vertex)
	if fragment != "" {
		d.Fragment = function(r.TB, fragment)
	}
	p, err := r.NewRenderPipeline(d)
	require.NoError(r, err)
	r.Cleanup(p.Release)
	return p
}

func (r *rig) render(cb metal.CommandBuffer, d *metal.RenderPassDescriptor, record func(metal.RenderEncoder)) {
	r.Helper()
	e, err := cb.RenderEncoder(d)
	require.NoError(r, err)
	record(e)
	e.EndEncoding()
}

// read returns the texels of mip 0, rows packed.
func (r *rig) read(t metal.Texture) []byte {
	r.Helper()
	d := t.Descriptor()
	row := d.Width * d.Format.BytesPerPixel()
	b := r.buffer("readback", row*d.Height)
	r.run(func(cb metal.CommandBuffer) {
		r.compute(cb, "readback", func(e metal.ComputeEncoder) {
			e.BarrierAfterQueueStages(metal.StageAll, metal.StageBlit, metal.VisibilityDevice)
			e.CopyTextureToBuffer(metal.TextureRegion{Texture: t}, metal.Size{Width: d.Width, Height: d.Height, Depth: 1}, b, 0, row, row*d.Height)
		})
	})
	return b.Contents()
}

func (r *rig) pixel(t metal.Texture, x, y int) [4]byte {
	r.Helper()
	i := 4 * (y*t.Descriptor().Width + x)
	return [4]byte(r.read(t)[i : i+4])
}

var target64 = metal.TextureDescriptor{
	Label: "target", Format: metal.PixelFormatRGBA8Unorm, Width: 64, Height: 64,
	Usage: metal.TextureUsageRenderTarget | metal.TextureUsageShaderRead,
}

func colorPass(t metal.Texture, load metal.LoadAction) *metal.RenderPassDescriptor {
	d := &metal.RenderPassDescriptor{Label: "draw"}
	d.Colors[0].Attachment = metal.Attachment{Texture: t, Load: load, Store: metal.StoreActionStore}
	d.Colors[0].Clear = metal.ClearColor{Red: 1, Alpha: 1}
	return d
}

// upper is a triangle over the upper left half of clip space, clockwise as seen.
var upper = []float32{-1, -1, 0.5, 1, -1, 1, 0.5, 1, 1, 1, 0.5, 1}

func (r *rig) triangle(vertices []float32, color ...float32) metal.ArgumentTable {
	t := r.table(metal.ArgumentTableDescriptor{Label: "triangle", Buffers: 2})
	t.SetBuffer(r.floats("vertices", vertices...), 0, 0)
	t.SetBuffer(r.floats("tint", color...), 0, 1)
	return t
}

// Clip space is Metal's: y up, clockwise is the front, row 0 on top.
func TestTriangle(t *testing.T) {
	r := newRig(t)
	target := r.texture(target64)
	p := r.renderPipeline(metal.RenderPipelineDescriptor{Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle}, "triangle.vert", "triangle.frag")
	args := r.triangle(upper, 0, 1, 0, 1)
	for _, c := range []struct {
		cull  metal.CullMode
		front metal.Winding
		drawn bool
	}{{metal.CullModeNone, 0, true}, {metal.CullModeBack, 0, true}, {metal.CullModeFront, 0, false}, {metal.CullModeBack, 1, false}} {
		r.run(func(cb metal.CommandBuffer) {
			r.render(cb, colorPass(target, metal.LoadActionClear), func(e metal.RenderEncoder) {
				e.BarrierAfterQueueStages(metal.StageAll, metal.StageFragment, metal.VisibilityDevice)
				e.SetRenderPipeline(p)
				e.SetArgumentTable(args, metal.StageVertex)
				e.SetCullMode(c.cull)
				e.SetFrontFacing(c.front)
				e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
			})
		})
		want := [4]byte{0, 255, 0, 255}
		if !c.drawn {
			want = [4]byte{255, 0, 0, 255}
		}
		require.Equal(t, want, r.pixel(target, 5, 5), "%+v", c)
		require.Equal(t, [4]byte{255, 0, 0, 255}, r.pixel(target, 60, 60))
	}
}

// A barrier in the middle of an encoder splits the pass; what was drawn stays,
// and the clear is not done again.
func TestBarrierSplitsThePass(t *testing.T) {
	r := newRig(t)
	target := r.texture(target64)
	p := r.renderPipeline(metal.RenderPipelineDescriptor{Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle}, "triangle.vert", "triangle.frag")
	lower := make([]float32, len(upper))
	for i, v := range upper {
		lower[i] = v
		if i%4 < 2 {
			lower[i] = -v
		}
	}
	one, two := r.triangle(upper, 0, 1, 0, 1), r.triangle(lower, 0, 0, 1, 1)
	r.run(func(cb metal.CommandBuffer) {
		r.render(cb, colorPass(target, metal.LoadActionClear), func(e metal.RenderEncoder) {
			e.SetRenderPipeline(p)
			e.SetArgumentTable(one, metal.StageVertex)
			e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
			e.BarrierAfterStages(metal.StageFragment, metal.StageDispatch, metal.VisibilityDevice)
			e.BarrierAfterEncoderStages(metal.StageVertex, metal.StageVertex, metal.VisibilityDevice)
			e.SetArgumentTable(two, metal.StageVertex)
			e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
			e.BarrierAfterQueueStages(metal.StageDispatch, metal.StageVertex, metal.VisibilityNone)
		})
	})
	require.Equal(t, [4]byte{0, 255, 0, 255}, r.pixel(target, 5, 5))
	require.Equal(t, [4]byte{0, 0, 255, 255}, r.pixel(target, 60, 60))
}

// A render pass without draws clears; sampling it in another pass needs a
// barrier, and the layer says so when there is none.
func TestSampling(t *testing.T) {
	r := newRig(t)
	source, target := r.texture(target64), r.texture(target64)
	p := r.renderPipeline(metal.RenderPipelineDescriptor{Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle}, "triangle.vert", "sample.frag")
	args := r.triangle(upper, 1, 1, 1, 1)
	s, err := r.NewSampler(metal.SamplerDescriptor{Label: "nearest"})
	require.NoError(t, err)
	defer s.Release()
	pictures := r.table(metal.ArgumentTableDescriptor{Label: "pictures", Textures: 4, Samplers: 3})
	pictures.SetTexture(source, 3)
	pictures.SetSampler(s, 2)
	frame := func(barrier bool) {
		r.run(func(cb metal.CommandBuffer) {
			r.render(cb, colorPass(source, metal.LoadActionClear), func(e metal.RenderEncoder) {
				e.BarrierAfterQueueStages(metal.StageAll, metal.StageFragment, metal.VisibilityDevice)
			})
			r.render(cb, colorPass(target, metal.LoadActionDontCare), func(e metal.RenderEncoder) {
				if barrier {
					e.BarrierAfterQueueStages(metal.StageFragment, metal.StageFragment, metal.VisibilityDevice)
				}
				e.SetRenderPipeline(p)
				e.SetArgumentTable(args, metal.StageVertex)
				e.SetArgumentTable(pictures, metal.StageFragment)
				e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
			})
		})
	}
	frame(true)
	require.Equal(t, [4]byte{255, 0, 0, 255}, r.pixel(target, 5, 5))
	require.Empty(t, r.ValidationMessages())
	frame(false)
	require.NotEmpty(t, r.ValidationMessages(), "a missing barrier between two render passes goes unseen")
}

// Color and depth of four samples, resolved; depth decides what is seen.
func TestMultisampleAndDepth(t *testing.T) {
	r := newRig(t)
	d := target64
	d.Samples = 4
	color, resolved := r.texture(d), r.texture(target64)
	d.Format = metal.PixelFormatDepth32Float
	depth := r.texture(d)
	d.Samples = 1
	resolvedDepth := r.texture(d)
	p := r.renderPipeline(metal.RenderPipelineDescriptor{
		Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle,
		Samples: 4, DepthStencilFormat: metal.PixelFormatDepth32Float,
	}, "triangle.vert", "triangle.frag")
	less, err := r.NewDepthStencilState(metal.DepthStencilDescriptor{DepthCompare: metal.CompareFunctionLess, DepthWrite: true})
	require.NoError(t, err)
	near, far := r.triangle(upper, 0, 1, 0, 1), r.triangle([]float32{-1, -1, 0.75, 1, -1, 1, 0.75, 1, 1, 1, 0.75, 1}, 0, 0, 1, 1)
	pass := colorPass(color, metal.LoadActionClear)
	pass.Colors[0].Store, pass.Colors[0].Resolve = metal.StoreActionMultisampleResolve, resolved
	pass.Depth.Attachment = metal.Attachment{Texture: depth, Load: metal.LoadActionClear, Store: metal.StoreActionMultisampleResolve, Resolve: resolvedDepth}
	pass.Depth.ClearDepth = 1
	r.run(func(cb metal.CommandBuffer) {
		r.render(cb, pass, func(e metal.RenderEncoder) {
			e.SetRenderPipeline(p)
			e.SetDepthStencilState(less)
			for _, a := range []metal.ArgumentTable{near, far} {
				e.SetArgumentTable(a, metal.StageVertex)
				e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
			}
		})
	})
	require.Equal(t, [4]byte{0, 255, 0, 255}, r.pixel(resolved, 5, 5))
	require.Equal(t, [4]byte{255, 0, 0, 255}, r.pixel(resolved, 60, 60))
	z := r.read(resolvedDepth)
	require.Equal(t, math.Float32bits(0.5), binary.LittleEndian.Uint32(z[4*(5*64+5):]))
	require.Equal(t, math.Float32bits(1), binary.LittleEndian.Uint32(z[4*(60*64+60):]))
}

// Images that share memory: each life begins with a discard, which must hide no
// barrier that is missing, neither between stages nor in one.
func TestAliasedTextures(t *testing.T) {
	r := newRig(t)
	d := target64
	d.Usage |= metal.TextureUsageShaderWrite
	need, err := r.TextureSizeAndAlign(d)
	require.NoError(t, err)
	h, err := r.NewHeap(metal.HeapDescriptor{Label: "heap", Size: need.Size, Storage: metal.StorageModePrivate, Class: need.Class})
	require.NoError(t, err)
	defer h.Release()
	var pair [2]metal.Texture
	var tables [2]metal.ArgumentTable
	for i := range pair {
		pair[i], err = h.NewTexture(d, 0)
		require.NoError(t, err)
		defer pair[i].Release()
		tables[i] = r.table(metal.ArgumentTableDescriptor{Label: "paint", Textures: 1})
		tables[i].SetTexture(pair[i], 0)
	}
	paint, texels := r.computePipeline("paint.comp"), r.buffer("texels", 64*64*4)
	group := metal.Size{Width: 8, Height: 8, Depth: 1}
	// Each way to write texture i in a pass of its own, after before(encoder).
	writes := map[metal.Stages]func(cb metal.CommandBuffer, i int, before func(metal.Encoder)){
		metal.StageFragment: func(cb metal.CommandBuffer, i int, before func(metal.Encoder)) {
			r.render(cb, colorPass(pair[i], metal.LoadActionClear), func(e metal.RenderEncoder) { before(e) })
		},
		metal.StageDispatch: func(cb metal.CommandBuffer, i int, before func(metal.Encoder)) {
			r.compute(cb, "paint", func(e metal.ComputeEncoder) {
				before(e)
				e.SetComputePipeline(paint)
				e.SetArgumentTable(tables[i])
				e.DispatchThreadgroups(group, group)
			})
		},
		metal.StageBlit: func(cb metal.CommandBuffer, i int, before func(metal.Encoder)) {
			r.compute(cb, "copy", func(e metal.ComputeEncoder) {
				before(e)
				e.CopyBufferToTexture(texels, 0, 256, 256*64, metal.Size{Width: 64, Height: 64, Depth: 1}, metal.TextureRegion{Texture: pair[i]})
			})
		},
	}
	for first := range writes {
		for second := range writes {
			frame := func(stages metal.Stages) []string { // with a barrier before them
				r.run(func(cb metal.CommandBuffer) {
					writes[first](cb, 0, func(e metal.Encoder) {
						e.BarrierAfterQueueStages(metal.StageAll, first, metal.VisibilityDevice)
						e.DiscardContents(pair[0], first)
					})
					writes[second](cb, 1, func(e metal.Encoder) {
						if stages != 0 {
							e.BarrierAfterQueueStages(first, stages, metal.VisibilityDevice)
						}
						e.DiscardContents(pair[1], second)
					})
				})
				return r.ValidationMessages()
			}
			for range 3 {
				require.Empty(t, frame(second), "%v then %v", first, second)
			}
			if second == metal.StageDispatch {
				require.Equal(t, [4]byte{9, 20, 51, 255}, r.pixel(pair[1], 9, 20))
			}
			require.NotEmpty(t, frame(0), "a missing barrier from %v to %v goes unseen", first, second)
			for _, other := range everyStage {
				if !holds(other, second) {
					require.NotEmpty(t, frame(other), "a barrier from %v to %v in place of %v goes unseen", first, other, second)
				}
			}
		}
	}
}

func TestMipmaps(t *testing.T) {
	r := newRig(t)
	d := metal.TextureDescriptor{Label: "mips", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Mips: 3, Layers: 2, Usage: metal.TextureUsageShaderRead}
	tex := r.texture(d)
	b := r.buffer("texels", 64)
	for i := range 16 {
		b.Contents()[4*i] = byte(16 * i)
	}
	out := r.buffer("mips", 64)
	size := func(n int) metal.Size { return metal.Size{Width: n, Height: n, Depth: 1} }
	r.run(func(cb metal.CommandBuffer) {
		r.compute(cb, "mips", func(e metal.ComputeEncoder) {
			for s := range 2 {
				e.CopyBufferToTexture(b, 0, 16, 64, size(4), metal.TextureRegion{Texture: tex, Slice: s})
			}
			e.BarrierAfterEncoderStages(metal.StageBlit, metal.StageBlit, metal.VisibilityDevice)
			e.GenerateMipmaps(tex)
			e.BarrierAfterEncoderStages(metal.StageBlit, metal.StageBlit, metal.VisibilityDevice)
			e.CopyTextureToBuffer(metal.TextureRegion{Texture: tex, Slice: 1, Level: 1}, size(2), out, 0, 8, 16)
			e.CopyTextureToBuffer(metal.TextureRegion{Texture: tex, Slice: 1, Level: 2}, size(1), out, 32, 4, 4)
		})
	})
	require.EqualValues(t, 16*(0+1+4+5)/4, out.Contents()[0])
	require.EqualValues(t, 16*(10+11+14+15)/4, out.Contents()[12])
	require.InDelta(t, 16*7.5, int(out.Contents()[32]), 1)
}

func TestTimestamps(t *testing.T) {
	r := newRig(t)
	h, err := r.NewCounterHeap("times", 4)
	require.NoError(t, err)
	defer h.Release()
	target := r.texture(target64)
	ticks := make([]uint64, 4)
	require.ErrorContains(t, h.Resolve(3, ticks), "[0, 4)")
	for range 2 {
		r.run(func(cb metal.CommandBuffer) {
			cb.WriteTimestamp(h, 0)
			r.render(cb, colorPass(target, metal.LoadActionClear), func(e metal.RenderEncoder) {
				e.BarrierAfterQueueStages(metal.StageFragment, metal.StageFragment, metal.VisibilityDevice)
				e.WriteTimestamp(metal.StageFragment, h, 1)
			})
			r.compute(cb, "nothing", func(e metal.ComputeEncoder) { e.WriteTimestamp(h, 2) })
			cb.WriteTimestamp(h, 3)
		})
		require.NoError(t, h.Resolve(0, ticks))
		require.LessOrEqual(t, ticks[0], ticks[1])
		require.LessOrEqual(t, ticks[1], ticks[2])
		require.LessOrEqual(t, ticks[2], ticks[3])
		require.Less(t, ticks[0], ticks[3])
	}
}

func TestFaultsOfRenderEncoders(t *testing.T) {
	r := newRig(t)
	target := r.texture(target64)
	p := r.renderPipeline(metal.RenderPipelineDescriptor{Label: "plain", Colors: []metal.PipelineColor{{Format: metal.PixelFormatBGRA8Unorm}}, Topology: metal.PrimitiveTypeTriangle}, "triangle.vert", "triangle.frag")
	for want, record := range map[string]func(metal.RenderEncoder){
		"without a render pipeline": func(e metal.RenderEncoder) { e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0) },
		"made for colors [bgra8Unorm], depth-stencil invalid, 1 samples; the pass has colors [rgba8Unorm]": func(e metal.RenderEncoder) {
			e.SetRenderPipeline(p)
			e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
		},
		"another topology": func(e metal.RenderEncoder) {
			e.SetRenderPipeline(p)
			e.DrawPrimitives(metal.PrimitiveTypeLine, 0, 2, 1, 0)
		},
		"must lie in the attachments' 64x64": func(e metal.RenderEncoder) { e.SetScissor(1, 0, 64, 64) },
		"tile-based":                         func(e metal.RenderEncoder) { e.BarrierAfterEncoderStages(metal.StageFragment, metal.StageFragment, 1) },
	} {
		err := r.tryRun(func(cb metal.CommandBuffer) { r.render(cb, colorPass(target, metal.LoadActionClear), record) })
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, `render encoder "draw"`)
	}
	require.NoError(t, r.cb.Begin(r.alloc))
	_, err := r.cb.RenderEncoder(&metal.RenderPassDescriptor{Label: "empty"})
	require.ErrorContains(t, err, `render pass "empty": the pass has no attachment`)
	require.ErrorContains(t, r.cb.End(), `render pass "empty"`)
	require.NoError(t, r.cb.Begin(r.alloc))
	_, err = r.cb.RenderEncoder(colorPass(target, metal.LoadActionClear))
	require.NoError(t, err)
	require.ErrorContains(t, r.cb.End(), "EndEncoding first")
}

// Indirect arguments and an offset into the indices, which add up.
func TestIndexedIndirect(t *testing.T) {
	r := newRig(t)
	target := r.texture(target64)
	p := r.renderPipeline(metal.RenderPipelineDescriptor{Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle}, "triangle.vert", "triangle.frag")
	args := r.triangle(append([]float32{9, 9, 9, 9}, upper...), 0, 1, 0, 1)
	indices, draw := r.buffer("indices", 20, 0, 0, 0, 1, 2), r.buffer("draw", 24, 0, 3, 1, 1, 1, 0)
	for _, offset := range []int{4, 0} {
		if offset != 0 && r.llvmpipe22 {
			continue
		}
		indices.Contents()[0], draw.Contents()[12] = byte(offset), byte(2-offset/4)
		r.run(func(cb metal.CommandBuffer) {
			r.render(cb, colorPass(target, metal.LoadActionClear), func(e metal.RenderEncoder) {
				e.BarrierAfterQueueStages(metal.StageAll, metal.StageFragment, metal.VisibilityDevice)
				e.SetRenderPipeline(p)
				e.SetArgumentTable(args, metal.StageVertex)
				e.DrawIndexedPrimitivesIndirect(metal.PrimitiveTypeTriangle, metal.IndexTypeUInt32, indices, offset, draw, 4)
			})
		})
		require.Equal(t, [4]byte{0, 255, 0, 255}, r.pixel(target, 5, 5), "indices at %d", offset)
	}
}
