package apple

import (
	"weft/metal"
	"weft/metal/apple/objc"
)

// residencySet is an MTLResidencySet. Metal makes whole allocations resident: a
// view's texture, a placed resource's heap. So two members may stand for one
// allocation, which leaves with the last of them.
type residencySet struct {
	object
	members map[*object]struct{}
	counts  map[objc.ID]int
}

var _ metal.ResidencySet = (*residencySet)(nil)

// NewResidencySet makes an empty set.
func (d *Device) NewResidencySet(label string) (metal.ResidencySet, error) {
	c := d.borrow()
	defer d.giveBack(c)
	m := c.make(classMTLResidencySetDescriptor)
	defer c.release(m)
	c.label(m, label)
	s := &residencySet{members: map[*object]struct{}{}, counts: map[objc.ID]int{}}
	s.object = object{device: d, kind: "residency set", label: label}
	if s.id = c.object(d.id, selNewResidencySetWithDescriptorError, uintptr(m), c.ErrorOut()); s.id == 0 {
		return nil, c.fail(s.String())
	}
	return s, nil
}

// allocated is the argument as an allocation of this device, nil if it is none.
func (s *residencySet) allocated(call string, a metal.Allocation) resident {
	x, ok := a.(resident)
	switch {
	case s.id == 0:
		s.device.lost.keep(s.fail("%s after its Release", call))
	case !ok || x.base().device != s.device || x.base().id == 0:
		s.device.lost.keep(s.fail("%s of what is released or not of this device: %T", call, a))
	default:
		return x
	}
	return nil
}

func (s *residencySet) Add(a metal.Allocation) {
	x := s.allocated("Add", a)
	if x == nil || s.has(x) {
		return
	}
	s.members[x.base()] = struct{}{}
	c := s.device.borrow()
	defer s.device.giveBack(c)
	for _, id := range x.residents() {
		if id == 0 {
			continue
		}
		if s.counts[id]++; s.counts[id] == 1 {
			c.send(s.id, selAddAllocation, uintptr(id))
		}
	}
}

func (s *residencySet) Remove(a metal.Allocation) {
	x := s.allocated("Remove", a)
	if x == nil || !s.has(x) {
		return
	}
	delete(s.members, x.base())
	c := s.device.borrow()
	defer s.device.giveBack(c)
	for _, id := range x.residents() {
		if id == 0 {
			continue
		}
		if s.counts[id]--; s.counts[id] == 0 {
			delete(s.counts, id)
			c.send(s.id, selRemoveAllocation, uintptr(id))
		}
	}
}

func (s *residencySet) has(x resident) bool {
	_, ok := s.members[x.base()]
	return ok
}

func (s *residencySet) Contains(a metal.Allocation) bool {
	x, ok := a.(resident)
	return ok && s.has(x)
}

func (s *residencySet) Commit() {
	if s.id == 0 {
		s.device.lost.keep(s.fail("Commit after its Release"))
		return
	}
	c := s.device.borrow()
	defer s.device.giveBack(c)
	c.send(s.id, selCommit)
}

// maxSets is how many residency sets a queue or a command buffer takes.
const maxSets = 32
