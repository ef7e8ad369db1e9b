package apple

import (
	"weft/metal"
	"weft/metal/rules"
)

// fence is an MTLFence.
type fence struct {
	object
	order rules.Fence
}

// NewFence makes a fence that nothing has updated.
func (d *Device) NewFence(label string) (metal.Fence, error) {
	c := d.borrow()
	defer d.giveBack(c)
	f := &fence{object: object{device: d, kind: "fence", label: label}, order: rules.Fence{Label: label}}
	if f.id = c.object(d.id, selNewFence); f.id == 0 {
		return nil, f.fail("device %q made none", d.name)
	}
	c.label(f.id, label)
	return f, nil
}

func (e *encoder) UpdateFence(x metal.Fence, after metal.Stages) {
	e.fence("UpdateFence", selUpdateFenceAfterEncoderStages, x, after, (*rules.Fences).Update)
}

func (e *encoder) WaitForFence(x metal.Fence, before metal.Stages) {
	e.fence("WaitForFence", selWaitForFenceBeforeEncoderStages, x, before, (*rules.Fences).Wait)
}

func (e *encoder) fence(verb string, s selector, x metal.Fence, stages metal.Stages, rule func(*rules.Fences, *rules.Fence, metal.Stages, metal.Stages) error) {
	if !e.recording(verb) {
		return
	}
	f, err := own[fence](e.buffer.device, "the fence", x)
	if err == nil {
		err = rule(&e.buffer.fences, &f.order, stages, e.owned)
	}
	if e.may(verb, err) {
		e.send(s, uintptr(f.id), uintptr(stages))
	}
}
