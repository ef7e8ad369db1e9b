package passes

import (
	"fmt"

	"weft/graph"
	"weft/metal"
	"weft/shaders"
)

// Fullscreen runs a fragment function over every pixel of its targets. The
// function gets, at location 0, the coordinate of its pixel, from 0 to 1, row 0
// on top. Its textures and what it returns are of the kinds that the textures
// here are: integers for integer formats, 2D for 2D.
type Fullscreen struct {
	Name     string
	Fragment metal.Function
	Color    []graph.Attachment
	Blend    *metal.Blend // nil: what it returns replaces what was there
	// Constants, if there, gives the bytes of buffer 0, each frame.
	Constants func(f *graph.Frame) []byte
	// Buffers are bound from buffer 1 on: buffers and tensors.
	Buffers []Access
	// Textures are bound from texture 0 on, Samplers from sampler 0 on.
	Textures []Access
	Samplers []metal.SamplerDescriptor
}

// Expand is for the graph.
func (p Fullscreen) Expand(g *graph.Graph) error {
	for _, a := range p.Textures {
		if _, ok := a.Resource.(graph.Texture); !ok {
			return fault(p.Name, a.Resource, g, "is among Textures and is none")
		}
	}
	for _, a := range p.Buffers {
		switch a.Resource.(type) {
		case graph.Buffer, graph.Tensor:
		default:
			return fault(p.Name, a.Resource, g, "is among Buffers and is neither a buffer nor a tensor")
		}
	}
	g.Add(&fullscreen{Fullscreen: p})
	return nil
}

// fault is a mistake in the declaration of a node.
func fault(pass string, r graph.Resource, g *graph.Graph, format string, args ...any) error {
	f := &graph.Fault{Pass: pass, Problem: fmt.Sprintf(format, args...)}
	if r != nil {
		f.Resource = g.NameOf(r)
	}
	return f
}

// fullscreen is the pass, with its pipeline.
type fullscreen struct {
	Fullscreen
	pipeline metal.RenderPipeline
	bindings
}

func (p *fullscreen) Declare(d *graph.Declaration) {
	d.Name(p.Name)
	d.Kind(graph.Render)
	for i, a := range p.Color {
		d.Color(i, a)
	}
	declare(d, p.Buffers, nil)
	declare(d, p.Textures, nil)
}

func (p *fullscreen) Prepare(x *graph.Preparation) (err error) {
	d := metal.RenderPipelineDescriptor{
		Label: p.Name, Vertex: shaders.FullscreenVert, Fragment: p.Fragment, Topology: metal.PrimitiveTypeTriangle,
	}
	for _, a := range p.Color {
		t := x.Graph().TextureDescriptor(a.Texture)
		d.Colors = append(d.Colors, metal.PipelineColor{Format: t.Format, Blend: p.Blend})
		d.Samples = t.Samples
	}
	if p.pipeline, err = x.Device().NewRenderPipeline(d); err != nil {
		return err
	}
	return p.bindings.make(x.Device(), p.Name, 1+len(p.Buffers), len(p.Textures), p.Samplers)
}

func (p *fullscreen) Encode(f *graph.Frame) error {
	e := f.Render()
	var constants []byte
	if p.Constants != nil {
		constants = p.Constants(f)
	}
	p.bind(f, constants, p.Buffers, p.Textures)
	e.SetRenderPipeline(p.pipeline)
	e.SetArgumentTable(p.table, metal.StageFragment)
	e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
	return nil
}

func (p *fullscreen) Release() {
	p.bindings.release()
	if p.pipeline != nil {
		p.pipeline.Release()
		p.pipeline = nil
	}
}

// bindings are an argument table and the samplers in it.
type bindings struct {
	table    metal.ArgumentTable
	samplers []metal.Sampler
}

func (b *bindings) make(d metal.Device, label string, buffers, textures int, samplers []metal.SamplerDescriptor) (err error) {
	b.table, err = d.NewArgumentTable(metal.ArgumentTableDescriptor{Label: label, Buffers: buffers, Textures: textures, Samplers: len(samplers)})
	if err != nil {
		return err
	}
	for i, s := range samplers {
		sampler, err := d.NewSampler(s)
		if err != nil {
			return err
		}
		b.samplers = append(b.samplers, sampler)
		b.table.SetSampler(sampler, i)
	}
	return nil
}

// bind puts this frame's resources into the table: constants at buffer 0, the
// others behind.
func (b *bindings) bind(f *graph.Frame, constants []byte, buffers, textures []Access) {
	if constants != nil {
		at, offset := f.Upload(constants)
		b.table.SetBuffer(at, offset, 0)
	}
	for i := range buffers {
		at, offset := buffers[i].buffer(f)
		b.table.SetBuffer(at, offset, i+1)
	}
	for i := range textures {
		b.table.SetTexture(textures[i].texture(f), i)
	}
}

func (b *bindings) release() {
	for _, s := range b.samplers {
		s.Release()
	}
	if b.table != nil {
		b.table.Release()
	}
	*b = bindings{}
}
