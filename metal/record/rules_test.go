package record_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

// rule is a rule, the words of its fault, and a way to break it.
type rule struct {
	name   string
	fault  string // a part of it
	broken func(h *harness)
}

// Each rule is broken once. What the conformance suite breaks on every driver
// is not repeated here; this is what only this driver sees.
var rules = []rule{
	{"reset in flight", `command allocator "ring 0": Reset: 1 commits of buffers that were recorded from it are in flight`, func(h *harness) {
		h.Hold()
		require.NoError(h, h.record(func(metal.CommandBuffer) {}))
		require.NoError(h, h.commit())
		assert.Error(h, h.allocator.Reset())
	}},
	{"release in flight", `buffer "bytes": Release: 1 commits in flight use it`, func(h *harness) {
		h.Hold()
		require.NoError(h, h.compute(func(e metal.ComputeEncoder) { e.FillBuffer(h.buffer, 0, 4, 1) }))
		require.NoError(h, h.commit())
		h.buffer.Release()
	}},
	{"an allocator released under an open buffer", `command allocator "ring 0": Release: command buffer "frame" is open on it: End that first`, func(h *harness) {
		require.NoError(h, h.commands.Begin(h.allocator))
		h.allocator.Release()
	}},
	{"an allocator released before the commit", `Commit: command buffer "frame": command allocator "ring 0" was released after the recording`, func(h *harness) {
		require.NoError(h, h.record(func(metal.CommandBuffer) {}))
		h.allocator.Release()
		assert.Error(h, h.commit())
	}},
	{"a heap released in flight", `heap "heap": Release: 1 commits in flight use it`, func(h *harness) {
		heap := one[metal.Heap](h)(h.NewHeap(metal.HeapDescriptor{Label: "heap", Size: 4096, Storage: metal.StorageModePrivate}))
		b := one[metal.Buffer](h)(heap.NewBuffer(metal.BufferDescriptor{Label: "placed", Length: 64, Storage: metal.StorageModePrivate}, 0))
		h.inFlight(heap, func(e metal.ComputeEncoder) { e.FillBuffer(b, 0, 4, 1) })
		heap.Release()
	}},
	{"a texture released in flight under its view", `texture "whole": Release: 1 commits in flight use it`, func(h *harness) {
		whole := h.texture(metal.TextureDescriptor{Label: "whole", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Mips: 2})
		view := one[metal.Texture](h)(whole.NewView(metal.TextureViewDescriptor{Label: "half", MipStart: 1}))
		h.inFlight(whole, func(e metal.ComputeEncoder) {
			e.CopyTextureToBuffer(metal.TextureRegion{Texture: view}, metal.Size{Width: 8, Height: 8, Depth: 1}, h.buffer, 0, 32, 256)
		})
		whole.Release()
	}},
	{"a tensor's buffer released in flight", `buffer "under": Release: 1 commits in flight use it`, func(h *harness) {
		under := h.shared("under", 256)
		tensor := one[metal.Tensor](h)(under.NewTensor(metal.TensorDescriptor{Label: "x", Type: metal.TensorDataTypeFloat32, Dimensions: []int{64}}, 0))
		p, t := h.scale()
		t.SetTensor(tensor, 0)
		h.inFlight(under, func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(t)
			e.DispatchThreadgroups(metal.Size{Width: 1, Height: 1, Depth: 1}, metal.Size{Width: 64, Height: 1, Depth: 1})
		})
		under.Release()
	}},
	{"a set released on its queue", `command queue "main": Commit: residency set "all" of the queue is used after its Release: call RemoveResidencySet first`, func(h *harness) {
		require.NoError(h, h.record(func(metal.CommandBuffer) {}))
		h.set.Release()
		assert.Error(h, h.commit())
	}},
	{"a set of a buffer, released in flight", `residency set "own": Release: 1 commits in flight use it`, func(h *harness) {
		own := one[metal.ResidencySet](h)(h.NewResidencySet("own"))
		h.Hold()
		require.NoError(h, h.record(func(b metal.CommandBuffer) { b.UseResidencySet(own) }))
		require.NoError(h, h.commit())
		own.Release()
	}},
	{"commit after a reset", `command queue "main": Commit: command buffer "frame": command allocator "ring 0" was reset after the recording`, func(h *harness) {
		require.NoError(h, h.record(func(metal.CommandBuffer) {}))
		require.NoError(h, h.allocator.Reset())
		assert.Error(h, h.commit())
	}},
	{"a buffer twice in one commit", `Commit: command buffer "frame" is in the array twice`, func(h *harness) {
		require.NoError(h, h.record(func(metal.CommandBuffer) {}))
		assert.Error(h, h.queue.Commit([]metal.CommandBuffer{h.commands, h.commands}))
	}},
	{"not resident", `Commit: command buffer "frame": encoder "work": FillBuffer uses buffer "stray", which is not resident: add it to a residency set`, func(h *harness) {
		b := h.shared("stray", 64)
		require.NoError(h, h.compute(func(e metal.ComputeEncoder) { e.FillBuffer(b, 0, 4, 1) }))
		assert.Error(h, h.commit())
	}},
	{"resident without Commit", `encoder "work": FillBuffer uses buffer "stray", which is not resident: residency set "all" has it only since its last Commit`, func(h *harness) {
		b := h.shared("stray", 64)
		h.set.Add(b)
		require.NoError(h, h.compute(func(e metal.ComputeEncoder) { e.FillBuffer(b, 0, 4, 1) }))
		assert.Error(h, h.commit())
	}},
	{"no longer resident", `FillBuffer uses buffer "bytes", which is not resident`, func(h *harness) {
		h.set.Remove(h.buffer)
		h.set.Commit()
		require.NoError(h, h.compute(func(e metal.ComputeEncoder) { e.FillBuffer(h.buffer, 0, 4, 1) }))
		assert.Error(h, h.commit())
	}},
	{"a heap that is not resident", `uses buffer "placed", which is not resident, nor is heap "heap"`, func(h *harness) {
		heap := one[metal.Heap](h)(h.NewHeap(metal.HeapDescriptor{Label: "heap", Size: 4096, Storage: metal.StorageModePrivate}))
		b := one[metal.Buffer](h)(heap.NewBuffer(metal.BufferDescriptor{Label: "placed", Length: 64, Storage: metal.StorageModePrivate}, 0))
		require.NoError(h, h.compute(func(e metal.ComputeEncoder) { e.FillBuffer(b, 0, 4, 1) }))
		assert.Error(h, h.commit())
	}},
	{"an argument that is not resident", `encoder "work": DispatchThreadgroups uses buffer "stray", which is not resident`, func(h *harness) {
		p, t := h.scale()
		t.SetBuffer(h.shared("stray", 64), 0, 2)
		require.NoError(h, h.compute(func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(t)
			e.DispatchThreadgroups(metal.Size{Width: 1, Height: 1, Depth: 1}, metal.Size{Width: 64, Height: 1, Depth: 1})
		}))
		assert.Error(h, h.commit())
	}},
	{"an attachment that is not resident", `encoder "scene": RenderEncoder uses texture "target", which is not resident`, func(h *harness) {
		h.set.Remove(h.target)
		h.set.Commit()
		require.NoError(h, h.draw(func(metal.RenderEncoder) {}))
		assert.Error(h, h.commit())
	}},
	{"too many sets", `command queue "main": AddResidencySet: residency set "one more" would be number 33: at most 32 sets`, func(h *harness) {
		for i := range 32 {
			label := fmt.Sprint(i)
			if i == 31 {
				label = "one more"
			}
			h.queue.AddResidencySet(one[metal.ResidencySet](h)(h.NewResidencySet(label)))
		}
	}},
	{"removing a set that is not there", `RemoveResidencySet: residency set "other" was not added`, func(h *harness) {
		h.queue.RemoveResidencySet(one[metal.ResidencySet](h)(h.NewResidencySet("other")))
	}},
	{"a set before Begin", `command buffer "frame": UseResidencySet: the buffer is not open: Begin clears its sets`, func(h *harness) {
		h.commands.UseResidencySet(h.set)
	}},
	{"double release", `buffer "bytes": Release: released twice`, func(h *harness) {
		h.buffer.Release()
		h.buffer.Release()
	}},
	{"use after release", `compute encoder "work": FillBuffer: buffer: buffer "bytes" is used after its Release`, func(h *harness) {
		h.buffer.Release()
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) { e.FillBuffer(h.buffer, 0, 4, 1) }))
	}},
	{"contents after release", `buffer "bytes": Contents: buffer "bytes" is used after its Release`, func(h *harness) {
		h.buffer.Release()
		assert.Nil(h, h.buffer.Contents())
	}},
	{"a heap released under its buffer", `heap "heap" is used after its Release`, func(h *harness) {
		heap := one[metal.Heap](h)(h.NewHeap(metal.HeapDescriptor{Label: "heap", Size: 4096, Storage: metal.StorageModePrivate}))
		b := one[metal.Buffer](h)(heap.NewBuffer(metal.BufferDescriptor{Label: "placed", Length: 64, Storage: metal.StorageModePrivate}, 0))
		heap.Release()
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) { e.FillBuffer(b, 0, 4, 1) }))
	}},
	{"released before the commit", `Commit: command buffer "frame": encoder "work": FillBuffer: buffer "bytes" is used after its Release, before the commit`, func(h *harness) {
		require.NoError(h, h.compute(func(e metal.ComputeEncoder) { e.FillBuffer(h.buffer, 0, 4, 1) }))
		h.buffer.Release()
		assert.Error(h, h.commit())
	}},
	{"a pipeline released before the commit", `uses compute pipeline "scale", which was released before the commit`, func(h *harness) {
		p, _ := h.scale()
		require.NoError(h, h.compute(func(e metal.ComputeEncoder) { e.SetComputePipeline(p) }))
		p.Release()
		assert.Error(h, h.commit())
	}},
	{"objects of another device", `FillBuffer: buffer: buffer "bytes" belongs to another device`, func(h *harness) {
		other := newHarness(h.T, record.Options{})
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) { e.FillBuffer(other.buffer, 0, 4, 1) }))
	}},
	{"objects of another driver", `FillBuffer: buffer is not a buffer of this driver: record_test.foreign`, func(h *harness) {
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) { e.FillBuffer(foreign{}, 0, 4, 1) }))
	}},
	{"an empty barrier", `BarrierAfterQueueStages: after is empty`, func(h *harness) {
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) {
			e.BarrierAfterQueueStages(0, metal.StageDispatch, metal.VisibilityDevice)
		}))
	}},
	{"a barrier on no stage at all", `BarrierAfterStages: before holds bits that are no stages`, func(h *harness) {
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) {
			e.BarrierAfterStages(metal.StageDispatch, 1<<9, metal.VisibilityDevice)
		}))
	}},
	{"an unknown visibility", `BarrierAfterStages: unknown visibility option 0x8`, func(h *harness) {
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) {
			e.BarrierAfterStages(metal.StageDispatch, metal.StageBlit, 8)
		}))
	}},
	{"a timestamp after foreign stages", `render encoder "scene": WriteTimestamp: after holds blit, which this encoder does not own`, func(h *harness) {
		counters := one[metal.CounterHeap](h)(h.NewCounterHeap("counters", 1))
		assert.Error(h, h.draw(func(e metal.RenderEncoder) { e.WriteTimestamp(metal.StageBlit, counters, 0) }))
	}},
	{"a timestamp inside an encoder", `command buffer "frame": WriteTimestamp: compute encoder "work" is open`, func(h *harness) {
		counters := one[metal.CounterHeap](h)(h.NewCounterHeap("counters", 1))
		assert.Error(h, h.compute(func(metal.ComputeEncoder) { h.commands.WriteTimestamp(counters, 0) }))
	}},
	{"a timestamp that is not written yet", `counter heap "counters": Resolve: entry 0 is still to be written`, func(h *harness) {
		counters := one[metal.CounterHeap](h)(h.NewCounterHeap("counters", 1))
		h.Hold()
		require.NoError(h, h.record(func(b metal.CommandBuffer) { b.WriteTimestamp(counters, 0) }))
		require.NoError(h, h.commit())
		assert.Error(h, counters.Resolve(0, make([]uint64, 1)))
	}},
	{"a debug group left open", `EndEncoding: 1 debug groups are open`, func(h *harness) {
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) { e.PushDebugGroup("shadows") }))
	}},
	{"a debug group closed twice", `PopDebugGroup: no debug group is open`, func(h *harness) {
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) { e.PopDebugGroup() }))
	}},
	{"discarding what was drawn to", `render encoder "scene": DiscardContents: texture "target" is discarded after a draw`, func(h *harness) {
		p, t := h.textured(h.texture(metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Usage: metal.TextureUsageShaderRead}))
		assert.Error(h, h.draw(func(e metal.RenderEncoder) {
			e.DiscardContents(h.target, metal.StageFragment)
			triangle(p, t)(e)
			e.DiscardContents(h.target, metal.StageFragment)
		}))
	}},
	{"discarding for foreign stages", `DiscardContents: stages holds fragment, which this encoder does not own`, func(h *harness) {
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) { e.DiscardContents(h.target, metal.StageFragment) }))
	}},
	{"a texture of another shape", `texture "layers" at texture index 0 ("image" of function "textured.frag") is a 2DArray texture: the function takes a 2D texture`, func(h *harness) {
		p, t := h.textured(h.texture(metal.TextureDescriptor{Label: "layers", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Layers: 2, Usage: metal.TextureUsageShaderRead}))
		assert.Error(h, h.draw(triangle(p, t)))
	}},
	{"integers for a float texture", `texture "ints" at texture index 0 ("image" of function "textured.frag") has the format r32Uint`, func(h *harness) {
		p, t := h.textured(h.texture(metal.TextureDescriptor{Label: "ints", Format: metal.PixelFormatR32Uint, Width: 4, Height: 4, Usage: metal.TextureUsageShaderRead}))
		assert.Error(h, h.draw(triangle(p, t)))
	}},
	{"a texture that shaders may not read", `texture "plain" at texture index 0 ("image" of function "textured.frag") is read: its usage must hold shaderRead`, func(h *harness) {
		p, t := h.textured(h.texture(metal.TextureDescriptor{Label: "plain", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Usage: metal.TextureUsageRenderTarget}))
		assert.Error(h, h.draw(triangle(p, t)))
	}},
	{"no texture", `function "textured.frag" uses texture 0 ("image"), which argument table "arguments" has not set: call SetTexture`, func(h *harness) {
		p, t := h.textured(nil)
		assert.Error(h, h.draw(triangle(p, t)))
	}},
	{"no sampler", `function "textured.frag" uses sampler 0 ("filtering"), which argument table "arguments" has not set: call SetSampler`, func(h *harness) {
		p, t := h.textured(h.target)
		t.SetSampler(nil, 0)
		assert.Error(h, h.draw(triangle(p, t)))
	}},
	{"a buffer too small for its block", `buffer "short" at buffer index 2 ("Parameters" of function "scale.comp") has 8 bytes there: the function takes at least 12`, func(h *harness) {
		p, t := h.scale()
		t.SetBuffer(h.shared("short", 8), 0, 2)
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(t)
			e.DispatchThreadgroups(metal.Size{Width: 1, Height: 1, Depth: 1}, metal.Size{Width: 64, Height: 1, Depth: 1})
		}))
	}},
	{"a memoryless argument", `argument table "arguments": SetTexture: texture "tile" is memoryless`, func(h *harness) {
		p, t := h.textured(h.texture(metal.TextureDescriptor{Label: "tile", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Storage: metal.StorageModeMemoryless}))
		assert.Error(h, h.draw(triangle(p, t)))
	}},
	{"a depth test without depth", `DrawPrimitives: depth-stencil state "less" tests or writes depth: the pass has no depth attachment`, func(h *harness) {
		s := one[metal.DepthStencilState](h)(h.NewDepthStencilState(metal.DepthStencilDescriptor{Label: "less", DepthCompare: metal.CompareFunctionLess}))
		p, t := h.textured(h.target)
		assert.Error(h, h.draw(func(e metal.RenderEncoder) {
			e.SetDepthStencilState(s)
			triangle(p, t)(e)
		}))
	}},
	{"a viewport of nothing", `SetViewport: 0x16: width and height must be more than 0`, func(h *harness) {
		assert.Error(h, h.draw(func(e metal.RenderEncoder) { e.SetViewport(metal.Viewport{Height: 16, Far: 1}) }))
	}},
	{"overlapping copies", `CopyBuffer: bytes [0, 100) and [50, 150) of buffer "bytes" overlap`, func(h *harness) {
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) { e.CopyBuffer(h.buffer, 0, h.buffer, 50, 100) }))
	}},
	{"overlapping texels", `CopyTexture: the two parts of texture "target" overlap`, func(h *harness) {
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) {
			e.CopyTexture(metal.TextureRegion{Texture: h.target}, metal.TextureRegion{Texture: h.target, Origin: metal.Origin{X: 3, Y: 3}}, metal.Size{Width: 4, Height: 4, Depth: 1})
		}))
	}},
	{"mips of one", `GenerateMipmaps: texture "target" has one mip`, func(h *harness) {
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) { e.GenerateMipmaps(h.target) }))
	}},
	{"two targets resolved into one", `color attachments 0 and 1 are resolved into the same part of texture "target"`, func(h *harness) {
		d := &metal.RenderPassDescriptor{Label: "scene"}
		for i := range 2 {
			many := h.texture(metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Samples: 4, Usage: metal.TextureUsageRenderTarget})
			d.Colors[i].Attachment = metal.Attachment{Texture: many, Store: metal.StoreActionMultisampleResolve, Resolve: h.target}
		}
		d.Colors[1].Resolve = one[metal.Texture](h)(h.target.NewView(metal.TextureViewDescriptor{Label: "target"}))
		assert.Error(h, h.record(func(b metal.CommandBuffer) {
			_, err := b.RenderEncoder(d)
			assert.Error(h, err)
		}))
	}},
	{"one target twice", `color attachments 0 and 1 are the same part of texture "target"`, func(h *harness) {
		d := h.pass()
		d.Colors[1] = d.Colors[0]
		assert.Error(h, h.record(func(b metal.CommandBuffer) {
			_, err := b.RenderEncoder(d)
			assert.Error(h, err)
		}))
	}},
	{"depth without its stencil", `depth attachment: texture "both" has stencil too`, func(h *harness) {
		d := h.pass()
		d.Depth.Texture = h.texture(metal.TextureDescriptor{Label: "both", Format: metal.PixelFormatDepth32FloatStencil8, Width: 16, Height: 16, Usage: metal.TextureUsageRenderTarget})
		assert.Error(h, h.record(func(b metal.CommandBuffer) {
			_, err := b.RenderEncoder(d)
			assert.Error(h, err)
		}))
	}},
	{"making things after the end", `New: buffer "late" is made after the device's Release`, func(h *harness) {
		h.Device.Release()
		h.shared("late", 4)
	}},
	{"objects that outlive the device", `device "record": Release: 7 objects are not released: buffer "bytes", command allocator "ring 0"`, func(h *harness) {
		h.Device.Release()
	}},
}

