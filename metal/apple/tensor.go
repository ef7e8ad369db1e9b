package apple

import (
	"slices"

	"weft/metal"
	"weft/metal/apple/objc"
	"weft/metal/rules"
)

// tensor is an MTLTensor in a buffer.
type tensor struct {
	allocation
	desc     metal.TensorDescriptor // normalized
	buffer   *buffer
	offset   int
	owned    bool // the buffer is this tensor's alone
	resource uint64
}

var _ metal.Tensor = (*tensor)(nil)

// tensorBuffer is the buffer that a tensor needs.
func tensorBuffer(desc *metal.TensorDescriptor) metal.BufferDescriptor {
	return metal.BufferDescriptor{Label: desc.Label, Length: desc.Size(), Storage: desc.Storage}
}

// TensorSizeAndAlign is the room that the buffer of a tensor needs in a heap:
// heaps make no tensors, so that one lies in a buffer.
func (d *Device) TensorSizeAndAlign(desc metal.TensorDescriptor) (metal.SizeAndAlign, error) {
	if err := rules.Tensor(desc, d.limits); err != nil {
		return metal.SizeAndAlign{}, refuse(err)
	}
	return d.BufferSizeAndAlign(tensorBuffer(&desc))
}

// NewTensor makes a tensor with a buffer of its own.
func (d *Device) NewTensor(desc metal.TensorDescriptor) (metal.Tensor, error) {
	if err := rules.Tensor(desc, d.limits); err != nil {
		return nil, refuse(err)
	}
	b, err := d.newBuffer(tensorBuffer(&desc))
	if err != nil {
		return nil, err
	}
	t, err := b.tensor(desc, 0)
	if err != nil {
		b.Release()
		return nil, err
	}
	t.owned = true
	return t, nil
}

// NewTensor makes a tensor in this buffer's memory.
func (b *buffer) NewTensor(desc metal.TensorDescriptor, offset int) (metal.Tensor, error) {
	if b.id == 0 {
		return nil, b.fail("a tensor is made after its Release")
	}
	if err := rules.TensorIn(b, desc, offset); err != nil {
		return nil, refuse(err)
	}
	t, err := b.tensor(desc, offset)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (b *buffer) tensor(desc metal.TensorDescriptor, offset int) (*tensor, error) {
	n := desc.Normalized()
	n.Dimensions, n.Strides, n.Storage = slices.Clone(n.Dimensions), slices.Clone(n.Strides), b.storage
	t := &tensor{desc: n, buffer: b, offset: offset}
	t.object = object{device: b.device, kind: "tensor", label: desc.Label}
	c := b.device.borrow()
	defer b.device.giveBack(c)
	m := c.make(classMTLTensorDescriptor)
	defer c.release(m)
	dimensions, strides := c.extents(n.Dimensions), c.extents(n.Strides)
	c.send(m, selSetDimensions, uintptr(dimensions))
	c.send(m, selSetStrides, uintptr(strides))
	c.release(dimensions)
	c.release(strides)
	c.send(m, selSetDataType, uintptr(n.Type))
	c.send(m, selSetUsage, uintptr(n.Usage))
	c.send(m, selSetResourceOptions, options(n.Storage))
	t.id = c.object(b.id, selNewTensorWithDescriptorOffsetError, uintptr(m), uintptr(offset), c.ErrorOut())
	if t.id == 0 {
		return nil, c.fail(t.String())
	}
	c.label(t.id, n.Label)
	t.resource = uint64(c.send(t.id, selGpuResourceID))
	return t, nil
}

// extents makes MTLTensorExtents, which the caller releases.
func (c *caller) extents(of []int) objc.ID {
	var words [metal.MaxTensorRank]uint64
	for i, n := range of {
		words[i] = uint64(n)
	}
	e := c.object(c.device.classes[classMTLTensorExtents], selAlloc)
	return c.object(e, selInitWithRankValues, uintptr(len(of)), c.Struct(words[:len(of)]...))
}

func (t *tensor) Descriptor() metal.TensorDescriptor { return t.desc }
func (t *tensor) Buffer() metal.Buffer               { return t.buffer }
func (t *tensor) Offset() int                        { return t.offset }

// AllocatedSize is the size of the tensor's part of its buffer.
func (t *tensor) AllocatedSize() int { return t.desc.Size() }

// residents are the tensor and the memory that it lies in.
func (t *tensor) residents() [2]objc.ID { return [2]objc.ID{t.id, t.buffer.residents()[0]} }

func (t *tensor) Release() {
	if t.id != 0 && t.owned {
		t.buffer.Release()
	}
	t.object.Release()
}
