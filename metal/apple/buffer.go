package apple

import (
	"unsafe"

	"weft/metal"
	"weft/metal/apple/objc"
	"weft/metal/rules"
)

// buffer is an MTLBuffer.
type buffer struct {
	allocation
	length  int
	storage metal.StorageMode
	address uint64 // on the GPU
	data    []byte // of a shared buffer
	in      *heap
}

var _ metal.Buffer = (*buffer)(nil)

// options are a resource's MTLResourceOptions. Nothing is tracked.
func options(m metal.StorageMode) uintptr {
	return uintptr(m)<<4 | mtlResourceHazardTrackingModeUntracked
}

// BufferSizeAndAlign is the room that a buffer needs in a heap.
func (d *Device) BufferSizeAndAlign(desc metal.BufferDescriptor) (metal.SizeAndAlign, error) {
	if err := rules.Buffer(desc, d.limits); err != nil {
		return metal.SizeAndAlign{}, refuse(err)
	}
	c := d.borrow()
	defer d.giveBack(c)
	size, align := c.SendPair(d.id, d.selectors[selHeapBufferSizeAndAlignWithLengthOptions], uintptr(desc.Length), options(desc.Storage))
	return metal.SizeAndAlign{Size: int(size), Align: int(align)}, nil
}

// NewBuffer makes a buffer in memory of its own.
func (d *Device) NewBuffer(desc metal.BufferDescriptor) (metal.Buffer, error) {
	b, err := d.newBuffer(desc)
	if err != nil {
		return nil, err
	}
	return b, nil
}

func (d *Device) newBuffer(desc metal.BufferDescriptor) (*buffer, error) {
	if err := rules.Buffer(desc, d.limits); err != nil {
		return nil, refuse(err)
	}
	c := d.borrow()
	defer d.giveBack(c)
	id := c.object(d.id, selNewBufferWithLengthOptions, uintptr(desc.Length), options(desc.Storage))
	return c.buffer(id, desc, nil)
}

// buffer wraps a new MTLBuffer, nil where Metal has made none.
func (c *caller) buffer(id objc.ID, desc metal.BufferDescriptor, in *heap) (*buffer, error) {
	b := &buffer{length: desc.Length, storage: desc.Storage, in: in}
	b.object = object{c.device, "buffer", desc.Label, id}
	if id == 0 {
		return nil, b.fail("%d bytes: the system has no memory for it", desc.Length)
	}
	c.label(id, desc.Label)
	b.address = uint64(c.send(id, selGpuAddress))
	if desc.Storage == metal.StorageModeShared {
		b.data = foreign(c.send(id, selContents), desc.Length)
	}
	return b, nil
}

// foreign is memory that is not Go's; nil for no address.
func foreign(address uintptr, n int) []byte {
	if address == 0 {
		return nil
	}
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&address)), n)
}

func (b *buffer) Length() int { return b.length }

// Contents is the memory of a shared buffer.
func (b *buffer) Contents() []byte { return b.data }

func (b *buffer) residents() [2]objc.ID {
	if b.in != nil {
		return b.in.residents()
	}
	return [2]objc.ID{b.id}
}

func (b *buffer) Release() {
	if b.id != 0 {
		b.in.leave()
		b.data = nil
	}
	b.object.Release()
}
