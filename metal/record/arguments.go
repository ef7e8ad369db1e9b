package record

import (
	"weft/metal"
	"weft/metal/rules"
)

// snapshot checks that a table has what a function uses, as draws and
// dispatches take it, and notes the use.
func (e *encoder) snapshot(pipeline *object, f *rules.Function, t *argumentTable) {
	var held *rules.Table
	if t != nil {
		held = &t.Table
	}
	if err := rules.Snapshot(pipeline, f, held); err != nil {
		e.fail("%v", err)
		return
	}
	if t == nil {
		return
	}
	e.state(&t.object)
	for i := range f.Arguments {
		switch r := &f.Arguments[i]; r.Set {
		case rules.SetBuffers:
			if s := &t.Buffers[r.Binding]; s.Tensor != nil {
				e.touch(&s.Tensor.(*tensor).allocation)
			} else {
				e.touch(s.Buffer.(*buffer).base())
			}
		case rules.SetTextures:
			e.touch(&t.Textures[r.Binding].(*texture).allocation)
		case rules.SetSamplers:
			e.state(&t.Samplers[r.Binding].(*sampler).object)
		}
	}
}

// theTable is the argument as a table of this driver.
func (e *encoder) theTable(x metal.ArgumentTable) *argumentTable {
	t, ok := x.(*argumentTable)
	if !ok || t == nil {
		e.fail("not an argument table of this driver: %T", x)
		return nil
	}
	if !e.state(&t.object) {
		return nil
	}
	return t
}
