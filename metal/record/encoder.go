package record

import (
	"fmt"
	"math/bits"

	"weft/metal"
)

// encoder is what the three kinds have in common.
type encoder struct {
	buffer    *commandBuffer
	kind      string
	label     string
	owned     metal.Stages
	open      bool
	recording uint64
	call      string // the one being made, for faults
	groups    int    // open debug groups
}

func (e *encoder) String() string { return fmt.Sprintf("%s %q", e.kind, e.label) }

// enter begins a call: it reports whether the encoder is open.
func (e *encoder) enter(call string) bool {
	e.call = call
	if e.open {
		return true
	}
	b := e.buffer
	object := b.String() + ", " + e.String()
	if b.state == bufferOpen && b.recording == e.recording {
		b.fail(object, call, "the encoder is used after its EndEncoding")
	} else {
		b.device.fail(object, call, "the encoder is used after its EndEncoding")
	}
	return false
}

func (e *encoder) fail(format string, args ...any) error {
	b := e.buffer
	return b.fail(b.String()+", "+e.String(), e.call, format, args...)
}

func (e *encoder) logs() bool { return e.buffer.device.options.Log }

func (e *encoder) log(call string, args ...Arg) { e.buffer.device.log(e.String(), call, args...) }

// touch notes that this call uses a resource; it reports whether it may.
func (e *encoder) touch(a *allocation) bool {
	if why := a.broken(e.buffer.device); why != "" {
		e.fail("%s", why)
		return false
	}
	e.buffer.touch(&a.object, a, e.label, e.call)
	return true
}

// state notes that this call uses an object without memory.
func (e *encoder) state(o *object) bool {
	if o.device != e.buffer.device {
		e.fail("%s belongs to another device", o)
		return false
	}
	if o.released.Load() {
		e.fail("%s is used after its Release", o)
		return false
	}
	e.buffer.touch(o, nil, e.label, e.call)
	return true
}

// theBuffer is the argument as a buffer of this driver that can be used.
func (e *encoder) theBuffer(what string, x metal.Buffer) *buffer {
	b, ok := x.(*buffer)
	if !ok || b == nil {
		e.fail("%s is not a buffer of this driver: %T", what, x)
		return nil
	}
	if why := b.broken(e.buffer.device); why != "" {
		e.fail("%s: %s", what, why)
		return nil
	}
	if !e.touch(b.base()) {
		return nil
	}
	return b
}

// inside reports whether a buffer has size bytes from offset on.
func (e *encoder) inside(what string, b *buffer, offset, size int) bool {
	if offset < 0 || size < 0 || offset > b.length || size > b.length-offset {
		e.fail("%s: bytes [%d, %d) of %s, which has %d", what, offset, offset+size, b, b.length)
		return false
	}
	return true
}

func (e *encoder) multiple(what string, n, of int) bool {
	if n%of != 0 {
		e.fail("%s is %d: must be a multiple of %d", what, n, of)
		return false
	}
	return true
}

func (e *encoder) timestamp(h metal.CounterHeap, index int) {
	if why := e.buffer.timestamp(e.label, h, index); why != "" {
		e.fail("%s", why)
	}
}

// known are all the stages that there are.
const known = metal.RenderStages | metal.ComputeStages | metal.MachineLearningStages | metal.StageResourceState

// knownStages reports whether a barrier's set names stages, and only real ones.
func (e *encoder) knownStages(what string, s metal.Stages) bool {
	if s == 0 {
		e.fail("%s is empty: a barrier names at least one stage on each side", what)
		return false
	}
	if s != metal.StageAll && s&^known != 0 {
		e.fail("%s holds bits that are no stages: %v", what, s&^known)
		return false
	}
	return true
}

// ownStages reports whether the encoder owns all of the stages.
func (e *encoder) ownStages(what string, s metal.Stages) bool {
	if !e.knownStages(what, s) {
		return false
	}
	if foreign := s &^ e.owned; foreign != 0 {
		e.fail("%s holds %v, which this encoder does not own: only %v", what, foreign&known, e.owned)
		return false
	}
	return true
}

func (e *encoder) barrier(call string, after, before metal.Stages, v metal.VisibilityOptions) bool {
	if e.logs() {
		e.log(call, Arg{"after", after}, Arg{"before", before}, Arg{"visibility", v})
	}
	if !e.enter(call) {
		return false
	}
	if v&^(metal.VisibilityDevice|metal.VisibilityResourceAlias) != 0 {
		e.fail("unknown visibility option %#x: use VisibilityNone, VisibilityDevice or VisibilityResourceAlias", 1<<(bits.Len64(uint64(v))-1))
		return false
	}
	return true
}

// BarrierAfterQueueStages may name any stages, also foreign ones, on both
// sides, as may BarrierAfterStages (the comments of MTL4CommandEncoder.h).
func (e *encoder) BarrierAfterQueueStages(after, before metal.Stages, v metal.VisibilityOptions) {
	_ = e.barrier("BarrierAfterQueueStages", after, before, v) && e.knownStages("after", after) && e.knownStages("before", before)
}

func (e *encoder) BarrierAfterStages(after, before metal.Stages, v metal.VisibilityOptions) {
	_ = e.barrier("BarrierAfterStages", after, before, v) && e.knownStages("after", after) && e.knownStages("before", before)
}

func (e *encoder) BarrierAfterEncoderStages(after, before metal.Stages, v metal.VisibilityOptions) {
	if !e.barrier("BarrierAfterEncoderStages", after, before, v) || !e.ownStages("after", after) || !e.ownStages("before", before) {
		return
	}
	if late := after & (metal.StageFragment | metal.StageTile); late != 0 {
		e.fail("after holds %v: tile-based GPUs cannot order what follows it in one pass; end this encoder and begin another with a queue barrier", late)
	}
}

func (e *encoder) DiscardContents(x metal.Texture, stages metal.Stages) {
	if e.logs() {
		e.log("DiscardContents", Arg{"texture", name(x)}, Arg{"stages", stages})
	}
	if !e.enter("DiscardContents") || !e.ownStages("stages", stages) {
		return
	}
	if t, ok := x.(*texture); !ok || t == nil {
		e.fail("not a texture of this driver: %T", x)
	} else {
		e.touch(&t.allocation)
	}
}

func (e *encoder) PushDebugGroup(label string) {
	if e.logs() {
		e.log("PushDebugGroup", Arg{"label", label})
	}
	if e.enter("PushDebugGroup") {
		e.groups++
	}
}

func (e *encoder) PopDebugGroup() {
	if e.logs() {
		e.log("PopDebugGroup")
	}
	if !e.enter("PopDebugGroup") {
		return
	}
	if e.groups == 0 {
		e.fail("no debug group is open: push one first")
		return
	}
	e.groups--
}

func (e *encoder) EndEncoding() {
	if e.logs() {
		e.log("EndEncoding")
	}
	if !e.enter("EndEncoding") {
		return
	}
	if e.groups > 0 {
		e.fail("%d debug groups are open: pop each one", e.groups)
	}
	e.open = false
	e.buffer.encoding = nil
}
