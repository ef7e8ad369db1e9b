package record

import (
	"weft/metal"
	"weft/metal/spirv"
)

// snapshot checks that a table has what a function uses, as draws and
// dispatches take it.
func (e *encoder) snapshot(pipeline *object, f *function, t *argumentTable) {
	if t == nil {
		if len(f.arguments) > 0 {
			r := &f.arguments[0]
			e.fail("%s: function %q (stage %v) uses %s %d (%q), and no argument table is set: call SetArgumentTable", pipeline, f.name, f.stage, sets[r.Set].what, r.Binding, r.Name)
		}
		return
	}
	e.table(t)
	for i := range f.arguments {
		r := &f.arguments[i]
		switch r.Set {
		case setBuffers:
			e.bufferArgument(f, t, r)
		case setTextures:
			if r.Binding >= len(t.textures) || t.textures[r.Binding] == nil {
				e.unset(f, t, r, len(t.textures), "SetTexture")
				continue
			}
			x := t.textures[r.Binding]
			if why := textureMisfit(x, r); why != "" {
				e.fail("%s at texture index %d (%q of function %q) %s", x, r.Binding, r.Name, f.name, why)
			} else {
				e.touch(&x.allocation)
			}
		case setSamplers:
			if r.Binding >= len(t.samplers) || t.samplers[r.Binding] == nil {
				e.unset(f, t, r, len(t.samplers), "SetSampler")
				continue
			}
			e.state(&t.samplers[r.Binding].object)
		}
	}
}

// table notes the use of a table, with what was wrong with it before.
func (e *encoder) table(t *argumentTable) {
	if t.wrong != nil {
		e.fail("%s: %s: %s", t, t.wrong.Call, t.wrong.Reason)
		t.wrong = nil
	}
	e.state(&t.object)
}

func (e *encoder) bufferArgument(f *function, t *argumentTable, r *spirv.Resource) {
	if r.Binding >= len(t.buffers) || t.buffers[r.Binding].empty() {
		e.unset(f, t, r, len(t.buffers), "SetBuffer or SetTensor")
		return
	}
	s := t.buffers[r.Binding]
	length := 0
	if s.tensor != nil {
		if !e.touch(&s.tensor.allocation) {
			return
		}
		length = s.tensor.size
	} else {
		if !e.touch(s.buffer.base()) {
			return
		}
		length = s.buffer.length - s.offset
	}
	if length < r.Size {
		e.fail("%s at buffer index %d (%q of function %q) has %d bytes there: the function takes at least %d", s, r.Binding, r.Name, f.name, length, r.Size)
	}
}

func (e *encoder) unset(f *function, t *argumentTable, r *spirv.Resource, room int, setter string) {
	what := sets[r.Set].what
	if r.Binding >= room {
		e.fail("function %q uses %s %d (%q): %s was made with room for %d %ss", f.name, what, r.Binding, r.Name, t, room, what)
		return
	}
	e.fail("function %q uses %s %d (%q), which %s has not set: call %s", f.name, what, r.Binding, r.Name, t, setter)
}

func (s slot) empty() bool { return s.buffer == nil && s.tensor == nil }

// String names what is in the slot.
func (s slot) String() string {
	if s.tensor != nil {
		return s.tensor.String()
	}
	return s.buffer.String()
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
