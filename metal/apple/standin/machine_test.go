package standin_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/metal"
	"weft/metal/apple"
	"weft/metal/apple/objc"
	"weft/metal/apple/standin"
	"weft/metal/vulkan"
	"weft/shaders"
)

// rig is a small program for the driver.
type rig struct {
	*testing.T
	runtime   *standin.Runtime
	meddler   *standin.Meddler
	device    *apple.Device
	queue     metal.CommandQueue
	allocator metal.CommandAllocator
	commands  metal.CommandBuffer
	set       metal.ResidencySet
	event     metal.SharedEvent
	value     uint64
	network   metal.Network
	networks  map[string]metal.Network
}

func newRig(t *testing.T) *rig {
	beneath, err := vulkan.Open(vulkan.Options{})
	require.NoError(t, err, "these tests need Vulkan: run make setup")
	r := &rig{T: t}
	r.network = deep(t)
	r.networks = map[string]metal.Network{r.network.Compiled: r.network}
	r.runtime = standin.New(standin.Options{Device: beneath, Functions: shaders.All(), Networks: r.networks})
	r.meddler = &standin.Meddler{Runtime: r.runtime}
	r.device, err = apple.OpenOn(r.meddler, apple.Options{})
	require.NoError(t, err)
	t.Cleanup(func() {
		r.device.Release()
		r.runtime.Close()
		beneath.Release()
	})
	return r
}

// start makes what commits need; what is meddled with has begun.
func (r *rig) start() {
	r.queue = made[metal.CommandQueue](r)(r.device.NewCommandQueue("queue"))
	r.allocator = made[metal.CommandAllocator](r)(r.device.NewCommandAllocator("allocator"))
	r.commands = made[metal.CommandBuffer](r)(r.device.NewCommandBuffer("frame"))
	r.set = made[metal.ResidencySet](r)(r.device.NewResidencySet("resident"))
	r.event = made[metal.SharedEvent](r)(r.device.NewSharedEvent("event"))
	r.queue.AddResidencySet(r.set)
}

func made[T metal.Object](r *rig) func(T, error) T {
	return func(x T, err error) T {
		r.Helper()
		require.NoError(r, err)
		r.Cleanup(x.Release)
		return x
	}
}

func (r *rig) buffer(label string) metal.Buffer {
	r.Helper()
	b := made[metal.Buffer](r)(r.device.NewBuffer(metal.BufferDescriptor{Label: label, Length: 1024}))
	r.set.Add(b)
	return b
}

func (r *rig) target(label string) metal.Texture {
	r.Helper()
	t := made[metal.Texture](r)(r.device.NewTexture(metal.TextureDescriptor{
		Label: label, Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Usage: metal.TextureUsageRenderTarget | metal.TextureUsageShaderRead,
	}))
	r.set.Add(t)
	return t
}

// record records a compute encoder and commits it, without waiting.
func (r *rig) record(encode func(e metal.ComputeEncoder)) {
	r.Helper()
	r.encode(func() {
		e, err := r.commands.ComputeEncoder("copies")
		require.NoError(r, err)
		encode(e)
		e.EndEncoding()
	})
}

func (r *rig) encode(encode func()) {
	r.Helper()
	require.NoError(r, r.commands.Begin(r.allocator))
	encode()
	require.NoError(r, r.commands.End())
	r.set.Commit()
	require.NoError(r, r.queue.Commit([]metal.CommandBuffer{r.commands}))
}

func (r *rig) wait() {
	r.Helper()
	r.value++
	require.NoError(r, r.queue.SignalEvent(r.event, r.value))
	require.True(r, r.event.Wait(r.value, 20*time.Second))
}

const blit, fragment = metal.StageBlit, metal.StageFragment

// drop takes away the messages with a selector.
func drop(selector string) func(string, []uintptr) bool {
	return func(s string, _ []uintptr) bool { return s != selector }
}

// word changes an argument of the messages with a selector.
func word(selector string, i int, to uintptr) func(string, []uintptr) bool {
	return func(s string, words []uintptr) bool {
		if s == selector {
			words[i] = to
		}
		return true
	}
}

