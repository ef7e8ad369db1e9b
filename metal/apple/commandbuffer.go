package apple

import (
	"errors"
	"fmt"

	"weft/metal"
	"weft/metal/apple/objc"
	"weft/metal/rules"
)

// commandAllocator is an MTL4CommandAllocator.
type commandAllocator struct {
	object
	open   *commandBuffer
	resets int
}

// NewCommandAllocator makes an allocator.
func (d *Device) NewCommandAllocator(label string) (metal.CommandAllocator, error) {
	c := d.borrow()
	defer d.giveBack(c)
	m := c.make(classMTL4CommandAllocatorDescriptor)
	defer c.release(m)
	c.label(m, label)
	a := &commandAllocator{object: object{device: d, kind: "command allocator", label: label}}
	if a.id = c.object(d.id, selNewCommandAllocatorWithDescriptorError, uintptr(m), c.ErrorOut()); a.id == 0 {
		return nil, c.fail(a.String())
	}
	return a, nil
}

func (a *commandAllocator) Reset() error {
	switch {
	case a.id == 0:
		return a.fail("Reset after its Release")
	case a.open != nil:
		return a.fail("Reset: %s is open on it: End that first", a.open)
	}
	if err := a.device.lost.take(); err != nil {
		return err
	}
	c := a.device.borrow()
	defer a.device.giveBack(c)
	c.send(a.id, selReset)
	a.resets++
	return nil
}

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

// commandBuffer is an MTL4CommandBuffer. Its encoders are part of it, so that
// beginning one allocates nothing.
type commandBuffer struct {
	object
	caller    *caller
	state     bufferState
	allocator *commandAllocator
	resets    int   // the allocator's, at Begin
	err       error // the first fault
	sets      int   // residency sets of this recording
	labels    map[string]objc.ID
	pass      passDescriptor
	fences    rules.Fences

	open    *encoder // nil between encoders
	compute computeEncoder
	render  renderEncoder
	network networkEncoder
}

var _ metal.CommandBuffer = (*commandBuffer)(nil)

// NewCommandBuffer makes a command buffer that has not begun.
func (d *Device) NewCommandBuffer(label string) (metal.CommandBuffer, error) {
	b := &commandBuffer{caller: d.newCaller(), labels: map[string]objc.ID{}}
	b.object = object{device: d, kind: "command buffer", label: label}
	defer b.caller.Push().Pop()
	b.compute.encoder = encoder{buffer: b, kind: "compute encoder", owned: metal.ComputeStages}
	b.render.encoder = encoder{buffer: b, kind: "render encoder", owned: metal.RenderStages}
	b.network.encoder = encoder{buffer: b, kind: "machine-learning encoder", owned: metal.MachineLearningStages}
	if b.id = b.caller.object(d.id, selNewCommandBuffer); b.id == 0 {
		return nil, b.fail("device %q made none", d.name)
	}
	b.caller.label(b.id, label)
	return b, nil
}

func (b *commandBuffer) Begin(x metal.CommandAllocator) error {
	a, err := own[commandAllocator](b.device, "the allocator", x)
	switch {
	case b.id == 0:
		return b.fail("Begin after its Release")
	case b.state == bufferOpen:
		return b.fail("Begin while it is open: End it first")
	case err != nil:
		return b.fail("Begin: %w", err)
	case a.open != nil:
		return b.fail("Begin: %s is in use by the open %s: one open buffer at a time; End that, or use another allocator", a, a.open)
	}
	if err := b.device.lost.take(); err != nil {
		return err
	}
	pool := b.caller.Push()
	b.caller.send(b.id, selBeginCommandBufferWithAllocator, uintptr(a.id))
	pool.Pop()
	b.fences.Begin()
	b.state, b.allocator, b.resets, b.err, b.sets, b.open, a.open = bufferOpen, a, a.resets, nil, 0, nil, b
	return nil
}

// keep keeps the first fault of what is recorded.
func (b *commandBuffer) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *commandBuffer) UseResidencySet(x metal.ResidencySet) {
	s, err := own[residencySet](b.device, "the residency set", x)
	switch {
	case b.state != bufferOpen:
		b.keep(b.fail("UseResidencySet of a buffer that is %s: Begin clears its sets; add them after it", b.state))
	case err != nil:
		b.keep(b.fail("UseResidencySet: %w", err))
	case b.sets == maxSets:
		b.keep(b.fail("UseResidencySet: it has %d residency sets already", maxSets))
	default:
		b.sets++
		b.caller.send(b.id, selUseResidencySet, uintptr(s.id))
	}
}

