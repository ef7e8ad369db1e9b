package rules

import (
	"fmt"

	"weft/metal"
	"weft/metal/spirv"
)

// Table is what an argument table holds. Its setters keep the first wrong
// argument for the draw, dispatch or network that takes the next snapshot.
type Table struct {
	Label    string
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
		Label: d.Label, Buffers: make([]Slot, d.Buffers),
		Textures: make([]metal.Texture, d.Textures), Samplers: make([]metal.Sampler, d.Samplers),
	}
}

// offsetAlign is what offsets of bound buffers are multiples of, in bytes:
// Metal's feature tables for constant buffers on Apple GPUs.
const offsetAlign = 4

// Refuse keeps an error for the next snapshot.
func (t *Table) Refuse(format string, args ...any) bool {
	if t.wrong == nil {
		t.wrong = bad("argument table", t.Label, format, args...)
	}
	return false
}

func (t *Table) index(call string, index, room int) bool {
	if index < 0 || index >= room {
		return t.Refuse("%s: index %d: the table was made with room for %d", call, index, room)
	}
	return true
}

// SetBuffer reports whether a buffer, or nil, may be set, and keeps it.
func (t *Table) SetBuffer(b metal.Buffer, offset, index int) bool {
	switch {
	case !t.index("SetBuffer", index, len(t.Buffers)):
		return false
	case b == nil:
		t.Buffers[index] = Slot{}
		return true
	case offset < 0 || offset >= b.Length():
		return t.Refuse("SetBuffer: offset %d of %s, which has %d bytes", offset, name("buffer", b), b.Length())
	case offset%offsetAlign != 0:
		return t.Refuse("SetBuffer: offset %d of %s: must be a multiple of %d", offset, name("buffer", b), offsetAlign)
	}
	t.Buffers[index] = Slot{Buffer: b, Offset: offset}
	return true
}

// SetTensor reports whether a tensor, or nil, may be set, and keeps it.
func (t *Table) SetTensor(x metal.Tensor, index int) bool {
	if !t.index("SetTensor", index, len(t.Buffers)) {
		return false
	}
	t.Buffers[index] = Slot{Tensor: x}
	return true
}

// SetTexture reports whether a texture, or nil, may be set, and keeps it.
func (t *Table) SetTexture(x metal.Texture, index int) bool {
	if !t.index("SetTexture", index, len(t.Textures)) {
		return false
	}
	if x != nil && x.Descriptor().Storage == metal.StorageModeMemoryless {
		return t.Refuse("SetTexture: %s is memoryless: it can only be an attachment", name("texture", x))
	}
	t.Textures[index] = x
	return true
}

// SetSampler reports whether a sampler, or nil, may be set, and keeps it.
func (t *Table) SetSampler(x metal.Sampler, index int) bool {
	if !t.index("SetSampler", index, len(t.Samplers)) {
		return false
	}
	t.Samplers[index] = x
	return true
}

// Wrong returns, once, the first wrong argument that was set.
func (t *Table) Wrong() error {
	err := t.wrong
	t.wrong = nil
	return err
}

// Snapshot is the rule of a draw or dispatch: the table, which may be nil, has
// what the function uses. pipeline names the pipeline.
func Snapshot(pipeline string, f *Function, t *Table) error {
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
	if s.Tensor != nil {
		return nil // its extents are the function's business
	}
	if length := s.Buffer.Length() - s.Offset; length < r.Size {
		return fmt.Errorf("%s at buffer index %d (%q of function %q) has %d bytes there: the function takes at least %d", name("buffer", s.Buffer), r.Binding, r.Name, f.Name, length, r.Size)
	}
	return nil
}

func (t *Table) unset(f *Function, r *spirv.Resource, room int, setter string) error {
	what := sets[r.Set].what
	if r.Binding >= room {
		return fmt.Errorf("function %q uses %s %d (%q): %s was made with room for %d %ss", f.Name, what, r.Binding, r.Name, Describe("argument table", t.Label), room, what)
	}
	return fmt.Errorf("function %q uses %s %d (%q), which %s has not set: call %s", f.Name, what, r.Binding, r.Name, Describe("argument table", t.Label), setter)
}

// Network is the rule of a network's dispatch: the table has the tensors that it
// takes. pipeline names the pipeline.
func Network(pipeline string, bindings []metal.TensorBinding, t *Table) error {
	if t.wrong != nil {
		return t.Wrong()
	}
	for i := range bindings {
		b := &bindings[i]
		if b.Index >= len(t.Buffers) || t.Buffers[b.Index].Tensor == nil {
			return fmt.Errorf("%s takes tensor %q at buffer index %d, which %s has not set: call SetTensor", pipeline, b.Name, b.Index, Describe("argument table", t.Label))
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