// Each rule is broken once, in a program that is right otherwise.
func TestBrokenRules(t *testing.T) {
	for _, c := range []struct {
		name   string
		meddle func(selector string, words []uintptr) bool
		do     func(r *rig)
		says   []string // all in one fault; none: nothing is wrong
	}{
		{"nothing", nil, chain, nil},
		{"a dropped consumer barrier", drop("barrierAfterQueueStages:beforeStages:visibilityOptions:"), chain, []string{"readAfterWrite", `\"b\"`, "second", "first", "not ordered"}},
		{"a dropped producer barrier", drop("barrierAfterStages:beforeQueueStages:visibilityOptions:"), produce, []string{"readAfterWrite", `\"b\"`, "not ordered"}},
		{"a dropped barrier inside an encoder", drop("barrierAfterEncoderStages:beforeEncoderStages:visibilityOptions:"), inside, []string{"readAfterWrite", `\"b\"`, "not ordered"}},
		{"a barrier that does not flush", word("barrierAfterEncoderStages:beforeEncoderStages:visibilityOptions:", 2, 0), inside, []string{"without a flush"}},
		{"a barrier before the wrong stages", word("barrierAfterQueueStages:beforeStages:visibilityOptions:", 1, uintptr(metal.StageDispatch)), chain, []string{"not ordered"}},
		{"a frame over the one before", nil, func(r *rig) {
			a, b := r.buffer("a"), r.buffer("b")
			r.record(func(e metal.ComputeEncoder) { e.CopyBuffer(a, 0, b, 0, 64) })
			r.record(func(e metal.ComputeEncoder) { e.CopyBuffer(a, 0, b, 32, 64) })
		}, []string{"writeAfterWrite", `\"b\"`, "not ordered"}},
		{"a frame after the one before is known to be over", nil, func(r *rig) {
			a, b := r.buffer("a"), r.buffer("b")
			r.record(func(e metal.ComputeEncoder) { e.CopyBuffer(a, 0, b, 0, 64) })
			r.wait()
			r.record(func(e metal.ComputeEncoder) { e.CopyBuffer(a, 0, b, 32, 64) })
		}, nil},
		{"a fence", nil, fenced(blit, 0), nil},
		{"a fence that nobody waits for", drop("waitForFence:beforeEncoderStages:"), fenced(blit, 0), []string{"readAfterWrite", `\"b\"`, "second", "first", "not ordered"}},
		{"a fence that nobody updates", drop("updateFence:afterEncoderStages:"), fenced(blit, 0), []string{"commit", `MTLFence "fence"`, "no encoder before it updates"}},
		{"a fence after the wrong stages", word("updateFence:afterEncoderStages:", 1, uintptr(metal.StageDispatch)), fenced(blit, 0), []string{"readAfterWrite", `\"b\"`, "not ordered"}},
		{"a fence before the wrong stages", word("waitForFence:beforeEncoderStages:", 1, uintptr(metal.StageDispatch)), fenced(blit, 0), []string{"readAfterWrite", `\"b\"`, "not ordered"}},
		{"a fence after foreign stages", word("updateFence:afterEncoderStages:", 1, uintptr(metal.StageVertex)), fenced(blit, 0), []string{"afterEncoderStages", "vertex", "does not own"}},
		{"a fence that another encoder updates", nil, fenced(blit, 1), []string{"readAfterWrite", `\"b\"`, "not ordered"}},
		{"a fence after the update of another encoder, which waits", nil, fenced(blit, 2), nil},
		{"memory that is shared", nil, alias, []string{"writeAfterWrite", `\"one\"`, `\"two\"`, "not ordered"}},
		{"a barrier of stages that there are not", word("barrierAfterQueueStages:beforeStages:visibilityOptions:", 0, 1<<40), chain, []string{"afterQueueStages", "0x10000000000 is no MTLStages"}},
		{"a barrier inside of foreign stages", word("barrierAfterEncoderStages:beforeEncoderStages:visibilityOptions:", 1, uintptr(metal.StageVertex)), inside, []string{"beforeEncoderStages", "vertex", "does not own"}},

		{"an allocation that is not added", drop("addAllocation:"), chain, []string{`MTLBuffer "a" is not resident`, "first", "copyFromBuffer"}},
		{"a set that is not committed", drop("commit"), chain, []string{`MTLBuffer "a" is not resident`, "commit the set again"}},
		{"a set that no queue has", drop("addResidencySet:"), chain, []string{`MTLBuffer "a" is not resident`, "add it to a residency set"}},
		{"a buffer released too early", nil, func(r *rig) {
			a := r.buffer("a")
			r.record(func(e metal.ComputeEncoder) { e.FillBuffer(a, 0, 64, 1) })
			a.Release()
		}, []string{`MTLBuffer "a"`, "may still run"}},

		{"an allocator reset too early", nil, func(r *rig) {
			a := r.buffer("a")
			r.record(func(e metal.ComputeEncoder) { e.FillBuffer(a, 0, 64, 1) })
			_ = r.allocator.Reset()
		}, []string{`MTL4CommandAllocator "allocator" reset`, "in flight"}},
		{"an allocator reset at its time", nil, func(r *rig) {
			a := r.buffer("a")
			r.record(func(e metal.ComputeEncoder) { e.FillBuffer(a, 0, 64, 1) })
			r.wait()
			require.NoError(r, r.allocator.Reset())
		}, nil},
		{"an encoder that is not ended", drop("endEncoding"), func(r *rig) {
			a := r.buffer("a")
			r.record(func(e metal.ComputeEncoder) { e.FillBuffer(a, 0, 64, 1) })
		}, []string{"endCommandBuffer", `"copies" is open`}},
		{"a command buffer that is not ended", drop("endCommandBuffer"), func(r *rig) {
			a := r.buffer("a")
			r.record(func(e metal.ComputeEncoder) { e.FillBuffer(a, 0, 64, 1) })
		}, []string{"commit", `"frame" is not ended`}},
		{"a command buffer that is not begun", drop("beginCommandBufferWithAllocator:"), func(r *rig) {
			require.NoError(r, r.commands.Begin(r.allocator))
			_, err := r.commands.ComputeEncoder("copies")
			assert.Error(r, err)
		}, []string{"computeCommandEncoder", "begin it first"}},

		{"an argument that is not set", drop("setAddress:atIndex:"), pack, []string{"function", "which is not set"}},
		{"an address of nothing", word("setAddress:atIndex:", 0, 0x42), pack, []string{"no buffer is at the address 0x42"}},
		{"a texture of nothing", word("setTexture:atIndex:", 0, 0x4242), pack, []string{"0x4242 is no texture's resource ID"}},
		{"no table", drop("setArgumentTable:"), pack, []string{"no argument table is set"}},
		{"no pipeline", drop("setComputePipelineState:"), pack, []string{"no pipeline is set"}},
		{"a usage that is missing", word("setUsage:", 0, uintptr(metal.TextureUsageRenderTarget)), pack, []string{`MTLTexture "picture" lacks the usage shaderRead`}},
		{"no language version", drop("setLanguageVersion:"), pack, []string{"languageVersion 0", "MTLLanguageVersion4_0"}},

		{"a copy beyond the end", word("copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:", 4, 4096), chain, []string{"source: 4096 bytes", `MTLBuffer "a", which has 1024`}},
		{"a heap of another type", word("setType:", 0, 0), func(r *rig) {
			_, err := r.device.NewHeap(metal.HeapDescriptor{Label: "heap", Size: 1 << 16, Storage: metal.StorageModePrivate})
			assert.Error(r, err)
		}, []string{"newHeapWithDescriptor:", "MTLHeapTypePlacement"}},
		{"a place that is not aligned", word("newBufferWithLength:options:offset:", 2, 3), func(r *rig) {
			h := made[metal.Heap](r)(r.device.NewHeap(metal.HeapDescriptor{Label: "heap", Size: 1 << 16, Storage: metal.StorageModePrivate}))
			_, err := h.NewBuffer(metal.BufferDescriptor{Label: "placed", Length: 64, Storage: metal.StorageModePrivate}, 0)
			assert.Error(r, err)
		}, []string{`MTLHeap "heap" newBufferWithLength:options:offset:`, "offset 3"}},
		{"a network", nil, network, nil},
		{"a network without a tensor", drop("setResource:atBufferIndex:"), network, []string{"dispatchNetworkWithIntermediatesHeap:", `takes the tensor "x" at buffer index 0`}},
		{"a network with tensors for functions", word("setUsage:", 0, uintptr(metal.TensorUsageCompute)), network, []string{"dispatchNetworkWithIntermediatesHeap:", "lacks the usage machineLearning"}},
		{"a network of another name", nil, func(r *rig) {
			for path := range r.networks {
				delete(r.networks, path)
			}
			_, err := r.device.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{Label: "deep", Network: r.network})
			assert.ErrorContains(r, err, "library not found")
		}, nil},
		{"a tensor without strides", drop("setStrides:"), tensor, []string{"newTensorWithDescriptor:offset:error:", "no strides"}},
		{"feedback without its queue", drop("setFeedbackQueue:"), chain, []string{"feedbackQueue", "never called"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.meddler.Meddle(c.meddle)
			r.start()
			c.do(r)
			r.meddler.Meddle(nil)
			faults := r.runtime.Faults()
			if c.says == nil {
				assert.Empty(t, faults)
				r.wait()
				return
			}
			assert.True(t, anyHolds(faults, c.says), "no fault says %q: %q", c.says, faults)
			if t.Failed() {
				return
			}
			t.Log(faults[0])
		})
	}
}

