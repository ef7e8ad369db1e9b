package passes

import (
	"weft/graph"
	"weft/metal"
	"weft/shaders"
)

// TextureToTensor packs the first mip of a color texture into a tensor of
// dimensions [width, height, channels, 1], innermost first, of any type, 1 to 4
// channels, red first: of one channel the red, of three all but alpha. Integers
// are the nearest that the type has.
//
// Texels of sRGB formats arrive as linear light, those of other formats as they
// are, unless the Mapping has an Encoding.
type TextureToTensor struct {
	Name    string
	Texture graph.Texture
	Tensor  graph.Tensor
	Mapping
}

// Expand is for the graph.
func (p TextureToTensor) Expand(g *graph.Graph) error {
	n, err := planesOf(g, p.Name, p.Texture, p.Tensor)
	if err != nil {
		return err
	}
	g.Add(&pack{
		TextureToTensor: p,
		constants:       p.constants(n.width, n.height, n.channels, n.row, n.plane, n.kind, number(p.Reversed), p.convert(g.TextureDescriptor(p.Texture).Format, true)),
		groups:          groups(shaders.PackComp, (n.width+3)/4, n.height),
		tensor:          []Access{{Resource: p.Tensor}},
		texture:         []Access{{Resource: p.Texture, Part: graph.Mip(0)}},
	})
	return nil
}

// groups is how many threadgroups cover a grid.
func groups(f metal.Function, width, height int) metal.Size {
	return metal.Size{
		Width:  (width + f.Threads.Width - 1) / f.Threads.Width,
		Height: (height + f.Threads.Height - 1) / f.Threads.Height,
		Depth:  1,
	}
}

// pack is the pass, with its pipeline.
type pack struct {
	TextureToTensor
	constants       []byte
	groups          metal.Size
	tensor, texture []Access
	pipeline        metal.ComputePipeline
	bindings
}

func (p *pack) Declare(d *graph.Declaration) {
	d.Name(p.Name)
	d.Kind(graph.Compute)
	declare(d, p.texture, p.tensor)
}

func (p *pack) Prepare(x *graph.Preparation) (err error) {
	p.pipeline, err = x.Device().NewComputePipeline(metal.ComputePipelineDescriptor{Label: p.Name, Function: shaders.PackComp})
	if err != nil {
		return err
	}
	return p.make(x.Device(), p.Name, 2, 1, nil)
}

func (p *pack) Encode(f *graph.Frame) error {
	e := f.Compute()
	p.bind(f, p.constants, p.tensor, p.texture)
	e.SetComputePipeline(p.pipeline)
	e.SetArgumentTable(p.table)
	e.DispatchThreadgroups(p.groups, shaders.PackComp.Threads)
	return nil
}

func (p *pack) Release() {
	p.release()
	if p.pipeline != nil {
		p.pipeline.Release()
		p.pipeline = nil
	}
}
