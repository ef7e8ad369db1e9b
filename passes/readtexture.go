package passes

import (
	"weft/graph"
	"weft/metal"
)

// ReadTexture copies one slice of one mip of a texture to where the CPU reads
// it. Add a pointer, and ask it for the pixels after Plan.Run and Plan.Wait.
type ReadTexture struct {
	Name         string
	Texture      graph.Texture
	Level, Slice int

	buffer graph.Buffer
}

// Expand is for the graph.
func (p *ReadTexture) Expand(g *graph.Graph) error {
	d := g.TextureDescriptor(p.Texture)
	switch {
	case d.Width == 0:
		return fault(p.Name, nil, g, "Texture is not a texture of this graph")
	case d.Samples > 1:
		return fault(p.Name, p.Texture, g, "has %d samples: resolve it first", d.Samples)
	case d.Format.HasDepth() && d.Format.HasStencil():
		return fault(p.Name, p.Texture, g, "has depth and stencil: the two cannot be read as one")
	case p.Level < 0 || p.Level >= d.Mips || p.Slice < 0 || p.Slice >= d.Slices():
		return fault(p.Name, p.Texture, g, "level %d of slice %d: it has %d mips and %d slices", p.Level, p.Slice, d.Mips, d.Slices())
	}
	size, texel := d.MipSize(p.Level), d.Format.BytesPerPixel()
	row := size.Width * texel
	image := row * size.Height
	p.buffer = g.Buffer(p.Name, metal.BufferDescriptor{Length: image * size.Depth, Storage: metal.StorageModeShared}, graph.Persistent)
	to := p.buffer
	g.Add(Blit{
		Name:   p.Name,
		Reads:  []Access{{Resource: p.Texture, Part: graph.MipOfLayer(p.Level, p.Slice)}},
		Writes: []Access{{Resource: to}},
		Copy: func(f *graph.Frame, e metal.ComputeEncoder) error {
			from := metal.TextureRegion{Texture: f.Texture(p.Texture), Level: p.Level, Slice: p.Slice}
			e.CopyTextureToBuffer(from, size, f.Buffer(to), 0, row, image)
			return nil
		},
	})
	return nil
}

// Pixels are the rows of the latest frame, from the top, without gaps, in the
// texture's format. They are the plan's memory: the next frame overwrites them.
// nil if the plan is not that of the graph the node was added to.
func (p *ReadTexture) Pixels(plan *graph.Plan) []byte {
	b := plan.Buffer(p.buffer)
	if b == nil {
		return nil
	}
	return b.Contents()
}
