package passes

import (
	"weft/graph"
	"weft/metal"
)

// Render is a render pass that a function draws.
type Render struct {
	Name  string
	Color []graph.Attachment
	// Depth and Stencil are there if they have a Texture.
	Depth, Stencil graph.Attachment
	Reads, Writes  []Access // what the shaders touch besides
	SideEffect     bool     // keep the pass even if nobody reads what it writes
	// Draw encodes. The attachments are loaded; no pipeline is set.
	Draw func(f *graph.Frame, e metal.RenderEncoder) error
	// Setup, if there, is called when the graph is compiled for a device, and
	// Cleanup when the plan is released, or when compiling fails: in Setup, or
	// after it.
	Setup   func(d metal.Device) error
	Cleanup func()
}

var (
	_ graph.Pass     = Render{}
	_ graph.Preparer = Render{}
	_ graph.Releaser = Render{}
)

// Declare is for the graph.
func (p Render) Declare(d *graph.Declaration) {
	d.Name(p.Name)
	d.Kind(graph.Render)
	for i, a := range p.Color {
		d.Color(i, a)
	}
	if p.Depth.Texture != (graph.Texture{}) {
		d.Depth(p.Depth)
	}
	if p.Stencil.Texture != (graph.Texture{}) {
		d.Stencil(p.Stencil)
	}
	declare(d, p.Reads, p.Writes)
	if p.SideEffect {
		d.SideEffect()
	}
}

// Prepare is for the graph.
func (p Render) Prepare(x *graph.Preparation) error { return setup(p.Setup, x) }

// Encode is for the graph.
func (p Render) Encode(f *graph.Frame) error {
	if p.Draw == nil {
		return nil // clears its targets
	}
	return p.Draw(f, f.Render())
}

// Release is for the graph.
func (p Render) Release() { cleanup(p.Cleanup) }

func setup(f func(metal.Device) error, p *graph.Preparation) error {
	if f == nil {
		return nil
	}
	return f(p.Device())
}

func cleanup(f func()) {
	if f != nil {
		f()
	}
}
