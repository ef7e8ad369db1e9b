package apple

import (
	"encoding/binary"

	"weft/metal"
	"weft/metal/rules"
)

// counterHeap is an MTL4CounterHeap of timestamps.
type counterHeap struct {
	object
	count int
}

var _ metal.CounterHeap = (*counterHeap)(nil)

// NewCounterHeap makes a heap of timestamps.
func (d *Device) NewCounterHeap(label string, count int) (metal.CounterHeap, error) {
	if err := rules.CounterHeap(label, count); err != nil {
		return nil, refuse(err)
	}
	c := d.borrow()
	defer d.giveBack(c)
	m := c.make(classMTL4CounterHeapDescriptor)
	defer c.release(m)
	c.send(m, selSetType, mtl4CounterHeapTypeTimestamp)
	c.send(m, selSetCount, uintptr(count))
	h := &counterHeap{object{device: d, kind: "counter heap", label: label}, count}
	if h.id = c.object(d.id, selNewCounterHeapWithDescriptorError, uintptr(m), c.ErrorOut()); h.id == 0 {
		return nil, c.fail(h.String())
	}
	c.label(h.id, label)
	return h, nil
}

func (h *counterHeap) Count() int { return h.count }

// Resolve copies ticks: the first word of each entry.
func (h *counterHeap) Resolve(start int, into []uint64) error {
	if h.id == 0 {
		return h.fail("Resolve after its Release")
	}
	if err := rules.Resolve(h, start, len(into)); err != nil {
		return refuse(err)
	}
	if len(into) == 0 {
		return nil
	}
	d := h.device
	c := d.borrow()
	defer d.giveBack(c)
	data := d.foundation.Data(c.Calls, c.object(h.id, selResolveCounterRange, uintptr(start), uintptr(len(into))))
	if len(data) < len(into)*d.entrySize {
		return h.fail("Resolve: entries [%d, %d): the system gave %d bytes of %d", start, start+len(into), len(data), len(into)*d.entrySize)
	}
	for i := range into {
		into[i] = binary.LittleEndian.Uint64(data[i*d.entrySize:])
	}
	return nil
}
