package record_test

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
	"weft/metal/spirv"
)

// inference sets up a network of one tensor, "x", for a fault of its dispatch.
func inference(broken func(h *harness, e metal.MachineLearningEncoder, t metal.ArgumentTable, heap metal.Heap)) func(h *harness) {
	return func(h *harness) {
		d := record.New(record.Options{Networks: func(metal.MachineLearningPipelineDescriptor) ([]metal.TensorBinding, int, error) {
			return []metal.TensorBinding{{Name: "x", Index: 1, Type: metal.TensorDataTypeFloat32, Dimensions: []int{4}}}, 1024, nil
		}})
		inner := &harness{T: h.T, Device: d}
		*h = *inner
		h.allocator = one[metal.CommandAllocator](h)(h.NewCommandAllocator("a"))
		h.commands = one[metal.CommandBuffer](h)(h.NewCommandBuffer("frame"))
		p := one[metal.MachineLearningPipeline](h)(h.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{Label: "upscale"}))
		t := one[metal.ArgumentTable](h)(h.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "tensors", Buffers: 2}))
		t.SetTensor(one[metal.Tensor](h)(h.NewTensor(metal.TensorDescriptor{Label: "x", Type: metal.TensorDataTypeFloat32, Dimensions: []int{4}})), 1)
		heap := one[metal.Heap](h)(h.NewHeap(metal.HeapDescriptor{Label: "scratch", Size: 1024, Storage: metal.StorageModePrivate}))
		assert.Error(h, h.record(func(b metal.CommandBuffer) {
			e := one[metal.MachineLearningEncoder](h)(b.MachineLearningEncoder("infer"))
			e.SetMachineLearningPipeline(p)
			e.SetArgumentTable(t)
			broken(h, e, t, heap)
			e.EndEncoding()
		}))
	}
}

// computing breaks a rule in a compute encoder.
func computing(broken func(h *harness, e metal.ComputeEncoder)) func(h *harness) {
	return func(h *harness) {
		assert.Error(h, h.compute(func(e metal.ComputeEncoder) { broken(h, e) }))
	}
}

// rendering breaks a rule in a render encoder.
func rendering(broken func(h *harness, e metal.RenderEncoder)) func(h *harness) {
	return func(h *harness) {
		assert.Error(h, h.draw(func(e metal.RenderEncoder) { broken(h, e) }))
	}
}

// moved makes a pipeline of scale.comp with its buffer 0 somewhere else.
func moved(set, binding int) func(h *harness) {
	return func(h *harness) {
		f := function(h, "scale.comp", metal.Size{Width: 64, Height: 1, Depth: 1})
		var err error
		f.SPIRV, err = spirv.Rebind(f.SPIRV, func(r spirv.Resource) (int, int) {
			if r.Binding == 0 {
				return set, binding
			}
			return r.Set, r.Binding
		})
		require.NoError(h, err)
		_, err = h.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "p", Function: f})
		assert.Error(h, err)
	}
}

