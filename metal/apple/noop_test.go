package apple_test

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/apple"
	"weft/metal/apple/objc"
	"weft/shaders"
)

// noop is an Objective-C runtime that does nothing. Every object is made anew
// and lives for ever; every message is counted, and kept where log is set.
type noop struct {
	selectors []string
	numbers   map[string]objc.SEL
	classes   map[objc.ID]string
	kinds     map[objc.ID]string // what an object came from, where log is set
	last      objc.ID
	messages  int
	log       []string
	logs      bool
	deny      string // the selector that returns nothing
	quick     bool   // every message returns 1
	error     objc.SEL
	failing   bool // the GPU, in the feedback of commits
	text      [16]byte
	memory    [1 << 16]byte
	blocks    map[objc.ID]func(objc.ID)
}

func newNoop() *noop {
	n := &noop{numbers: map[string]objc.SEL{}, classes: map[objc.ID]string{}, kinds: map[objc.ID]string{}, blocks: map[objc.ID]func(objc.ID){}, last: 0x1000}
	copy(n.text[:], "No GPU")
	return n
}

func (n *noop) new(kind string) objc.ID {
	n.last += 0x10
	if n.logs { // newTextureWithDescriptor: makes a Texture
		kind, _, _ = strings.Cut(strings.TrimPrefix(kind, "new"), ":")
		kind, _, _ = strings.Cut(kind, "With")
		n.kinds[n.last] = kind
	}
	return n.last
}

func (n *noop) Class(name string) objc.ID {
	id := n.new(name)
	n.classes[id] = name
	return id
}

func (n *noop) Selector(name string) objc.SEL {
	if s, ok := n.numbers[name]; ok {
		return s
	}
	n.selectors = append(n.selectors, name)
	n.numbers[name] = objc.SEL(len(n.selectors))
	n.error = n.numbers["error"]
	return n.numbers[name]
}

func (n *noop) Send(words []uintptr) uintptr {
	n.messages++
	if n.quick {
		if objc.SEL(words[1]) == n.error {
			return 0
		}
		return 1
	}
	name := n.selectors[words[1]-1]
	if name == n.deny {
		return 0
	}
	out := n.answer(name, objc.ID(words[0]))
	if n.logs {
		n.note(name, objc.ID(words[0]), words[2:])
	}
	return out
}

// answer is a plausible result.
func (n *noop) answer(name string, to objc.ID) uintptr {
	switch name {
	case "UTF8String":
		return uintptr(unsafe.Pointer(&n.text[0]))
	case "contents":
		return uintptr(unsafe.Pointer(&n.memory[0]))
	case "retain", "init", "initWithUTF8String:":
		return uintptr(to)
	case "alloc", "new":
		return uintptr(n.new(n.classes[to]))
	case "error": // of feedback
		if n.failing {
			return 0x5550
		}
		return 0
	case "waitUntilSignaledValue:timeoutMS:", "supportsFamily:", "supportsTextureSampleCount:":
		return 1
	case "queryTimestampFrequency":
		return 1e9
	case "size", "maxBufferLength":
		return 1 << 30
	case "width", "height":
		return 64
	case "pixelFormat":
		return uintptr(metal.PixelFormatBGRA8Unorm)
	case "gpuAddress":
		return 0x10000
	}
	return uintptr(n.new(name))
}

func (n *noop) SendPair(words []uintptr) (uintptr, uintptr) {
	n.messages++
	return 256, 256
}

func (n *noop) SendFloats(self objc.ID, op objc.SEL, arguments []float32) {
	n.messages++
	if n.logs {
		n.log = append(n.log, fmt.Sprintf("%s %s %v", n.kinds[self], n.selectors[op-1], arguments))
	}
}

func (n *noop) SendDoubles(self objc.ID, op objc.SEL, arguments []float64) {
	n.messages++
	if n.logs {
		n.log = append(n.log, fmt.Sprintf("%s %s %v", n.kinds[self], n.selectors[op-1], arguments))
	}
}

func (n *noop) Call(f objc.Function, _ []uintptr) uintptr { return uintptr(n.new("function")) }

func (n *noop) NewBlock(call func(objc.ID)) objc.ID {
	id := n.new("block")
	n.blocks[id] = call
	return id
}

func (n *noop) ReleaseBlock(block objc.ID) { delete(n.blocks, block) }

// note keeps a message: objects by what they came from, other words below 2^12
// as numbers.
func (n *noop) note(name string, to objc.ID, arguments []uintptr) {
	var words []string
	for _, w := range arguments {
		switch kind, ok := n.kinds[objc.ID(w)]; {
		case ok:
			words = append(words, kind)
		case w < 1<<12:
			words = append(words, fmt.Sprint(w))
		case w >= 0x10000 && w < 0x20000:
			words = append(words, fmt.Sprintf("address+%d", w-0x10000))
		default:
			words = append(words, "*")
		}
	}
	kind := n.kinds[to]
	n.log = append(n.log, strings.TrimSpace(fmt.Sprintf("%s %s %s", kind, name, strings.Join(words, " "))))
}

