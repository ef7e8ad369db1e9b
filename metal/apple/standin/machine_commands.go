package standin

import (
	"slices"

	"weft/barriers"
	"weft/metal"
)

// allocator is an MTL4CommandAllocator.
type allocator struct {
	object *object
	metal  metal.CommandAllocator
	open   *commandBuffer
	resets int
	last   map[*queue]uint64 // the last commit of what was recorded from it
}

func (m *machine) newAllocator(c *call) {
	a := &allocator{last: map[*queue]uint64{}}
	var err error
	if a.metal, err = m.device.NewCommandAllocator(c.object(0).label()); err != nil {
		c.refuse(1, "MTL4CommandAllocatorDomain", 1, err.Error())
		return
	}
	a.object = c.create("MTL4CommandAllocator", a)
}

func (m *machine) resetAllocator(c *call) {
	a, ok := c.self().state.(*allocator)
	if !ok {
		return
	}
	if a.open != nil {
		c.fault("%s is open on it: end that first", a.open.object)
		return
	}
	for q, n := range a.last {
		if !q.complete(n) {
			c.fault("commands recorded from it are in flight on %s: reset it only when all its buffers are complete, so wait for an event that is signaled after them", q.object)
			return
		}
	}
	a.resets++
	if err := a.metal.Reset(); err != nil {
		c.fault("%v", err)
	}
}

func (m *machine) allocatedSize(c *call) {
	if a, ok := c.self().state.(interface{ base() *allocation }); ok {
		c.answer(uint64(a.base().metal.AllocatedSize()))
	}
}

type bufferState uint8

const (
	bufferIdle bufferState = iota
	bufferOpen
	bufferEnded
)

// commandBuffer is an MTL4CommandBuffer. It can be begun again as soon as it is
// committed, so each recording has a buffer of its own beneath.
type commandBuffer struct {
	object    *object
	state     bufferState
	allocator *allocator
	encoding  *encoder // the open one
	recording *recording
}

// recording is what is recorded from one begin to the commit.
type recording struct {
	metal     metal.CommandBuffer
	allocator *allocator
	resets    int // the allocator's, at begin
	faulty    bool
	sets      []*residencySet
	touched   []touch
	seen      map[*allocation]bool
	uses      map[*object]use // pipelines, states and counter heaps
	passes    []*pass
	drawables []*drawable
}

// touch is the first use of an allocation in a recording.
type touch struct {
	what *allocation
	use
}

// use is the message that needs an object.
type use struct {
	encoder  *object // or the command buffer
	selector string
}

// String names the message as faults do.
func (u use) String() string { return u.encoder.String() + " " + u.selector }

func (m *machine) newCommandBuffer(c *call) {
	b := &commandBuffer{}
	b.object = c.create("MTL4CommandBuffer", b)
}

func (m *machine) beginBuffer(c *call) {
	b, ok := c.self().state.(*commandBuffer)
	if !ok {
		return
	}
	a := c.object(0).state.(*allocator)
	switch {
	case b.state == bufferOpen:
		c.fault("it is open: end it first")
		return
	case a.open != nil:
		c.fault("%s is in use by %s, which is open: one open buffer at a time; end that, or use another allocator", a.object, a.open.object)
		return
	}
	if b.recording != nil { // ended, never committed
		m.spare = append(m.spare, b.recording.metal)
		b.recording = nil
	}
	under, err := m.spareBuffer(b.object.label())
	if err == nil {
		err = under.Begin(a.metal)
	}
	if err != nil {
		c.fault("%v", err)
		return
	}
	b.state, b.allocator, a.open = bufferOpen, a, b
	b.recording = &recording{metal: under, allocator: a, resets: a.resets, seen: map[*allocation]bool{}, uses: map[*object]use{}}
}

// spareBuffer is a buffer of the device beneath that nothing uses.
func (m *machine) spareBuffer(label string) (metal.CommandBuffer, error) {
	if n := len(m.spare); n > 0 {
		b := m.spare[n-1]
		m.spare = m.spare[:n-1]
		return b, nil
	}
	return m.device.NewCommandBuffer(label)
}

