package apple

import (
	"slices"

	"weft/metal"
	"weft/metal/apple/objc"
)

// commandQueue is an MTL4CommandQueue.
type commandQueue struct {
	object
	sets    []objc.ID
	flights flights
	batch   [maxBatch]uint64 // of command buffers, for one message
	buffers []*commandBuffer // of one Commit
}

var _ metal.CommandQueue = (*commandQueue)(nil)

// maxBatch is how many command buffers one message commits.
const maxBatch = 32

// NewCommandQueue makes a queue. The feedback of its commits comes in on a
// dispatch queue of the device: without one Metal gives none.
func (d *Device) NewCommandQueue(label string) (metal.CommandQueue, error) {
	c := d.borrow()
	defer d.giveBack(c)
	m := c.make(classMTL4CommandQueueDescriptor)
	defer c.release(m)
	c.label(m, label)
	c.send(m, selSetFeedbackQueue, uintptr(d.feedback))
	q := &commandQueue{object: object{device: d, kind: "command queue", label: label}}
	q.flights.device = d
	if q.id = c.object(d.id, selNewMTL4CommandQueueWithDescriptorError, uintptr(m), c.ErrorOut()); q.id == 0 {
		return nil, c.fail(q.String())
	}
	return q, nil
}

// set sends a residency set to the queue, and reports whether it did.
func (q *commandQueue) set(call string, s selector, x metal.ResidencySet) *residencySet {
	r, err := own[residencySet](q.device, "the residency set", x)
	if err == nil && q.id == 0 {
		err = q.fail("it is used after its Release")
	}
	if err == nil && s == selAddResidencySet && len(q.sets) == maxSets {
		err = q.fail("it has %d residency sets already", maxSets)
	}
	if err != nil {
		q.device.lost.keep(q.fail("%s: %w", call, err))
		return nil
	}
	c := q.device.borrow()
	defer q.device.giveBack(c)
	c.send(q.id, s, uintptr(r.id))
	return r
}

func (q *commandQueue) AddResidencySet(s metal.ResidencySet) {
	if x, ok := s.(*residencySet); ok && x != nil && slices.Contains(q.sets, x.id) {
		return
	}
	if r := q.set("AddResidencySet", selAddResidencySet, s); r != nil {
		q.sets = append(q.sets, r.id)
	}
}

func (q *commandQueue) RemoveResidencySet(s metal.ResidencySet) {
	if r := q.set("RemoveResidencySet", selRemoveResidencySet, s); r != nil {
		q.sets = slices.DeleteFunc(q.sets, func(id objc.ID) bool { return id == r.id })
	}
}

// ready says why the queue can be told nothing: its Release, or what the GPU
// said of earlier work.
func (q *commandQueue) ready(call string) error {
	if q.id == 0 {
		return q.fail("%s after its Release", call)
	}
	return q.device.lost.take()
}

// Commit hands ended buffers to the GPU, all or none.
func (q *commandQueue) Commit(buffers []metal.CommandBuffer) error {
	if err := q.ready("Commit"); err != nil {
		return err
	}
	q.buffers = q.buffers[:0]
	for i, x := range buffers {
		b, err := own[commandBuffer](q.device, "the command buffer", x)
		switch {
		case err != nil:
			return q.fail("Commit: buffer %d: %w", i, err)
		case b.state != bufferEnded:
			return q.fail("Commit: %s is %s: it must have ended without a fault, and be committed once", b, b.state)
		case b.allocator.id == 0 || b.allocator.resets != b.resets:
			return q.fail("Commit: %s: %s was released or reset after the recording: its memory holds the commands", b, b.allocator)
		case slices.Contains(q.buffers, b):
			return q.fail("Commit: %s is in the array twice: it runs once", b)
		}
		q.buffers = append(q.buffers, b)
	}
	for i, b := range q.buffers {
		if err := b.fences.Commit(q); err != nil {
			for _, earlier := range q.buffers[:i] {
				earlier.fences.Withdraw()
			}
			return q.fail("Commit: %s: %w", b, err)
		}
	}
	for rest := q.buffers; len(rest) > 0; rest = rest[min(maxBatch, len(rest)):] {
		q.commit(rest[:min(maxBatch, len(rest))])
	}
	for _, b := range q.buffers {
		b.state = bufferIdle
	}
	return nil
}

// commit sends one batch, and asks for what the GPU says of it.
func (q *commandQueue) commit(batch []*commandBuffer) {
	d := q.device
	c := d.borrow()
	defer d.giveBack(c)
	for i, b := range batch {
		q.batch[i] = uint64(b.id)
	}
	block := q.flights.take(q, batch)
	if block == 0 {
		c.send(q.id, selCommitCount, c.Struct(q.batch[:len(batch)]...), uintptr(len(batch)))
		return
	}
	o := c.make(classMTL4CommitOptions)
	c.send(o, selAddFeedbackHandler, uintptr(block))
	c.send(q.id, selCommitCountOptions, c.Struct(q.batch[:len(batch)]...), uintptr(len(batch)), uintptr(o))
	c.release(o)
}

func (q *commandQueue) SignalEvent(x metal.SharedEvent, value uint64) error {
	if err := q.ready("SignalEvent"); err != nil {
		return err
	}
	e, err := own[sharedEvent](q.device, "the event", x)
	if err != nil {
		return q.fail("SignalEvent: %w", err)
	}
	return e.signal(q, value)
}

// WaitForEvent also takes a wait whose signal is given later.
func (q *commandQueue) WaitForEvent(x metal.SharedEvent, value uint64) error {
	if err := q.ready("WaitForEvent"); err != nil {
		return err
	}
	e, err := own[sharedEvent](q.device, "the event", x)
	if err != nil {
		return q.fail("WaitForEvent: %w", err)
	}
	c := q.device.borrow()
	defer q.device.giveBack(c)
	c.send(q.id, selWaitForEventValue, uintptr(e.id), uintptr(value))
	return nil
}

func (q *commandQueue) Release() {
	if q.id == 0 {
		return
	}
	q.object.Release()
	q.flights.release()
}
