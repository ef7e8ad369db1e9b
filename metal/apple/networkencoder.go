package apple

import (
	"fmt"

	"weft/metal"
	"weft/metal/rules"
)

// networkEncoder is an MTL4MachineLearningCommandEncoder.
type networkEncoder struct {
	encoder
	pipeline *networkPipeline
	table    *argumentTable
}

var _ metal.MachineLearningEncoder = (*networkEncoder)(nil)

func (e *networkEncoder) SetMachineLearningPipeline(x metal.MachineLearningPipeline) {
	p, err := own[networkPipeline](e.buffer.device, "the pipeline", x)
	if e.may("SetMachineLearningPipeline", err) && change(&e.pipeline, p) {
		e.send(selSetPipelineState, uintptr(p.id))
	}
}

func (e *networkEncoder) SetArgumentTable(x metal.ArgumentTable) {
	t, err := own[argumentTable](e.buffer.device, "the table", x)
	if e.may("SetArgumentTable", err) && change(&e.table, t) {
		e.send(selSetArgumentTable, uintptr(t.id))
	}
}

func (e *networkEncoder) DispatchNetwork(x metal.Heap) {
	h, err := e.dispatch(x)
	if e.may("DispatchNetwork", err) {
		e.send(selDispatchNetworkWithIntermediatesHeap, uintptr(h.id))
	}
}

func (e *networkEncoder) dispatch(x metal.Heap) (*heap, error) {
	p, t := e.pipeline, e.table
	switch {
	case p == nil:
		return nil, errNoPipeline
	case t == nil:
		return nil, errNoTable
	case x == nil:
		return nil, fmt.Errorf("no heap: %s needs one of %d bytes for its intermediates", p, p.intermediates)
	}
	h, err := own[heap](e.buffer.device, "the heap", x)
	switch {
	case err != nil:
		return nil, err
	case h.size < p.intermediates:
		return nil, fmt.Errorf("%s has %d bytes: %s needs %d for its intermediates", h, h.size, p, p.intermediates)
	case h.placed.Load() > 0:
		return nil, fmt.Errorf("%s holds %d resources: a network uses the heap of its intermediates as a whole", h, h.placed.Load())
	}
	if err := rules.Network(p, p.bindings, &t.Table); err != nil {
		return nil, err
	}
	for i := range p.bindings {
		t.bind(e.buffer.caller, p.bindings[i].Index, tensorResource)
	}
	return h, nil
}
