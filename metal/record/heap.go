package record

import (
	"sync/atomic"

	"weft/metal"
)

type heap struct {
	allocation
	descriptor metal.HeapDescriptor
	placed     atomic.Int32 // resources that live in it
}

// NewHeap makes a placement heap.
func (d *Device) NewHeap(h metal.HeapDescriptor) (metal.Heap, error) {
	if h.Size < 1 {
		return nil, d.refuse("NewHeap", "heap %q of %d bytes: must be at least 1", h.Label, h.Size)
	}
	if h.Storage != metal.StorageModePrivate && h.Storage != metal.StorageModeShared {
		return nil, d.refuse("NewHeap", "heap %q: storage mode %s: must be private or shared", h.Label, storage(h.Storage))
	}
	if h.Class != 0 && h.Class != d.options.TextureClass {
		return nil, d.refuse("NewHeap", "heap %q: class %d: no resource of this device has it; use SizeAndAlign.Class", h.Label, h.Class)
	}
	o := &heap{descriptor: h}
	o.size = h.Size
	o.memory = &memory{size: h.Size}
	d.adopt(&o.object, "heap", h.Label, Arg{"size", h.Size}, Arg{"storage", storage(h.Storage)})
	return o, nil
}

func (h *heap) Size() int { return h.descriptor.Size }

func storage(m metal.StorageMode) string {
	return word(m, "shared", "managed", "private", "memoryless")
}

// place checks that a resource fits at an offset.
func (h *heap) place(call, resource string, need metal.SizeAndAlign, mode metal.StorageMode, offset int) error {
	switch d := h.device; {
	case h.released.Load():
		return d.fail(h.String(), call, "%s is placed in a heap that has been released", resource)
	case mode != h.descriptor.Storage:
		return d.fail(h.String(), call, "%s is %s, the heap %s: the storage modes must be equal", resource, storage(mode), storage(h.descriptor.Storage))
	case need.Class != h.descriptor.Class:
		return d.fail(h.String(), call, "%s is of class %d, the heap of class %d: place it in a heap of its own class", resource, need.Class, h.descriptor.Class)
	case offset < 0 || offset%need.Align != 0:
		return d.fail(h.String(), call, "%s at offset %d: must be a multiple of %d, its alignment", resource, offset, need.Align)
	case offset > h.size || need.Size > h.size-offset:
		return d.fail(h.String(), call, "%s needs [%d, %d) of a heap of %d bytes", resource, offset, offset+need.Size, h.size)
	}
	return nil
}

// NewBuffer places a buffer.
func (h *heap) NewBuffer(b metal.BufferDescriptor, offset int) (metal.Buffer, error) {
	need, err := h.device.BufferSizeAndAlign(b)
	if err != nil {
		return nil, err
	}
	o := &buffer{length: b.Length, storage: b.Storage}
	if err := h.place("NewBuffer", describe("buffer", b.Label), need, b.Storage, offset); err != nil {
		return nil, err
	}
	o.settle(h, offset, need.Size)
	h.device.adopt(&o.object, "buffer", b.Label, Arg{"length", b.Length}, Arg{"in", h.String()}, Arg{"offset", offset})
	return o, nil
}

// NewTexture places a texture.
func (h *heap) NewTexture(t metal.TextureDescriptor, offset int) (metal.Texture, error) {
	need, err := h.device.TextureSizeAndAlign(t)
	if err != nil {
		return nil, err
	}
	n := t.Normalized()
	if n.Storage == metal.StorageModeMemoryless {
		return nil, h.device.fail(h.String(), "NewTexture", "%s is memoryless: it has no memory to place; use Device.NewTexture", describe("texture", t.Label))
	}
	if err := h.place("NewTexture", describe("texture", t.Label), need, n.Storage, offset); err != nil {
		return nil, err
	}
	o := newTexture(n)
	o.settle(h, offset, need.Size)
	h.device.adopt(&o.object, "texture", t.Label, append(textureArgs(n), Arg{"in", h.String()}, Arg{"offset", offset})...)
	return o, nil
}

// describe names what is not made yet.
func describe(kind, label string) string {
	o := object{kind: kind, label: label}
	if label == "" {
		return "a " + kind
	}
	return o.String()
}
