package rules

import (
	"fmt"

	"weft/metal"
	"weft/metal/spirv"
)

// Table is what an argument table holds. It keeps the first wrong argument for
// the draw, dispatch or network that takes the next snapshot.
type Table struct {
	Name     string // in errors
	Buffers  []Slot
	Textures []metal.Texture
	Samplers []metal.Sampler
	wrong    error
}

// Slot is a buffer from an offset on, or a tensor.
type Slot struct {
	Buffer metal.Buffer
	Tensor metal.Tensor
	Offset int
}

// NewTable makes an empty table.
func NewTable(d metal.ArgumentTableDescriptor) Table {
	return Table{
		Name: Describe("argument table", d.Label), Buffers: make([]Slot, d.Buffers),
		Textures: make([]metal.Texture, d.Textures), Samplers: make([]metal.Sampler, d.Samplers),
	}
}

// offsetAlign is what offsets of bound buffers are multiples of, in bytes:
// Metal's feature tables for constant buffers on Apple GPUs.
const offsetAlign = 4

// Refuse keeps the error of a setter for the next snapshot.
func (t *Table) Refuse(setter string, err error) {
	if t.wrong == nil {
		t.wrong = fmt.Errorf("%s: %s: %w", t.Name, setter, err)
	}
}

func index(index, room int) error {
	if index < 0 || index >= room {
		return fmt.Errorf("index %d: the table was made with room for %d", index, room)
	}
	return nil
}

// SetBuffer is the rule of buffers in tables. One that keeps it is set; nil empties the
// place.
func (t *Table) SetBuffer(b metal.Buffer, offset, at int) error {
	if err := index(at, len(t.Buffers)); err != nil {
		return err
	}
	switch {
	case b == nil:
		t.Buffers[at] = Slot{}
		return nil
	case offset < 0 || offset >= b.Length():
		return fmt.Errorf("offset %d of %s, which has %d bytes", offset, name("buffer", b), b.Length())
	case offset%offsetAlign != 0:
		return fmt.Errorf("offset %d of %s: must be a multiple of %d", offset, name("buffer", b), offsetAlign)
	}
	t.Buffers[at] = Slot{Buffer: b, Offset: offset}
	return nil
}

// SetTensor is the rule of tensors in tables. One that keeps it is set; nil empties the
// place.
func (t *Table) SetTensor(x metal.Tensor, at int) error {
	if err := index(at, len(t.Buffers)); err != nil {
		return err
	}
	t.Buffers[at] = Slot{Tensor: x}
	return nil
}

// SetTexture is the rule of textures in tables. One that keeps it is set; nil empties
// the place.
func (t *Table) SetTexture(x metal.Texture, at int) error {
	if err := index(at, len(t.Textures)); err != nil {
		return err
	}
	if x != nil && x.Descriptor().Storage == metal.StorageModeMemoryless {
		return fmt.Errorf("%s is memoryless: it can only be an attachment", name("texture", x))
	}
	t.Textures[at] = x
	return nil
}

// SetSampler is the rule of samplers in tables. One that keeps it is set; nil empties
// the place.
func (t *Table) SetSampler(x metal.Sampler, at int) error {
	if err := index(at, len(t.Samplers)); err != nil {
		return err
	}
	t.Samplers[at] = x
	return nil
}

// Wrong returns, once, the first wrong argument that was set.
func (t *Table) Wrong() error {
	err := t.wrong
	t.wrong = nil
	return err
}

