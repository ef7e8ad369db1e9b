package record_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

// harness is a device with one of each thing that tests need, all resident.
type harness struct {
	*testing.T
	*record.Device
	queue     metal.CommandQueue
	allocator metal.CommandAllocator
	commands  metal.CommandBuffer
	set       metal.ResidencySet
	event     metal.SharedEvent
	buffer    metal.Buffer  // "bytes", 4096 of them, shared
	target    metal.Texture // "target", 16x16, rgba8Unorm
}

func newHarness(t *testing.T, o record.Options) *harness {
	h := &harness{T: t, Device: record.New(o)}
	h.queue = one[metal.CommandQueue](h)(h.NewCommandQueue("main"))
	h.allocator = one[metal.CommandAllocator](h)(h.NewCommandAllocator("ring 0"))
	h.commands = one[metal.CommandBuffer](h)(h.NewCommandBuffer("frame"))
	h.set = one[metal.ResidencySet](h)(h.NewResidencySet("all"))
	h.event = one[metal.SharedEvent](h)(h.NewSharedEvent("done"))
	h.buffer = one[metal.Buffer](h)(h.NewBuffer(metal.BufferDescriptor{Label: "bytes", Length: 4096}))
	h.target = one[metal.Texture](h)(h.NewTexture(metal.TextureDescriptor{
		Label: "target", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16,
		Usage: metal.TextureUsageRenderTarget | metal.TextureUsageShaderRead,
	}))
	h.set.Add(h.buffer)
	h.set.Add(h.target)
	h.set.Commit()
	h.queue.AddResidencySet(h.set)
	return h
}

// one checks that an object could be made.
func one[T any](h *harness) func(T, error) T {
	return func(x T, err error) T {
		h.Helper()
		require.NoError(h, err)
		return x
	}
}

func (h *harness) shared(label string, length int) metal.Buffer {
	h.Helper()
	return one[metal.Buffer](h)(h.NewBuffer(metal.BufferDescriptor{Label: label, Length: length}))
}

func (h *harness) texture(d metal.TextureDescriptor) metal.Texture {
	h.Helper()
	return one[metal.Texture](h)(h.NewTexture(d))
}

// record records a frame and returns End's error.
func (h *harness) record(do func(b metal.CommandBuffer)) error {
	h.Helper()
	require.NoError(h, h.commands.Begin(h.allocator))
	do(h.commands)
	return h.commands.End()
}

// compute records a frame with one compute encoder, "work".
func (h *harness) compute(do func(e metal.ComputeEncoder)) error {
	h.Helper()
	return h.record(func(b metal.CommandBuffer) {
		e := one[metal.ComputeEncoder](h)(b.ComputeEncoder("work"))
		do(e)
		e.EndEncoding()
	})
}

// commit commits what was recorded last.
func (h *harness) commit() error { return h.queue.Commit([]metal.CommandBuffer{h.commands}) }

// inFlight commits a compute encoder that the GPU does not come to, with one
// more allocation resident.
func (h *harness) inFlight(resident metal.Allocation, do func(e metal.ComputeEncoder)) {
	h.Helper()
	h.set.Add(resident)
	h.set.Commit()
	h.Hold()
	require.NoError(h, h.compute(do))
	require.NoError(h, h.commit())
}

// function is one of the conformance suite's.
func function(t testing.TB, name string, threads metal.Size) metal.Function {
	t.Helper()
	code, err := os.ReadFile("../metaltest/shaders/spirv/" + name + ".spv")
	require.NoError(t, err)
	stages := map[string]metal.Stages{"comp": metal.StageDispatch, "vert": metal.StageVertex, "frag": metal.StageFragment}
	return metal.Function{Name: name, Stage: stages[name[len(name)-4:]], SPIRV: code, Threads: threads}
}

func (h *harness) scale() (metal.ComputePipeline, metal.ArgumentTable) {
	h.Helper()
	p := one[metal.ComputePipeline](h)(h.NewComputePipeline(metal.ComputePipelineDescriptor{
		Label: "scale", Function: function(h, "scale.comp", metal.Size{Width: 64, Height: 1, Depth: 1}),
	}))
	t := one[metal.ArgumentTable](h)(h.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "arguments", Buffers: 4, Textures: 1, Samplers: 1}))
	for i := range 3 {
		t.SetBuffer(h.buffer, 1024*i, i)
	}
	return p, t
}

// textured is a pipeline of mesh.vert and textured.frag, with a table for both.
func (h *harness) textured(image metal.Texture) (metal.RenderPipeline, metal.ArgumentTable) {
	h.Helper()
	p := one[metal.RenderPipeline](h)(h.NewRenderPipeline(metal.RenderPipelineDescriptor{
		Label: "textured", Vertex: function(h, "mesh.vert", metal.Size{}), Fragment: function(h, "textured.frag", metal.Size{}),
		Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle,
	}))
	t := one[metal.ArgumentTable](h)(h.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "arguments", Buffers: 4, Textures: 1, Samplers: 1}))
	t.SetBuffer(h.buffer, 0, 0)
	t.SetBuffer(h.buffer, 2048, 1)
	if image != nil {
		t.SetTexture(image, 0)
	}
	t.SetSampler(one[metal.Sampler](h)(h.NewSampler(metal.SamplerDescriptor{Label: "nearest"})), 0)
	return p, t
}

// pass is a render pass, "scene", on the harness' target.
func (h *harness) pass() *metal.RenderPassDescriptor {
	d := &metal.RenderPassDescriptor{Label: "scene"}
	d.Colors[0].Attachment = metal.Attachment{Texture: h.target, Load: metal.LoadActionClear, Store: metal.StoreActionStore}
	return d
}

func (h *harness) draw(do func(e metal.RenderEncoder)) error {
	h.Helper()
	return h.record(func(b metal.CommandBuffer) {
		e := one[metal.RenderEncoder](h)(b.RenderEncoder(h.pass()))
		do(e)
		e.EndEncoding()
	})
}
