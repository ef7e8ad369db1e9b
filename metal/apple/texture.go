package apple

import (
	"weft/metal"
	"weft/metal/apple/objc"
	"weft/metal/rules"
)

// texture is an MTLTexture, perhaps a view of another.
type texture struct {
	allocation
	desc     metal.TextureDescriptor // normalized
	resource uint64                  // its MTLResourceID
	in       *heap
	root     *texture // itself, or what it is a view of
	level    int      // of root, where a view begins
	slice    int
	borrowed bool // of a drawable, which owns it
}

var _ metal.Texture = (*texture)(nil)

// TextureSizeAndAlign is the room that a texture needs in a heap.
func (d *Device) TextureSizeAndAlign(desc metal.TextureDescriptor) (metal.SizeAndAlign, error) {
	c := d.borrow()
	defer d.giveBack(c)
	if err := c.checkTexture(&desc); err != nil {
		return metal.SizeAndAlign{}, err
	}
	n := desc.Normalized()
	m := c.textureDescriptor(&n)
	defer c.release(m)
	size, align := c.SendPair(d.id, d.selectors[selHeapTextureSizeAndAlignWithDescriptor], uintptr(m))
	return metal.SizeAndAlign{Size: int(size), Align: max(int(align), 1)}, nil
}

// NewTexture makes a texture in memory of its own.
func (d *Device) NewTexture(desc metal.TextureDescriptor) (metal.Texture, error) {
	c := d.borrow()
	defer d.giveBack(c)
	if err := c.checkTexture(&desc); err != nil {
		return nil, err
	}
	n := desc.Normalized()
	m := c.textureDescriptor(&n)
	defer c.release(m)
	t, err := c.texture(c.object(d.id, selNewTextureWithDescriptor, uintptr(m)), n)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (c *caller) checkTexture(desc *metal.TextureDescriptor) error {
	if err := rules.Texture(*desc, c.device.limits); err != nil {
		return refuse(err)
	}
	if n := desc.Samples; n > 1 && !truth(c.send(c.device.id, selSupportsTextureSampleCount, uintptr(n))) {
		return (&object{kind: "texture", label: desc.Label}).fail("%d samples: device %q has no such textures", n, c.device.name)
	}
	return nil
}

// textureDescriptor makes an MTLTextureDescriptor of a normalized descriptor.
// A usage of 0 is MTLTextureUsageUnknown: everything.
func (c *caller) textureDescriptor(n *metal.TextureDescriptor) objc.ID {
	m := c.make(classMTLTextureDescriptor)
	c.send(m, selSetTextureType, uintptr(n.Type))
	c.send(m, selSetPixelFormat, uintptr(n.Format))
	c.send(m, selSetWidth, uintptr(n.Width))
	c.send(m, selSetHeight, uintptr(n.Height))
	c.send(m, selSetDepth, uintptr(n.Depth))
	c.send(m, selSetArrayLength, uintptr(n.Layers))
	c.send(m, selSetMipmapLevelCount, uintptr(n.Mips))
	c.send(m, selSetSampleCount, uintptr(n.Samples))
	c.send(m, selSetResourceOptions, options(n.Storage))
	c.send(m, selSetUsage, uintptr(n.Usage))
	return m
}

// texture wraps a new MTLTexture, nil where Metal has made none.
func (c *caller) texture(id objc.ID, n metal.TextureDescriptor) (*texture, error) {
	t := &texture{desc: n}
	t.root = t
	t.object = object{c.device, "texture", n.Label, id}
	if id == 0 {
		return nil, t.fail("%dx%dx%d, %v, type %v, usage %d: device %q has no such textures, or no memory for it", n.Width, n.Height, n.Depth, n.Format, n.Type, n.Usage, c.device.name)
	}
	c.label(id, n.Label)
	t.resource = uint64(c.send(id, selGpuResourceID))
	return t, nil
}

func (t *texture) Descriptor() metal.TextureDescriptor { return t.desc }

// Part is where a view begins in the texture that has the memory.
func (t *texture) Part() (of metal.Texture, level, slice int) { return t.root, t.level, t.slice }

// NewView makes a view of some mips and slices, perhaps in another format. The
// texture must outlive it.
func (t *texture) NewView(desc metal.TextureViewDescriptor) (metal.Texture, error) {
	if t.id == 0 {
		return nil, t.fail("a view is made after its Release")
	}
	n, v, err := rules.View(t, desc)
	if err != nil {
		return nil, refuse(err)
	}
	c := t.device.borrow()
	defer t.device.giveBack(c)
	view, err := c.texture(c.object(t.id, selNewTextureViewWithPixelFormatTextureTypeLevelsSlices,
		uintptr(v.Format), uintptr(v.Type), uintptr(v.MipStart), uintptr(v.MipEnd-v.MipStart),
		uintptr(v.SliceStart), uintptr(v.SliceEnd-v.SliceStart)), n)
	if err != nil {
		return nil, err
	}
	view.root, view.level, view.slice = t.root, t.level+v.MipStart, t.slice+v.SliceStart
	return view, nil
}

// residents of a texture are the one with the memory; memoryless ones have none.
func (t *texture) residents() [2]objc.ID {
	switch r := t.root; {
	case r.in != nil:
		return r.in.residents()
	case r.desc.Storage == metal.StorageModeMemoryless:
		return [2]objc.ID{}
	default:
		return [2]objc.ID{r.id}
	}
}

func (t *texture) Release() {
	if t.borrowed {
		return
	}
	if t.id != 0 {
		t.in.leave()
	}
	t.object.Release()
}