// The order of a frame on a layer is held to, step by step.
func TestDrawables(t *testing.T) {
	for _, c := range []struct {
		name   string
		meddle func(selector string, words []uintptr) bool
		says   []string
	}{
		{"all in order", nil, nil},
		{"no wait", drop("waitForDrawable:"), []string{"commit", "waitForDrawable:"}},
		{"no signal", drop("signalDrawable:"), []string{"present", "signalDrawable:"}},
		{"no residency", drop("addResidencySet:"), []string{"texture of a drawable is not resident", `"clear"`}},
		{"no device", drop("setDevice:"), []string{"nextDrawable", "setDevice:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.start()
			r.meddler.Meddle(c.meddle)
			calls := objc.NewCalls(r.runtime)
			layer := calls.Send(r.runtime.Class("CAMetalLayer"), r.runtime.Selector("new"))
			defer calls.Send(objc.ID(layer), r.runtime.Selector("release"))
			l, err := r.device.NewLayer(r.queue, layer, metal.PixelFormatBGRA8Unorm)
			require.NoError(t, err)
			defer l.Release()
			require.NoError(t, l.SetSize(16, 16))
			const frames = 5 // more than there are drawables
			for range frames {
				target, err := l.Next()
				if err != nil {
					break
				}
				r.encode(func() {
					e, err := r.commands.RenderEncoder(&metal.RenderPassDescriptor{Label: "clear", Colors: [metal.MaxColorAttachments]metal.ColorAttachment{
						{Attachment: metal.Attachment{Texture: target, Load: metal.LoadActionClear, Store: metal.StoreActionStore}},
					}})
					require.NoError(t, err)
					e.EndEncoding()
				})
				require.NoError(t, l.Present())
				r.wait()
			}
			r.meddler.Meddle(nil)
			if c.says == nil {
				assert.Empty(t, r.runtime.Faults())
				assert.Equal(t, frames, r.runtime.Presented())
				return
			}
			assert.True(t, anyHolds(r.runtime.Faults(), c.says), "no fault says %q: %q", c.says, r.runtime.Faults())
		})
	}
}

