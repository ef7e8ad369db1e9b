package record

import (
	"fmt"

	"weft/metal"
	"weft/metal/rules"
)

type commandAllocator struct {
	object
	open   *commandBuffer
	resets int
}

func (a *commandAllocator) Reset() error {
	d := a.device
	if d.options.Log {
		d.log(a.String(), "Reset")
	}
	switch {
	case a.released.Load():
		return d.fail(a.String(), "Reset", "the allocator is used after its Release")
	case a.open != nil:
		return d.fail(a.String(), "Reset", "%s is open on it: End that first", a.open)
	case a.flights.Load() > 0:
		return d.fail(a.String(), "Reset", "%d commits of buffers that were recorded from it are in flight: wait for an event that is signaled after them", a.flights.Load())
	}
	a.resets++
	return nil
}

func (a *commandAllocator) Release() {
	if a.open != nil {
		a.device.fail(a.String(), "Release", "%s is open on it: End that first", a.open)
	}
	a.object.Release()
}

type bufferState uint8

const (
	bufferIdle bufferState = iota
	bufferOpen
	bufferEnded
	bufferCommitted
)

type commandBuffer struct {
	object
	state     bufferState
	allocator *commandAllocator
	resets    int    // the allocator's, at Begin
	recording uint64 // the device's number of this recording
	sets      []*residencySet
	used      []use
	users     []*object // all that a commit needs: used and its memory, allocator, the buffer
	work      []work
	first     *Fault
	fences    rules.Fences
	encoding  *encoder // the open one
	// The encoders of one recording; they are used again in the next.
	renders  pool[renderEncoder]
	computes pool[computeEncoder]
	networks pool[networkEncoder]
}

// use is the first use of an object in a recording. allocation is nil where it
// has no memory.
type use struct {
	object     *object
	allocation *allocation
	encoder    string // its label
	call       string
}

// pool gives out the same encoders in every recording.
type pool[T any] struct {
	all  []*T
	used int
}

func (p *pool[T]) next() *T {
	if p.used == len(p.all) {
		p.all = append(p.all, new(T))
	}
	p.used++
	return p.all[p.used-1]
}

func (b *commandBuffer) fail(object, call, format string, args ...any) *Fault {
	f := b.device.fail(object, call, format, args...)
	if b.first == nil {
		b.first = f
	}
	return f
}

// misuse is a fault of the buffer that is no fault of its recording.
func (b *commandBuffer) misuse(call, format string, args ...any) error {
	return b.device.fail(b.String(), call, format, args...)
}

func (b *commandBuffer) Begin(x metal.CommandAllocator) error {
	if b.device.options.Log {
		b.device.log(b.String(), "Begin", Arg{"allocator", name(x)})
	}
	a, ok := x.(*commandAllocator)
	switch {
	case b.released.Load():
		return b.misuse("Begin", "the buffer is used after its Release")
	case b.state == bufferOpen:
		return b.misuse("Begin", "the buffer is open: End it first")
	case !ok || a == nil || a.device != b.device:
		return b.misuse("Begin", "not an allocator of this device: %T", x)
	case a.released.Load():
		return b.misuse("Begin", "%s is used after its Release", a)
	case a.open != nil:
		return b.misuse("Begin", "%s is in use by the open %s: one open buffer at a time; End that, or use another allocator", a, a.open)
	}
	b.state, b.allocator, b.resets, a.open = bufferOpen, a, a.resets, b
	b.recording = b.device.recordings.Add(1)
	b.first, b.encoding = nil, nil
	b.sets, b.used, b.work = b.sets[:0], b.used[:0], b.work[:0]
	b.users = append(b.users[:0], &a.object, &b.object)
	b.fences.Begin()
	b.renders.used, b.computes.used, b.networks.used = 0, 0, 0
	return nil
}

func (b *commandBuffer) End() error {
	if b.device.options.Log {
		b.device.log(b.String(), "End")
	}
	if b.state != bufferOpen {
		return b.misuse("End", "the buffer is not open: Begin it first")
	}
	if e := b.encoding; e != nil {
		b.fail(b.String(), "End", "%s is open: call its EndEncoding first", e)
		e.open = false
		b.encoding = nil
	}
	b.state = bufferEnded
	b.allocator.open = nil
	if b.first != nil {
		return b.first
	}
	return nil
}

func (b *commandBuffer) Release() {
	if b.state == bufferOpen {
		b.misuse("Release", "the buffer is open: End it first")
		b.allocator.open = nil
	}
	b.object.Release()
}

