package standin

import (
	"weft/barriers"
	"weft/metal"
)

// copied is a buffer that a copy reaches, if size bytes are there.
func (e *encoder) copied(c *call, what string, o *object, offset, size int) *buffer {
	b := o.state.(*buffer)
	if !e.touch(c, &b.allocation) {
		return nil
	}
	if offset < 0 || size < 0 || offset > b.length || size > b.length-offset {
		c.fault("%s: %d bytes from offset %d on of %s, which has %d", what, size, offset, b, b.length)
		return nil
	}
	return b
}

func (m *machine) copyBuffer(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	from, to, size := c.integer(1), c.integer(3), c.integer(4)
	source := e.copied(c, "source", c.object(0), from, size)
	target := e.copied(c, "destination", c.object(2), to, size)
	if source == nil || target == nil {
		return
	}
	if source == target && from < to+size && to < from+size {
		c.fault("bytes [%d, %d) and [%d, %d) of %s overlap", from, from+size, to, to+size, source)
		return
	}
	e.compute.metal.CopyBuffer(source.metal, from, target.metal, to, size)
	e.usesPart(&source.allocation, bytesPart(from, size), metal.StageBlit, true, false)
	e.usesPart(&target.allocation, bytesPart(to, size), metal.StageBlit, false, true)
	e.done()
}

func (m *machine) fillBuffer(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	r := c.structure(1)
	from, size := int(r[0]), int(r[1])
	b := e.copied(c, "buffer", c.object(0), from, size)
	if b == nil {
		return
	}
	if from%4 != 0 || size%4 != 0 {
		c.fault("%d bytes from offset %d on: both must be multiples of 4", size, from)
		return
	}
	e.compute.metal.FillBuffer(b.metal, from, size, byte(c.word(2)))
	e.usesPart(&b.allocation, bytesPart(from, size), metal.StageBlit, false, true)
	e.done()
}

// region is a part of a texture that a copy reaches, from the arguments: the
// texture and then slice, level and origin; nil where it is outside.
func (e *encoder) region(c *call, what string, o *object, slice, level int, origin []uint64, size metal.Size) (metal.TextureRegion, *texture) {
	t := o.state.(*texture)
	if !e.touch(c, &t.allocation) {
		return metal.TextureRegion{}, nil
	}
	n := &t.descriptor
	if t.nowhere {
		c.fault("%s: %s is memoryless: it has nothing to copy", what, t)
		return metal.TextureRegion{}, nil
	}
	if level < 0 || level >= n.Mips || slice < 0 || slice >= n.Slices() {
		c.fault("%s: level %d, slice %d of %s, which has %d mips and %d slices", what, level, slice, t, n.Mips, n.Slices())
		return metal.TextureRegion{}, nil
	}
	o3 := metal.Origin{X: int(origin[0]), Y: int(origin[1]), Z: int(origin[2])}
	side := n.MipSize(level)
	outside := func(at, size, side int) bool { return at < 0 || size < 1 || size > side || at > side-size }
	if outside(o3.X, size.Width, side.Width) || outside(o3.Y, size.Height, side.Height) || outside(o3.Z, size.Depth, side.Depth) {
		c.fault("%s: %v texels at %v of level %d of %s, which is %v", what, size, o3, level, t, side)
		return metal.TextureRegion{}, nil
	}
	return metal.TextureRegion{Texture: t.metal, Slice: slice, Level: level, Origin: o3}, t
}

// part is the level and slice of a texture, in the texture it is a view of.
func (t *texture) part(level, slice int) barriers.Part {
	mip, layer := int64(t.mip+level), int64(t.slice+slice)
	return barriers.Part{Mips: barriers.Range{First: mip, End: mip + 1}, Layers: barriers.Range{First: layer, End: layer + 1}}
}

