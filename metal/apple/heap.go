package apple

import (
	"sync/atomic"

	"weft/metal"
	"weft/metal/apple/objc"
	"weft/metal/rules"
)

// heap is an MTLHeap of type placement.
type heap struct {
	allocation
	desc   metal.HeapDescriptor
	size   int
	placed atomic.Int32 // resources that live in it
}

var _ metal.Heap = (*heap)(nil)

// NewHeap makes a placement heap.
func (d *Device) NewHeap(desc metal.HeapDescriptor) (metal.Heap, error) {
	if err := rules.Heap(desc); err != nil {
		return nil, refuse(err)
	}
	h := &heap{desc: desc}
	h.object = object{device: d, kind: "heap", label: desc.Label}
	if desc.Class != 0 {
		return nil, h.fail("class %d: no resource of this device has it; use SizeAndAlign.Class", desc.Class)
	}
	c := d.borrow()
	defer d.giveBack(c)
	m := c.make(classMTLHeapDescriptor)
	defer c.release(m)
	c.send(m, selSetType, mtlHeapTypePlacement)
	c.send(m, selSetSize, uintptr(desc.Size))
	c.send(m, selSetStorageMode, uintptr(desc.Storage))
	c.send(m, selSetHazardTrackingMode, mtlHazardTrackingModeUntracked)
	if h.id = c.object(d.id, selNewHeapWithDescriptor, uintptr(m)); h.id == 0 {
		return nil, h.fail("%d bytes: the system has no memory for it", desc.Size)
	}
	c.label(h.id, desc.Label)
	h.size = int(c.send(h.id, selSize))
	return h, nil
}

func (h *heap) Size() int { return h.size }

func (h *heap) residents() [2]objc.ID { return [2]objc.ID{h.id} }

// NewBuffer places a buffer at offset.
func (h *heap) NewBuffer(desc metal.BufferDescriptor, offset int) (metal.Buffer, error) {
	d := h.device
	need, err := d.BufferSizeAndAlign(desc)
	if err != nil {
		return nil, err
	}
	if err := h.fits("buffer", desc.Label, need, desc.Storage, offset); err != nil {
		return nil, err
	}
	c := d.borrow()
	defer d.giveBack(c)
	b, err := c.buffer(c.object(h.id, selNewBufferWithLengthOptionsOffset, uintptr(desc.Length), options(desc.Storage), uintptr(offset)), desc, h)
	if err != nil {
		return nil, err
	}
	h.placed.Add(1)
	return b, nil
}

// NewTexture places a texture at offset.
func (h *heap) NewTexture(desc metal.TextureDescriptor, offset int) (metal.Texture, error) {
	d := h.device
	need, err := d.TextureSizeAndAlign(desc)
	if err != nil {
		return nil, err
	}
	n := desc.Normalized()
	if err := h.fits("texture", desc.Label, need, n.Storage, offset); err != nil {
		return nil, err
	}
	c := d.borrow()
	defer d.giveBack(c)
	m := c.textureDescriptor(&n)
	defer c.release(m)
	t, err := c.texture(c.object(h.id, selNewTextureWithDescriptorOffset, uintptr(m), uintptr(offset)), n)
	if err != nil {
		return nil, err
	}
	t.in = h
	h.placed.Add(1)
	return t, nil
}

func (h *heap) fits(kind, label string, need metal.SizeAndAlign, s metal.StorageMode, offset int) error {
	if h.id == 0 {
		return refuse(h.fail("%s is placed in it after its Release", rules.Describe(kind, label)))
	}
	if err := rules.Placed(h.desc, h.size, kind, label, need, s, offset); err != nil {
		return refuse(err)
	}
	return nil
}

// leave counts a resource out; the heap may be nil.
func (h *heap) leave() {
	if h != nil {
		h.placed.Add(-1)
	}
}