// rig is a device on a runtime that does nothing, with what a frame needs.
type rig struct {
	testing.TB
	*noop
	*apple.Device
	queue     metal.CommandQueue
	allocator metal.CommandAllocator
	commands  metal.CommandBuffer
	event     metal.SharedEvent
	target    metal.Texture
	buffer    metal.Buffer
	table     metal.ArgumentTable
	drawing   metal.RenderPipeline
	adding    metal.ComputePipeline
	list      []metal.CommandBuffer
	value     uint64
}

func made[T any](t testing.TB) func(T, error) T {
	return func(x T, err error) T {
		t.Helper()
		require.NoError(t, err)
		return x
	}
}

func newRig(t testing.TB, n *noop) *rig {
	d, err := apple.OpenOn(n, apple.Options{})
	require.NoError(t, err)
	r := &rig{TB: t, noop: n, Device: d}
	r.queue = made[metal.CommandQueue](t)(d.NewCommandQueue("main"))
	r.allocator = made[metal.CommandAllocator](t)(d.NewCommandAllocator("ring"))
	r.commands = made[metal.CommandBuffer](t)(d.NewCommandBuffer("frame"))
	r.event = made[metal.SharedEvent](t)(d.NewSharedEvent("done"))
	r.target = made[metal.Texture](t)(d.NewTexture(metal.TextureDescriptor{
		Label: "target", Format: metal.PixelFormatRGBA8Unorm, Width: 64, Height: 64,
		Usage: metal.TextureUsageRenderTarget | metal.TextureUsageShaderRead | metal.TextureUsageShaderWrite,
	}))
	r.buffer = made[metal.Buffer](t)(d.NewBuffer(metal.BufferDescriptor{Label: "bytes", Length: 1 << 16}))
	r.table = made[metal.ArgumentTable](t)(d.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "arguments", Buffers: 4, Textures: 2, Samplers: 1}))
	r.drawing = made[metal.RenderPipeline](t)(d.NewRenderPipeline(metal.RenderPipelineDescriptor{
		Label: "present", Vertex: shaders.FullscreenVert, Fragment: shaders.PresentFrag,
		Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle,
	}))
	r.adding = made[metal.ComputePipeline](t)(d.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "add", Function: shaders.AccumulateComp}))
	sampler := made[metal.Sampler](t)(d.NewSampler(metal.SamplerDescriptor{Label: "linear", MinFilter: metal.FilterLinear}))
	r.table.SetBuffer(r.buffer, 0, 0)
	r.table.SetBuffer(r.buffer, 256, 1)
	r.table.SetTexture(r.target, 0)
	r.table.SetTexture(r.target, 1)
	r.table.SetSampler(sampler, 0)
	r.list = []metal.CommandBuffer{r.commands}
	return r
}

// pass is a render pass that clears the target.
func (r *rig) pass(label string) *metal.RenderPassDescriptor {
	d := &metal.RenderPassDescriptor{Label: label}
	d.Colors[0] = metal.ColorAttachment{
		Attachment: metal.Attachment{Texture: r.target, Load: metal.LoadActionClear, Store: metal.StoreActionStore},
		Clear:      metal.ClearColor{Red: 0.5, Alpha: 1},
	}
	return d
}

// frame records, commits and waits for what record encodes.
func (r *rig) frame(record func(b metal.CommandBuffer)) {
	require.NoError(r, r.allocator.Reset())
	require.NoError(r, r.commands.Begin(r.allocator))
	record(r.commands)
	require.NoError(r, r.commands.End())
	require.NoError(r, r.queue.Commit(r.list))
	r.value++
	require.NoError(r, r.queue.SignalEvent(r.event, r.value))
	require.True(r, r.event.Wait(r.value, 1e9))
	r.landed()
}

// landed calls the blocks that Metal calls when the GPU is done.
func (r *rig) landed() {
	for _, call := range r.blocks {
		call(0x999)
		return
	}
}

const both = metal.StageVertex | metal.StageFragment

// draws is a render pass of some draws.
func (r *rig) draws(b metal.CommandBuffer, pass *metal.RenderPassDescriptor, count int) {
	e, err := b.RenderEncoder(pass)
	if err != nil { // not by testify, which would be much of a benchmark
		r.Fatal(err)
	}
	e.BarrierAfterQueueStages(metal.StageFragment, metal.StageFragment, metal.VisibilityDevice)
	e.SetRenderPipeline(r.drawing)
	e.SetArgumentTable(r.table, both)
	for i := range count {
		r.table.SetBuffer(r.buffer, 256*(i&15), 0)
		e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
	}
	e.EndEncoding()
}