func (m *machine) copyTexture(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	size := sizeOf(c.structure(4))
	from, source := e.region(c, "source", c.object(0), c.integer(1), c.integer(2), c.structure(3), size)
	to, target := e.region(c, "destination", c.object(5), c.integer(6), c.integer(7), c.structure(8), size)
	if source == nil || target == nil {
		return
	}
	if f, t := &source.descriptor, &target.descriptor; f.Format != t.Format || f.Samples != t.Samples {
		c.fault("from %v, %d samples (%s) to %v, %d samples (%s): must be equal", f.Format, f.Samples, source, t.Format, t.Samples, target)
		return
	}
	e.compute.metal.CopyTexture(from, to, size)
	e.usesPart(&source.root.allocation, source.part(from.Level, from.Slice), metal.StageBlit, true, false)
	e.usesPart(&target.root.allocation, target.part(to.Level, to.Slice), metal.StageBlit, false, true)
	e.done()
}

// rows checks how texels lie in a buffer, and returns how many bytes they span;
// the copies with options take one part of a combined format.
func rows(c *call, t *texture, offset, perRow, perImage int, size metal.Size) (int, bool) {
	f := t.descriptor.Format
	texel := f.BytesPerPixel()
	switch {
	case t.descriptor.Samples > 1:
		c.fault("%s has %d samples: resolve it first", t, t.descriptor.Samples)
	case f.HasDepth() && f.HasStencil():
		c.fault("%s has the combined format %v: this stand-in copies no part of it", t, f)
	case offset%texel != 0 || perRow%texel != 0 || perImage%texel != 0:
		c.fault("offset %d, %d bytes a row, %d bytes an image: must be multiples of %d, the size of a texel of %v", offset, perRow, perImage, texel, f)
	case perRow < size.Width*texel && (size.Height > 1 || size.Depth > 1 || perRow != 0):
		c.fault("%d bytes a row: %d texels of %v have %d", perRow, size.Width, f, size.Width*texel)
	case size.Depth > 1 && perImage < perRow*size.Height:
		c.fault("%d bytes an image: %d rows of %d bytes are more", perImage, size.Height, perRow)
	default:
		return (size.Depth-1)*perImage + (size.Height-1)*perRow + size.Width*texel, true
	}
	return 0, false
}

func (m *machine) copyTextureToBuffer(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	size := sizeOf(c.structure(4))
	from, t := e.region(c, "source", c.object(0), c.integer(1), c.integer(2), c.structure(3), size)
	if t == nil {
		return
	}
	offset, perRow, perImage := c.integer(6), c.integer(7), c.integer(8)
	span, ok := rows(c, t, offset, perRow, perImage, size)
	if !ok {
		return
	}
	b := e.copied(c, "destination", c.object(5), offset, span)
	if b == nil {
		return
	}
	e.compute.metal.CopyTextureToBuffer(from, size, b.metal, offset, perRow, perImage)
	e.usesPart(&t.root.allocation, t.part(from.Level, from.Slice), metal.StageBlit, true, false)
	e.usesPart(&b.allocation, bytesPart(offset, span), metal.StageBlit, false, true)
	e.done()
}

func (m *machine) copyBufferToTexture(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	size := sizeOf(c.structure(4))
	to, t := e.region(c, "destination", c.object(5), c.integer(6), c.integer(7), c.structure(8), size)
	if t == nil {
		return
	}
	offset, perRow, perImage := c.integer(1), c.integer(2), c.integer(3)
	span, ok := rows(c, t, offset, perRow, perImage, size)
	if !ok {
		return
	}
	b := e.copied(c, "source", c.object(0), offset, span)
	if b == nil {
		return
	}
	e.compute.metal.CopyBufferToTexture(b.metal, offset, perRow, perImage, size, to)
	e.usesPart(&b.allocation, bytesPart(offset, span), metal.StageBlit, true, false)
	e.usesPart(&t.root.allocation, t.part(to.Level, to.Slice), metal.StageBlit, false, true)
	e.done()
}

func (m *machine) generateMipmaps(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	t := c.object(0).state.(*texture)
	f := t.descriptor.Format
	switch {
	case !e.touch(c, &t.allocation):
	case t.descriptor.Mips == 1:
		c.fault("%s has one mip: there is none to make", t)
	case f.HasDepth() || f.HasStencil() || f.IsInteger():
		c.fault("%s has the format %v, which cannot be filtered", t, f)
	default:
		e.compute.metal.GenerateMipmaps(t.metal)
		e.uses(&t.allocation, metal.StageBlit, true, true)
		e.done()
	}
}