// recordable reports whether a buffer is open, with no encoder open on it.
func (b *commandBuffer) recordable(c *call) bool {
	if b.state != bufferOpen {
		c.fault("the command buffer is not open: begin it first")
		return false
	}
	if b.encoding != nil {
		c.fault("%s is open: end it first, a command buffer has one encoder at a time", b.encoding)
		b.recording.faulty = true
		return false
	}
	return true
}

func (m *machine) endBuffer(c *call) {
	b, ok := c.self().state.(*commandBuffer)
	if !ok {
		return
	}
	if b.state != bufferOpen {
		c.fault("it is not open: begin it first")
		return
	}
	if b.encoding != nil {
		c.fault("%s is open: end it first", b.encoding)
		b.encoding.end()
		b.recording.faulty = true
	}
	b.state, b.allocator.open = bufferEnded, nil
	if err := b.recording.metal.End(); err != nil {
		c.fault("the device beneath refuses what was recorded: %v", err)
		b.recording.faulty = true
	}
}

func (m *machine) useResidencySet(c *call) {
	b, ok := c.self().state.(*commandBuffer)
	if !ok {
		return
	}
	if b.state != bufferOpen {
		c.fault("the command buffer is not open: beginCommandBufferWithAllocator: clears its sets, so add them after it")
		return
	}
	b.recording.sets = addSet(c, b.recording.sets, c.object(0).state.(*residencySet))
}

func (m *machine) bufferTimestamp(c *call) {
	b, ok := c.self().state.(*commandBuffer)
	if !ok || !b.recordable(c) {
		return
	}
	if h := counters(c, 0, 1); h != nil {
		b.recording.uses[h.object] = use{b.object, c.selector()}
		b.recording.metal.WriteTimestamp(h.metal, c.integer(1))
	}
}

type counterHeap struct {
	object *object
	metal  metal.CounterHeap
}

func (m *machine) newCounterHeap(c *call) {
	d := c.object(0)
	const timestamps = 1 // MTL4CounterHeapTypeTimestamp
	if kind := d.integer("type"); kind != timestamps {
		c.fault("type %d: must be MTL4CounterHeapTypeTimestamp (1)", kind)
		return
	}
	h := &counterHeap{}
	var err error
	if h.metal, err = m.device.NewCounterHeap("", d.integer("count")); err != nil {
		c.refuse(1, "MTL4CounterHeapErrorDomain", 1, err.Error())
		return
	}
	h.object = c.create("MTL4CounterHeap", h)
}

func (m *machine) resolveCounters(c *call) {
	h, ok := c.self().state.(*counterHeap)
	if !ok {
		return
	}
	r := c.structure(0)
	if r[0]+r[1] > uint64(h.metal.Count()) || r[1] == 0 {
		c.fault("entries [%d, %d) of a heap of %d", r[0], r[0]+r[1], h.metal.Count())
		return
	}
	ticks := make([]uint64, r[1])
	if err := h.metal.Resolve(int(r[0]), ticks); err != nil {
		c.fault("%v", err)
		return
	}
	c.give(c.data(ticks))
}

// counters is the counter heap among the arguments, if the index is one of its.
func counters(c *call, heap, index int) *counterHeap {
	h := c.object(heap).state.(*counterHeap)
	if i := c.integer(index); i < 0 || i >= h.metal.Count() {
		c.fault("entry %d of %s: it has %d", i, h.object, h.metal.Count())
		return nil
	}
	return h
}

// encoderKinds are the classes of encoders.
var encoderKinds = map[barriers.EncoderKind]string{
	barriers.RenderEncoder:          "MTL4RenderCommandEncoder",
	barriers.ComputeEncoder:         "MTL4ComputeCommandEncoder",
	barriers.MachineLearningEncoder: "MTL4MachineLearningCommandEncoder",
}

// contains reports whether a list holds a value; sets are few.
func contains[T comparable](list []T, x T) bool { return slices.Contains(list, x) }
