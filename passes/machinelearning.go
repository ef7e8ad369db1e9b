package passes

import (
	"cmp"
	"maps"
	"slices"

	"weft/coreml"
	"weft/graph"
	"weft/metal"
)

// Bind says what a network's inputs or outputs are, by name: a graph.Tensor, a
// graph.Texture, or an [Image].
type Bind map[string]graph.Resource

// Image is a texture that is bound to a network, with what Texture alone leaves
// to the network. Mapping says how elements follow from channels for an input,
// and channels from elements for an output.
type Image struct {
	graph.Texture
	Mapping
	// Type and Channels are those of the tensor in between. Left out, they are
	// the network's; where it does not say, float16 and 3.
	Type     metal.TensorDataType
	Channels int
}

// MachineLearning runs a network. Each texture among its inputs is packed into a
// tensor by a pass before it, each one among its outputs is drawn from a tensor
// by a pass behind it. Textures hold what the network was trained on, mostly
// sRGB encoded colors from 0 to 1.
//
// Where Core ML calls a feature an image, the network's channel order and its
// range are taken into account, 0 to 255, or, of GRAYSCALE_FLOAT16, what the
// texture has; of textures of sRGB formats it gets and gives the encoded colors.
// Images have no alpha: that of an input is dropped, that of an output is 1. A
// gray image is the red of an input, and all three colors of an output.
//
// The network is compiled for the extents of what is bound, when the graph is
// compiled for a device.
type MachineLearning struct {
	Name            string
	Network         metal.Network
	Inputs, Outputs Bind
}

// Expand is for the graph.
func (p MachineLearning) Expand(g *graph.Graph) error {
	b := mlBuilder{MachineLearning: p, g: g, pass: &network{name: p.Name, network: p.Network}}
	if p.Network.Package != nil {
		var err error
		if b.pkg, err = coreml.Open(p.Network.Package); err != nil {
			return fault(p.Name, nil, g, "network %q: %v", p.Network.Name, err)
		}
	}
	if len(p.Inputs) == 0 || len(p.Outputs) == 0 {
		return fault(p.Name, nil, g, "network %q: bind at least one input and one output", p.Network.Name)
	}
	if err := b.inputs(); err != nil {
		return err
	}
	if err := b.specialize(); err != nil {
		return err
	}
	after, err := b.outputs()
	if err != nil {
		return err
	}
	g.Add(b.pass)
	for _, unpack := range after {
		g.Add(unpack)
	}
	return nil
}

// mlBuilder expands one MachineLearning.
type mlBuilder struct {
	MachineLearning
	g       *graph.Graph
	pkg     *coreml.Package // nil if the network is compiled and cannot be read
	program *coreml.Program // at the extents of the inputs
	pass    *network
}

// inputs binds the inputs in order of name, and adds the passes that pack.
func (b *mlBuilder) inputs() error {
	if b.pkg != nil {
		if err := b.names("input", b.Inputs, b.pkg.Inputs, true); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.Inputs)) {
		if b.g.NameOf(b.Inputs[name]) == "" {
			return fault(b.Name, nil, b.g, "input %q is bound to what is no resource of this graph", name)
		}
		switch r := b.Inputs[name].(type) {
		case graph.Tensor:
			b.pass.inputs = append(b.pass.inputs, bound{name, r})
		case graph.Texture:
			b.pack(name, Image{Texture: r})
		case Image:
			b.pack(name, r)
		default:
			return fault(b.Name, nil, b.g, "input %q is bound to %T: bind a graph.Tensor, a graph.Texture or a passes.Image", name, r)
		}
	}
	return nil
}

