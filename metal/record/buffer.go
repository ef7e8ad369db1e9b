package record

import (
	"weft/metal"
	"weft/metal/rules"
)

type buffer struct {
	allocation
	length  int
	storage metal.StorageMode
	owner   *tensor // of a buffer that was made for a tensor
}

// base makes the buffer of a tensor resident with its tensor.
func (b *buffer) base() *allocation {
	if b.owner != nil {
		return &b.owner.allocation
	}
	return &b.allocation
}

// BufferSizeAndAlign rounds the length up to 256 bytes.
func (d *Device) BufferSizeAndAlign(b metal.BufferDescriptor) (metal.SizeAndAlign, error) {
	if err := rules.Buffer(b, d.options.Limits); err != nil {
		return metal.SizeAndAlign{}, d.refuse("BufferSizeAndAlign", "%v", err)
	}
	return metal.SizeAndAlign{Size: roundUp(b.Length), Align: align}, nil
}

// NewBuffer makes a buffer with memory of its own.
func (d *Device) NewBuffer(b metal.BufferDescriptor) (metal.Buffer, error) {
	need, err := d.BufferSizeAndAlign(b)
	if err != nil {
		return nil, err
	}
	o := &buffer{length: b.Length, storage: b.Storage}
	o.memory, o.size = &memory{size: need.Size}, need.Size
	d.adopt(&o.object, "buffer", b.Label, Arg{"length", b.Length}, Arg{"storage", storage(b.Storage)})
	return o, nil
}

func (b *buffer) Length() int { return b.length }

// Contents is the memory of a shared buffer.
func (b *buffer) Contents() []byte {
	if b.storage != metal.StorageModeShared {
		return nil
	}
	if why := b.broken(b.device); why != "" {
		b.device.fail(b.String(), "Contents", "%s", why)
		return nil
	}
	all := b.memory.all()
	if all == nil {
		return nil
	}
	return all[b.offset : b.offset+b.length : b.offset+b.length]
}

// at is the place of bytes from offset on.
func (b *buffer) at(offset int) place { return place{memory: b.memory, offset: b.offset + offset} }
