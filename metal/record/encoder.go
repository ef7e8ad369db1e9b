package record

import (
	"fmt"

	"weft/metal"
	"weft/metal/rules"
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

// check keeps the error of a rule; it reports whether there is none.
func (e *encoder) check(err error) bool {
	if err != nil {
		e.fail("%v", err)
	}
	return err == nil
}

func (e *encoder) timestamp(h metal.CounterHeap, index int) {
	if why := e.buffer.timestamp(e.label, h, index); why != "" {
		e.fail("%s", why)
	}
}

// ownStages reports whether the encoder owns all of the stages.
func (e *encoder) ownStages(what string, s metal.Stages) bool {
	return e.check(rules.OwnStages(what, s, e.owned))
}

func (e *encoder) barrier(call string, after, before metal.Stages, v metal.VisibilityOptions) bool {
	if e.logs() {
		e.log(call, Arg{"after", after}, Arg{"before", before}, Arg{"visibility", v})
	}
	return e.enter(call)
}

func (e *encoder) BarrierAfterQueueStages(after, before metal.Stages, v metal.VisibilityOptions) {
	if e.barrier("BarrierAfterQueueStages", after, before, v) {
		e.check(rules.QueueBarrier(after, before, v))
	}
}

func (e *encoder) BarrierAfterStages(after, before metal.Stages, v metal.VisibilityOptions) {
	if e.barrier("BarrierAfterStages", after, before, v) {
		e.check(rules.QueueBarrier(after, before, v))
	}
}

func (e *encoder) BarrierAfterEncoderStages(after, before metal.Stages, v metal.VisibilityOptions) {
	if e.barrier("BarrierAfterEncoderStages", after, before, v) {
		e.check(rules.EncoderBarrier(after, before, e.owned, v))
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
