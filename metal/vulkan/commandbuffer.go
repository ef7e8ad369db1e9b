package vulkan

import (
	"errors"
	"fmt"

	"weft/metal"
	"weft/metal/rules"
	"weft/metal/vulkan/vk"
)

// bufferState is where a command buffer is in its life.
type bufferState int

const (
	bufferIdle bufferState = iota
	bufferOpen
	bufferEnded
	bufferFaulty
)

func (s bufferState) String() string {
	return [...]string{"not begun", "open", "ended", "ended with a fault"}[s]
}

// commandBuffer records into a VkCommandBuffer that its allocator lends it. Its
// encoders are part of it, so that beginning one allocates nothing.
type commandBuffer struct {
	object
	handle    vk.CommandBuffer
	allocator *allocator
	state     bufferState
	err       error // the first fault
	sets      residents
	begin     vk.CommandBufferBeginInfo
	barriers  barriers
	fences    rules.Fences
	updates   []update // of fences, one each

	open    *encoder // nil between encoders
	compute computeEncoder
	render  renderEncoder
	network networkEncoder
}

var _ metal.CommandBuffer = (*commandBuffer)(nil)

// NewCommandBuffer makes a command buffer that has not begun.
func (d *Device) NewCommandBuffer(label string) (metal.CommandBuffer, error) {
	cb := &commandBuffer{object: object{d, label}}
	cb.begin = vk.CommandBufferBeginInfo{SType: vk.StructureTypeCommandBufferBeginInfo, Flags: vk.CommandBufferUsageOneTimeSubmitBit}
	cb.compute.encoder = encoder{cb: cb, kind: "compute encoder", owns: metal.ComputeStages}
	cb.render.encoder = encoder{cb: cb, kind: "render encoder", owns: metal.RenderStages}
	cb.network.encoder = encoder{cb: cb, kind: "machine-learning encoder", owns: metal.MachineLearningStages}
	return cb, nil
}

func (cb *commandBuffer) Begin(a metal.CommandAllocator) error {
	al, ok := a.(*allocator)
	switch {
	case !ok || al.device != cb.device:
		return fail("command buffer", cb.label, "BUG: Begin with an allocator of another device")
	case cb.state == bufferOpen:
		return fail("command buffer", cb.label, "BUG: Begin while it is open: End it first")
	case al.open != nil:
		return fail("command buffer", cb.label, "BUG: Begin with allocator %q, which command buffer %q is using: one open buffer at a time", al.label, al.open.label)
	}
	h, err := al.commands()
	if err != nil {
		return fail("command buffer", cb.label, "Begin: %w", err)
	}
	if r := cb.device.vk.BeginCommandBuffer(h, &cb.begin); r != vk.Success {
		return fail("command buffer", cb.label, "Begin: %w", r)
	}
	cb.handle, cb.allocator, cb.state, cb.err, cb.open = h, al, bufferOpen, nil, nil
	al.open = cb
	cb.fences.Begin()
	cb.updates = cb.updates[:0]
	clear(cb.sets)
	cb.sets = cb.sets[:0]
	return nil
}

func (cb *commandBuffer) UseResidencySet(s metal.ResidencySet) { cb.sets.add(s) }

// fault keeps the first error of what is recorded.
func (cb *commandBuffer) fault(err error) {
	if cb.err == nil && err != nil {
		where := ""
		if cb.open != nil {
			where = cb.open.where()
		}
		cb.err = fmt.Errorf("vulkan: command buffer %q%s: %w", cb.label, where, err)
	}
}

func (cb *commandBuffer) fail(format string, args ...any) { cb.fault(fmt.Errorf(format, args...)) }

// openEncoder makes e the open encoder.
func (cb *commandBuffer) openEncoder(e *encoder, label string) error {
	if cb.state != bufferOpen {
		return fail("command buffer", cb.label, "BUG: %s %q in a buffer that is %s: Begin it first", e.kind, label, cb.state)
	}
	if cb.open != nil {
		return fail("command buffer", cb.label, "BUG: %s %q while %s %q is open: EndEncoding first", e.kind, label, cb.open.kind, cb.open.label)
	}
	e.label = label
	e.groups = e.groups[:0]
	cb.open = e
	cb.fences.Encoder()
	return nil
}

func (cb *commandBuffer) ComputeEncoder(label string) (metal.ComputeEncoder, error) {
	if err := cb.openEncoder(&cb.compute.encoder, label); err != nil {
		return nil, err
	}
	cb.compute.reset()
	return &cb.compute, nil
}

func (cb *commandBuffer) MachineLearningEncoder(label string) (metal.MachineLearningEncoder, error) {
	if err := cb.openEncoder(&cb.network.encoder, label); err != nil {
		return nil, err
	}
	cb.network.reset()
	return &cb.network, nil
}

func (cb *commandBuffer) WriteTimestamp(h metal.CounterHeap, index int) {
	switch {
	case cb.state != bufferOpen:
		cb.fail("BUG: WriteTimestamp in a buffer that is %s", cb.state)
	case cb.open != nil:
		cb.fail("BUG: WriteTimestamp on the command buffer while an encoder is open: use the encoder's")
	default:
		cb.timestamp(h, index, vk.PipelineStage2AllCommandsBit)
	}
}

func (cb *commandBuffer) End() error {
	if cb.state != bufferOpen {
		return fail("command buffer", cb.label, "BUG: End of a buffer that is %s", cb.state)
	}
	if cb.open != nil {
		cb.fault(errors.New("BUG: End while an encoder is open: EndEncoding first"))
		cb.render.abandon()
		cb.open = nil
	}
	if r := cb.device.vk.EndCommandBuffer(cb.handle); r != vk.Success {
		cb.fail("End: %w", r)
	}
	cb.allocator.open = nil
	cb.state = bufferEnded
	if cb.err != nil {
		cb.state = bufferFaulty
	}
	return cb.err
}

func (cb *commandBuffer) Release() {
	if cb.state == bufferOpen {
		cb.allocator.open = nil
	}
}