// begin opens an encoder: Metal returns it autoreleased, so it is retained
// until EndEncoding.
func (b *commandBuffer) begin(e *encoder, label string, s selector, arguments ...uintptr) error {
	if err := b.idle(e, label); err != nil {
		return err
	}
	c := b.caller
	pool := c.Push()
	e.id = c.retain(c.object(b.id, s, arguments...))
	pool.Pop()
	if e.id == 0 {
		err := b.fail("%s: the system made none", rules.Describe(e.kind, label))
		b.keep(err)
		return err
	}
	e.label, e.groups, b.open = label, 0, e
	b.fences.Encoder()
	if label != "" {
		c.send(e.id, selSetLabel, uintptr(b.string(label)))
	}
	return nil
}

// idle says why no encoder can be opened.
func (b *commandBuffer) idle(e *encoder, label string) error {
	if b.state != bufferOpen {
		return b.fail("%s in a buffer that is %s: Begin it first", rules.Describe(e.kind, label), b.state)
	}
	if b.open != nil {
		err := b.fail("%s cannot open while %s is: call EndEncoding first, a command buffer has one encoder at a time", rules.Describe(e.kind, label), b.open)
		b.keep(err)
		return err
	}
	return nil
}

func (b *commandBuffer) ComputeEncoder(label string) (metal.ComputeEncoder, error) {
	e := &b.compute
	if err := b.begin(&e.encoder, label, selComputeCommandEncoder); err != nil {
		return nil, err
	}
	e.pipeline, e.table = nil, nil
	return e, nil
}

func (b *commandBuffer) MachineLearningEncoder(label string) (metal.MachineLearningEncoder, error) {
	e := &b.network
	if err := b.begin(&e.encoder, label, selMachineLearningCommandEncoder); err != nil {
		return nil, err
	}
	e.pipeline, e.table = nil, nil
	return e, nil
}

func (b *commandBuffer) WriteTimestamp(x metal.CounterHeap, index int) {
	h, err := own[counterHeap](b.device, "the heap", x)
	if err == nil {
		err = rules.Timestamp(h, index)
	}
	switch {
	case b.state != bufferOpen:
		err = fmt.Errorf("the buffer is %s: Begin it first", b.state)
	case b.open != nil:
		err = fmt.Errorf("%s is open: end it first, or write the timestamp on it", b.open)
	}
	if err != nil {
		b.keep(b.fail("WriteTimestamp: %w", err))
		return
	}
	b.caller.send(b.id, selWriteTimestampIntoHeapAtIndex, uintptr(h.id), uintptr(index))
}

func (b *commandBuffer) End() error {
	if b.state != bufferOpen {
		return b.fail("End of a buffer that is %s", b.state)
	}
	if e := b.open; e != nil {
		b.keep(b.fail("End: %s is open: call its EndEncoding first", e))
		e.close()
	}
	pool := b.caller.Push()
	b.caller.send(b.id, selEndCommandBuffer)
	b.pass.forget(b.caller)
	pool.Pop()
	b.allocator.open = nil
	b.state = bufferEnded
	if b.err != nil {
		b.state = bufferFaulty
	}
	return b.err
}

// Release gives the buffer up; one that is open is ended.
func (b *commandBuffer) Release() {
	if b.id == 0 {
		return
	}
	if b.state == bufferOpen {
		b.keep(errors.New("released"))
		_ = b.End()
	}
	defer b.caller.Push().Pop()
	b.pass.release(b.caller)
	b.forget()
	b.object.Release()
}

// maxLabels bounds the labels that a command buffer keeps as NSStrings.
const maxLabels = 256

// string is a label as an NSString, made once.
func (b *commandBuffer) string(label string) objc.ID {
	if id, ok := b.labels[label]; ok {
		return id
	}
	if len(b.labels) == maxLabels {
		b.forget()
	}
	id := b.device.foundation.NewString(b.caller.Calls, label)
	b.labels[label] = id
	return id
}

func (b *commandBuffer) forget() {
	for _, id := range b.labels {
		b.caller.release(id)
	}
	clear(b.labels)
}
