package record

import (
	"fmt"

	"weft/metal"
)

func (e *computeEncoder) CopyBuffer(src metal.Buffer, srcOffset int, dst metal.Buffer, dstOffset, size int) {
	if e.logs() {
		e.log("CopyBuffer", Arg{"from", name(src)}, Arg{"offset", srcOffset}, Arg{"to", name(dst)}, Arg{"offset", dstOffset}, Arg{"size", size})
	}
	if !e.enter("CopyBuffer") {
		return
	}
	from, to := e.theBuffer("source", src), e.theBuffer("destination", dst)
	if from == nil || to == nil || !e.inside("source", from, srcOffset, size) || !e.inside("destination", to, dstOffset, size) {
		return
	}
	if from == to && srcOffset < dstOffset+size && dstOffset < srcOffset+size {
		e.fail("bytes [%d, %d) and [%d, %d) of %s overlap: copy through another buffer", srcOffset, srcOffset+size, dstOffset, dstOffset+size, from)
		return
	}
	e.copies(from.at(srcOffset), to.at(dstOffset), 1, 1, size)
}

func (e *computeEncoder) copies(from, to place, images, rows, length int) {
	b := e.buffer
	b.work = append(b.work, work{kind: workCopy, from: from, to: to, images: images, rows: rows, length: length})
}

func (e *computeEncoder) FillBuffer(x metal.Buffer, offset, size int, value byte) {
	if e.logs() {
		e.log("FillBuffer", Arg{"buffer", name(x)}, Arg{"offset", offset}, Arg{"size", size}, Arg{"value", value})
	}
	if !e.enter("FillBuffer") {
		return
	}
	b := e.theBuffer("buffer", x)
	if b == nil || !e.multiple("offset", offset, 4) || !e.multiple("size", size, 4) || !e.inside("fill", b, offset, size) {
		return
	}
	e.buffer.work = append(e.buffer.work, work{kind: workFill, to: b.at(offset), length: size, value: value})
}

// region is the argument as a part of a texture that a copy may reach.
func (e *computeEncoder) region(what string, r metal.TextureRegion, size metal.Size) *texture {
	t, ok := r.Texture.(*texture)
	if !ok || t == nil {
		e.fail("%s is not a texture of this driver: %T", what, r.Texture)
		return nil
	}
	n := &t.descriptor
	switch {
	case n.Storage == metal.StorageModeMemoryless:
		e.fail("%s: %s is memoryless: it has nothing to copy", what, t)
		return nil
	case r.Level < 0 || r.Level >= n.Mips:
		e.fail("%s: level %d of %s, which has %d mips", what, r.Level, t, n.Mips)
		return nil
	case r.Slice < 0 || r.Slice >= n.Slices():
		e.fail("%s: slice %d of %s, which has %d", what, r.Slice, t, n.Slices())
		return nil
	}
	o, m := r.Origin, n.MipSize(r.Level)
	outside := func(origin, size, side int) bool { return origin < 0 || size < 1 || size > side || origin > side-size }
	if outside(o.X, size.Width, m.Width) || outside(o.Y, size.Height, m.Height) || outside(o.Z, size.Depth, m.Depth) {
		e.fail("%s: %dx%dx%d texels at (%d, %d, %d) of level %d of %s, which is %dx%dx%d", what, size.Width, size.Height, size.Depth, o.X, o.Y, o.Z, r.Level, t, m.Width, m.Height, m.Depth)
		return nil
	}
	if !e.touch(&t.allocation) {
		return nil
	}
	return t
}

func (e *computeEncoder) CopyTexture(src, dst metal.TextureRegion, size metal.Size) {
	if e.logs() {
		e.log("CopyTexture", Arg{"from", regionText(src)}, Arg{"to", regionText(dst)}, Arg{"size", size})
	}
	if !e.enter("CopyTexture") {
		return
	}
	from, to := e.region("source", src, size), e.region("destination", dst, size)
	if from == nil || to == nil {
		return
	}
	f, t := &from.descriptor, &to.descriptor
	if f.Format != t.Format {
		e.fail("from %v (%s) to %v (%s): the formats must be equal; make a view of one", f.Format, from, t.Format, to)
		return
	}
	if f.Samples != t.Samples {
		e.fail("from %d samples (%s) to %d (%s): must be equal", f.Samples, from, t.Samples, to)
		return
	}
	same := from.root == to.root && from.slice+src.Slice == to.slice+dst.Slice && from.level+src.Level == to.level+dst.Level
	if same && meet(src.Origin.X, dst.Origin.X, size.Width) && meet(src.Origin.Y, dst.Origin.Y, size.Height) && meet(src.Origin.Z, dst.Origin.Z, size.Depth) {
		e.fail("the two parts of %s overlap", from)
		return
	}
	e.copies(from.at(src.Slice, src.Level, src.Origin), to.at(dst.Slice, dst.Level, dst.Origin),
		size.Depth, size.Height, size.Width*f.Format.BytesPerPixel()*f.Samples)
}