var stateRules = []rule{
	{"a network without its heap", `DispatchNetwork: no heap: machine-learning pipeline "upscale" needs one of 1024 bytes`, inference(func(h *harness, e metal.MachineLearningEncoder, t metal.ArgumentTable, heap metal.Heap) {
		e.DispatchNetwork(nil)
	})},
	{"a heap one byte too small", `DispatchNetwork: heap "small" has 1023 bytes: machine-learning pipeline "upscale" needs 1024`, inference(func(h *harness, e metal.MachineLearningEncoder, t metal.ArgumentTable, heap metal.Heap) {
		e.DispatchNetwork(one[metal.Heap](h)(h.NewHeap(metal.HeapDescriptor{Label: "small", Size: 1023, Storage: metal.StorageModePrivate})))
	})},
	{"a network in a heap with other things", `DispatchNetwork: heap "scratch" holds 1 resources: a network uses the heap of its intermediates as a whole`, inference(func(h *harness, e metal.MachineLearningEncoder, t metal.ArgumentTable, heap metal.Heap) {
		b := one[metal.Buffer](h)(heap.NewBuffer(metal.BufferDescriptor{Length: 16, Storage: metal.StorageModePrivate}, 0))
		one[metal.Buffer](h)(heap.NewBuffer(metal.BufferDescriptor{Length: 16, Storage: metal.StorageModePrivate}, 256))
		b.Release()
		e.DispatchNetwork(heap)
	})},
	{"a buffer for a tensor", `takes tensor "x" at buffer index 1, which argument table "tensors" has not set: call SetTensor`, inference(func(h *harness, e metal.MachineLearningEncoder, t metal.ArgumentTable, heap metal.Heap) {
		t.SetBuffer(h.shared("b", 64), 0, 1)
		e.DispatchNetwork(heap)
	})},
	{"a tensor that no network may use", `tensor "x" lacks the usage machineLearning`, inference(func(h *harness, e metal.MachineLearningEncoder, t metal.ArgumentTable, heap metal.Heap) {
		t.SetTensor(one[metal.Tensor](h)(h.NewTensor(metal.TensorDescriptor{Label: "x", Type: metal.TensorDataTypeFloat32, Dimensions: []int{4}, Usage: metal.TensorUsageCompute})), 1)
		e.DispatchNetwork(heap)
	})},
	{"a heap that is none", `DispatchNetwork: not a heap of this driver`, inference(func(h *harness, e metal.MachineLearningEncoder, t metal.ArgumentTable, heap metal.Heap) {
		e.DispatchNetwork(struct{ metal.Heap }{heap})
	})},
	{"a buffer where textures are", `storage buffer "Source" at set 1, binding 0: set 1 holds a sampled image or a storage image`, moved(1, 0)},
	{"a set that is none", `storage buffer "Source" at set 3, binding 0: sets are 0 for buffers, 1 for textures, 2 for samplers`, moved(3, 0)},
	{"a binding beyond the table", `storage buffer "Source" at set 0, binding 31: at most 30, the last buffer of an argument table`, moved(0, 31)},
	{"an index that the table has no room for", `uses buffer 3 ("Source"): argument table "small" was made with room for 3 buffers`, computing(func(h *harness, e metal.ComputeEncoder) {
		f := function(h, "scale.comp", metal.Size{Width: 64, Height: 1, Depth: 1})
		var err error
		f.SPIRV, err = spirv.Rebind(f.SPIRV, func(r spirv.Resource) (int, int) { return r.Set, []int{3, 1, 2}[r.Binding] })
		require.NoError(h, err)
		e.SetComputePipeline(one[metal.ComputePipeline](h)(h.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "p", Function: f})))
		t := one[metal.ArgumentTable](h)(h.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "small", Buffers: 3}))
		t.SetBuffer(h.buffer, 0, 1)
		t.SetBuffer(h.buffer, 0, 2)
		e.SetArgumentTable(t)
		e.DispatchThreadgroups(metal.Size{Width: 1, Height: 1, Depth: 1}, f.Threads)
	})},
	{"a table after its release", `argument table "arguments": SetBuffer: the table is used after its Release`, func(h *harness) {
		_, t := h.scale()
		t.Release()
		t.SetBuffer(h.buffer, 0, 0)
	}},
	{"a texture after its release, in a table", `argument table "arguments": SetTexture: texture "target" is used after its Release`, func(h *harness) {
		_, t := h.textured(nil)
		h.target.Release()
		t.SetTexture(h.target, 0)
	}},
	{"an unaligned argument", `SetBuffer: offset 2 of buffer "bytes": must be a multiple of 4`, func(h *harness) {
		_, t := h.scale()
		t.SetBuffer(h.buffer, 2, 0)
	}},
	{"no table at all", `SetArgumentTable: not an argument table of this driver: <nil>`, computing(func(h *harness, e metal.ComputeEncoder) { e.SetArgumentTable(nil) })},
	{"no pipeline at all", `SetComputePipeline: not a compute pipeline of this driver: <nil>`, computing(func(h *harness, e metal.ComputeEncoder) { e.SetComputePipeline(nil) })},
	{"too many groups", `DispatchThreadgroups: 65536x1x1 threadgroups: each from 0 to 65535`, computing(func(h *harness, e metal.ComputeEncoder) {
		p, t := h.scale()
		e.SetComputePipeline(p)
		e.SetArgumentTable(t)
		e.DispatchThreadgroups(metal.Size{Width: 65536, Height: 1, Depth: 1}, metal.Size{Width: 64, Height: 1, Depth: 1})
	})},
	{"a copy of some samples", `texture "many" has 4 samples: resolve it first`, computing(func(h *harness, e metal.ComputeEncoder) {
		t := h.texture(metal.TextureDescriptor{Label: "many", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Samples: 4})
		e.CopyTextureToBuffer(metal.TextureRegion{Texture: t}, metal.Size{Width: 4, Height: 4, Depth: 1}, h.buffer, 0, 16, 64)
	})},
	{"a copy of depth and stencil", `texture "both" has the combined format depth32Float_stencil8`, computing(func(h *harness, e metal.ComputeEncoder) {
		t := h.texture(metal.TextureDescriptor{Label: "both", Format: metal.PixelFormatDepth32FloatStencil8, Width: 4, Height: 4})
		e.CopyTextureToBuffer(metal.TextureRegion{Texture: t}, metal.Size{Width: 4, Height: 4, Depth: 1}, h.buffer, 0, 32, 128)
	})},
	{"a copy of tile memory", `source: texture "tile" is memoryless`, computing(func(h *harness, e metal.ComputeEncoder) {
		t := h.texture(metal.TextureDescriptor{Label: "tile", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Storage: metal.StorageModeMemoryless})
		e.CopyTextureToBuffer(metal.TextureRegion{Texture: t}, metal.Size{Width: 4, Height: 4, Depth: 1}, h.buffer, 0, 16, 64)
	})},
	{"texels that are cut", `bytesPerRow is 66: must be a multiple of 4`, computing(func(h *harness, e metal.ComputeEncoder) {
		e.CopyTextureToBuffer(metal.TextureRegion{Texture: h.target}, metal.Size{Width: 16, Height: 2, Depth: 1}, h.buffer, 0, 66, 132)
	})},
	{"images that overlap", `bytesPerImage is 16: 4 rows of 16 bytes are 64`, computing(func(h *harness, e metal.ComputeEncoder) {
		t := h.texture(metal.TextureDescriptor{Label: "volume", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Depth: 4})
		e.CopyTextureToBuffer(metal.TextureRegion{Texture: t}, metal.Size{Width: 4, Height: 4, Depth: 4}, h.buffer, 0, 16, 16)
	})},
	{"a volume that is longer than the buffer", `source: bytes [0, 6144) of buffer "bytes", which has 4096`, computing(func(h *harness, e metal.ComputeEncoder) {
		t := h.texture(metal.TextureDescriptor{Label: "volume", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Depth: 6})
		e.CopyBufferToTexture(h.buffer, 0, 64, 1024, metal.Size{Width: 16, Height: 16, Depth: 6}, metal.TextureRegion{Texture: t})
	})},
	{"samples into a single one", `CopyTexture: from 4 samples (texture "many") to 1`, computing(func(h *harness, e metal.ComputeEncoder) {
		t := h.texture(metal.TextureDescriptor{Label: "many", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Samples: 4})
		e.CopyTexture(metal.TextureRegion{Texture: t}, metal.TextureRegion{Texture: h.target}, metal.Size{Width: 4, Height: 4, Depth: 1})
	})},
	{"mips of depth", `has the format depth32Float, which cannot be filtered`, computing(func(h *harness, e metal.ComputeEncoder) {
		e.GenerateMipmaps(h.texture(metal.TextureDescriptor{Label: "d", Format: metal.PixelFormatDepth32Float, Width: 4, Height: 4, Mips: 2}))
	})},
	{"an image that shaders may not write", `texture "target" at texture index 1 ("target" of function "image.comp") is written: its usage must hold shaderWrite`, computing(func(h *harness, e metal.ComputeEncoder) {
		f := function(h, "image.comp", metal.Size{Width: 8, Height: 8, Depth: 1})
		e.SetComputePipeline(one[metal.ComputePipeline](h)(h.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "p", Function: f})))
		t := one[metal.ArgumentTable](h)(h.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "images", Textures: 2}))
		t.SetTexture(h.target, 0)
		t.SetTexture(h.target, 1)
		e.SetArgumentTable(t)
		e.DispatchThreadgroups(metal.Size{Width: 2, Height: 2, Depth: 1}, f.Threads)
	})},
	{"a scissor below the attachments", `SetScissor: 4x4 at (0, 13): must lie inside the attachments, 16x16`, rendering(func(h *harness, e metal.RenderEncoder) {
		e.SetScissor(0, 13, 4, 4)
	})},
	{"an unknown cull mode", `SetCullMode: unknown cull mode 7`, rendering(func(h *harness, e metal.RenderEncoder) { e.SetCullMode(7) })},
	{"an unknown winding", `SetFrontFacing: unknown winding 2`, rendering(func(h *harness, e metal.RenderEncoder) { e.SetFrontFacing(2) })},
	{"a stencil of nine bits", `SetStencilReference: 256: stencils have eight bits`, rendering(func(h *harness, e metal.RenderEncoder) { e.SetStencilReference(256) })},
	{"a depth beyond 1", `SetViewport: depths from 0 to 2: must lie in [0, 1]`, rendering(func(h *harness, e metal.RenderEncoder) {
		e.SetViewport(metal.Viewport{Width: 1, Height: 1, Far: 2})
	})},
	{"a stencil test without stencil", `depth-stencil state "s" tests stencils: the pass has no stencil attachment`, rendering(func(h *harness, e metal.RenderEncoder) {
		e.SetDepthStencilState(one[metal.DepthStencilState](h)(h.NewDepthStencilState(metal.DepthStencilDescriptor{Label: "s", DepthCompare: metal.CompareFunctionAlways, Stencil: true})))
		p, t := h.textured(h.target)
		triangle(p, t)(e)
	})},
	{"an unknown index type", `DrawIndexedPrimitives: unknown index type 2`, rendering(func(h *harness, e metal.RenderEncoder) {
		p, t := h.textured(h.target)
		triangle(p, t)(e)
		e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, 3, 2, h.buffer, 0, 1, 0, 0)
	})},
	{"a base vertex of 33 bits", `DrawIndexedPrimitives: base vertex 2147483648: must be from -2^31 to 2^31-1`, rendering(func(h *harness, e metal.RenderEncoder) {
		p, t := h.textured(h.target)
		triangle(p, t)(e)
		e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, 3, metal.IndexTypeUInt32, h.buffer, 0, 1, 1<<31, 0)
	})},
	{"a counter heap of everything", `counter heap "c" for 65537 timestamps: must be from 1 to 65536`, func(h *harness) {
		_, err := h.NewCounterHeap("c", 1<<16+1)
		assert.Error(h, err)
	}},
	{"more indices than bytes", `indices: 5000 of buffer "bytes", which has 4096 bytes`, rendering(func(h *harness, e metal.RenderEncoder) {
		p, t := h.textured(h.target)
		triangle(p, t)(e)
		e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, 5000, metal.IndexTypeUInt16, h.buffer, 0, 1, 0, 0)
	})},
	{"a buffer released while open", `command buffer "frame": Release: the buffer is open: End it first`, func(h *harness) {
		require.NoError(h, h.commands.Begin(h.allocator))
		h.commands.Release()
	}},
	{"an allocator after its release", `Begin: command allocator "ring 0" is used after its Release`, func(h *harness) {
		h.allocator.Release()
		assert.Error(h, h.commands.Begin(h.allocator))
	}},
	{"an event after its release", `SignalEvent: shared event "done" is used after its Release`, func(h *harness) {
		h.event.Release()
		assert.Error(h, h.queue.SignalEvent(h.event, 1))
	}},
	{"a queue after its release", `command queue "main": Commit: the queue is used after its Release`, func(h *harness) {
		h.queue.Release()
		assert.Error(h, h.queue.Commit(nil))
	}},
	{"a set with what is no allocation", `residency set "all": Add: not an allocation of this driver: <nil>`, func(h *harness) { h.set.Add(nil) }},
	{"a sampler that cannot be", `sampler "s": anisotropy 32: must be from 1 to 16`, func(h *harness) {
		_, err := h.NewSampler(metal.SamplerDescriptor{Label: "s", MaxAnisotropy: 32})
		assert.Error(h, err)
	}},
	{"levels that go down", `sampler "s": levels of detail from 3 to 2: must go up from 0`, func(h *harness) {
		_, err := h.NewSampler(metal.SamplerDescriptor{Label: "s", LodMin: 3, LodMax: 2})
		assert.Error(h, err)
	}},
	{"a memoryless texture in a heap", `texture "tile" is memoryless: it has no memory to place`, func(h *harness) {
		heap := one[metal.Heap](h)(h.NewHeap(metal.HeapDescriptor{Label: "heap", Size: 4096, Storage: metal.StorageModePrivate}))
		_, err := heap.NewTexture(metal.TextureDescriptor{Label: "tile", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Storage: metal.StorageModeMemoryless}, 0)
		assert.Error(h, err)
	}},
	{"a texture in a heap for the CPU", `texture "t" is private, the heap shared: the storage modes must be equal`, func(h *harness) {
		heap := one[metal.Heap](h)(h.NewHeap(metal.HeapDescriptor{Label: "heap", Size: 4096}))
		_, err := heap.NewTexture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4}, 0)
		assert.Error(h, err)
	}},
	{"a type that contradicts the layers", `texture "t": type 2D with 2 layers: it has one; use an array type, or 0`, func(h *harness) {
		_, err := h.NewTexture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Layers: 2, Type: metal.TextureType2D})
		assert.Error(h, err)
	}},
	{"a cube of five slices", `view "v": type cube of 5 slices of a 2DArray texture: the shapes do not fit`, func(h *harness) {
		t := h.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Layers: 6})
		_, err := t.NewView(metal.TextureViewDescriptor{Label: "v", Type: metal.TextureTypeCube, SliceEnd: 5})
		assert.Error(h, err)
	}},
	{"tile memory that is stored", `color attachment 0: texture "tile" is memoryless: it can be neither loaded nor stored (load clear, store store)`, func(h *harness) {
		d := h.pass()
		d.Colors[0].Texture = h.texture(metal.TextureDescriptor{Label: "tile", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Storage: metal.StorageModeMemoryless, Usage: metal.TextureUsageRenderTarget})
		assert.Error(h, h.record(func(b metal.CommandBuffer) {
			_, err := b.RenderEncoder(d)
			assert.Error(h, err)
		}))
	}},
	{"a resolve of one sample", `color attachment 0: texture "target" has one sample: there is nothing to resolve`, func(h *harness) {
		d := h.pass()
		d.Colors[0].Store, d.Colors[0].Resolve = metal.StoreActionMultisampleResolve, h.target
		assert.Error(h, h.record(func(b metal.CommandBuffer) {
			_, err := b.RenderEncoder(d)
			assert.Error(h, err)
		}))
	}},
	{"a resolve that is not asked for", `a resolve texture with store action store: use multisampleResolve`, func(h *harness) {
		d := h.pass()
		d.Colors[0].Resolve = h.target
		assert.Error(h, h.record(func(b metal.CommandBuffer) {
			_, err := b.RenderEncoder(d)
			assert.Error(h, err)
		}))
	}},
}
