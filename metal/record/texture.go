package record

import (
	"weft/metal"
	"weft/metal/rules"
)

// texture lies in memory slice by slice, each slice mip by mip, rows packed.
type texture struct {
	allocation
	descriptor metal.TextureDescriptor // normalized
	root       *texture                // itself, or what it is a view of
	level      int                     // of root, where a view begins
	slice      int
}

func newTexture(n metal.TextureDescriptor) *texture {
	t := &texture{descriptor: n}
	t.root = t
	return t
}

// TextureSizeAndAlign is the sum of the mips of all slices, rounded up to 256
// bytes.
func (d *Device) TextureSizeAndAlign(t metal.TextureDescriptor) (metal.SizeAndAlign, error) {
	if err := rules.Texture(t, d.options.Limits); err != nil {
		return metal.SizeAndAlign{}, d.refuse("TextureSizeAndAlign", "%v", err)
	}
	n := t.Normalized()
	return metal.SizeAndAlign{Size: roundUp(sliceSize(n) * n.Slices()), Align: align, Class: d.options.TextureClass}, nil
}

func mipBytes(n metal.TextureDescriptor, level int) int {
	s := n.MipSize(level)
	return s.Width * s.Height * s.Depth * n.Samples * n.Format.BytesPerPixel()
}

func sliceSize(n metal.TextureDescriptor) int {
	size := 0
	for level := range n.Mips {
		size += mipBytes(n, level)
	}
	return size
}

// NewTexture makes a texture with memory of its own.
func (d *Device) NewTexture(t metal.TextureDescriptor) (metal.Texture, error) {
	need, err := d.TextureSizeAndAlign(t)
	if err != nil {
		return nil, err
	}
	o := newTexture(t.Normalized())
	o.memory, o.size = &memory{size: need.Size}, need.Size
	if o.descriptor.Storage == metal.StorageModeMemoryless {
		o.size, o.nowhere = 0, true
	}
	d.adopt(&o.object, "texture", t.Label, textureArgs(o.descriptor)...)
	return o, nil
}

func textureArgs(n metal.TextureDescriptor) []Arg {
	args := []Arg{{"format", n.Format}, {"size", metal.Size{Width: n.Width, Height: n.Height, Depth: n.Depth}}}
	for _, more := range []struct {
		name  string
		value int
	}{{"layers", n.Layers}, {"mips", n.Mips}, {"samples", n.Samples}} {
		if more.value > 1 {
			args = append(args, Arg{more.name, more.value})
		}
	}
	return args
}

func (t *texture) Descriptor() metal.TextureDescriptor { return t.descriptor }

// Part is where a view begins in the texture that has the memory.
func (t *texture) Part() (of metal.Texture, level, slice int) { return t.root, t.level, t.slice }

// NewView makes a view of a part of the texture.
func (t *texture) NewView(v metal.TextureViewDescriptor) (metal.Texture, error) {
	if why := t.broken(t.device); why != "" {
		return nil, t.device.fail(t.String(), "NewView", "%s: %s", describe("view", v.Label), why)
	}
	n, v, err := rules.View(t, v)
	if err != nil {
		return nil, t.device.fail(t.String(), "NewView", "%v", err)
	}
	o := &texture{descriptor: n, root: t.root, level: t.level + v.MipStart, slice: t.slice + v.SliceStart}
	o.allocation.parent, o.memory, o.offset, o.size = &t.allocation, t.memory, t.offset, 0
	o.nowhere = t.nowhere
	t.device.adopt(&o.object, "texture", v.Label, append(textureArgs(n), Arg{"of", t.String()}, Arg{"level", v.MipStart}, Arg{"slice", v.SliceStart})...)
	return o, nil
}

// at is the place of a texel of this texture or view.
func (t *texture) at(slice, level int, o metal.Origin) place {
	root := t.root.descriptor
	offset := t.offset + (t.slice+slice)*sliceSize(root)
	for l := range t.level + level {
		offset += mipBytes(root, l)
	}
	size, texel := root.MipSize(t.level+level), root.Format.BytesPerPixel()*root.Samples
	p := place{memory: t.memory, row: size.Width * texel}
	p.image = p.row * size.Height
	p.offset = offset + o.Z*p.image + o.Y*p.row + o.X*texel
	return p
}