// meet reports whether [a, a+n) and [b, b+n) overlap.
func meet(a, b, n int) bool { return a < b+n && b < a+n }

// rows checks the layout of texels in a buffer.
func (e *computeEncoder) rows(what string, t *texture, b *buffer, offset, bytesPerRow, bytesPerImage int, size metal.Size) bool {
	f := t.descriptor.Format
	if t.descriptor.Samples > 1 {
		e.fail("%s has %d samples: resolve it first", t, t.descriptor.Samples)
		return false
	}
	if f.HasDepth() && f.HasStencil() {
		e.fail("%s has the combined format %v: a copy to or from a buffer takes one part", t, f)
		return false
	}
	texel := f.BytesPerPixel()
	if !e.multiple("offset", offset, texel) || !e.multiple("bytesPerRow", bytesPerRow, texel) || !e.multiple("bytesPerImage", bytesPerImage, texel) {
		return false
	}
	if least := size.Width * texel; bytesPerRow < least {
		e.fail("bytesPerRow is %d: a row of %d texels of %v has %d", bytesPerRow, size.Width, f, least)
		return false
	}
	if least := bytesPerRow * size.Height; size.Depth > 1 && bytesPerImage < least {
		e.fail("bytesPerImage is %d: %d rows of %d bytes are %d", bytesPerImage, size.Height, bytesPerRow, least)
		return false
	}
	if bytesPerRow > b.length && size.Height > 1 || bytesPerImage > b.length && size.Depth > 1 {
		e.fail("bytesPerRow %d, bytesPerImage %d: %s has %d bytes", bytesPerRow, bytesPerImage, b, b.length)
		return false
	}
	return e.inside(what, b, offset, (size.Depth-1)*bytesPerImage+(size.Height-1)*bytesPerRow+size.Width*texel)
}

func (e *computeEncoder) CopyBufferToTexture(src metal.Buffer, offset, bytesPerRow, bytesPerImage int, size metal.Size, dst metal.TextureRegion) {
	if e.logs() {
		e.log("CopyBufferToTexture", Arg{"from", name(src)}, Arg{"offset", offset}, Arg{"bytesPerRow", bytesPerRow}, Arg{"bytesPerImage", bytesPerImage}, Arg{"size", size}, Arg{"to", regionText(dst)})
	}
	if !e.enter("CopyBufferToTexture") {
		return
	}
	b, t := e.theBuffer("source", src), e.region("destination", dst, size)
	if b == nil || t == nil || !e.rows("source", t, b, offset, bytesPerRow, bytesPerImage, size) {
		return
	}
	from := b.at(offset)
	from.row, from.image = bytesPerRow, bytesPerImage
	e.copies(from, t.at(dst.Slice, dst.Level, dst.Origin), size.Depth, size.Height, size.Width*t.descriptor.Format.BytesPerPixel())
}

func (e *computeEncoder) CopyTextureToBuffer(src metal.TextureRegion, size metal.Size, dst metal.Buffer, offset, bytesPerRow, bytesPerImage int) {
	if e.logs() {
		e.log("CopyTextureToBuffer", Arg{"from", regionText(src)}, Arg{"size", size}, Arg{"to", name(dst)}, Arg{"offset", offset}, Arg{"bytesPerRow", bytesPerRow}, Arg{"bytesPerImage", bytesPerImage})
	}
	if !e.enter("CopyTextureToBuffer") {
		return
	}
	t, b := e.region("source", src, size), e.theBuffer("destination", dst)
	if b == nil || t == nil || !e.rows("destination", t, b, offset, bytesPerRow, bytesPerImage, size) {
		return
	}
	to := b.at(offset)
	to.row, to.image = bytesPerRow, bytesPerImage
	e.copies(t.at(src.Slice, src.Level, src.Origin), to, size.Depth, size.Height, size.Width*t.descriptor.Format.BytesPerPixel())
}

func (e *computeEncoder) GenerateMipmaps(x metal.Texture) {
	if e.logs() {
		e.log("GenerateMipmaps", Arg{"texture", name(x)})
	}
	if !e.enter("GenerateMipmaps") {
		return
	}
	t, ok := x.(*texture)
	if !ok || t == nil {
		e.fail("not a texture of this driver: %T", x)
		return
	}
	n := &t.descriptor
	switch {
	case n.Mips == 1:
		e.fail("%s has one mip: there is none to make", t)
	case n.Format.HasDepth() || n.Format.HasStencil() || n.Format.IsInteger():
		e.fail("%s has the format %v, which cannot be filtered", t, n.Format)
	default:
		e.touch(&t.allocation)
	}
}

func regionText(r metal.TextureRegion) string {
	return fmt.Sprintf("(%s slice %d level %d at %d,%d,%d)", name(r.Texture), r.Slice, r.Level, r.Origin.X, r.Origin.Y, r.Origin.Z)
}
