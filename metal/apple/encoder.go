package apple

import (
	"fmt"

	"weft/metal"
	"weft/metal/apple/objc"
	"weft/metal/rules"
)

// encoder is what the three kinds have in common: an MTL4CommandEncoder.
type encoder struct {
	buffer *commandBuffer
	id     objc.ID // 0 between EndEncoding and the next
	kind   string
	label  string
	owned  metal.Stages
	groups int // open debug groups
}

func (e *encoder) String() string { return rules.Describe(e.kind, e.label) }

// fail keeps the error of a verb, for CommandBuffer.End. It returns false.
func (e *encoder) fail(verb string, err error) bool {
	b := e.buffer
	if b.err == nil {
		b.err = fmt.Errorf("apple: %s, %s: %s: %w", b, e, verb, err)
	}
	return false
}

// recording reports whether the encoder is open.
func (e *encoder) recording(verb string) bool {
	if e.buffer.open == e {
		return true
	}
	return e.fail(verb, fmt.Errorf("the encoder has ended"))
}

// may reports whether a verb may go on: the encoder is open and err is nil.
func (e *encoder) may(verb string, err error) bool {
	if !e.recording(verb) {
		return false
	}
	if err != nil {
		return e.fail(verb, err)
	}
	return true
}

// send sends a message to the encoder.
func (e *encoder) send(s selector, arguments ...uintptr) {
	e.buffer.caller.send(e.id, s, arguments...)
}

func (e *encoder) BarrierAfterQueueStages(after, before metal.Stages, v metal.VisibilityOptions) {
	if e.may("BarrierAfterQueueStages", rules.QueueBarrier(after, before, v)) {
		e.send(selBarrierAfterQueueStagesBeforeStagesVisibilityOptions, uintptr(after), uintptr(before), uintptr(v))
	}
}

func (e *encoder) BarrierAfterStages(after, before metal.Stages, v metal.VisibilityOptions) {
	if e.may("BarrierAfterStages", rules.QueueBarrier(after, before, v)) {
		e.send(selBarrierAfterStagesBeforeQueueStagesVisibilityOptions, uintptr(after), uintptr(before), uintptr(v))
	}
}

func (e *encoder) BarrierAfterEncoderStages(after, before metal.Stages, v metal.VisibilityOptions) {
	if e.may("BarrierAfterEncoderStages", rules.EncoderBarrier(after, before, e.owned, v)) {
		e.send(selBarrierAfterEncoderStagesBeforeEncoderStagesVisibilityOptions, uintptr(after), uintptr(before), uintptr(v))
	}
}

// DiscardContents is no call of Metal's, whose textures have no layout.
func (e *encoder) DiscardContents(x metal.Texture, stages metal.Stages) {
	_, err := own[texture](e.buffer.device, "the texture", x)
	if err == nil {
		err = rules.OwnStages("stages", stages, e.owned)
	}
	e.may("DiscardContents", err)
}

func (e *encoder) PushDebugGroup(label string) {
	if e.recording("PushDebugGroup") {
		e.groups++
		e.send(selPushDebugGroup, uintptr(e.buffer.string(label)))
	}
}

func (e *encoder) PopDebugGroup() {
	switch {
	case !e.recording("PopDebugGroup"):
	case e.groups == 0:
		e.fail("PopDebugGroup", fmt.Errorf("no debug group is open: push one first"))
	default:
		e.groups--
		e.send(selPopDebugGroup)
	}
}

func (e *encoder) EndEncoding() {
	if !e.recording("EndEncoding") {
		return
	}
	if e.groups > 0 {
		e.fail("EndEncoding", fmt.Errorf("%d debug groups are open: pop each one", e.groups))
	}
	e.close()
}

// close ends the encoder as it stands.
func (e *encoder) close() {
	for ; e.groups > 0; e.groups-- {
		e.send(selPopDebugGroup)
	}
	c := e.buffer.caller
	pool := c.Push()
	e.send(selEndEncoding)
	c.release(e.id)
	pool.Pop()
	e.id, e.buffer.open = 0, nil
}

// inBuffer is a buffer argument with a range in it.
func (e *encoder) inBuffer(what string, x metal.Buffer, offset, size, align int) (*buffer, error) {
	b, err := own[buffer](e.buffer.device, what, x)
	if err == nil {
		err = rules.Inside(what, b, offset, size, align)
	}
	return b, err
}

// timestamp is a counter heap argument with an entry of it.
func (e *encoder) timestamp(x metal.CounterHeap, index int) (*counterHeap, error) {
	h, err := own[counterHeap](e.buffer.device, "the heap", x)
	if err == nil {
		err = rules.Timestamp(h, index)
	}
	return h, err
}

// snapshot checks that a table, which may be nil, has what a function uses, and
// sets its tensors the way the function takes them.
func (e *encoder) snapshot(pipeline fmt.Stringer, f *function, t *argumentTable) error {
	if t == nil {
		return rules.Snapshot(pipeline, f.Function, nil)
	}
	if err := rules.Snapshot(pipeline, f.Function, &t.Table); err != nil {
		return err
	}
	for _, b := range f.buffers {
		t.bind(e.buffer.caller, b.index, b.how)
	}
	return nil
}