// What the GPU says of a commit comes in by its feedback handler, and out of the
// next call of the queue.
func TestErrorsOfTheGPU(t *testing.T) {
	r := newRig(t)
	r.start()
	a := r.buffer("a")
	const timeout = 1 // MTL4CommandQueueErrorTimeout
	r.runtime.FailNextCommit(timeout, "too slow")
	r.record(func(e metal.ComputeEncoder) { e.FillBuffer(a, 0, 64, 1) })
	require.Eventually(t, func() bool {
		r.value++
		err := r.queue.SignalEvent(r.event, r.value)
		if err == nil {
			return false
		}
		for _, word := range []string{`"queue"`, `"frame"`, "too slow", "MTL4CommandQueueErrorDomain 1"} {
			assert.ErrorContains(t, err, word)
		}
		return true
	}, 20*time.Second, time.Millisecond)
	r.wait()
	assert.Empty(t, r.runtime.Faults())
}

// anyHolds reports whether a fault holds all words.
func anyHolds(faults, words []string) bool {
	for _, f := range faults {
		n := 0
		for _, w := range words {
			if strings.Contains(f, w) {
				n++
			}
		}
		if n == len(words) {
			return true
		}
	}
	return false
}

// chain copies in two encoders, the second what the first has written.
func chain(r *rig) {
	a, b, c := r.buffer("a"), r.buffer("b"), r.buffer("c")
	r.encode(func() {
		e, err := r.commands.ComputeEncoder("first")
		require.NoError(r, err)
		e.CopyBuffer(a, 0, b, 0, 64)
		e.EndEncoding()
		e, err = r.commands.ComputeEncoder("second")
		require.NoError(r, err)
		e.BarrierAfterQueueStages(blit, blit, metal.VisibilityDevice)
		e.CopyBuffer(b, 0, c, 0, 64)
		e.EndEncoding()
	})
}

