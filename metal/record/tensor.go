package record

import (
	"slices"

	"weft/metal"
	"weft/metal/rules"
)

type tensor struct {
	allocation
	descriptor metal.TensorDescriptor
	buffer     *buffer
	start      int // in buffer
}

// TensorSizeAndAlign rounds metal.TensorDescriptor.Size up to 256 bytes.
func (d *Device) TensorSizeAndAlign(t metal.TensorDescriptor) (metal.SizeAndAlign, error) {
	if err := rules.Tensor(t, d.options.Limits); err != nil {
		return metal.SizeAndAlign{}, d.refuse("TensorSizeAndAlign", "%v", err)
	}
	return metal.SizeAndAlign{Size: roundUp(t.Size()), Align: align}, nil
}

// NewTensor makes a tensor with a buffer of its own.
func (d *Device) NewTensor(t metal.TensorDescriptor) (metal.Tensor, error) {
	need, err := d.TensorSizeAndAlign(t)
	if err != nil {
		return nil, err
	}
	b := &buffer{length: need.Size, storage: t.Storage}
	if _, err := d.BufferSizeAndAlign(metal.BufferDescriptor{Label: t.Label, Length: need.Size, Storage: t.Storage}); err != nil {
		return nil, err
	}
	b.device, b.kind, b.label = d, "tensor's buffer", t.Label
	b.memory, b.size = &memory{size: need.Size}, need.Size
	o := d.newTensor(t, b, 0, Arg{"storage", storage(t.Storage)})
	// The two are one allocation, the tensor's.
	b.allocation.parent, b.owner, o.allocation.parent = &o.allocation, o, nil
	return o, nil
}

// NewTensor makes a tensor in the buffer's memory.
func (b *buffer) NewTensor(t metal.TensorDescriptor, offset int) (metal.Tensor, error) {
	d := b.device
	fail := func(format string, args ...any) (metal.Tensor, error) {
		return nil, d.fail(b.String(), "NewTensor", format, args...)
	}
	if why := b.broken(d); why != "" {
		return fail("%s", why)
	}
	if err := rules.TensorIn(b, t, offset); err != nil {
		return fail("%v", err)
	}
	n := t.Normalized()
	n.Storage = b.storage
	return d.newTensor(n, b, offset, Arg{"in", b.String()}, Arg{"offset", offset}), nil
}

func (d *Device) newTensor(t metal.TensorDescriptor, b *buffer, offset int, args ...Arg) *tensor {
	n := t.Normalized()
	n.Dimensions, n.Strides = slices.Clone(n.Dimensions), slices.Clone(n.Strides)
	o := &tensor{descriptor: n, buffer: b, start: offset}
	o.allocation.parent, o.memory, o.offset, o.size = &b.allocation, b.memory, b.offset+offset, roundUp(n.Size())
	d.adopt(&o.object, "tensor", t.Label, append([]Arg{{"type", n.Type}, {"dimensions", n.Dimensions}}, args...)...)
	return o
}

func (t *tensor) Descriptor() metal.TensorDescriptor { return t.descriptor }
func (t *tensor) Buffer() metal.Buffer               { return t.buffer }
func (t *tensor) Offset() int                        { return t.start }
