package rules

import (
	"fmt"

	"weft/metal"
)

// CopyBuffer is the rule of copies from buffer to buffer.
func CopyBuffer(src metal.Buffer, srcOffset int, dst metal.Buffer, dstOffset, size int) error {
	if err := Inside("source", src, srcOffset, size, 1); err != nil {
		return err
	}
	if err := Inside("destination", dst, dstOffset, size, 1); err != nil {
		return err
	}
	if src == dst && meet(srcOffset, dstOffset, size) {
		return fmt.Errorf("bytes [%d, %d) and [%d, %d) of %s overlap: copy through another buffer", srcOffset, srcOffset+size, dstOffset, dstOffset+size, name("buffer", src))
	}
	return nil
}

// Fill is the rule of fills.
func Fill(b metal.Buffer, offset, size int) error {
	if size%4 != 0 {
		return fmt.Errorf("size is %d: must be a multiple of 4", size)
	}
	return Inside("fill", b, offset, size, 4)
}

// region is the rule of a part of a texture that a copy reaches.
func region(what string, r *metal.TextureRegion, n *metal.TextureDescriptor, s metal.Size) error {
	switch {
	case n.Storage == metal.StorageModeMemoryless:
		return fmt.Errorf("%s: %s is memoryless: it has nothing to copy", what, name("texture", r.Texture))
	case r.Level < 0 || r.Level >= n.Mips:
		return fmt.Errorf("%s: level %d of %s, which has %d mips", what, r.Level, name("texture", r.Texture), n.Mips)
	case r.Slice < 0 || r.Slice >= n.Slices():
		return fmt.Errorf("%s: slice %d of %s, which has %d", what, r.Slice, name("texture", r.Texture), n.Slices())
	}
	o, m := r.Origin, n.MipSize(r.Level)
	if outside(o.X, s.Width, m.Width) || outside(o.Y, s.Height, m.Height) || outside(o.Z, s.Depth, m.Depth) {
		return fmt.Errorf("%s: %s texels at (%d, %d, %d) of level %d of %s, which is %s", what, size(s), o.X, o.Y, o.Z, r.Level, name("texture", r.Texture), size(m))
	}
	return nil
}

func outside(origin, size, side int) bool {
	return origin < 0 || size < 1 || size > side || origin > side-size
}

// CopyTexture is the rule of copies from texture to texture.
func CopyTexture(src, dst *metal.TextureRegion, s metal.Size) error {
	f, t := src.Texture.Descriptor(), dst.Texture.Descriptor()
	if err := region("source", src, &f, s); err != nil {
		return err
	}
	if err := region("destination", dst, &t, s); err != nil {
		return err
	}
	if f.Format != t.Format {
		return fmt.Errorf("from %v (%s) to %v (%s): the formats must be equal; make a view of one", f.Format, name("texture", src.Texture), t.Format, name("texture", dst.Texture))
	}
	if f.Samples != t.Samples {
		return fmt.Errorf("from %d samples (%s) to %d (%s): must be equal", f.Samples, name("texture", src.Texture), t.Samples, name("texture", dst.Texture))
	}
	a, b := src.Origin, dst.Origin
	if samePart(src.Texture, src.Level, src.Slice, dst.Texture, dst.Level, dst.Slice) && meet(a.X, b.X, s.Width) && meet(a.Y, b.Y, s.Height) && meet(a.Z, b.Z, s.Depth) {
		return fmt.Errorf("the two parts of %s overlap", name("texture", src.Texture))
	}
	return nil
}

// meet reports whether [a, a+n) and [b, b+n) overlap.
func meet(a, b, n int) bool { return a < b+n && b < a+n }

// CopyTexels is the rule of copies between a buffer and a texture. buffer and
// texture say which is the source and which the destination.
func CopyTexels(buffer string, b metal.Buffer, offset, bytesPerRow, bytesPerImage int, s metal.Size, texture string, r *metal.TextureRegion) error {
	n := r.Texture.Descriptor()
	if err := region(texture, r, &n, s); err != nil {
		return err
	}
	f := n.Format
	if n.Samples > 1 {
		return fmt.Errorf("%s has %d samples: resolve it first", name("texture", r.Texture), n.Samples)
	}
	if f.HasDepth() && f.HasStencil() {
		return fmt.Errorf("%s has the combined format %v: a copy to or from a buffer takes one part", name("texture", r.Texture), f)
	}
	texel := f.BytesPerPixel()
	switch row, image := s.Width*texel, bytesPerRow*s.Height; {
	case bytesPerRow%texel != 0:
		return fmt.Errorf("bytesPerRow is %d: must be a multiple of %d, the size of a texel of %v", bytesPerRow, texel, f)
	case bytesPerImage%texel != 0:
		return fmt.Errorf("bytesPerImage is %d: must be a multiple of %d, the size of a texel of %v", bytesPerImage, texel, f)
	case bytesPerRow < row:
		return fmt.Errorf("bytesPerRow is %d: a row of %d texels of %v has %d", bytesPerRow, s.Width, f, row)
	case bytesPerRow > b.Length() && s.Height > 1 || bytesPerImage > b.Length() && s.Depth > 1:
		return fmt.Errorf("bytesPerRow %d, bytesPerImage %d: %s has %d bytes", bytesPerRow, bytesPerImage, name("buffer", b), b.Length())
	case s.Depth > 1 && bytesPerImage < image:
		return fmt.Errorf("bytesPerImage is %d: %d rows of %d bytes are %d", bytesPerImage, s.Height, bytesPerRow, image)
	case s.Depth == 1:
		bytesPerImage = 0
	}
	if s.Height == 1 {
		bytesPerRow = 0
	}
	return Inside(buffer, b, offset, (s.Depth-1)*bytesPerImage+(s.Height-1)*bytesPerRow+s.Width*texel, texel)
}

// Mipmaps is the rule of making mips.
func Mipmaps(t metal.Texture) error {
	n := t.Descriptor()
	switch {
	case n.Mips == 1:
		return fmt.Errorf("%s has one mip: there is none to make", name("texture", t))
	case n.Format.HasDepth() || n.Format.HasStencil() || n.Format.IsInteger():
		return fmt.Errorf("%s has the format %v, which cannot be filtered", name("texture", t), n.Format)
	}
	return nil
}
