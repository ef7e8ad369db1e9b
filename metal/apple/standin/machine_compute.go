package standin

import (
	"math"
	"slices"

	"weft/barriers"
	"weft/metal"
)

// computeState is what a compute encoder has been told.
type computeState struct {
	metal    metal.ComputeEncoder
	pipeline *computePipeline
	table    *argumentTable
}

func sizeOf(w []uint64) metal.Size {
	return metal.Size{Width: int(w[0]), Height: int(w[1]), Depth: int(w[2])}
}

func (m *machine) setComputePipeline(c *call) {
	if e := encoding(c); e != nil {
		e.compute.pipeline = c.object(0).state.(*computePipeline)
		e.needs(c, e.compute.pipeline.object)
		e.compute.metal.SetComputePipeline(e.compute.pipeline.metal)
	}
}

// setTable sets the table of a compute or a machine-learning encoder.
func (m *machine) setTable(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	var t *argumentTable
	if o := c.object(0); o != nil {
		t = o.state.(*argumentTable)
	}
	if e.compute != nil {
		e.compute.table = t
	} else {
		e.network.table = t
	}
}

// dispatch readies a dispatch; it is false where it cannot be carried out.
func (e *encoder) dispatch(c *call, threads metal.Size) bool {
	s := e.compute
	if s.pipeline == nil {
		c.fault("no pipeline is set: setComputePipelineState: comes first")
		return false
	}
	f := s.pipeline.function
	if threads != f.module.Threads {
		c.fault("threadgroups of %v threads: %s is written for %v", threads, f.Name, f.module.Threads)
		return false
	}
	e.now.runs |= metal.StageDispatch
	ok := e.snapshot(c, f, s.table, metal.StageDispatch)
	if s.table != nil {
		s.metal.SetArgumentTable(s.table.metal)
	}
	return ok
}

func (m *machine) dispatchThreadgroups(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	groups, threads := c.structure(0), sizeOf(c.structure(1))
	for _, n := range groups {
		if n == 0 || n > math.MaxUint32 {
			c.fault("%v threadgroups: each count must be from 1 to 2^32-1", groups)
			return
		}
	}
	if e.dispatch(c, threads) {
		e.compute.metal.DispatchThreadgroups(sizeOf(groups), threads)
		e.done()
	}
}

func (m *machine) dispatchIndirect(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	threads := sizeOf(c.structure(1))
	if !e.dispatch(c, threads) {
		return
	}
	if b, offset := e.indirect(c, c.word(0), dispatchArguments, metal.StageDispatch); b != nil {
		e.compute.metal.DispatchThreadgroupsIndirect(b.metal, offset, threads)
		e.done()
	}
}

func (m *machine) computeTimestamp(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	if h := counters(c, 1, 2); h != nil {
		e.needs(c, h.object)
		e.compute.metal.WriteTimestamp(h.metal, c.integer(2))
	}
}

// networkState is what a machine-learning encoder has been told.
type networkState struct {
	metal    metal.MachineLearningEncoder
	pipeline *networkPipeline
	table    *argumentTable
}

func (m *machine) setNetworkPipeline(c *call) {
	if e := encoding(c); e != nil {
		p := c.object(0).state.(*networkPipeline)
		if p.metal == nil {
			c.fault("%s has inputs whose extents are open: setInputDimensions:atBufferIndex: before it is made", p.object)
			return
		}
		e.network.pipeline = p
		e.needs(c, p.object)
		e.network.metal.SetMachineLearningPipeline(p.metal)
	}
}

func (m *machine) dispatchNetwork(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	s := e.network
	if s.pipeline == nil || s.table == nil {
		c.fault("no pipeline or no argument table is set: both come before the dispatch")
		return
	}
	h := c.object(0).state.(*heap)
	need := s.pipeline.metal.IntermediatesHeapSize()
	switch {
	case !e.touch(c, &h.allocation):
		return
	case h.size < need:
		c.fault("%s has %d bytes: %s needs %d for its intermediates", h, h.size, s.pipeline.object, need)
		return
	case h.placed > 0:
		c.fault("%s holds %d resources: a network uses the heap of its intermediates as a whole", h, h.placed)
		return
	}
	e.now.runs = metal.StageMachineLearning
	for i := range s.pipeline.bindings {
		if !e.tensorArgument(c, &s.pipeline.bindings[i]) {
			return
		}
	}
	s.metal.SetArgumentTable(s.table.metal)
	if need == 0 {
		s.metal.DispatchNetwork(nil)
	} else {
		e.usesPart(&h.allocation, barriers.Part{}, metal.StageMachineLearning, true, true)
		s.metal.DispatchNetwork(h.metal)
	}
	e.done()
}

// tensorArgument hands one tensor of a network to the table beneath.
func (e *encoder) tensorArgument(c *call, b *metal.TensorBinding) bool {
	s, t := e.network, e.network.table
	if b.Index >= len(t.buffers) || t.buffers[b.Index].resource == 0 {
		c.fault("%s takes the tensor %q at buffer index %d, which is not set in %s: setResource:atBufferIndex:", s.pipeline.object, b.Name, b.Index, t.object)
		return false
	}
	a := t.buffers[b.Index]
	x, ok := e.machine.named(a.resource).(*tensor)
	if !ok {
		c.fault("buffer %d of %s: %#x is no tensor's resource ID (%q of %s)", b.Index, t.object, a.resource, b.Name, s.pipeline.object)
		return false
	}
	n := &x.descriptor
	switch {
	case !e.touch(c, &x.allocation):
		return false
	case n.Type != b.Type:
		c.fault("%s has elements of type %v: %q of %s takes %v", x, n.Type, b.Name, s.pipeline.object, b.Type)
		return false
	case !slices.Equal(n.Dimensions, b.Dimensions):
		c.fault("%s has the dimensions %v: %q of %s takes %v", x, n.Dimensions, b.Name, s.pipeline.object, b.Dimensions)
		return false
	case n.Usage&metal.TensorUsageMachineLearning == 0:
		c.fault("%s lacks the usage machineLearning (4), which %q of %s takes", x, b.Name, s.pipeline.object)
		return false
	}
	if t.given[b.Index] != a {
		t.metal.SetTensor(x.metal, b.Index)
		t.given[b.Index] = a
	}
	e.uses(&x.allocation, metal.StageMachineLearning, b.Access != metal.BindingAccessWriteOnly, b.Access != metal.BindingAccessReadOnly)
	return true
}
