package apple_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/apple"
	"weft/metal/apple/objc"
	"weft/metal/apple/standin"
	"weft/metal/record"
	"weft/metal/vulkan"
	"weft/shaders"
)

// denying is a runtime where some messages make nothing.
type denying struct {
	objc.Runtime
	deny objc.SEL
}

func (d *denying) Send(words []uintptr) uintptr {
	if objc.SEL(words[1]) == d.deny {
		return 0
	}
	return d.Runtime.Send(words)
}

// A call that fails leaves nothing behind, whatever it had made by then.
func TestFailuresLeakNothing(t *testing.T) {
	gpu := record.New(record.Options{})
	stand := standin.New(standin.Options{Device: gpu, Functions: shaders.All()})
	r := &denying{Runtime: stand}
	for _, early := range []string{"supportsFamily:", "newCompilerWithDescriptor:error:"} {
		r.deny = stand.Selector(early)
		_, err := apple.OpenOn(r, apple.Options{})
		assert.Error(t, err, early)
	}
	r.deny = 0
	d, err := apple.OpenOn(r, apple.Options{})
	require.NoError(t, err)
	kept := func(_ metal.Object, err error) error { return err }
	b, err := d.NewBuffer(metal.BufferDescriptor{Label: "b", Length: 4096})
	require.NoError(t, err)
	h, err := d.NewHeap(metal.HeapDescriptor{Label: "h", Size: 1 << 20, Storage: metal.StorageModePrivate})
	require.NoError(t, err)
	x, err := d.NewTexture(metal.TextureDescriptor{Label: "x", Format: metal.PixelFormatRGBA8Unorm, Width: 8, Height: 8})
	require.NoError(t, err)
	flat := metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 8, Height: 8}
	line := metal.TensorDescriptor{Label: "n", Type: metal.TensorDataTypeFloat32, Dimensions: []int{4, 4}}
	present := metal.RenderPipelineDescriptor{
		Label: "p", Vertex: shaders.FullscreenVert, Fragment: shaders.PresentFrag, Topology: metal.PrimitiveTypeTriangle,
		Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}},
	}
	for selector, call := range map[string]func() error{
		"newBufferWithLength:options:": func() error { return kept(d.NewBuffer(metal.BufferDescriptor{Length: 16})) },
		"newBufferWithLength:options:offset:": func() error {
			return kept(h.NewBuffer(metal.BufferDescriptor{Length: 16, Storage: metal.StorageModePrivate}, 0))
		},
		"newTextureWithDescriptor:":                                func() error { return kept(d.NewTexture(flat)) },
		"newTextureWithDescriptor:offset:":                         func() error { return kept(h.NewTexture(flat, 0)) },
		"newTextureViewWithPixelFormat:textureType:levels:slices:": func() error { return kept(x.NewView(metal.TextureViewDescriptor{})) },
		"newTensorWithDescriptor:offset:error:":                    func() error { return kept(d.NewTensor(line)) },
		"newHeapWithDescriptor:":                                   func() error { return kept(d.NewHeap(metal.HeapDescriptor{Size: 16})) },
		"newSamplerStateWithDescriptor:":                           func() error { return kept(d.NewSampler(metal.SamplerDescriptor{LodMax: 2})) },
		"newDepthStencilStateWithDescriptor:":                      func() error { return kept(d.NewDepthStencilState(metal.DepthStencilDescriptor{Stencil: true})) },
		"newArgumentTableWithDescriptor:error:":                    func() error { return kept(d.NewArgumentTable(metal.ArgumentTableDescriptor{Buffers: 1})) },
		"newResidencySetWithDescriptor:error:":                     func() error { return kept(d.NewResidencySet("s")) },
		"newCounterHeapWithDescriptor:error:":                      func() error { return kept(d.NewCounterHeap("c", 4)) },
		"newFence":                                                 func() error { return kept(d.NewFence("f")) },
		"newSharedEvent":                                           func() error { return kept(d.NewSharedEvent("e")) },
		"newCommandBuffer":                                         func() error { return kept(d.NewCommandBuffer("f")) },
		"newCommandAllocatorWithDescriptor:error:":                 func() error { return kept(d.NewCommandAllocator("a")) },
		"newMTL4CommandQueueWithDescriptor:error:":                 func() error { return kept(d.NewCommandQueue("q")) },
		"newComputePipelineStateWithDescriptor:compilerTaskOptions:error:": func() error {
			return kept(d.NewComputePipeline(metal.ComputePipelineDescriptor{Function: shaders.PackComp}))
		},
		"newRenderPipelineStateWithDescriptor:compilerTaskOptions:error:": func() error { return kept(d.NewRenderPipeline(present)) },
	} {
		r.deny = stand.Selector(selector)
		assert.Error(t, call(), selector)
	}
	r.deny = stand.Selector("newLibraryWithDescriptor:error:")
	assert.Error(t, kept(d.NewComputePipeline(metal.ComputePipelineDescriptor{Function: shaders.AccumulateComp})))
	r.deny = 0
	for _, o := range []metal.Object{b, h, x} {
		o.Release()
	}
	d.Release()
	assert.Empty(t, stand.Close())
}

