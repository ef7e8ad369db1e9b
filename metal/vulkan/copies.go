package vulkan

import (
	"weft/metal"
	"weft/metal/vulkan/vk"
)

func (e *computeEncoder) CopyBuffer(src metal.Buffer, srcOffset int, dst metal.Buffer, dstOffset, size int) {
	const verb = "CopyBuffer"
	if !e.recording(verb) {
		return
	}
	s, t := e.buffer(src, verb), e.buffer(dst, verb)
	if s == nil || t == nil || !e.inBuffer(s, srcOffset, size, 1, verb) || !e.inBuffer(t, dstOffset, size, 1, verb) || size == 0 {
		return
	}
	if s == t && srcOffset < dstOffset+size && dstOffset < srcOffset+size {
		e.cb.fail("%s: %d bytes from %d to %d of buffer %q overlap", verb, size, srcOffset, dstOffset, s.label)
		return
	}
	e.bufferCopy = vk.BufferCopy{SrcOffset: uint64(srcOffset), DstOffset: uint64(dstOffset), Size: uint64(size)}
	e.cb.device.vk.CmdCopyBuffer(e.cb.handle, s.handle, t.handle, 1, &e.bufferCopy)
}

func (e *computeEncoder) FillBuffer(b metal.Buffer, offset, size int, value byte) {
	const verb = "FillBuffer"
	if !e.recording(verb) {
		return
	}
	x := e.buffer(b, verb)
	if x == nil || !e.inBuffer(x, offset, size, 4, verb) || size == 0 {
		return
	}
	if size%4 != 0 {
		e.cb.fail("%s: %d bytes of buffer %q: must be a multiple of 4", verb, size, x.label)
		return
	}
	e.cb.device.vk.CmdFillBuffer(e.cb.handle, x.handle, uint64(offset), uint64(size), uint32(value)*0x01010101)
}

// region checks one side of a texture copy and returns its texture.
func (e *computeEncoder) region(r metal.TextureRegion, size metal.Size, verb string) *texture {
	t, ok := r.Texture.(*texture)
	if !ok || t.device != e.cb.device {
		e.cb.fail("BUG: %s with a texture that is nil or of another device", verb)
		return nil
	}
	d := &t.desc
	if r.Level < 0 || r.Level >= d.Mips {
		e.cb.fail("%s: mip %d of texture %q: it has mips [0, %d)", verb, r.Level, t.label, d.Mips)
		return nil
	}
	mip, o := d.MipSize(r.Level), r.Origin
	switch {
	case r.Slice < 0 || r.Slice >= d.Slices():
		e.cb.fail("%s: slice %d of texture %q: it has slices [0, %d)", verb, r.Slice, t.label, d.Slices())
	case size.Width < 1 || size.Height < 1 || size.Depth < 1:
		e.cb.fail("%s: a size of %v: each side must be at least 1", verb, size)
	case o.X < 0 || o.Y < 0 || o.Z < 0 || o.X > mip.Width-size.Width || o.Y > mip.Height-size.Height || o.Z > mip.Depth-size.Depth:
		e.cb.fail("%s: %v texels at %v of texture %q: its mip %d has %v", verb, size, o, t.label, r.Level, mip)
	case t.image.usage&vk.ImageUsageTransferSrcBit == 0:
		e.cb.fail("%s: texture %q is memoryless", verb, t.label)
	default:
		return t
	}
	return nil
}

func (t *texture) layers(level, slice int) vk.ImageSubresourceLayers {
	return vk.ImageSubresourceLayers{
		AspectMask: aspects(t.desc.Format), MipLevel: t.part.BaseMipLevel + uint32(level),
		BaseArrayLayer: t.part.BaseArrayLayer + uint32(slice), LayerCount: 1,
	}
}

func offset3D(o metal.Origin) vk.Offset3D {
	return vk.Offset3D{X: int32(o.X), Y: int32(o.Y), Z: int32(o.Z)}
}

func extent3D(s metal.Size) vk.Extent3D {
	return vk.Extent3D{Width: uint32(s.Width), Height: uint32(s.Height), Depth: uint32(s.Depth)}
}

func (e *computeEncoder) CopyTexture(src, dst metal.TextureRegion, size metal.Size) {
	const verb = "CopyTexture"
	if !e.recording(verb) {
		return
	}
	s, t := e.region(src, size, verb), e.region(dst, size, verb)
	if s == nil || t == nil {
		return
	}
	if s.desc.Format.BytesPerPixel() != t.desc.Format.BytesPerPixel() || aspects(s.desc.Format) != aspects(t.desc.Format) || s.desc.Samples != t.desc.Samples {
		e.cb.fail("%s from %q (%v, %d samples) to %q (%v, %d samples): texels must have one size and sample count", verb, s.label, s.desc.Format, s.desc.Samples, t.label, t.desc.Format, t.desc.Samples)
		return
	}
	if t.is(dst.Level, dst.Slice, s, src.Level, src.Slice) && meet(src.Origin.X, dst.Origin.X, size.Width) && meet(src.Origin.Y, dst.Origin.Y, size.Height) && meet(src.Origin.Z, dst.Origin.Z, size.Depth) {
		e.cb.fail("%s: the two parts of texture %q overlap", verb, s.label)
		return
	}
	e.imageCopy = vk.ImageCopy{
		SrcSubresource: s.layers(src.Level, src.Slice), SrcOffset: offset3D(src.Origin),
		DstSubresource: t.layers(dst.Level, dst.Slice), DstOffset: offset3D(dst.Origin), Extent: extent3D(size),
	}
	e.cb.device.vk.CmdCopyImage(e.cb.handle, s.image.handle, vk.ImageLayoutGeneral, t.image.handle, vk.ImageLayoutGeneral, 1, &e.imageCopy)
}

