package passes

import (
	"encoding/binary"

	"weft/graph"
	"weft/metal"
	"weft/shaders"
)

// Encoding says what the numbers of a picture mean.
type Encoding uint8

// The encodings.
const (
	// ByFormat: float and sRGB formats hold linear light, others are sRGB
	// encoded.
	ByFormat Encoding = iota
	LinearLight
	SRGB
)

// Present shows Source in Target: scaled to its size where they differ, and
// encoded as Target is.
type Present struct {
	Name   string // "present" if empty
	Source graph.Texture
	Target graph.Texture
	// SourceEncoding and TargetEncoding say what the textures hold where the
	// format does not. A texture of an sRGB format holds linear light: the GPU
	// converts.
	SourceEncoding, TargetEncoding Encoding
}

// Expand is for the graph.
func (p Present) Expand(g *graph.Graph) error {
	if p.Name == "" {
		p.Name = "present"
	}
	from, to := g.TextureDescriptor(p.Source), g.TextureDescriptor(p.Target)
	switch {
	case from.Width == 0:
		return fault(p.Name, nil, g, "Source is not a texture of this graph")
	case to.Width == 0:
		return fault(p.Name, nil, g, "Target is not a texture of this graph")
	case from.Samples > 1:
		return fault(p.Name, p.Source, g, "has %d samples: resolve it first", from.Samples)
	case from.Type != metal.TextureType2D:
		return fault(p.Name, p.Source, g, "is a %v texture: what is presented is 2D", from.Type)
	case from.Format.IsInteger():
		return fault(p.Name, p.Source, g, "has the format %v: what is presented has a color format that is no integer", from.Format)
	case to.Format.IsInteger():
		return fault(p.Name, p.Target, g, "has the format %v: colors are presented in a format that is no integer", to.Format)
	case p.Source == p.Target:
		return fault(p.Name, p.Source, g, "is both Source and Target: a pass cannot read what it draws into")
	}
	constants := make([]byte, 16)
	switch fromLinear, toLinear := linear(p.SourceEncoding, from.Format), linear(p.TargetEncoding, to.Format); {
	case fromLinear && !toLinear:
		binary.LittleEndian.PutUint32(constants, 1)
	case !fromLinear && toLinear:
		binary.LittleEndian.PutUint32(constants, 2)
	}
	sampler := metal.SamplerDescriptor{Label: p.Name}
	if from.Width != to.Width || from.Height != to.Height {
		sampler.MinFilter, sampler.MagFilter = metal.FilterLinear, metal.FilterLinear
	}
	g.Add(Fullscreen{
		Name: p.Name, Fragment: shaders.PresentFrag,
		Color:     []graph.Attachment{{Texture: p.Target}},
		Constants: func(*graph.Frame) []byte { return constants },
		Textures:  []Access{{Resource: p.Source}},
		Samplers:  []metal.SamplerDescriptor{sampler},
	})
	return nil
}

func linear(e Encoding, f metal.PixelFormat) bool {
	if f.IsSRGB() {
		return true
	}
	switch e {
	case LinearLight:
		return true
	case SRGB:
		return false
	}
	switch f {
	case metal.PixelFormatR16Float, metal.PixelFormatRG16Float, metal.PixelFormatRGBA16Float,
		metal.PixelFormatR32Float, metal.PixelFormatRG32Float, metal.PixelFormatRGBA32Float,
		metal.PixelFormatRG11B10Float, metal.PixelFormatRGB9E5Float:
		return true
	}
	return false
}
