package standin

import (
	"slices"
	"unsafe"

	"weft/metal"
)

// extents is the state of an MTLTensorExtents.
type extents struct{ values []int }

func (m *machine) initExtents(c *call) {
	rank := c.integer(0)
	if rank < 0 || rank > metal.MaxTensorRank {
		c.fault("rank %d: at most %d", rank, metal.MaxTensorRank)
		return
	}
	x := &extents{values: make([]int, rank)}
	if p := c.pointer(1); p != nil {
		for i, v := range unsafe.Slice((*int64)(p), rank) {
			x.values[i] = int(v)
		}
	} else {
		for i := range x.values {
			x.values[i] = -1 // dynamic
		}
	}
	c.self().state = x
	c.give(c.self())
}

func (m *machine) extentsRank(c *call) {
	if x, ok := c.self().state.(*extents); ok {
		c.answer(uint64(len(x.values)))
	}
}

func (m *machine) extentAt(c *call) {
	x, ok := c.self().state.(*extents)
	if !ok {
		return
	}
	i := c.integer(0)
	if i < 0 || i >= len(x.values) {
		c.fault("dimension %d of extents of rank %d", i, len(x.values))
		return
	}
	c.answer(uint64(x.values[i]))
}

// extentsOf reads an extents object; nil where there is none.
func extentsOf(o *object) []int {
	if o == nil {
		return nil
	}
	if x, ok := o.state.(*extents); ok {
		return slices.Clone(x.values)
	}
	return nil
}

// tensorDescriptor reads an MTLTensorDescriptor, with Metal's defaults.
func tensorDescriptor(c *call, d *object) metal.TensorDescriptor {
	return metal.TensorDescriptor{
		Type:       metal.TensorDataType(d.integer("dataType")),
		Dimensions: extentsOf(d.child("dimensions")),
		Strides:    extentsOf(d.child("strides")),
		Usage:      metal.TensorUsage(d.integer("usage")),
		Storage:    resourceStorage(c, d, metal.StorageModeShared),
	}
}

const tensorDomain = "MTLTensorDomain"

func (m *machine) newTensorInBuffer(c *call) {
	b, ok := c.self().state.(*buffer)
	if !ok {
		return
	}
	d, offset := tensorDescriptor(c, c.object(0)), c.integer(1)
	d.Storage = b.storage
	// The strides of a tensor on a buffer are the caller's to give; nothing pads
	// rows for it.
	if d.Strides == nil {
		c.fault("no strides: a tensor on a buffer says how its elements lie there")
		return
	}
	made, err := b.metal.NewTensor(d, offset)
	if err != nil {
		c.refuse(2, tensorDomain, 1, err.Error())
		return
	}
	t := &tensor{metal: made, descriptor: made.Descriptor(), buffer: b, start: offset}
	t.allocation = allocation{metal: made, users: 1, parent: b.hold()}
	t.id = m.name(t)
	t.object = c.create("MTLTensor", t)
}
