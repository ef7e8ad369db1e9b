package record

import "weft/metal"

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
	if err := t.Validate(); err != nil {
		return metal.SizeAndAlign{}, d.refuse("TextureSizeAndAlign", "%v", err)
	}
	if side := d.options.Limits.MaxTextureSize; max(t.Width, t.Height, t.Depth) > side {
		return metal.SizeAndAlign{}, d.refuse("TextureSizeAndAlign", "%s of %dx%d: at most %d a side", describe("texture", t.Label), t.Width, t.Height, side)
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

// NewView makes a view of a part of the texture.
func (t *texture) NewView(v metal.TextureViewDescriptor) (metal.Texture, error) {
	fail := func(format string, args ...any) (metal.Texture, error) {
		return nil, t.device.fail(t.String(), "NewView", "%s: "+format, append([]any{describe("view", v.Label)}, args...)...)
	}
	if why := t.broken(t.device); why != "" {
		return fail("%s", why)
	}
	n := t.descriptor
	if v.Format == 0 {
		v.Format = n.Format
	}
	if v.MipEnd == 0 {
		v.MipEnd = n.Mips
	}
	if v.SliceEnd == 0 {
		v.SliceEnd = n.Slices()
	}
	if v.MipStart < 0 || v.MipStart >= v.MipEnd || v.MipEnd > n.Mips {
		return fail("mips [%d, %d): the texture has [0, %d)", v.MipStart, v.MipEnd, n.Mips)
	}
	if v.SliceStart < 0 || v.SliceStart >= v.SliceEnd || v.SliceEnd > n.Slices() {
		return fail("slices [%d, %d): the texture has [0, %d)", v.SliceStart, v.SliceEnd, n.Slices())
	}
	if v.Format != n.Format {
		if n.Usage&metal.TextureUsagePixelFormatView == 0 {
			return fail("format %v of a %v texture: the texture needs the usage pixelFormatView", v.Format, n.Format)
		}
		if v.Format.BytesPerPixel() != n.Format.BytesPerPixel() {
			return fail("format %v of a %v texture: texels must be of one size", v.Format, n.Format)
		}
	}
	slices := v.SliceEnd - v.SliceStart
	view, ok := viewType(n, v.Type, slices)
	if !ok {
		return fail("type %v of %d slices of a %v texture: the shapes do not fit", view, slices, n.Type)
	}
	size := n.MipSize(v.MipStart)
	n.Label, n.Format, n.Type = v.Label, v.Format, view
	n.Width, n.Height, n.Depth, n.Mips = size.Width, size.Height, size.Depth, v.MipEnd-v.MipStart
	n.Layers = slices
	if view == metal.TextureTypeCube || view == metal.TextureTypeCubeArray {
		n.Layers = slices / 6
	}
	o := &texture{descriptor: n, root: t.root, level: t.level + v.MipStart, slice: t.slice + v.SliceStart}
	o.allocation.parent, o.memory, o.offset, o.size = &t.allocation, t.memory, t.offset, 0
	o.nowhere = t.nowhere
	t.device.adopt(&o.object, "texture", v.Label, append(textureArgs(n), Arg{"of", t.String()}, Arg{"level", v.MipStart}, Arg{"slice", v.SliceStart})...)
	return o, nil
}

// viewType is the type of a view with so many slices, and whether it may be.
func viewType(n metal.TextureDescriptor, want metal.TextureType, slices int) (metal.TextureType, bool) {
	if want == 0 {
		want = n.Type
	}
	ok := false
	switch want {
	case metal.TextureType2D:
		ok = n.Samples == 1 && n.Depth == 1 && slices == 1
	case metal.TextureType2DArray:
		ok = n.Samples == 1 && n.Type != metal.TextureType3D
	case metal.TextureType2DMultisample:
		ok = n.Samples > 1 && slices == 1
	case metal.TextureType2DMultisampleArray:
		ok = n.Samples > 1
	case metal.TextureTypeCube:
		ok = n.Samples == 1 && slices == 6 && n.Width == n.Height
	case metal.TextureTypeCubeArray:
		ok = n.Samples == 1 && slices%6 == 0 && n.Width == n.Height
	case metal.TextureType3D:
		ok = n.Type == metal.TextureType3D
	}
	return want, ok
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
