package vulkan

import (
	"sync"
	"sync/atomic"

	"weft/metal"
)

// heap is a placement heap: one VkDeviceMemory.
type heap struct {
	object
	memory  *memory // a little more than size, so that a buffer over all of it fits
	size    int
	storage metal.StorageMode
	class   int

	placed  atomic.Int32 // resources that live in it
	mu      sync.Mutex
	scratch *buffer // over the whole heap, for networks; made when first needed
}

var _ metal.Heap = (*heap)(nil)

// NewHeap makes a placement heap of d.Size bytes.
func (d *Device) NewHeap(desc metal.HeapDescriptor) (metal.Heap, error) {
	if desc.Size <= 0 {
		return nil, fail("heap", desc.Label, "size %d: must be at least 1 byte", desc.Size)
	}
	if err := checkStorage("heap", desc.Label, desc.Storage); err != nil {
		return nil, err
	}
	size := roundUp(desc.Size, d.placementAlign())
	m, err := d.allocate(size, desc.Class, desc.Storage, nil)
	if err != nil {
		return nil, fail("heap", desc.Label, "%w", err)
	}
	return &heap{object: object{d, desc.Label}, memory: m, size: desc.Size, storage: desc.Storage, class: desc.Class}, nil
}

func (h *heap) Size() int          { return h.size }
func (h *heap) AllocatedSize() int { return h.memory.size }

func (h *heap) Release() {
	if h.scratch != nil {
		h.scratch.Release()
	}
	h.device.free(h.memory)
}

// NewBuffer places a buffer at offset.
func (h *heap) NewBuffer(desc metal.BufferDescriptor, offset int) (metal.Buffer, error) {
	if err := h.device.checkBuffer(desc); err != nil {
		return nil, err
	}
	if desc.Storage != h.storage {
		return nil, fail("buffer", desc.Label, "it is %s, the heap %q %s: the storage modes must be equal", storageName(desc.Storage), h.label, storageName(h.storage))
	}
	b, err := h.device.createBuffer(desc)
	if err != nil {
		return nil, err
	}
	if err := h.fits("buffer", desc.Label, b.needs, offset); err != nil {
		b.Release()
		return nil, err
	}
	if err := b.bind(h.memory, offset); err != nil {
		b.Release()
		return nil, err
	}
	b.in = h.enter()
	return b, nil
}

// NewTexture places a texture at offset.
func (h *heap) NewTexture(desc metal.TextureDescriptor, offset int) (metal.Texture, error) {
	if h.storage == metal.StorageModeShared {
		return nil, fail("texture", desc.Label, "in the shared heap %q: textures need a private heap", h.label)
	}
	if desc.Storage == metal.StorageModeMemoryless {
		return nil, fail("texture", desc.Label, "it is memoryless: it has no memory to place in heap %q", h.label)
	}
	t, err := h.device.createTexture(desc)
	if err != nil {
		return nil, err
	}
	if err := h.fits("texture", desc.Label, t.image.needs, offset); err != nil {
		t.Release()
		return nil, err
	}
	if err := t.bind(h.memory, offset); err != nil {
		t.Release()
		return nil, err
	}
	t.image.in = h.enter()
	return t, nil
}

// enter counts a resource that is placed, leave one that is released.
func (h *heap) enter() *heap {
	h.placed.Add(1)
	return h
}

func (h *heap) leave() {
	if h != nil {
		h.placed.Add(-1)
	}
}

// whole is a buffer over the whole heap, made once: what networks keep their
// intermediates in.
func (h *heap) whole() (*buffer, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.scratch != nil {
		return h.scratch, nil
	}
	b, err := h.device.createBuffer(metal.BufferDescriptor{Label: h.label, Length: h.size, Storage: h.storage})
	if err != nil {
		return nil, err
	}
	if b.needs.Class != h.class {
		b.Release()
		return nil, fail("heap", h.label, "its memory class is %d: buffers need %d", h.class, b.needs.Class)
	}
	if err := b.bind(h.memory, 0); err != nil {
		b.Release()
		return nil, err
	}
	h.scratch = b
	return b, nil
}

// fits checks that a resource may lie at offset.
func (h *heap) fits(kind, label string, needs metal.SizeAndAlign, offset int) error {
	switch {
	case needs.Class != h.class:
		return fail(kind, label, "its memory class is %d, that of heap %q is %d: make the heap with the Class that SizeAndAlign gives", needs.Class, h.label, h.class)
	case offset < 0 || offset%needs.Align != 0:
		return fail(kind, label, "offset %d in heap %q: must be a multiple of %d", offset, h.label, needs.Align)
	case offset > h.size-needs.Size:
		return fail(kind, label, "%d bytes at offset %d do not fit in heap %q of %d bytes", needs.Size, offset, h.label, h.size)
	}
	return nil
}

// placementAlign keeps buffers and images of one heap apart by the granularity
// that they must not share (bufferImageGranularity).
func (d *Device) placementAlign() int { return max(int(d.limits.BufferImageGranularity), 256) }
