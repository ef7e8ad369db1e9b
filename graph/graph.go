package graph

import (
	"fmt"

	"weft/metal"
)

// Pass is one piece of a frame.
type Pass interface {
	// Declare says what the pass is and what it reads and writes. It is called
	// once, by [Graph.Add].
	Declare(d *Declaration)
	// Encode encodes the pass's work. It is called once a frame.
	Encode(f *Frame) error
}

// Composite is a node that consists of passes: Expand adds them to g. It may
// declare resources of its own and add other composites.
type Composite interface {
	Expand(g *Graph) error
}

// Preparer is a pass that makes objects of a device, such as pipelines. Prepare
// is called when a graph is compiled for a device, once for each pass that is
// kept.
type Preparer interface {
	Prepare(p *Preparation) error
}

// Releaser is a pass that holds objects of a device, made in Prepare or Encode.
// Release is called by [Plan.Release] for each pass that is kept. If Compile
// fails, it is called for the passes that were prepared, the one whose Prepare
// failed included.
type Releaser interface {
	Release()
}

// Node is what [Graph.Add] takes: a [Pass] or a [Composite].
type Node any

// Graph is a declared frame. It is not safe for use by several goroutines.
type Graph struct {
	name   string
	number uint32 // in handles; 0 until there is a resource
	declarations

	shapes
	faults faults
	outer  place // where the composite that is expanding was added
	depth  int   // of expanding composites
	d      Declaration

	document bool // read from one: there are no lines of code to name

	declared *arrays         // counts who reads the declarations
	arrays   []*arrays       // that nobody reads
	idle     []*compilation  // of plans that were released
	planned  [2]*compilation // the latest without a device, by time and by memory
	running  *compilation    // the one for a device, whose plan has the passes' objects
	asked    options
}

// declarations is what a graph was told, flat. It is only ever appended to, and
// what is there is never changed.
type declarations struct {
	resources   []resource
	textures    []metal.TextureDescriptor // without labels, each for all that are alike
	tensors     []metal.TensorDescriptor
	passes      []pass
	accesses    []access
	parts       []box // of accesses to less than a whole resource
	attachments []attached
	costs       []cost
	extents     []int // of tensors: dimensions and strides
}

func (d *declarations) empty() {
	d.resources, d.textures, d.tensors = d.resources[:0], d.textures[:0], d.tensors[:0]
	d.passes, d.accesses, d.parts = d.passes[:0], d.accesses[:0], d.parts[:0]
	d.attachments, d.costs, d.extents = d.attachments[:0], d.costs[:0], d.extents[:0]
}

// New returns an empty graph.
func New() *Graph { return &Graph{} }

// SetName names the graph in plans and captures.
func (g *Graph) SetName(name string) { g.name = name }

// Name returns the graph's name.
func (g *Graph) Name() string { return g.name }

// maxDepth is how deep composites may nest.
const maxDepth = 64

// Add declares a pass, or expands a composite; a node with the methods of both
// is a pass. Faults come back from Compile.
//
//go:noinline
func (g *Graph) Add(n Node) {
	at := g.here()
	if isNil(n) {
		g.faults.add("", "", at, "Add: the node is nil: %T", n)
		return
	}
	switch n := n.(type) {
	case Pass:
		g.declare(n, at)
	case Composite:
		g.expand(n, at)
	default:
		g.faults.add("", "", at, "Add: %T is no pass: a pass has Declare(*graph.Declaration) and Encode(*graph.Frame) error, a composite Expand(*graph.Graph) error", n)
	}
}

func (g *Graph) expand(c Composite, at place) {
	if g.depth == maxDepth {
		g.faults.add("", "", at, "Add: composites nest more than %d deep: %T seems to add itself", maxDepth, c)
		return
	}
	if g.depth == 0 {
		g.outer = at
	}
	g.depth++
	err := c.Expand(g)
	g.depth--
	if g.depth == 0 {
		g.outer = 0
	}
	if err != nil {
		g.faultError(at, err)
	}
}

// begin starts the declaration of one pass, end finishes it.
func (g *Graph) begin(at place) *Declaration {
	g.passes = append(g.passes, pass{})
	p := &g.passes[len(g.passes)-1]
	p.place = at
	p.accesses, p.attaches, p.costs = int32(len(g.accesses)), int32(len(g.attachments)), int32(len(g.costs))
	p.accessesEnd, p.attachesEnd, p.costsEnd = p.accesses, p.attaches, p.costs
	g.d.g, g.d.p = g, p
	return &g.d
}

func (g *Graph) end(d *Declaration) {
	p := d.p
	p.accessesEnd = int32(len(g.accesses))
	p.attachesEnd = int32(len(g.attachments))
	p.costsEnd = int32(len(g.costs))
}

func (g *Graph) declare(p Pass, at place) {
	d := g.begin(at)
	p.Declare(d)
	d.p.node = p
	if d.p.name == "" {
		d.p.name = fmt.Sprintf("pass %d", len(g.passes)-1)
		d.Errorf("has no name: call Declaration.Name")
	}
	g.end(d)
}
