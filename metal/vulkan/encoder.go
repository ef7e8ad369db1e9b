package vulkan

import (
	"fmt"
	"strings"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// encoder is what the three kinds have in common.
type encoder struct {
	cb     *commandBuffer
	kind   string
	label  string
	owns   metal.Stages
	groups []string // debug groups, outermost first
}

// where names the encoder and its debug groups, for faults.
func (e *encoder) where() string {
	s := fmt.Sprintf(", %s %q", e.kind, e.label)
	if len(e.groups) > 0 {
		s += fmt.Sprintf(", group %q", strings.Join(e.groups, " / "))
	}
	return s
}

// recording reports whether the encoder is open, and faults if it is not.
func (e *encoder) recording(verb string) bool {
	if e.cb.open != e {
		e.cb.fail("BUG: %s on %s %q, which has ended", verb, e.kind, e.label)
		return false
	}
	return true
}

// addBarrier checks a barrier and adds it to the list to record.
func (e *encoder) addBarrier(l *barriers, verb string, after, before metal.Stages, v metal.VisibilityOptions) bool {
	if !e.recording(verb) {
		return false
	}
	if after == 0 || before == 0 {
		e.cb.fail("BUG: %s after %v before %v: both need a stage", verb, after, before)
		return false
	}
	l.add(after, before, v)
	return true
}

// ownStages checks the stages of an intra-pass barrier.
func (e *encoder) ownStages(after, before metal.Stages) bool {
	if other := (after | before) &^ e.owns; other != 0 {
		e.cb.fail("BUG: BarrierAfterEncoderStages after %v before %v: a %s has no stage %v", after, before, e.kind, other)
		return false
	}
	return true
}

func (e *encoder) BarrierAfterQueueStages(after, before metal.Stages, v metal.VisibilityOptions) {
	if e.addBarrier(&e.cb.barriers, "BarrierAfterQueueStages", after, before, v) {
		e.cb.barriers.record(e.cb.device, e.cb.handle)
	}
}

func (e *encoder) BarrierAfterStages(after, before metal.Stages, v metal.VisibilityOptions) {
	if e.addBarrier(&e.cb.barriers, "BarrierAfterStages", after, before, v) {
		e.cb.barriers.record(e.cb.device, e.cb.handle)
	}
}

func (e *encoder) BarrierAfterEncoderStages(after, before metal.Stages, v metal.VisibilityOptions) {
	if e.ownStages(after, before) && e.addBarrier(&e.cb.barriers, "BarrierAfterEncoderStages", after, before, v) {
		e.cb.barriers.record(e.cb.device, e.cb.handle)
	}
}

func (e *encoder) DiscardContents(t metal.Texture, stages metal.Stages) {
	if e.addDiscard(&e.cb.barriers, t, stages) {
		e.cb.barriers.record(e.cb.device, e.cb.handle)
	}
}

// addDiscard checks a discard and adds it to the list to record.
func (e *encoder) addDiscard(l *barriers, t metal.Texture, stages metal.Stages) bool {
	if !e.recording("DiscardContents") {
		return false
	}
	x, ok := t.(*texture)
	if !ok || x.device != e.cb.device {
		e.cb.fail("BUG: DiscardContents of a texture of another device")
		return false
	}
	if scopeOf(stages).stages == 0 {
		e.cb.fail("BUG: DiscardContents of texture %q in stages %v: name the stages of the next write", x.label, stages)
		return false
	}
	part := x.part
	part.AspectMask = x.image.whole.AspectMask // layouts of depth and stencil change together
	l.addDiscard(x.image, part, stages)
	return true
}

func (e *encoder) PushDebugGroup(label string) { e.groups = append(e.groups, label) }

func (e *encoder) PopDebugGroup() {
	if n := len(e.groups); n > 0 {
		e.groups = e.groups[:n-1]
		return
	}
	e.cb.fail("BUG: PopDebugGroup without PushDebugGroup")
}

func (e *encoder) EndEncoding() {
	if !e.recording("EndEncoding") {
		return
	}
	if len(e.groups) > 0 {
		e.cb.fail("BUG: EndEncoding with a debug group open")
	}
	e.cb.open = nil
}

// buffer is a buffer of this device, or nil and a fault.
func (e *encoder) buffer(b metal.Buffer, verb string) *buffer {
	if x, ok := b.(*buffer); ok && x.device == e.cb.device {
		return x
	}
	e.cb.fail("BUG: %s with a buffer that is nil or of another device", verb)
	return nil
}

// inBuffer checks a range of a buffer.
func (e *encoder) inBuffer(b *buffer, offset, size, align int, verb string) bool {
	switch {
	case offset < 0 || size < 0 || offset > b.length-size:
		e.cb.fail("%s: bytes [%d, %d) of buffer %q: it has %d bytes", verb, offset, offset+size, b.label, b.length)
	case offset%align != 0:
		e.cb.fail("%s: offset %d in buffer %q: must be a multiple of %d", verb, offset, b.label, align)
	default:
		return true
	}
	return false
}

// descriptorBind is what a stage has bound.
type descriptorBind struct {
	table   *argumentTable
	version uint64 // of the table, when its set was written
	layout  *setLayout
	set     vk.DescriptorSet
}

// snapshot returns the set that holds a table's arguments for a shader, written
// anew when the table or the layout has changed. A shader without arguments has
// set 0.
func (e *encoder) snapshot(b *descriptorBind, layout *setLayout, user string) (vk.DescriptorSet, bool) {
	if len(layout.bindings) == 0 {
		return 0, true
	}
	if b.table == nil {
		e.cb.fail("%s reads arguments, and no argument table is set", user)
		return 0, false
	}
	if b.set != 0 && b.layout == layout && b.version == b.table.version {
		return b.set, true
	}
	set, err := e.cb.allocator.write(layout, b.table)
	if err != nil {
		e.cb.fail("%s: %w", user, err)
		return 0, false
	}
	b.set, b.layout, b.version = set, layout, b.table.version
	return set, true
}
