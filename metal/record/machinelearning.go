package record

import (
	"slices"

	"weft/metal"
	"weft/metal/rules"
)

type networkPipeline struct {
	object
	bindings      []metal.TensorBinding
	intermediates int
}

func (p *networkPipeline) Bindings() []metal.TensorBinding { return slices.Clone(p.bindings) }
func (p *networkPipeline) IntermediatesHeapSize() int      { return p.intermediates }

// NewMachineLearningPipeline makes a pipeline of what Options.Networks says, or
// else of what the package declares.
func (d *Device) NewMachineLearningPipeline(p metal.MachineLearningPipelineDescriptor) (metal.MachineLearningPipeline, error) {
	read := d.options.Networks
	if read == nil {
		read = readNetwork
	}
	bindings, intermediates, err := read(p)
	if err != nil {
		return nil, d.refuse("NewMachineLearningPipeline", "%s: network %q: %v", describe("machine-learning pipeline", p.Label), p.Network.Name, err)
	}
	for _, b := range bindings {
		if b.Index < 0 || b.Index >= metal.MaxBuffers {
			return nil, d.refuse("NewMachineLearningPipeline", "%s: network %q: binding %q at index %d: an argument table has buffers 0 to %d", describe("machine-learning pipeline", p.Label), p.Network.Name, b.Name, b.Index, metal.MaxBuffers-1)
		}
		if slices.Contains(b.Dimensions, -1) {
			return nil, d.refuse("NewMachineLearningPipeline", "%s: network %q: the extents of %q are not fixed: %v; give them in InputDimensions", describe("machine-learning pipeline", p.Label), p.Network.Name, b.Name, b.Dimensions)
		}
	}
	o := &networkPipeline{bindings: bindings, intermediates: intermediates}
	d.adopt(&o.object, "machine-learning pipeline", p.Label, Arg{"network", p.Network.Name}, Arg{"intermediates", intermediates})
	return o, nil
}

type networkEncoder struct {
	encoder
	pipeline *networkPipeline
	table    *argumentTable
}

func (e *networkEncoder) SetMachineLearningPipeline(x metal.MachineLearningPipeline) {
	if e.logs() {
		e.log("SetMachineLearningPipeline", Arg{"pipeline", name(x)})
	}
	if !e.enter("SetMachineLearningPipeline") {
		return
	}
	p, ok := x.(*networkPipeline)
	if !ok || p == nil {
		e.fail("not a machine-learning pipeline of this driver: %T", x)
		return
	}
	if e.state(&p.object) {
		e.pipeline = p
	}
}

func (e *networkEncoder) SetArgumentTable(x metal.ArgumentTable) {
	if e.logs() {
		e.log("SetArgumentTable", Arg{"table", name(x)})
	}
	if !e.enter("SetArgumentTable") {
		return
	}
	if t := e.theTable(x); t != nil {
		e.table = t
	}
}

func (e *networkEncoder) DispatchNetwork(x metal.Heap) {
	if e.logs() {
		e.log("DispatchNetwork", Arg{"heap", name(x)})
	}
	if !e.enter("DispatchNetwork") {
		return
	}
	if e.pipeline == nil {
		e.fail("no pipeline is set: call SetMachineLearningPipeline first")
		return
	}
	e.intermediates(x)
	if e.table == nil {
		e.fail("no argument table is set: call SetArgumentTable")
		return
	}
	e.state(&e.table.object)
	if !e.check(rules.Network(e.pipeline, e.pipeline.bindings, &e.table.Table)) {
		return
	}
	for i := range e.pipeline.bindings {
		e.touch(&e.table.Buffers[e.pipeline.bindings[i].Index].Tensor.(*tensor).allocation)
	}
}

// intermediates checks the heap that a network works in.
func (e *networkEncoder) intermediates(x metal.Heap) {
	need := e.pipeline.intermediates
	if x == nil {
		if need > 0 {
			e.fail("no heap: %s needs one of %d bytes for its intermediates", e.pipeline, need)
		}
		return
	}
	h, ok := x.(*heap)
	if !ok || h == nil {
		e.fail("not a heap of this driver: %T", x)
		return
	}
	if h.size < need {
		e.fail("%s has %d bytes: %s needs %d for its intermediates", h, h.size, e.pipeline, need)
		return
	}
	if n := h.placed.Load(); n > 0 {
		e.fail("%s holds %d resources: a network uses the heap of its intermediates as a whole", h, n)
		return
	}
	e.touch(&h.allocation)
}
