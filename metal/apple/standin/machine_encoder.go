package standin

import (
	"math/bits"

	"weft/barriers"
	"weft/metal"
)

// encoder is what the three kinds have in common.
type encoder struct {
	machine *machine
	object  *object
	kind    barriers.EncoderKind
	buffer  *commandBuffer
	metal   metal.Encoder
	open    bool
	groups  int
	pass    *pass
	now     command // what the message that is carried out does

	render  *renderState
	compute *computeState
	network *networkState
}

// String names it as faults do.
func (e *encoder) String() string { return e.object.String() }

func (m *machine) newEncoder(c *call) {
	b, ok := c.self().state.(*commandBuffer)
	if !ok || !b.recordable(c) {
		return
	}
	e := &encoder{machine: m, buffer: b, open: true}
	var err error
	switch c.selector() {
	case "renderCommandEncoderWithDescriptor:":
		e.kind = barriers.RenderEncoder
		err = e.startRender(c, c.object(0))
	case "computeCommandEncoder":
		e.kind = barriers.ComputeEncoder
		e.compute = &computeState{}
		e.compute.metal, err = b.recording.metal.ComputeEncoder("")
		e.metal = e.compute.metal
	case "machineLearningCommandEncoder":
		e.kind = barriers.MachineLearningEncoder
		e.network = &networkState{}
		e.network.metal, err = b.recording.metal.MachineLearningEncoder("")
		e.metal = e.network.metal
	}
	if err != nil {
		c.fault("%v", err)
		b.recording.faulty = true
		return
	}
	e.object = c.loose(encoderKinds[e.kind], e)
	e.pass = &pass{kind: e.kind, encoder: e}
	b.encoding = e
	b.recording.passes = append(b.recording.passes, e.pass)
	if e.render != nil {
		e.attach(c)
	}
	c.give(e.object)
}

// encoding is the receiver, if it may still encode.
func encoding(c *call) *encoder {
	e, ok := c.self().state.(*encoder)
	if !ok {
		return nil
	}
	if !e.open {
		c.fault("the encoder is used after endEncoding")
		if e.buffer.state == bufferOpen {
			e.buffer.recording.faulty = true
		}
		return nil
	}
	e.now = command{name: c.selector()}
	return e
}

func (e *encoder) end() {
	e.open = false
	e.buffer.encoding = nil
	e.pass.label = e.object.label()
	if e.render != nil {
		e.finishRender()
	}
	e.metal.EndEncoding()
}

func (m *machine) endEncoding(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	if e.groups > 0 {
		c.fault("%d debug groups are open: pop each one", e.groups)
	}
	e.end()
}

func (m *machine) pushGroup(c *call) {
	if e := encoding(c); e != nil {
		e.groups++
		e.metal.PushDebugGroup(c.object(0).string())
	}
}

func (m *machine) popGroup(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	if e.groups == 0 {
		c.fault("no debug group is open: push one first")
		return
	}
	e.groups--
	e.metal.PopDebugGroup()
}

// touch notes that the message reaches memory, for the residency at commit; it
// reports whether the memory is there.
func (e *encoder) touch(c *call, a *allocation) bool {
	if a.gone {
		c.fault("%s is used after its last release", a)
		return false
	}
	r := e.buffer.recording
	if !r.seen[a] {
		r.seen[a] = true
		r.touched = append(r.touched, touch{a, use{e.object, c.selector()}})
	}
	if t, ok := a.object.state.(*texture); ok && t.drawable != nil && !contains(r.drawables, t.drawable) {
		r.drawables = append(r.drawables, t.drawable)
	}
	return true
}

// needs notes an object without memory that must outlive the work: Metal 4's
// command buffers retain nothing.
func (e *encoder) needs(c *call, o *object) {
	e.buffer.recording.uses[o] = use{e.object, c.selector()}
}

// uses notes what the message does with memory, in which stage.
func (e *encoder) uses(a *allocation, stage metal.Stages, reads, writes bool) {
	memory, part := a.memory()
	e.usesPart(memory, part, stage, reads, writes)
}

