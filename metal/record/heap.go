package record

import (
	"sync/atomic"

	"weft/metal"
	"weft/metal/rules"
)

type heap struct {
	allocation
	descriptor metal.HeapDescriptor
	placed     atomic.Int32 // resources that live in it
}

// NewHeap makes a placement heap.
func (d *Device) NewHeap(h metal.HeapDescriptor) (metal.Heap, error) {
	if err := rules.Heap(h); err != nil {
		return nil, d.refuse("NewHeap", "%v", err)
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

// place checks that a resource of a kind fits at an offset.
func (h *heap) place(call, kind, label string, need metal.SizeAndAlign, mode metal.StorageMode, offset int) error {
	if h.released.Load() {
		return h.device.fail(h.String(), call, "%s is placed in a heap that has been released", describe(kind, label))
	}
	if err := rules.Placed(h.descriptor, h.size, kind, label, need, mode, offset); err != nil {
		return h.device.fail(h.String(), call, "%v", err)
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
	if err := h.place("NewBuffer", "buffer", b.Label, need, b.Storage, offset); err != nil {
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
	if err := h.place("NewTexture", "texture", t.Label, need, n.Storage, offset); err != nil {
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
