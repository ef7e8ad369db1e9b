package passes

import (
	"weft/graph"
	"weft/metal"
)

// GenerateMips fills mips 1 and up of every slice of a texture from mip 0.
type GenerateMips struct {
	Name    string
	Texture graph.Texture
}

// Expand is for the graph.
func (p GenerateMips) Expand(g *graph.Graph) error {
	d := g.TextureDescriptor(p.Texture)
	switch {
	case d.Width == 0:
		return fault(p.Name, nil, g, "Texture is not a texture of this graph")
	case d.Mips < 2:
		return fault(p.Name, p.Texture, g, "has %d mips: there is nothing to fill", d.Mips)
	}
	g.Add(Blit{
		Name:   p.Name,
		Reads:  []Access{{Resource: p.Texture, Part: graph.Mip(0)}},
		Writes: []Access{{Resource: p.Texture, Part: graph.Mips(1, d.Mips)}},
		Copy: func(f *graph.Frame, e metal.ComputeEncoder) error {
			e.GenerateMipmaps(f.Texture(p.Texture))
			return nil
		},
	})
	return nil
}