// foreign is a buffer that no driver made.
type foreign struct{ metal.Buffer }

func triangle(p metal.RenderPipeline, t metal.ArgumentTable) func(e metal.RenderEncoder) {
	return func(e metal.RenderEncoder) {
		e.SetRenderPipeline(p)
		e.SetArgumentTable(t, metal.StageVertex|metal.StageFragment)
		e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
	}
}

func TestRules(t *testing.T) {
	for _, r := range append(rules, stateRules...) {
		t.Run(r.name, func(t *testing.T) {
			h := newHarness(t, record.Options{})
			require.Empty(t, h.Faults())
			r.broken(h)
			var all []string
			for _, f := range h.Faults() {
				assert.Regexp(t, `^record/(rules|staterules|harness)_test.go:\d+$`, f.Caller, "the place of the mistake")
				all = append(all, f.Error())
			}
			assert.Contains(t, strings.Join(all, "\n"), r.fault)
		})
	}
}

// A pipeline is refused where its functions break the convention.
func TestFunctionsKeepToTheConvention(t *testing.T) {
	h := newHarness(t, record.Options{Limits: metal.Limits{MaxThreads: 32}})
	_, err := h.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "p", Function: function(t, "scale.comp", metal.Size{Width: 64, Height: 1, Depth: 1})})
	assert.ErrorContains(t, err, `compute pipeline "p": function "scale.comp": 64 threads a threadgroup: at most 32`)
	_, err = h.NewRenderPipeline(metal.RenderPipelineDescriptor{Label: "p", Vertex: function(t, "color.frag", metal.Size{})})
	assert.ErrorContains(t, err, `function "color.frag": Stage is fragment: must be vertex here`)
	_, err = h.NewRenderPipeline(metal.RenderPipelineDescriptor{
		Label: "p", Vertex: function(t, "mesh.vert", metal.Size{}), Fragment: function(t, "color.frag", metal.Size{}),
		Colors: []metal.PipelineColor{{Format: metal.PixelFormatR32Uint, Blend: &metal.Blend{}}},
	})
	assert.ErrorContains(t, err, `color attachment 0: format r32Uint: integers do not blend`)
}