// is reports whether one slice of one mip is that of another texture or view.
func (t *texture) is(level, slice int, u *texture, otherLevel, otherSlice int) bool {
	a, b := &t.part, &u.part
	return t.image == u.image && int(a.BaseMipLevel)+level == int(b.BaseMipLevel)+otherLevel && int(a.BaseArrayLayer)+slice == int(b.BaseArrayLayer)+otherSlice
}

// meet reports whether [a, a+n) and [b, b+n) overlap.
func meet(a, b, n int) bool { return a < b+n && b < a+n }

// between checks a copy between a buffer and a texture and fills e.textureCopy.
func (e *computeEncoder) between(verb string, b metal.Buffer, offset, bytesPerRow, bytesPerImage int, size metal.Size, r metal.TextureRegion) (*buffer, *texture) {
	if !e.recording(verb) {
		return nil, nil
	}
	x, t := e.buffer(b, verb), e.region(r, size, verb)
	if x == nil || t == nil {
		return nil, nil
	}
	f := t.desc.Format
	texel, rows := f.BytesPerPixel(), size.Height*size.Depth
	switch {
	case f.HasDepth() && f.HasStencil():
		e.cb.fail("%s: texture %q is %v: its parts cannot be copied to or from a buffer in one", verb, t.label, f)
		return nil, nil
	case t.desc.Samples > 1:
		e.cb.fail("%s: texture %q has %d samples: resolve it first", verb, t.label, t.desc.Samples)
		return nil, nil
	case bytesPerRow%texel != 0 || bytesPerRow < size.Width*texel:
		e.cb.fail("%s: %d bytes per row for %d texels of %v: must be a multiple of %d and at least %d", verb, bytesPerRow, size.Width, f, texel, size.Width*texel)
		return nil, nil
	case rows > 1 && bytesPerRow > x.length || size.Depth > 1 && bytesPerImage > x.length:
		e.cb.fail("%s: %d bytes per row, %d per image: buffer %q has %d", verb, bytesPerRow, bytesPerImage, x.label, x.length)
		return nil, nil
	case size.Depth > 1 && (bytesPerImage%bytesPerRow != 0 || bytesPerImage < bytesPerRow*size.Height):
		e.cb.fail("%s: %d bytes per image for %d rows of %d bytes: must be a whole number of rows and at least %d bytes", verb, bytesPerImage, size.Height, bytesPerRow, bytesPerRow*size.Height)
		return nil, nil
	}
	if rows == 1 { // a pitch to nowhere may be anything
		bytesPerRow = size.Width * texel
	}
	if size.Depth == 1 {
		bytesPerImage = bytesPerRow * size.Height
	}
	if !e.inBuffer(x, offset, bytesPerImage*(size.Depth-1)+bytesPerRow*(size.Height-1)+size.Width*texel, max(texel, 4), verb) {
		return nil, nil
	}
	e.textureCopy = vk.BufferImageCopy{
		BufferOffset: uint64(offset), BufferRowLength: uint32(bytesPerRow / texel), BufferImageHeight: uint32(bytesPerImage / bytesPerRow),
		ImageSubresource: t.layers(r.Level, r.Slice), ImageOffset: offset3D(r.Origin), ImageExtent: extent3D(size),
	}
	return x, t
}

func (e *computeEncoder) CopyBufferToTexture(src metal.Buffer, offset, bytesPerRow, bytesPerImage int, size metal.Size, dst metal.TextureRegion) {
	if b, t := e.between("CopyBufferToTexture", src, offset, bytesPerRow, bytesPerImage, size, dst); b != nil {
		e.cb.device.vk.CmdCopyBufferToImage(e.cb.handle, b.handle, t.image.handle, vk.ImageLayoutGeneral, 1, &e.textureCopy)
	}
}

func (e *computeEncoder) CopyTextureToBuffer(src metal.TextureRegion, size metal.Size, dst metal.Buffer, offset, bytesPerRow, bytesPerImage int) {
	if b, t := e.between("CopyTextureToBuffer", dst, offset, bytesPerRow, bytesPerImage, size, src); b != nil {
		e.cb.device.vk.CmdCopyImageToBuffer(e.cb.handle, t.image.handle, vk.ImageLayoutGeneral, b.handle, 1, &e.textureCopy)
	}
}
