package graph

import (
	"errors"
	"fmt"

	"weft/metal"
)

// maxMemory keeps sums of sizes far from overflow.
const maxMemory = 1 << 50

var errTooLarge = errors.New("graph: the transient resources need more than 2^50 bytes")

// measure lists what is to be placed, with sizes.
func (c *compilation) measure() error {
	g := c.g
	c.blocks = c.blocks[:0]
	total := 0
	add := func(resource int, pass int32, s metal.SizeAndAlign) error {
		l := &c.lives[resource]
		size := roundUp(s.Size, 256)
		if total += size; total > maxMemory || total < 0 {
			return errTooLarge
		}
		c.blocks = append(c.blocks, block{})
		b := &c.blocks[len(c.blocks)-1]
		b.resource, b.pass, b.class = int32(resource), pass, s.Class
		b.size, b.align = size, max(s.Align, 256)
		b.first, b.last, b.user = l.first, l.last, l.user
		return nil
	}
	for i := range g.resources {
		if g.resources[i].lifetime.carries() || c.lives[i].first < 0 {
			continue
		}
		s, err := c.size(i)
		if err != nil {
			return fmt.Errorf("graph: resource %q: %w", g.resources[i].name, err)
		}
		if err := add(i, -1, s); err != nil {
			return err
		}
	}
	scratch := len(g.resources)
	for _, p := range c.order {
		if c.scratch[p] == 0 {
			continue
		}
		if err := add(scratch, p, metal.SizeAndAlign{Size: c.scratch[p]}); err != nil {
			return err
		}
		scratch++
	}
	return nil
}

// liveBound is the most of a list of blocks that is live at one pass, and the
// largest scratch among them. In joined render passes blocks take their memory
// before they are used (see beginJoined): used says which counts.
func (c *compilation) liveBound(list []int32, used bool) int {
	change := zeroed(c.packing.change, len(c.order)+1) // of live bytes before each position
	c.packing.change = change
	scratch := 0
	for _, i := range list {
		b := &c.blocks[i]
		if b.pass >= 0 {
			scratch = max(scratch, b.size)
			continue
		}
		if used {
			change[b.user] += b.size
		} else {
			change[b.first] += b.size
		}
		change[b.last+1] -= b.size
	}
	live, most := 0, 0
	for _, d := range change {
		live += d
		most = max(most, live)
	}
	return most + scratch
}

// size is what a resource needs: the device's word, or without one the bytes of
// its texels or rows.
func (c *compilation) size(i int) (metal.SizeAndAlign, error) {
	g := c.g
	r := &g.resources[i]
	switch r.kind {
	case kindTexture:
		if c.device != nil {
			return c.device.TextureSizeAndAlign(c.textureDescriptor(i))
		}
		return metal.SizeAndAlign{Size: c.texels(r.desc)}, nil
	case kindTensor:
		d := g.tensors[r.desc]
		d.Storage = metal.StorageModePrivate
		if c.device != nil {
			return c.device.TensorSizeAndAlign(d)
		}
		return metal.SizeAndAlign{Size: d.Size()}, nil
	}
	if c.device != nil {
		return c.device.BufferSizeAndAlign(metal.BufferDescriptor{Label: r.name, Length: r.length, Storage: metal.StorageModePrivate})
	}
	return metal.SizeAndAlign{Size: r.length}, nil
}

// texels is the bytes of all texels of a texture, by its descriptor.
func (c *compilation) texels(desc int32) int {
	known, d := &c.packing.texels[desc], &c.g.textures[desc]
	if *known > 0 {
		return *known
	}
	n := 0
	for level := range d.Mips {
		s := d.MipSize(level)
		n += s.Width * s.Height * s.Depth
	}
	n *= d.Format.BytesPerPixel()
	if slices := d.Slices() * d.Samples; n > maxMemory/slices {
		n = maxMemory
	} else {
		n *= slices
	}
	*known = n
	return n
}

// textureDescriptor is the declared descriptor with the usage that the passes
// need.
func (c *compilation) textureDescriptor(i int) metal.TextureDescriptor {
	d := c.g.textureOf(&c.g.resources[i])
	d.Usage |= c.lives[i].usage
	return d
}
