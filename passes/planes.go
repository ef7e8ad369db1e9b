package passes

import (
	"encoding/binary"
	"math"
	"slices"

	"weft/graph"
	"weft/metal"
)

// Mapping says how numbers of a tensor follow from channels of a texture:
// element = channel*Scale + Bias, in TextureToTensor; the other way round
// channel = element*Scale + Bias, in TensorToTexture. Scale and Bias are in the
// tensor's order of channels. A zero Scale means 1 for every channel.
type Mapping struct {
	Scale, Bias [4]float32
	// Reversed puts blue first and red last in the tensor.
	Reversed bool
	// Encoding says what channels mean before Scale and Bias: SRGB or
	// LinearLight, to which texels that mean the other are converted. ByFormat
	// converts nothing: texels of sRGB formats are linear light, those of other
	// formats are what they are.
	Encoding Encoding
}

// convert is what the shaders do with a channel of a texture.
func (m Mapping) convert(f metal.PixelFormat, toTensor bool) int {
	light := linear(ByFormat, f)
	switch {
	case m.Encoding == ByFormat, light == (m.Encoding == LinearLight):
		return 0
	case light == toTensor:
		return 1
	}
	return 2
}

// Each is v for every channel.
func Each(v float32) [4]float32 { return [4]float32{v, v, v, v} }

func (m Mapping) scale() [4]float32 {
	if m.Scale == ([4]float32{}) {
		return Each(1)
	}
	return m.Scale
}

// elementKinds are the types of tensors as shaders/elements.glsl counts them.
var elementKinds = []metal.TensorDataType{
	metal.TensorDataTypeFloat32, metal.TensorDataTypeFloat16, metal.TensorDataTypeBFloat16, metal.TensorDataTypeInt8, metal.TensorDataTypeUInt8,
	metal.TensorDataTypeInt16, metal.TensorDataTypeUInt16, metal.TensorDataTypeInt32, metal.TensorDataTypeUInt32,
}

// planes is the layout of a picture in a tensor: [width, height, channels, 1],
// innermost first.
type planes struct {
	width, height, channels int
	row, plane              int // elements to the next
	kind                    int // in elementKinds
}

// planesOf checks that a tensor holds a picture of a texture's size.
func planesOf(g *graph.Graph, pass string, texture graph.Texture, tensor graph.Tensor) (planes, error) {
	from, d := g.TextureDescriptor(texture), g.TensorDescriptor(tensor)
	if from.Width == 0 || d.Type == 0 {
		return planes{}, fault(pass, nil, g, "Texture and Tensor must be handles of this graph")
	}
	p := planes{width: d.Dimensions[0], height: 1, channels: 1}
	rest := 1
	for i, n := range d.Dimensions[1:] {
		switch i {
		case 0:
			p.height, p.row = n, d.Strides[1]
		case 1:
			p.channels, p.plane = n, d.Strides[2]
		default:
			rest *= n
		}
	}
	p.kind = slices.Index(elementKinds, d.Type)
	words := 4 / d.Type.Bytes()
	switch {
	case p.width != from.Width || p.height != from.Height:
		return p, fault(pass, tensor, g, "has the dimensions %v: texture %q is %dx%d, so they must be [%d %d channels 1]",
			d.Dimensions, g.NameOf(texture), from.Width, from.Height, from.Width, from.Height)
	case p.channels > 4 || rest != 1:
		return p, fault(pass, tensor, g, "has the dimensions %v: a picture has from 1 to 4 channels, and there is one", d.Dimensions)
	case p.row%words != 0 || p.plane%words != 0:
		return p, fault(pass, tensor, g, "has the strides %v: %v is written a word at a time, so strides must be multiples of %d", d.Strides, d.Type, words)
	case from.Samples > 1:
		return p, fault(pass, texture, g, "has %d samples: resolve it first", from.Samples)
	case from.Type != metal.TextureType2D:
		return p, fault(pass, texture, g, "is a %v texture: a picture is 2D", from.Type)
	case from.Format.HasDepth() || from.Format.HasStencil() || from.Format.IsInteger():
		return p, fault(pass, texture, g, "has the format %v: a picture has a color format that is no integer", from.Format)
	}
	return p, nil
}

// constants appends what both shaders begin with, and then the numbers, padded
// to whole vectors as std140 lays a block out.
func (m Mapping) constants(numbers ...int) []byte {
	var b []byte
	for _, v := range [][4]float32{m.scale(), m.Bias} {
		for _, x := range v {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
	}
	for _, n := range numbers {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	for len(b)%16 != 0 {
		b = append(b, 0)
	}
	return b
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}