func (b *commandBuffer) UseResidencySet(s metal.ResidencySet) {
	if b.state != bufferOpen {
		b.misuse("UseResidencySet", "the buffer is not open: Begin clears its sets; add them after it")
		return
	}
	before := len(b.sets)
	b.sets = b.device.addSet(&b.object, "UseResidencySet", b.sets, s)
	if r, ok := s.(*residencySet); ok && len(b.sets) > before {
		b.touch(&r.object, nil, "", "UseResidencySet")
	}
}

// touch notes the first use of an object in this recording. While a commit is
// in flight the memory must last too that the object is in: a heap's, or that
// of the texture it is a view of.
func (b *commandBuffer) touch(o *object, a *allocation, encoder, call string) {
	if o.stamp.Swap(b.recording) == b.recording {
		return
	}
	b.used = append(b.used, use{o, a, encoder, call})
	b.need(o)
	if a != nil {
		for at := a.parent; at != nil; at = at.parent {
			b.need(&at.object)
		}
	}
}

func (b *commandBuffer) need(o *object) {
	if o.needed.Swap(b.recording) != b.recording {
		b.users = append(b.users, o)
	}
}

// begin readies an encoder, or says why none can be opened.
func (b *commandBuffer) begin(e *encoder, call, kind, label string, owned metal.Stages) error {
	if b.state != bufferOpen {
		return b.misuse(call, "the buffer is not open: Begin it first")
	}
	if b.encoding != nil {
		return b.fail(b.String(), call, "%s %q cannot open while %s is: call EndEncoding first, a command buffer has one encoder at a time", kind, label, b.encoding)
	}
	*e = encoder{buffer: b, kind: kind, label: label, owned: owned, open: true, recording: b.recording}
	b.encoding = e
	b.fences.Encoder()
	return nil
}

func (b *commandBuffer) ComputeEncoder(label string) (metal.ComputeEncoder, error) {
	if b.device.options.Log {
		b.device.log(b.String(), "ComputeEncoder", Arg{"label", label})
	}
	e := b.computes.next()
	if err := b.begin(&e.encoder, "ComputeEncoder", "compute encoder", label, metal.ComputeStages); err != nil {
		return nil, err
	}
	e.pipeline, e.table = nil, nil
	return e, nil
}

func (b *commandBuffer) MachineLearningEncoder(label string) (metal.MachineLearningEncoder, error) {
	if b.device.options.Log {
		b.device.log(b.String(), "MachineLearningEncoder", Arg{"label", label})
	}
	e := b.networks.next()
	if err := b.begin(&e.encoder, "MachineLearningEncoder", "machine-learning encoder", label, metal.MachineLearningStages); err != nil {
		return nil, err
	}
	e.pipeline, e.table = nil, nil
	return e, nil
}

func (b *commandBuffer) RenderEncoder(p *metal.RenderPassDescriptor) (metal.RenderEncoder, error) {
	if b.device.options.Log {
		b.device.log(b.String(), "RenderEncoder", passArgs(p)...)
	}
	if p == nil {
		return nil, b.fail(b.String(), "RenderEncoder", "the descriptor is nil")
	}
	e := b.renders.next()
	if err := b.begin(&e.encoder, "RenderEncoder", "render encoder", p.Label, metal.RenderStages); err != nil {
		return nil, err
	}
	if err := e.start(p); err != nil {
		e.open, b.encoding = false, nil
		return nil, err
	}
	return e, nil
}

func (b *commandBuffer) WriteTimestamp(h metal.CounterHeap, index int) {
	if b.device.options.Log {
		b.device.log(b.String(), "WriteTimestamp", Arg{"heap", name(h)}, Arg{"index", index})
	}
	switch {
	case b.state != bufferOpen:
		b.misuse("WriteTimestamp", "the buffer is not open: Begin it first")
	case b.encoding != nil:
		b.fail(b.String(), "WriteTimestamp", "%s is open: end it first, or write the timestamp on it", b.encoding)
	default:
		if why := b.timestamp("", h, index); why != "" {
			b.fail(b.String(), "WriteTimestamp", "%s", why)
		}
	}
}

// timestamp records the writing of one, or says why it cannot.
func (b *commandBuffer) timestamp(encoder string, x metal.CounterHeap, index int) string {
	h, ok := x.(*counterHeap)
	switch {
	case !ok || h == nil || h.device != b.device:
		return fmt.Sprintf("not a counter heap of this device: %T", x)
	case h.released.Load():
		return fmt.Sprintf("%s is used after its Release", h)
	case index < 0 || index >= len(h.values):
		return fmt.Sprintf("entry %d of %s: it has [0, %d)", index, h, len(h.values))
	}
	b.touch(&h.object, nil, encoder, "WriteTimestamp")
	b.work = append(b.work, work{kind: workTimestamp, counters: h, index: index})
	return ""
}