// Snapshot is the rule of a draw or dispatch: the table, which may be nil, has
// what the function uses.
func Snapshot(pipeline fmt.Stringer, f *Function, t *Table) error {
	if t == nil {
		if len(f.Arguments) > 0 {
			r := &f.Arguments[0]
			return fmt.Errorf("%s: function %q (stage %v) uses %s %d (%q), and no argument table is set: call SetArgumentTable", pipeline, f.Name, f.Stage, sets[r.Set].what, r.Binding, r.Name)
		}
		return nil
	}
	if t.wrong != nil {
		return t.Wrong()
	}
	for i := range f.Arguments {
		r := &f.Arguments[i]
		var err error
		switch r.Set {
		case SetBuffers:
			err = t.buffer(f, r)
		case SetTextures:
			if r.Binding >= len(t.Textures) || t.Textures[r.Binding] == nil {
				err = t.unset(f, r, len(t.Textures), "SetTexture")
				break
			}
			x := t.Textures[r.Binding]
			d := x.Descriptor()
			if why := textureMisfit(&d, r); why != "" {
				err = fmt.Errorf("%s at texture index %d (%q of function %q) %s", name("texture", x), r.Binding, r.Name, f.Name, why)
			}
		case SetSamplers:
			if r.Binding >= len(t.Samplers) || t.Samplers[r.Binding] == nil {
				err = t.unset(f, r, len(t.Samplers), "SetSampler")
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *Table) buffer(f *Function, r *spirv.Resource) error {
	if r.Binding >= len(t.Buffers) || t.Buffers[r.Binding] == (Slot{}) {
		return t.unset(f, r, len(t.Buffers), "SetBuffer or SetTensor")
	}
	s := &t.Buffers[r.Binding]
	length, what := 0, ""
	if s.Tensor != nil {
		d := s.Tensor.Descriptor()
		if length = d.Size(); length < r.Size {
			what = name("tensor", s.Tensor)
		}
	} else if length = s.Buffer.Length() - s.Offset; length < r.Size {
		what = name("buffer", s.Buffer)
	}
	if what != "" {
		return fmt.Errorf("%s at buffer index %d (%q of function %q) has %d bytes there: the function takes at least %d", what, r.Binding, r.Name, f.Name, length, r.Size)
	}
	return nil
}

func (t *Table) unset(f *Function, r *spirv.Resource, room int, setter string) error {
	what := sets[r.Set].what
	if r.Binding >= room {
		return fmt.Errorf("function %q uses %s %d (%q): %s was made with room for %d %ss", f.Name, what, r.Binding, r.Name, t.Name, room, what)
	}
	return fmt.Errorf("function %q uses %s %d (%q), which %s has not set: call %s", f.Name, what, r.Binding, r.Name, t.Name, setter)
}

// Network is the rule of a network's dispatch: the table has the tensors that it
// takes.
func Network(pipeline fmt.Stringer, bindings []metal.TensorBinding, t *Table) error {
	if t.wrong != nil {
		return t.Wrong()
	}
	for i := range bindings {
		b := &bindings[i]
		if b.Index >= len(t.Buffers) || t.Buffers[b.Index].Tensor == nil {
			return fmt.Errorf("%s takes tensor %q at buffer index %d, which %s has not set: call SetTensor", pipeline, b.Name, b.Index, t.Name)
		}
		x := t.Buffers[b.Index].Tensor
		n := x.Descriptor()
		switch {
		case n.Type != b.Type:
			return fmt.Errorf("%s has elements of type %v: %q of %s takes %v", name("tensor", x), n.Type, b.Name, pipeline, b.Type)
		case !sameExtents(n.Dimensions, b.Dimensions):
			return fmt.Errorf("%s has the dimensions %v: %q of %s takes %v", name("tensor", x), n.Dimensions, b.Name, pipeline, b.Dimensions)
		case n.Usage&metal.TensorUsageMachineLearning == 0:
			return fmt.Errorf("%s lacks the usage machineLearning, which %q of %s takes", name("tensor", x), b.Name, pipeline)
		}
	}
	return nil
}

// sameExtents compares extents; one that is not fixed, -1, takes any.
func sameExtents(have, want []int) bool {
	if len(have) != len(want) {
		return false
	}
	for i := range want {
		if want[i] >= 0 && have[i] != want[i] {
			return false
		}
	}
	return true
}
