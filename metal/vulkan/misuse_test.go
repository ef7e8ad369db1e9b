package vulkan

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
)

// What Vulkan forbids and Metal's rules do not name is refused before the
// validation layer hears of it. The suite in metaltest has the rest.
func TestRefusalsOfVulkansOwn(t *testing.T) {
	r := newRig(t)
	target, plain := r.texture(target64), r.texture(metal.TextureDescriptor{Label: "plain", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16})
	tile := r.texture(metal.TextureDescriptor{Label: "tile", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Mips: 3, Storage: metal.StorageModeMemoryless, Usage: metal.TextureUsageRenderTarget})
	p := r.renderPipeline(metal.RenderPipelineDescriptor{Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle}, "triangle.vert", "triangle.frag")
	args, indices := r.triangle(upper, 0, 1, 0, 1), r.buffer("indices", 16)
	draws := func(record func(metal.RenderEncoder)) error {
		return r.tryRun(func(cb metal.CommandBuffer) {
			r.render(cb, colorPass(target, metal.LoadActionClear), func(e metal.RenderEncoder) {
				e.BarrierAfterQueueStages(metal.StageAll, metal.StageFragment, metal.VisibilityDevice)
				e.SetRenderPipeline(p)
				e.SetArgumentTable(args, metal.StageVertex)
				record(e)
			})
		})
	}
	for _, v := range []metal.Viewport{{Width: 1e9, Height: 1, Far: 1}, {Width: 1, Height: 1, X: -1e9, Far: 1}, {Width: 1, Height: 1, Y: math.NaN(), Far: 1}, {Width: math.Inf(1), Height: 1, Far: 1}} {
		assert.ErrorContains(t, draws(func(e metal.RenderEncoder) { e.SetViewport(v) }), "SetViewport", "%v", v)
	}
	assert.ErrorContains(t, draws(func(e metal.RenderEncoder) {
		e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, 3, metal.IndexTypeUInt32, indices, 0, 1, 1<<40, 0)
	}), "base vertex 1099511627776")
	for _, x := range []metal.Texture{plain, tile} {
		assert.ErrorContains(t, r.tryRun(func(cb metal.CommandBuffer) {
			r.compute(cb, "mips", func(e metal.ComputeEncoder) { e.GenerateMipmaps(x) })
		}), x.Label())
	}
	require.NoError(t, r.cb.Begin(r.alloc))
	_, err := r.cb.RenderEncoder(colorPass(tile, metal.LoadActionLoad))
	assert.ErrorContains(t, err, `"tile" is memoryless`)
	require.Error(t, r.cb.End())
	require.NoError(t, r.alloc.Reset())

	most := r.limits.MaxUniformBufferRange
	r.limits.MaxUniformBufferRange = 8
	assert.ErrorContains(t, draws(func(e metal.RenderEncoder) { e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0) }), "the shader's block has 16 bytes: at most 8")
	r.limits.MaxUniformBufferRange = most

	h, err := r.NewHeap(metal.HeapDescriptor{Label: "heap", Size: 1 << 16, Storage: metal.StorageModePrivate})
	require.NoError(t, err)
	defer h.Release()
	_, err = h.NewTexture(tile.Descriptor(), 0)
	assert.ErrorContains(t, err, "memoryless")
	b, err := h.NewBuffer(metal.BufferDescriptor{Label: "b", Length: 16, Storage: metal.StorageModePrivate}, 0)
	require.NoError(t, err)
	require.EqualValues(t, 1, h.(*heap).placed.Load())
	b.Release()
	require.Zero(t, h.(*heap).placed.Load(), "a network may have the heap again")
}