// A layer on the runtime that checks everything.
func TestLayerIsChecked(t *testing.T) { presents(t) }

// presents shows some frames on a layer; the runtime that it returns is closed.
func presents(t *testing.T) *standin.Runtime {
	t.Helper()
	gpu, err := vulkan.Open(vulkan.Options{})
	require.NoError(t, err, "run make setup")
	defer gpu.Release()
	stand := standin.New(standin.Options{Device: gpu})
	d, err := apple.OpenOn(stand, apple.Options{})
	require.NoError(t, err)
	q := made[metal.CommandQueue](t)(d.NewCommandQueue("main"))
	a := made[metal.CommandAllocator](t)(d.NewCommandAllocator("ring"))
	b := made[metal.CommandBuffer](t)(d.NewCommandBuffer("frame"))
	e := made[metal.SharedEvent](t)(d.NewSharedEvent("done"))
	calls := objc.NewCalls(stand)
	layer := calls.Send(stand.Class("CAMetalLayer"), stand.Selector("new"))
	l, err := d.NewLayer(q, layer, metal.PixelFormatBGRA8Unorm)
	require.NoError(t, err)
	assert.ErrorContains(t, l.SetSize(0, 32), "0x32: each side from 1 to 16384")
	require.NoError(t, l.SetSize(64, 32))
	for frame := range uint64(5) {
		target, err := l.Next()
		require.NoError(t, err, stand.Faults())
		assert.Equal(t, 32, target.Descriptor().Height)
		require.NoError(t, a.Reset())
		require.NoError(t, b.Begin(a))
		pass := &metal.RenderPassDescriptor{Label: "screen"}
		pass.Colors[0].Attachment = metal.Attachment{Texture: target, Load: metal.LoadActionClear, Store: metal.StoreActionStore}
		r, err := b.RenderEncoder(pass)
		require.NoError(t, err)
		r.BarrierAfterQueueStages(metal.StageFragment, metal.StageFragment, metal.VisibilityDevice)
		r.EndEncoding()
		require.NoError(t, b.End())
		require.NoError(t, q.Commit([]metal.CommandBuffer{b}))
		require.NoError(t, l.Present())
		require.NoError(t, q.SignalEvent(e, frame+1))
		require.True(t, e.Wait(frame+1, 1e9))
	}
	assert.Equal(t, 5, stand.Presented())
	l.Release()
	calls.Send(objc.ID(layer), stand.Selector("release"))
	for _, o := range []metal.Object{e, b, a, q} {
		o.Release()
	}
	d.Release()
	assert.Empty(t, stand.Close())
	return stand
}