// fenced is chain with a fence. An encoder between the two takes it over and fills
// a buffer of its own: with 1 it does so at once, with 2 after what comes before.
func fenced(stages metal.Stages, between int) func(r *rig) {
	return func(r *rig) {
		a, b, c, d := r.buffer("a"), r.buffer("b"), r.buffer("c"), r.buffer("d")
		f := made[metal.Fence](r)(r.device.NewFence("fence"))
		encode := func(label string, do func(e metal.ComputeEncoder)) {
			e, err := r.commands.ComputeEncoder(label)
			require.NoError(r, err)
			do(e)
			e.EndEncoding()
		}
		require.NoError(r, r.commands.Begin(r.allocator))
		encode("first", func(e metal.ComputeEncoder) {
			e.CopyBuffer(a, 0, b, 0, 64)
			e.UpdateFence(f, stages)
		})
		if between > 0 {
			encode("between", func(e metal.ComputeEncoder) {
				if between > 1 {
					e.WaitForFence(f, stages)
				}
				e.FillBuffer(d, 0, 64, 1)
				e.UpdateFence(f, stages)
			})
		}
		encode("second", func(e metal.ComputeEncoder) {
			e.WaitForFence(f, stages)
			e.CopyBuffer(b, 0, c, 0, 64)
		})
		require.NoError(r, r.commands.End())
		r.set.Commit()
		require.NoError(r, r.queue.Commit([]metal.CommandBuffer{r.commands}))
	}
}

func produce(r *rig) {
	a, b, c := r.buffer("a"), r.buffer("b"), r.buffer("c")
	r.encode(func() {
		e, err := r.commands.ComputeEncoder("first")
		require.NoError(r, err)
		e.CopyBuffer(a, 0, b, 0, 64)
		e.BarrierAfterStages(blit, blit, metal.VisibilityDevice)
		e.EndEncoding()
		e, err = r.commands.ComputeEncoder("second")
		require.NoError(r, err)
		e.CopyBuffer(b, 0, c, 0, 64)
		e.EndEncoding()
	})
}

func inside(r *rig) {
	a, b, c := r.buffer("a"), r.buffer("b"), r.buffer("c")
	r.record(func(e metal.ComputeEncoder) {
		e.CopyBuffer(a, 0, b, 0, 64)
		e.BarrierAfterEncoderStages(blit, blit, metal.VisibilityDevice)
		e.CopyBuffer(b, 0, c, 0, 64)
	})
}

