package vulkan

import (
	"weft/metal"
	"weft/metal/rules"
)

// fence orders encoders of one queue. Vulkan has nothing of the kind that goes
// from one command buffer to another whatever order they are recorded in: an
// event must be reset between two uses, and who waits must know the stages of
// who sets. So a wait is a pipeline barrier, which reaches back over all that was
// submitted before. It is one after the stages of the last update, where that is
// in the same recording, and else after every stage.
type fence struct {
	object
	order    rules.Fence
	released bool
}

// update is the last update of a fence in a recording.
type update struct {
	fence *fence
	after metal.Stages
}

var _ metal.Fence = (*fence)(nil)

// NewFence makes a fence that nothing has updated.
func (d *Device) NewFence(label string) (metal.Fence, error) {
	return &fence{object: object{d, label}, order: rules.Fence{Label: label}}, nil
}

func (f *fence) Release() { f.released = true }

// fence is the argument of a call, nil and a fault where it cannot be used.
func (e *encoder) fence(verb string, x metal.Fence) *fence {
	if !e.recording(verb) {
		return nil
	}
	f, ok := x.(*fence)
	switch {
	case !ok || f == nil || f.device != e.cb.device:
		e.cb.fail("BUG: %s with a fence that is nil or of another device", verb)
		return nil
	case f.released:
		e.cb.fail("BUG: %s: %s is used after its Release", verb, &f.order)
		return nil
	}
	return f
}

func (e *encoder) UpdateFence(x metal.Fence, after metal.Stages) {
	f := e.fence("UpdateFence", x)
	if f == nil {
		return
	}
	if err := e.cb.fences.Update(&f.order, after, e.owns); err != nil {
		e.cb.fail("BUG: UpdateFence: %w", err)
		return
	}
	for i := range e.cb.updates {
		if e.cb.updates[i].fence == f {
			e.cb.updates[i].after = after
			return
		}
	}
	e.cb.updates = append(e.cb.updates, update{f, after})
}

func (e *encoder) WaitForFence(x metal.Fence, before metal.Stages) {
	f := e.fence("WaitForFence", x)
	if f == nil {
		return
	}
	if err := e.cb.fences.Wait(&f.order, before, e.owns); err != nil {
		e.cb.fail("BUG: WaitForFence: %w", err)
		return
	}
	after := metal.StageAll
	for _, u := range e.cb.updates {
		if u.fence == f {
			after = u.after
		}
	}
	e.cb.barriers.add(after, before, metal.VisibilityDevice)
	e.cb.barriers.record(e.cb.device, e.cb.handle)
}

// WaitForFence stands before the attachments of what is drawn next are loaded.
func (e *renderEncoder) WaitForFence(f metal.Fence, before metal.Stages) {
	e.split()
	e.shown = nil
	e.encoder.WaitForFence(f, before)
}
