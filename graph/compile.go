package graph

import (
	"fmt"

	"weft/barriers"
	"weft/metal"
)

// phases is the compiler. Each phase reads what the ones before it left in the
// compilation, and is a file of its own.
var phases = [...]phase{
	{validate, true},  // is every declaration possible?
	{cull, false},     // which passes does the frame need?
	{prepare, false},  // passes make their pipelines
	{order, false},    // in which order, and in which encoders, are they encoded?
	{lifetimes, true}, // from where to where does each transient live?
	{memory, true},    // which transients share memory?
	{derive, true},    // what orders the frame?
	{allocate, true},  // the device's objects
}

// A phase is sized if it must run again where nothing but sizes of resources has
// changed since the compilation ran it, without a device and by time: then order
// and barriers know nothing of sizes.
type phase struct {
	run   func(*compilation) error
	sized bool
}

// compilation is what the phases work on. Passes and resources are indices into
// the graph's slices; a position is an index into order.
type compilation struct {
	g        *Graph // what was declared: the copy that the plan keeps
	declared Graph
	owner    *Graph // the graph itself
	arrays   *arrays

	device  metal.Device // nil: plan only
	options options
	faults  faults
	plan    *Plan

	resourceNames, passNames names
	contents                 contents
	demands                  demands

	kept     []bool  // by pass
	order    []int32 // passes, as they are encoded
	position []int32 // by pass; -1 if culled
	scratch  []int   // by pass, bytes
	prepared []int32 // passes that may hold objects of the device
	encoders []encoder
	frame    barriers.Frame
	deriver  barriers.Deriver
	derived  []barriers.Barrier
	costList []barriers.StageCost // of the frame's passes
	named    bool                 // the frame has names
	lives    []life               // by resource, then one for each scratch
	blocks   []block              // what is placed
	heaps    []heap
	bound    int // live lower bound

	ordering
	sharing sharing // which blocks are ordered
	packing packing // where they are placed
}

// encoder is the positions that one encoder encodes.
type encoder struct {
	kind       barriers.EncoderKind
	first, end int32
}

// Option changes how a graph is compiled.
type Option func(*options)

type options struct {
	preferMemory bool
	timestamps   bool
	inFlight     int
	leavesOut    bool // the barrier leaveOut
	leaveOut     int
}

// PreferMemory shares memory wherever lifetimes allow it, at the price of more
// barriers. Without it memory is shared only where that costs nothing.
func PreferMemory() Option { return func(o *options) { o.preferMemory = true } }

// Timestamps measures each pass on the GPU; see [Plan.Times].
func Timestamps() Option { return func(o *options) { o.timestamps = true } }

// FramesInFlight is how many frames the CPU may be ahead of the GPU, from 1 to
// 8; 3 without this option.
func FramesInFlight(n int) Option { return func(o *options) { o.inFlight = n } }

// Compile compiles the graph for a device: the plan can run. A nil device gives
// what [Graph.Plan] gives.
//
// If nothing has changed since a plan was compiled with the same options for the
// same device, Compile returns that plan, also if it was declared again after
// [Graph.Reset]. Passes that are [Preparer] or [Releaser] must be the same
// pointers for that; others may be new ones, and encode from then on.
//
// A graph has one plan for a device, for its passes hold the objects of one.
// When something has changed, Compile waits for the frames of the plan before
// and releases it, with all content of its resources, and makes another. It does
// so only for a declaration without faults; with faults, the plan before stays.
func (g *Graph) Compile(device metal.Device, option ...Option) (*Plan, error) {
	if err := g.asked.set(option); err != nil {
		return nil, err
	}
	latest, found := g.latest(device, &g.asked), anything
	old := *latest
	if old != nil && old.device == device && old.options == g.asked {
		found = g.changeSince(old)
	}
	if found == unchanged {
		return g.reuse(old), nil
	}
	c := g.compilation(old)
	if c != old || device != nil || g.asked.preferMemory {
		found = anything
	}
	c.begin(g, device)
	for i := range phases {
		if found == sizes && !phases[i].sized {
			continue
		}
		if err := phases[i].run(c); err != nil {
			c.abandon()
			return nil, err
		}
	}
	*latest = c
	return c.plan, nil
}

func (o *options) set(list []Option) error {
	*o = options{inFlight: 3}
	for i, option := range list {
		if option == nil {
			return fmt.Errorf("graph: option %d of the compilation is nil", i)
		}
		option(o)
	}
	if n := o.inFlight; n < 1 || n > 8 {
		return fmt.Errorf("graph: %d frames in flight: must be from 1 to 8", n)
	}
	return nil
}

// begin makes the compilation that of g as it is declared now. What the phases
// left of another one is memory to them.
func (c *compilation) begin(g *Graph, device metal.Device) {
	c.read(g)
	c.device, c.options, c.faults, c.named = device, g.asked, faults{}, false
	c.prepared = c.prepared[:0]
	c.blocks, c.heaps, c.bound = c.blocks[:0], c.heaps[:0], 0
	c.packing.texels = zeroed(c.packing.texels, len(g.textures))
	if device != nil || c.plan == nil {
		c.plan = new(Plan)
	}
	*c.plan = Plan{c: c}
}

// Plan compiles the graph without a device. Sizes are those that need none: the
// texels or rows of a resource, rounded up to 256 bytes.
func (g *Graph) Plan(option ...Option) (*Plan, error) { return g.Compile(nil, option...) }

// pass returns the pass at a position.
func (c *compilation) pass(position int) *pass { return &c.g.passes[c.order[position]] }

// accessesOf returns the accesses of a pass.
func (g *Graph) accessesOf(p *pass) []access { return g.accesses[p.accesses:p.accessesEnd] }

// abandon gives back what the phases before a failure have made.
func (c *compilation) abandon() {
	if c.plan.machine != nil {
		c.plan.machine.release()
	}
	c.g.releasePasses(c.prepared)
	c.giveBack()
}

// giveBack makes the memory of the compilation that of the next.
func (c *compilation) giveBack() { c.owner.idle = append(c.owner.idle, c) }

func (g *Graph) releasePasses(passes []int32) {
	for _, p := range passes {
		if r, ok := g.passes[p].node.(Releaser); ok {
			r.Release()
		}
	}
}
