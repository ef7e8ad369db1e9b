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
		Type:       metal.TensorDataType(d.integer("dataType", int(metal.TensorDataTypeFloat32))),
		Dimensions: extentsOf(d.child("dimensions")),
		Strides:    extentsOf(d.child("strides")),
		Usage:      metal.TensorUsage(d.integer("usage", int(metal.TensorUsageRender|metal.TensorUsageCompute))),
		Storage:    resourceStorage(c, d, metal.StorageModeShared),
	}
}

const tensorDomain = "MTLTensorDomain"

func (m *machine) newTensor(c *call) {
	d := tensorDescriptor(c, c.object(0))
	if d.Strides != nil {
		c.fault("strides %v for a tensor with memory of its own: only a tensor on a buffer has strides", d.Strides)
		return
	}
	made, err := m.device.NewTensor(d)
	if err != nil {
		c.refuse(1, tensorDomain, 1, err.Error())
		return
	}
	t := &tensor{metal: made, descriptor: made.Descriptor()}
	t.allocation = allocation{metal: made, users: 1}
	t.id = m.name(t)
	t.object = c.create("MTLTensor", t)
}

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

// slice walks a part of a tensor on memory that the CPU sees, and calls back
// with the place of each element in it and in the caller's memory.
func (t *tensor) slice(c *call, origin, dimensions, strides []int, each func(inside, outside int)) bool {
	n := t.descriptor
	if t.buffer == nil || t.buffer.metal.Contents() == nil {
		c.fault("%s is not in memory that the CPU reaches here: make it on a shared buffer", t)
		return false
	}
	if len(origin) != len(n.Dimensions) || len(dimensions) != len(n.Dimensions) || len(strides) != len(n.Dimensions) {
		c.fault("ranks %d, %d and %d of origin, dimensions and strides: %s has %d", len(origin), len(dimensions), len(strides), t, len(n.Dimensions))
		return false
	}
	for i := range origin {
		if origin[i] < 0 || dimensions[i] < 1 || origin[i]+dimensions[i] > n.Dimensions[i] {
			c.fault("dimension %d: elements [%d, %d) of %d", i, origin[i], origin[i]+dimensions[i], n.Dimensions[i])
			return false
		}
	}
	at := make([]int, len(origin))
	for {
		inside, outside := 0, 0
		for i := range at {
			inside += (origin[i] + at[i]) * n.Strides[i]
			outside += at[i] * strides[i]
		}
		each(t.start+inside*n.Type.Bytes(), outside*n.Type.Bytes())
		i := 0
		for ; i < len(at); i++ {
			if at[i]++; at[i] < dimensions[i] {
				break
			}
			at[i] = 0
		}
		if i == len(at) {
			return true
		}
	}
}

func (m *machine) replaceSlice(c *call) {
	t, ok := c.self().state.(*tensor)
	if !ok {
		return
	}
	size := t.descriptor.Type.Bytes()
	t.slice(c, extentsOf(c.object(0)), extentsOf(c.object(1)), extentsOf(c.object(3)), func(inside, outside int) {
		copy(t.buffer.metal.Contents()[inside:][:size], unsafe.Slice((*byte)(unsafe.Add(c.pointer(2), outside)), size))
	})
}

func (m *machine) getSlice(c *call) {
	t, ok := c.self().state.(*tensor)
	if !ok {
		return
	}
	size := t.descriptor.Type.Bytes()
	t.slice(c, extentsOf(c.object(2)), extentsOf(c.object(3)), extentsOf(c.object(1)), func(inside, outside int) {
		copy(unsafe.Slice((*byte)(unsafe.Add(c.pointer(0), outside)), size), t.buffer.metal.Contents()[inside:][:size])
	})
}
