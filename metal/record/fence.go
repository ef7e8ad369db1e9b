package record

import (
	"weft/metal"
	"weft/metal/rules"
)

type fence struct {
	object
	order rules.Fence
}

// NewFence makes a fence that nothing has updated.
func (d *Device) NewFence(label string) (metal.Fence, error) {
	f := &fence{order: rules.Fence{Label: label}}
	d.adopt(&f.object, "fence", label)
	return f, nil
}

func (e *encoder) UpdateFence(x metal.Fence, after metal.Stages) {
	if e.logs() {
		e.log("UpdateFence", Arg{"fence", name(x)}, Arg{"after", after})
	}
	if f := e.fence("UpdateFence", x); f != nil {
		e.check(e.buffer.fences.Update(&f.order, after, e.owned))
	}
}

func (e *encoder) WaitForFence(x metal.Fence, before metal.Stages) {
	if e.logs() {
		e.log("WaitForFence", Arg{"fence", name(x)}, Arg{"before", before})
	}
	if f := e.fence("WaitForFence", x); f != nil {
		e.check(e.buffer.fences.Wait(&f.order, before, e.owned))
	}
}

// fence is the argument of a call, nil and a fault where it cannot be used.
func (e *encoder) fence(call string, x metal.Fence) *fence {
	if !e.enter(call) {
		return nil
	}
	f, ok := x.(*fence)
	if !ok || f == nil {
		e.fail("not a fence of this driver: %T", x)
		return nil
	}
	if !e.state(&f.object) {
		return nil
	}
	return f
}
