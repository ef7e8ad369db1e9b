package passes

import (
	"weft/graph"
	"weft/shaders"
)

// TensorToTexture draws a tensor of dimensions [width, height, channels, 1],
// innermost first, of any type, into a texture: 1 to 4 channels, red first. One
// channel becomes gray, a missing alpha 1. A texture of an sRGB format takes the
// numbers as linear light, others take them as they are, unless the Mapping has
// an Encoding.
type TensorToTexture struct {
	Name    string
	Tensor  graph.Tensor
	Texture graph.Texture
	Mapping
}

// Expand is for the graph.
func (p TensorToTexture) Expand(g *graph.Graph) error {
	n, err := planesOf(g, p.Name, p.Texture, p.Tensor)
	if err != nil {
		return err
	}
	constants := p.constants(n.channels, n.row, n.plane, n.kind, number(p.Reversed), p.convert(g.TextureDescriptor(p.Texture).Format, false))
	g.Add(Fullscreen{
		Name: p.Name, Fragment: shaders.UnpackFrag,
		Color:     []graph.Attachment{{Texture: p.Texture}},
		Buffers:   []Access{{Resource: p.Tensor}},
		Constants: func(*graph.Frame) []byte { return constants },
	})
	return nil
}