func (e *encoder) usesPart(a *allocation, part barriers.Part, stage metal.Stages, reads, writes bool) {
	if reads {
		e.now.accesses = append(e.now.accesses, access{what: a, part: part, stage: stage})
	}
	if writes {
		e.now.accesses = append(e.now.accesses, access{what: a, part: part, stage: stage, write: true})
	}
	e.now.runs |= stage
}

// done keeps what the message has done.
func (e *encoder) done() { e.pass.add(e.now) }

// known are all the stages that there are.
const known = metal.RenderStages | metal.ComputeStages | metal.MachineLearningStages | metal.StageResourceState

// allStages is MTLStageAll.
const allStages = 0x7fffffffffffffff

func stages(c *call, what string, s uint64) (metal.Stages, bool) {
	if s == allStages {
		return known, true
	}
	if s == 0 || metal.Stages(s)&^known != 0 {
		c.fault("%s %#x: must name at least one stage, and only those that MTLStages has", what, s)
		return 0, false
	}
	return metal.Stages(s), true
}

func (e *encoder) ownStages(c *call, what string, s uint64) (metal.Stages, bool) {
	set, ok := stages(c, what, s)
	if !ok {
		return 0, false
	}
	if s == allStages {
		return e.kind.Owns(), true
	}
	if foreign := set &^ e.kind.Owns(); foreign != 0 {
		c.fault("%s holds %v, which this encoder does not own: only %v", what, foreign, e.kind.Owns())
		return 0, false
	}
	return set, true
}

func visibility(c *call, v uint64) metal.VisibilityOptions {
	const all = metal.VisibilityDevice | metal.VisibilityResourceAlias
	if metal.VisibilityOptions(v)&^all != 0 {
		c.fault("unknown visibility option %#x", uint64(1)<<(bits.Len64(v)-1))
	}
	return metal.VisibilityOptions(v)
}

func (m *machine) barrier(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	v := visibility(c, c.word(2))
	var kind barriers.Kind
	var after, before metal.Stages
	var ok, okBefore bool
	switch c.selector() {
	case "barrierAfterQueueStages:beforeStages:visibilityOptions:":
		kind = barriers.Consumer
		after, ok = stages(c, "afterQueueStages", c.word(0))
		before, okBefore = stages(c, "beforeStages", c.word(1))
	case "barrierAfterStages:beforeQueueStages:visibilityOptions:":
		kind = barriers.Producer
		after, ok = stages(c, "afterStages", c.word(0))
		before, okBefore = stages(c, "beforeQueueStages", c.word(1))
	default:
		kind = barriers.Intra
		after, ok = e.ownStages(c, "afterEncoderStages", c.word(0))
		before, okBefore = e.ownStages(c, "beforeEncoderStages", c.word(1))
		if late := after & (metal.StageFragment | metal.StageTile); late != 0 {
			c.fault("afterEncoderStages holds %v: tile-based GPUs cannot order what follows it in one pass; end this encoder and begin another with a queue barrier", late)
			return
		}
	}
	if !ok || !okBefore {
		return
	}
	switch kind {
	case barriers.Consumer:
		e.metal.BarrierAfterQueueStages(after, before, v)
	case barriers.Producer:
		e.metal.BarrierAfterStages(after, before, v)
	case barriers.Intra:
		e.metal.BarrierAfterEncoderStages(after, before, v)
	}
	e.pass.order(kind, after, before, v)
}

// bufferAt is the buffer that an address names, with size bytes behind it.
func (e *encoder) bufferAt(c *call, what string, address uint64, size, align int) (*buffer, int) {
	b, offset, ok := e.machine.addresses.find(address)
	if !ok {
		c.fault("%s: no buffer is at the address %#x", what, address)
		return nil, 0
	}
	if !e.touch(c, &b.allocation) {
		return nil, 0
	}
	if offset%align != 0 {
		c.fault("%s: offset %d in %s must be a multiple of %d", what, offset, b, align)
		return nil, 0
	}
	if size < 0 || size > b.length-offset {
		c.fault("%s: %d bytes from offset %d on of %s, which has %d", what, size, offset, b, b.length)
		return nil, 0
	}
	return b, offset
}
