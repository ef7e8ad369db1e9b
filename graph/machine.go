package graph

import (
	"fmt"
	"time"

	"weft/barriers"
	"weft/metal"
)

// machine is what a plan runs on: the device's objects, and the frame as flat
// steps, made once.
type machine struct {
	device metal.Device
	queue  metal.CommandQueue // of the latest frame
	number uint64             // frames committed so far

	buffer metal.CommandBuffer
	commit [1]metal.CommandBuffer
	event  metal.SharedEvent  // counts finished frames
	set    metal.ResidencySet // all that the plan made
	slots  []slot             // frames in flight, taking turns
	slot   *slot              // the one being recorded

	stores   []store // by resource
	textures []metal.Texture
	buffers  []metal.Buffer
	tensors  []metal.Tensor
	imported []int32 // resources that the caller binds

	plain metal.DepthStencilState // that of an encoder that begins; nil if not needed
	heaps []metal.Heap
	owned []metal.Object // in order of making, heaps first

	encoders []encoder
	steps    []step // by position
	frame    Frame
	fault    error // what the pass being encoded did wrong

	passes    []int32 // to be released
	graph     *Graph
	times     []Time
	ticks     []uint64
	stamped   bool
	destroyed bool
}

// store is where a resource's copies are: count of them from first on, in the
// machine's slice for its kind.
type store struct {
	name         string
	kind         resourceKind
	lifetime     Lifetime
	first, count int32
	desc         int32 // of what an imported texture or tensor must be
	length       int   // the same of a buffer
}

// slot is what one frame in flight has for itself.
type slot struct {
	allocator metal.CommandAllocator
	done      uint64 // value of the event when its latest frame is finished
	uploads   arena
	set       metal.ResidencySet // imported resources
	resident  []metal.Allocation // what the set holds, by index in imported
	counters  metal.CounterHeap
}

// step is one pass, ready to be encoded.
type step struct {
	pass          pass
	accesses      []access
	before, after []barriers.Barrier
	discards      []discard
	targets       []attached
	descriptor    *metal.RenderPassDescriptor
	scratch       metal.Heap
	grouped       bool // one of several in its encoder
	follows       bool // another in its render encoder, whose attachments are
	width, height int  // that large,
	depth         bool // and with depth or stencil
}

// discard is a texture in shared memory whose life begins at a step.
type discard struct {
	resource int32
	stages   metal.Stages
}

// patience is how long the CPU waits for one frame before it takes the device
// for lost. Software drivers take seconds for a large network.
const patience = 2 * time.Minute

// waitFor blocks until a frame is done.
func (m *machine) waitFor(value uint64) error {
	if value == 0 || m.event.SignaledValue() >= value {
		return nil
	}
	if !m.event.Wait(value, patience) {
		return fmt.Errorf("graph: frame %d has not finished after %v: the device is lost, or a shader does not end", value-1, patience)
	}
	return nil
}

func (m *machine) waitAll() error { return m.waitFor(m.number) }

func (m *machine) own(o metal.Object) { m.owned = append(m.owned, o) }

// release gives everything back, what was made last first.
func (m *machine) release() {
	if m.destroyed {
		return
	}
	m.destroyed = true
	for i := range m.slots {
		m.slots[i].uploads.release()
	}
	for i := len(m.owned) - 1; i >= 0; i-- {
		m.owned[i].Release()
	}
	m.owned = nil
}

// Wait blocks until all frames that were run are done.
func (p *Plan) Wait() error {
	if p.machine == nil {
		return errNoDevice
	}
	return p.machine.waitAll()
}

// Release waits and gives back everything that the plan and its passes made. A
// plan without a device gives its memory to the next plan of its graph, and is
// not to be used again; one that had a device stays readable. A second Release
// does nothing.
func (p *Plan) Release() {
	if p.released {
		return
	}
	p.released = true
	m := p.machine
	if m == nil {
		p.c.giveBack()
		return
	}
	p.machine = nil
	_ = m.waitAll() // a lost device is given back all the same
	m.release()
	m.graph.releasePasses(m.passes)
	if g := p.c.owner; g.running == p.c {
		g.running = nil
	}
}