func (b *mlBuilder) names(what string, bind Bind, features []coreml.Feature, all bool) error {
	var known []string
	for _, f := range features {
		known = append(known, f.Name)
		if _, ok := bind[f.Name]; !ok && all && !f.Optional {
			return fault(b.Name, nil, b.g, "network %q: %s %q is not bound", b.Network.Name, what, f.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(bind)) {
		if !slices.Contains(known, name) {
			return fault(b.Name, nil, b.g, "network %q has no %s %q: it has %q", b.Network.Name, what, name, known)
		}
	}
	return nil
}

// pack makes the tensor of an input image and adds the pass that fills it.
func (b *mlBuilder) pack(name string, i Image) {
	var feature coreml.Feature
	var declared coreml.Type
	if b.pkg != nil {
		feature, _ = b.pkg.Input(name)
		v, _ := b.pkg.Program.Variable(name)
		declared = v.Type
	}
	i.complete(b.g, feature, declared, 255)
	t := b.tensor(name, i, len(declared.Shape))
	b.pass.inputs = append(b.pass.inputs, bound{name, t})
	b.g.Add(TextureToTensor{Name: b.Name + ".pack." + name, Texture: i.Texture, Tensor: t, Mapping: i.Mapping})
}

// complete fills in what the network knows of an image. whole is the factor
// between its channels and the numbers of an image feature.
func (i *Image) complete(g *graph.Graph, f coreml.Feature, t coreml.Type, whole float32) {
	if f.Kind == coreml.ImageFeature {
		if i.Scale == ([4]float32{}) && f.ColorSpace != coreml.GrayscaleFloat16 {
			i.Scale = Each(whole)
		}
		if i.Encoding == ByFormat && g.TextureDescriptor(i.Texture).Format.IsSRGB() {
			i.Encoding = SRGB
		}
		i.Reversed = i.Reversed != (f.ColorSpace == coreml.BGR)
	}
	if i.Channels == 0 && len(t.Shape) >= 3 {
		i.Channels = t.Shape[len(t.Shape)-3]
	}
	if i.Channels < 1 {
		i.Channels = cmp.Or(f.ColorSpace.Channels(), 3)
	}
	i.Type = cmp.Or(i.Type, elementTypes[t.DataType], metal.TensorDataTypeFloat16)
}

// elementTypes are the types of tensors.
var elementTypes = map[coreml.DataType]metal.TensorDataType{
	coreml.Float32: metal.TensorDataTypeFloat32, coreml.Float16: metal.TensorDataTypeFloat16, coreml.BFloat16: metal.TensorDataTypeBFloat16,
	coreml.Int8: metal.TensorDataTypeInt8, coreml.UInt8: metal.TensorDataTypeUInt8,
	coreml.Int16: metal.TensorDataTypeInt16, coreml.UInt16: metal.TensorDataTypeUInt16,
	coreml.Int32: metal.TensorDataTypeInt32, coreml.UInt32: metal.TensorDataTypeUInt32,
}

// tensor declares the tensor between a network and an image.
func (b *mlBuilder) tensor(name string, i Image, rank int) graph.Tensor {
	d := b.g.TextureDescriptor(i.Texture)
	dimensions := []int{d.Width, d.Height, i.Channels, 1}
	if rank == 2 || rank == 3 {
		dimensions = dimensions[:rank]
	}
	return b.g.Tensor(b.Name+"."+name, metal.TensorDescriptor{Type: i.Type, Dimensions: dimensions})
}

// specialize finds the shapes of the outputs, where the package can be read.
func (b *mlBuilder) specialize() error {
	if b.pkg == nil {
		return nil
	}
	shapes := map[string][]int{}
	for _, in := range b.pass.inputs {
		shapes[in.name] = reversed(b.g.TensorDescriptor(in.tensor).Dimensions)
	}
	var err error
	if b.program, err = b.pkg.Specialize(shapes); err != nil {
		return fault(b.Name, nil, b.g, "network %q: %v", b.Network.Name, err)
	}
	return nil
}

// outputs binds the outputs and returns the passes that unpack.
func (b *mlBuilder) outputs() (after []graph.Node, err error) {
	if b.pkg != nil {
		if err := b.names("output", b.Outputs, b.pkg.Outputs, true); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.Outputs)) {
		if b.g.NameOf(b.Outputs[name]) == "" {
			return nil, fault(b.Name, nil, b.g, "output %q is bound to what is no resource of this graph", name)
		}
		switch r := b.Outputs[name].(type) {
		case graph.Tensor:
			for _, other := range append(slices.Clone(b.pass.inputs), b.pass.outputs...) {
				if other.tensor == r {
					return nil, fault(b.Name, r, b.g, "is bound to %q and to the output %q: what a network writes needs a tensor of its own", other.name, name)
				}
			}
			b.pass.outputs = append(b.pass.outputs, bound{name, r})
			continue
		case graph.Texture:
			after, err = b.unpack(after, name, Image{Texture: r})
		case Image:
			after, err = b.unpack(after, name, r)
		default:
			err = fault(b.Name, nil, b.g, "output %q is bound to %T: bind a graph.Tensor, a graph.Texture or a passes.Image", name, r)
		}
		if err != nil {
			return nil, err
		}
	}
	return after, nil
}

// unpack makes the tensor of an output image and adds the pass that draws it.
func (b *mlBuilder) unpack(after []graph.Node, name string, i Image) ([]graph.Node, error) {
	var feature coreml.Feature
	var shape coreml.Type
	if b.program != nil {
		feature, _ = b.pkg.Output(name)
		shape = b.program.Variables()[name]
	}
	i.complete(b.g, feature, shape, 1.0/255)
	if n := len(shape.Shape); n >= 2 {
		d := b.g.TextureDescriptor(i.Texture)
		if h, w := shape.Shape[n-2], shape.Shape[n-1]; w != d.Width || h != d.Height {
			return nil, fault(b.Name, i.Texture, b.g, "is %dx%d: output %q of network %q is %dx%d for these inputs", d.Width, d.Height, name, b.Network.Name, w, h)
		}
	}
	t := b.tensor(name, i, len(shape.Shape))
	b.pass.outputs = append(b.pass.outputs, bound{name, t})
	return append(after, TensorToTexture{Name: b.Name + ".unpack." + name, Tensor: t, Texture: i.Texture, Mapping: i.Mapping}), nil
}

func reversed(list []int) []int {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}
