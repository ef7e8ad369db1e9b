package apple

import (
	"weft/metal"
	"weft/metal/rules"
)

func (e *computeEncoder) CopyBuffer(src metal.Buffer, srcOffset int, dst metal.Buffer, dstOffset, size int) {
	d := e.buffer.device
	from, err := own[buffer](d, "the source", src)
	to, second := own[buffer](d, "the destination", dst)
	if err == nil {
		err = second
	}
	if err == nil {
		err = rules.CopyBuffer(from, srcOffset, to, dstOffset, size)
	}
	if e.may("CopyBuffer", err) && size > 0 {
		e.send(selCopyFromBufferSourceOffsetToBufferDestinationOffsetSize,
			uintptr(from.id), uintptr(srcOffset), uintptr(to.id), uintptr(dstOffset), uintptr(size))
	}
}

func (e *computeEncoder) FillBuffer(x metal.Buffer, offset, size int, value byte) {
	b, err := own[buffer](e.buffer.device, "the buffer", x)
	if err == nil {
		err = rules.Fill(b, offset, size)
	}
	if e.may("FillBuffer", err) && size > 0 {
		e.send(selFillBufferRangeValue, uintptr(b.id), uintptr(offset), uintptr(size), uintptr(value))
	}
}

// origin is an MTLOrigin, for the next message.
func (e *computeEncoder) origin(o metal.Origin) uintptr { return e.buffer.caller.size(o.X, o.Y, o.Z) }

// extent is an MTLSize, for the next message.
func (e *computeEncoder) extent(s metal.Size) uintptr {
	return e.buffer.caller.size(s.Width, s.Height, s.Depth)
}

func (e *computeEncoder) CopyTexture(src, dst metal.TextureRegion, size metal.Size) {
	d := e.buffer.device
	from, err := own[texture](d, "the source", src.Texture)
	to, second := own[texture](d, "the destination", dst.Texture)
	if err == nil {
		err = second
	}
	if err == nil {
		err = rules.CopyTexture(&src, &dst, size)
	}
	if e.may("CopyTexture", err) {
		e.send(selCopyFromTextureSourceSliceSourceLevelSourceOriginSourceSizeToTextureDestinationSliceDestinationLevelDestinationOrigin,
			uintptr(from.id), uintptr(src.Slice), uintptr(src.Level), e.origin(src.Origin), e.extent(size),
			uintptr(to.id), uintptr(dst.Slice), uintptr(dst.Level), e.origin(dst.Origin))
	}
}

// texels are the arguments of a copy between a buffer and a texture. Metal wants
// no bytesPerImage where there is one image.
func (e *computeEncoder) texels(inBuffer string, x metal.Buffer, offset, bytesPerRow int, bytesPerImage *int, size metal.Size, inTexture string, r *metal.TextureRegion) (*buffer, *texture, error) {
	d := e.buffer.device
	b, err := own[buffer](d, inBuffer, x)
	if err != nil {
		return nil, nil, err
	}
	t, err := own[texture](d, inTexture, r.Texture)
	if err != nil {
		return nil, nil, err
	}
	if err := rules.CopyTexels(inBuffer, b, offset, bytesPerRow, *bytesPerImage, size, inTexture, r); err != nil {
		return nil, nil, err
	}
	if size.Depth == 1 {
		*bytesPerImage = 0
	}
	return b, t, nil
}

func (e *computeEncoder) CopyBufferToTexture(src metal.Buffer, offset, bytesPerRow, bytesPerImage int, size metal.Size, dst metal.TextureRegion) {
	b, t, err := e.texels("source", src, offset, bytesPerRow, &bytesPerImage, size, "destination", &dst)
	if e.may("CopyBufferToTexture", err) {
		e.send(selCopyFromBufferSourceOffsetSourceBytesPerRowSourceBytesPerImageSourceSizeToTextureDestinationSliceDestinationLevelDestinationOrigin,
			uintptr(b.id), uintptr(offset), uintptr(bytesPerRow), uintptr(bytesPerImage), e.extent(size),
			uintptr(t.id), uintptr(dst.Slice), uintptr(dst.Level), e.origin(dst.Origin))
	}
}

func (e *computeEncoder) CopyTextureToBuffer(src metal.TextureRegion, size metal.Size, dst metal.Buffer, offset, bytesPerRow, bytesPerImage int) {
	b, t, err := e.texels("destination", dst, offset, bytesPerRow, &bytesPerImage, size, "source", &src)
	if e.may("CopyTextureToBuffer", err) {
		e.send(selCopyFromTextureSourceSliceSourceLevelSourceOriginSourceSizeToBufferDestinationOffsetDestinationBytesPerRowDestinationBytesPerImage,
			uintptr(t.id), uintptr(src.Slice), uintptr(src.Level), e.origin(src.Origin), e.extent(size),
			uintptr(b.id), uintptr(offset), uintptr(bytesPerRow), uintptr(bytesPerImage))
	}
}

func (e *computeEncoder) GenerateMipmaps(x metal.Texture) {
	t, err := own[texture](e.buffer.device, "the texture", x)
	if err == nil {
		err = rules.Mipmaps(t)
	}
	if e.may("GenerateMipmaps", err) {
		e.send(selGenerateMipmapsForTexture, uintptr(t.id))
	}
}
