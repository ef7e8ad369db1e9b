package vulkan

import "weft/metal"

// tensor is a range of a buffer with a shape.
type tensor struct {
	object
	desc   metal.TensorDescriptor
	buffer *buffer
	offset int
	owned  bool // the buffer was made for this tensor
}

var _ metal.Tensor = (*tensor)(nil)

// NewTensor makes a tensor in a buffer of its own.
func (d *Device) NewTensor(desc metal.TensorDescriptor) (metal.Tensor, error) {
	if err := desc.Validate(); err != nil {
		return nil, err
	}
	desc = desc.Normalized()
	of := metal.BufferDescriptor{Label: desc.Label, Length: desc.Size(), Storage: desc.Storage}
	if err := d.checkBuffer(of); err != nil {
		return nil, err
	}
	b, err := d.newBuffer(of)
	if err != nil {
		return nil, err
	}
	return &tensor{object: object{d, desc.Label}, desc: desc, buffer: b, owned: true}, nil
}

// TensorSizeAndAlign is the room that a buffer for the tensor needs in a heap.
func (d *Device) TensorSizeAndAlign(desc metal.TensorDescriptor) (metal.SizeAndAlign, error) {
	if err := desc.Validate(); err != nil {
		return metal.SizeAndAlign{}, err
	}
	return d.BufferSizeAndAlign(metal.BufferDescriptor{Label: desc.Label, Length: desc.Size(), Storage: desc.Storage})
}

// NewTensor makes a tensor in the buffer's memory from offset on.
func (b *buffer) NewTensor(desc metal.TensorDescriptor, offset int) (metal.Tensor, error) {
	if err := desc.Validate(); err != nil {
		return nil, err
	}
	desc = desc.Normalized()
	align := int(b.device.limits.MinStorageBufferOffsetAlignment)
	switch {
	case desc.Usage&metal.TensorUsageMachineLearning != 0 && offset != 0:
		return nil, fail("tensor", desc.Label, "offset %d in buffer %q: a tensor for machine learning must begin at 0", offset, b.label)
	case offset < 0 || offset%max(align, desc.Type.Bytes()) != 0:
		return nil, fail("tensor", desc.Label, "offset %d in buffer %q: must be a multiple of %d", offset, b.label, max(align, desc.Type.Bytes()))
	case offset > b.length-desc.Size():
		return nil, fail("tensor", desc.Label, "%d bytes at offset %d do not fit in buffer %q of %d bytes", desc.Size(), offset, b.label, b.length)
	}
	desc.Storage = b.mode
	return &tensor{object: object{b.device, desc.Label}, desc: desc, buffer: b, offset: offset}, nil
}

func (t *tensor) Descriptor() metal.TensorDescriptor { return t.desc }
func (t *tensor) Buffer() metal.Buffer               { return t.buffer }
func (t *tensor) Offset() int                        { return t.offset }
func (t *tensor) AllocatedSize() int                 { return t.desc.Size() }

func (t *tensor) Release() {
	if t.owned {
		t.buffer.Release()
	}
}
