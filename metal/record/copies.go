package record

import (
	"fmt"

	"weft/metal"
	"weft/metal/rules"
)

func (e *computeEncoder) CopyBuffer(src metal.Buffer, srcOffset int, dst metal.Buffer, dstOffset, size int) {
	if e.logs() {
		e.log("CopyBuffer", Arg{"from", name(src)}, Arg{"offset", srcOffset}, Arg{"to", name(dst)}, Arg{"offset", dstOffset}, Arg{"size", size})
	}
	if !e.enter("CopyBuffer") {
		return
	}
	from, to := e.theBuffer("source", src), e.theBuffer("destination", dst)
	if from == nil || to == nil || !e.check(rules.CopyBuffer(from, srcOffset, to, dstOffset, size)) {
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
	if b == nil || !e.check(rules.Fill(b, offset, size)) {
		return
	}
	e.buffer.work = append(e.buffer.work, work{kind: workFill, to: b.at(offset), length: size, value: value})
}

// theTexture is the argument as a texture of this driver that can be used.
func (e *computeEncoder) theTexture(what string, x metal.Texture) *texture {
	t, ok := x.(*texture)
	if !ok || t == nil {
		e.fail("%s is not a texture of this driver: %T", what, x)
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
	from, to := e.theTexture("source", src.Texture), e.theTexture("destination", dst.Texture)
	if from == nil || to == nil || !e.check(rules.CopyTexture(&src, &dst, size)) {
		return
	}
	f := &from.descriptor
	e.copies(from.at(src.Slice, src.Level, src.Origin), to.at(dst.Slice, dst.Level, dst.Origin),
		size.Depth, size.Height, size.Width*f.Format.BytesPerPixel()*f.Samples)
}

func (e *computeEncoder) CopyBufferToTexture(src metal.Buffer, offset, bytesPerRow, bytesPerImage int, size metal.Size, dst metal.TextureRegion) {
	if e.logs() {
		e.log("CopyBufferToTexture", Arg{"from", name(src)}, Arg{"offset", offset}, Arg{"bytesPerRow", bytesPerRow}, Arg{"bytesPerImage", bytesPerImage}, Arg{"size", size}, Arg{"to", regionText(dst)})
	}
	if !e.enter("CopyBufferToTexture") {
		return
	}
	b, t := e.theBuffer("source", src), e.theTexture("destination", dst.Texture)
	if b == nil || t == nil || !e.check(rules.CopyTexels("source", b, offset, bytesPerRow, bytesPerImage, size, "destination", &dst)) {
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
	t, b := e.theTexture("source", src.Texture), e.theBuffer("destination", dst)
	if b == nil || t == nil || !e.check(rules.CopyTexels("destination", b, offset, bytesPerRow, bytesPerImage, size, "source", &src)) {
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
	if t := e.theTexture("argument", x); t != nil {
		e.check(rules.Mipmaps(t))
	}
}

func regionText(r metal.TextureRegion) string {
	return fmt.Sprintf("(%s slice %d level %d at %d,%d,%d)", name(r.Texture), r.Slice, r.Level, r.Origin.X, r.Origin.Y, r.Origin.Z)
}
