package record_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

// Nor do the calls that the frame of TestFramesDoNotAllocate lacks.
func TestCallsDoNotAllocate(t *testing.T) {
	h := newHarness(t, record.Options{})
	counters := one[metal.CounterHeap](h)(h.NewCounterHeap("times", 3))
	depth := h.texture(metal.TextureDescriptor{Label: "depth", Format: metal.PixelFormatDepth32Float, Width: 16, Height: 16, Usage: metal.TextureUsageRenderTarget})
	mips := h.texture(metal.TextureDescriptor{Label: "mips", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Mips: 5})
	h.set.Add(depth)
	h.set.Add(mips)
	h.set.Commit()
	p, table := h.textured(h.target)
	state := one[metal.DepthStencilState](h)(h.NewDepthStencilState(metal.DepthStencilDescriptor{Label: "none", DepthCompare: metal.CompareFunctionAlways}))
	drawn := h.texture(metal.TextureDescriptor{Label: "drawn", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Usage: metal.TextureUsageRenderTarget})
	h.set.Add(drawn)
	h.set.Commit()
	pass := h.pass()
	pass.Colors[0].Texture = drawn
	scale, scaling := h.scale()
	size := metal.Size{Width: 16, Height: 16, Depth: 1}
	list := []metal.CommandBuffer{h.commands}
	frame := func() error {
		b := h.commands
		if err := h.allocator.Reset(); err != nil {
			return err
		}
		if err := b.Begin(h.allocator); err != nil {
			return err
		}
		c, err := b.ComputeEncoder("work")
		if err != nil {
			return err
		}
		c.PushDebugGroup("copies")
		c.WriteTimestamp(counters, 0)
		c.CopyTexture(metal.TextureRegion{Texture: h.target}, metal.TextureRegion{Texture: mips}, size)
		c.CopyTextureToBuffer(metal.TextureRegion{Texture: depth}, size, h.buffer, 0, 64, 1024)
		c.GenerateMipmaps(mips)
		c.SetComputePipeline(scale)
		c.SetArgumentTable(scaling)
		c.DispatchThreadgroupsIndirect(h.buffer, 64, metal.Size{Width: 64, Height: 1, Depth: 1})
		c.PopDebugGroup()
		c.EndEncoding()
		r, err := b.RenderEncoder(pass)
		if err != nil {
			return err
		}
		r.WriteTimestamp(metal.StageVertex, counters, 1)
		r.SetRenderPipeline(p)
		r.SetArgumentTable(table, metal.StageVertex|metal.StageFragment)
		r.SetDepthStencilState(state)
		r.SetCullMode(metal.CullModeBack)
		r.SetFrontFacing(metal.WindingCounterClockwise)
		r.SetDepthBias(1, 1, 0)
		r.SetBlendColor(1, 1, 1, 1)
		r.SetStencilReference(1)
		r.DrawIndexedPrimitivesIndirect(metal.PrimitiveTypeTriangle, metal.IndexTypeUInt16, h.buffer, 2, h.buffer, 16)
		r.WriteTimestamp(metal.StageFragment, counters, 2)
		r.EndEncoding()
		if err := b.End(); err != nil {
			return err
		}
		return h.queue.Commit(list)
	}
	var err error
	n := testing.AllocsPerRun(50, func() {
		if e := frame(); e != nil {
			err = e
		}
	})
	require.NoError(t, err)
	assert.Zero(t, n)
}