// alias fills two buffers in one place of a heap.
func alias(r *rig) {
	h := made[metal.Heap](r)(r.device.NewHeap(metal.HeapDescriptor{Label: "heap", Size: 1 << 16, Storage: metal.StorageModePrivate}))
	r.set.Add(h)
	d := metal.BufferDescriptor{Label: "one", Length: 256, Storage: metal.StorageModePrivate}
	one := made[metal.Buffer](r)(h.NewBuffer(d, 0))
	d.Label = "two"
	two := made[metal.Buffer](r)(h.NewBuffer(d, 0))
	r.record(func(e metal.ComputeEncoder) {
		e.FillBuffer(one, 0, 64, 1)
		e.FillBuffer(two, 0, 64, 1)
	})
}

// pack runs a function that reads a texture and writes a buffer.
func pack(r *rig) {
	picture, out, parameters := r.target("picture"), r.buffer("out"), r.buffer("parameters")
	p, err := r.device.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "pack", Function: shaders.PackComp})
	require.NoError(r, err)
	r.Cleanup(p.Release)
	t := made[metal.ArgumentTable](r)(r.device.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "arguments", Buffers: 4, Textures: 2}))
	t.SetBuffer(out, 0, 0)
	t.SetBuffer(parameters, 0, 1)
	t.SetTexture(picture, 0)
	r.record(func(e metal.ComputeEncoder) {
		e.SetComputePipeline(p)
		e.SetArgumentTable(t)
		e.DispatchThreadgroups(metal.Size{Width: 1, Height: 1, Depth: 1}, shaders.PackComp.Threads)
	})
}

func tensor(r *rig) {
	_, err := r.device.NewTensor(metal.TensorDescriptor{Label: "tensor", Type: metal.TensorDataTypeFloat32, Dimensions: []int{4, 4}})
	assert.Error(r, err)
}

// deep is the network y = conv(conv(x)), which has something to keep in between.
func deep(t *testing.T) metal.Network {
	b := mil.NewBuilder("CoreML7")
	weights := func(name string) mil.Value {
		return b.Const(name, mil.Floats(coreml.Float32, []int{1, 1, 1, 3}, []float32{0, 1, 1}))
	}
	between := b.Op("conv", "between", mil.Args{"x": b.Input("x", coreml.Float32, 1, 1, 64, 64), "weight": weights("one"), "pad_type": "same"})
	b.Output(b.Op("conv", "y", mil.Args{"x": between, "weight": weights("two"), "pad_type": "same"}))
	p, err := b.Package()
	require.NoError(t, err)
	n := metal.Network{Name: "deep", Compiled: t.TempDir()}
	dir := filepath.Join(t.TempDir(), "deep.mlpackage")
	require.NoError(t, mil.WriteDir(dir, p))
	require.NoError(t, os.WriteFile(filepath.Join(n.Compiled, "manifest.json"), []byte("{}"), 0o644))
	n.Package = os.DirFS(dir)
	return n
}

func network(r *rig) {
	p := made[metal.MachineLearningPipeline](r)(r.device.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{Label: "deep", Network: r.network}))
	t := made[metal.ArgumentTable](r)(r.device.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "arguments", Buffers: 2}))
	for _, b := range p.Bindings() {
		x := made[metal.Tensor](r)(r.device.NewTensor(metal.TensorDescriptor{Label: b.Name, Type: b.Type, Dimensions: b.Dimensions, Usage: metal.TensorUsageMachineLearning}))
		r.set.Add(x)
		t.SetTensor(x, b.Index)
	}
	h := made[metal.Heap](r)(r.device.NewHeap(metal.HeapDescriptor{Label: "intermediates", Size: p.IntermediatesHeapSize(), Storage: metal.StorageModePrivate}))
	r.set.Add(h)
	r.encode(func() {
		e, err := r.commands.MachineLearningEncoder("deep")
		require.NoError(r, err)
		e.SetMachineLearningPipeline(p)
		e.SetArgumentTable(t)
		e.DispatchNetwork(h)
		e.EndEncoding()
	})
}
