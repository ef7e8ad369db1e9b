package passes

import (
	"weft/graph"
	"weft/metal"
)

// Compute is a compute pass that a function dispatches.
type Compute struct {
	Name          string
	Reads, Writes []Access
	SideEffect    bool // keep the pass even if nobody reads what it writes
	// Dispatch encodes. Commands of one pass may overlap: between two that
	// touch the same memory it encodes an intra-pass barrier.
	Dispatch func(f *graph.Frame, e metal.ComputeEncoder) error
	// Setup, if there, is called when the graph is compiled for a device, and
	// Cleanup when the plan is released, or when compiling fails: in Setup, or
	// after it.
	Setup   func(d metal.Device) error
	Cleanup func()
}

var (
	_ graph.Pass     = Compute{}
	_ graph.Preparer = Compute{}
	_ graph.Releaser = Compute{}
)

// Declare is for the graph.
func (p Compute) Declare(d *graph.Declaration) {
	d.Name(p.Name)
	d.Kind(graph.Compute)
	declare(d, p.Reads, p.Writes)
	if p.SideEffect {
		d.SideEffect()
	}
}

// Prepare is for the graph.
func (p Compute) Prepare(x *graph.Preparation) error { return setup(p.Setup, x) }

// Encode is for the graph.
func (p Compute) Encode(f *graph.Frame) error {
	if p.Dispatch == nil {
		return nil
	}
	return p.Dispatch(f, f.Compute())
}

// Release is for the graph.
func (p Compute) Release() { cleanup(p.Cleanup) }

// Blit is a pass that copies and fills.
type Blit struct {
	Name          string
	Reads, Writes []Access
	SideEffect    bool // keep the pass even if nobody reads what it writes
	Copy          func(f *graph.Frame, e metal.ComputeEncoder) error
}

var _ graph.Pass = Blit{}

// Declare is for the graph.
func (p Blit) Declare(d *graph.Declaration) {
	d.Name(p.Name)
	d.Kind(graph.Blit)
	declare(d, p.Reads, p.Writes)
	if p.SideEffect {
		d.SideEffect()
	}
}

// Encode is for the graph.
func (p Blit) Encode(f *graph.Frame) error {
	if p.Copy == nil {
		return nil
	}
	return p.Copy(f, f.Compute())
}
