package graph

import (
	"fmt"

	"weft/metal"
)

// BindTexture gives the texture behind an imported handle: for all frames from
// the next on, or for a Fresh one for the next frame only. Its format, size,
// mips, slices and samples are those that were declared.
func (p *Plan) BindTexture(h Texture, t metal.Texture) error {
	s, err := p.binding(h.at, kindTexture, t == nil)
	if err != nil || s == nil {
		return err
	}
	m := p.machine
	want, got := m.graph.textures[s.desc], t.Descriptor()
	if got.Format != want.Format || got.Width != want.Width || got.Height != want.Height || got.Depth != want.Depth ||
		got.Slices() != want.Slices() || got.Mips != want.Mips || got.Samples != want.Samples {
		return fmt.Errorf("graph: resource %q: bound to texture %q, %s: it was declared as %s", s.name, t.Label(), shape(got), shape(want))
	}
	m.textures[s.first] = t
	return nil
}

func shape(d metal.TextureDescriptor) string {
	return fmt.Sprintf("%v %dx%dx%d, %d slices, %d mips, %d samples", d.Format, d.Width, d.Height, d.Depth, d.Slices(), d.Mips, d.Samples)
}

// BindBuffer gives the buffer behind an imported handle, as [Plan.BindTexture]
// does. It is at least as long as was declared.
func (p *Plan) BindBuffer(h Buffer, b metal.Buffer) error {
	s, err := p.binding(h.at, kindBuffer, b == nil)
	if err != nil || s == nil {
		return err
	}
	if b.Length() < s.length {
		return fmt.Errorf("graph: resource %q: bound to buffer %q of %d bytes: it was declared with %d", s.name, b.Label(), b.Length(), s.length)
	}
	p.machine.buffers[s.first] = b
	return nil
}

// BindTensor gives the tensor behind an imported handle, as [Plan.BindTexture]
// does. Its type and dimensions are those that were declared.
func (p *Plan) BindTensor(h Tensor, t metal.Tensor) error {
	s, err := p.binding(h.at, kindTensor, t == nil)
	if err != nil || s == nil {
		return err
	}
	want, got := p.machine.graph.tensors[s.desc], t.Descriptor()
	if got.Type != want.Type || !equal(got.Dimensions, want.Dimensions) || !equal(got.Strides, want.Strides) {
		return fmt.Errorf("graph: resource %q: bound to tensor %q, %v %v with strides %v: it was declared as %v %v with strides %v",
			s.name, t.Label(), got.Type, got.Dimensions, got.Strides, want.Type, want.Dimensions, want.Strides)
	}
	p.machine.tensors[s.first] = t
	return nil
}

func equal(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// binding finds what is to be bound; nil if no kept pass uses the resource.
func (p *Plan) binding(at ref, kind resourceKind, isNil bool) (*store, error) {
	m := p.machine
	if m == nil {
		return nil, errNoDevice
	}
	s := m.store(at, kind)
	if s == nil {
		return nil, fmt.Errorf("graph: bind: the %v handle is not of the plan's graph", kind)
	}
	switch {
	case !s.lifetime.imported():
		return nil, fmt.Errorf("graph: resource %q: bound, and it is not imported: declare it with Imported or Fresh", s.name)
	case isNil:
		return nil, fmt.Errorf("graph: resource %q: bound to nil", s.name)
	case s.count == 0:
		return nil, nil
	}
	return s, nil
}

// store is the store of a resource of that kind; nil if the graph did not have
// it when the plan was made.
func (m *machine) store(at ref, kind resourceKind) *store {
	if i := int(m.graph.index(at)); i >= 0 && i < len(m.stores) && m.stores[i].kind == kind {
		return &m.stores[i]
	}
	return nil
}

// allocation is what is bound to an imported resource, or nil.
func (m *machine) allocation(resource int32) metal.Allocation {
	s := &m.stores[resource]
	switch s.kind {
	case kindTexture:
		if t := m.textures[s.first]; t != nil {
			return t
		}
	case kindBuffer:
		if b := m.buffers[s.first]; b != nil {
			return b
		}
	default:
		if t := m.tensors[s.first]; t != nil {
			return t
		}
	}
	return nil
}

// bound checks that everything imported is there.
func (m *machine) bound() error {
	for _, i := range m.imported {
		if m.allocation(i) != nil {
			continue
		}
		s := &m.stores[i]
		verb := [...]string{"BindTexture", "BindBuffer", "BindTensor"}[s.kind]
		if s.lifetime == Fresh {
			return fmt.Errorf("graph: resource %q: nothing is bound for frame %d: a fresh resource is bound before each Run, with Plan.%s", s.name, m.number, verb)
		}
		return fmt.Errorf("graph: resource %q: nothing is bound: call Plan.%s before Run", s.name, verb)
	}
	return nil
}

func (m *machine) unbindFresh() {
	for _, i := range m.imported {
		s := &m.stores[i]
		if s.lifetime != Fresh {
			continue
		}
		switch s.kind {
		case kindTexture:
			m.textures[s.first] = nil
		case kindBuffer:
			m.buffers[s.first] = nil
		default:
			m.tensors[s.first] = nil
		}
	}
}

// makeResident puts what is bound into the slot's residency set, if it changed
// since the slot's last turn. The slot's frame is done, so what it used before
// may go.
func (m *machine) makeResident(s *slot) {
	changed := false
	for i, r := range m.imported {
		changed = changed || s.resident[i] != m.allocation(r)
	}
	if !changed {
		return
	}
	for _, a := range s.resident {
		if a != nil && s.set.Contains(a) {
			s.set.Remove(a)
		}
	}
	for i, r := range m.imported {
		s.resident[i] = m.allocation(r)
		s.set.Add(s.resident[i])
	}
	s.set.Commit()
}

// Texture is the texture behind a persistent, imported or history handle, the
// newest version, for use after [Plan.Wait]; nil for a transient one.
func (p *Plan) Texture(h Texture) metal.Texture {
	if i, ok := p.newest(h.at, kindTexture); ok {
		return p.machine.textures[i]
	}
	return nil
}

// Buffer is the buffer behind a handle, as [Plan.Texture] is the texture.
func (p *Plan) Buffer(h Buffer) metal.Buffer {
	if i, ok := p.newest(h.at, kindBuffer); ok {
		return p.machine.buffers[i]
	}
	return nil
}

// Tensor is the tensor behind a handle, as [Plan.Texture] is the texture.
func (p *Plan) Tensor(h Tensor) metal.Tensor {
	if i, ok := p.newest(h.at, kindTensor); ok {
		return p.machine.tensors[i]
	}
	return nil
}

func (p *Plan) newest(at ref, kind resourceKind) (int32, bool) {
	m := p.machine
	if m == nil {
		return 0, false
	}
	s := m.store(at, kind)
	if s == nil || !s.lifetime.carries() || s.count == 0 {
		return 0, false
	}
	n := uint64(s.count)
	return s.first + int32((m.number+n-1)%n), true
}
