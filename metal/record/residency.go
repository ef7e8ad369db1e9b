package record

import (
	"maps"

	"weft/metal"
)

// maxSets is how many residency sets a queue, or a buffer, may have.
const maxSets = 32

type residencySet struct {
	object
	members map[*allocation]struct{}
	// committed is what members was at the last Commit; same says that it
	// still is.
	committed map[*allocation]struct{}
	same      bool
}

func (s *residencySet) member(call string, a metal.Allocation) *allocation {
	r, ok := a.(allocated)
	if !ok {
		s.device.fail(s.String(), call, "not an allocation of this driver: %T", a)
		return nil
	}
	base := r.base()
	if why := base.broken(s.device); why != "" && call != "Remove" {
		s.device.fail(s.String(), call, "%s", why)
		return nil
	}
	return base
}

func (s *residencySet) changed(call string, a metal.Allocation) (*allocation, bool) {
	if s.released.Load() {
		s.device.fail(s.String(), call, "the set is used after its Release")
	}
	base := s.member(call, a)
	if s.device.options.Log {
		s.device.log(s.String(), call, Arg{"allocation", name(a)})
	}
	return base, base != nil
}

func (s *residencySet) Add(a metal.Allocation) {
	if base, ok := s.changed("Add", a); ok {
		s.members[base] = struct{}{}
		s.same = false
	}
}

func (s *residencySet) Remove(a metal.Allocation) {
	if base, ok := s.changed("Remove", a); ok {
		delete(s.members, base)
		s.same = false
	}
}

func (s *residencySet) Contains(a metal.Allocation) bool {
	r, ok := a.(allocated)
	if !ok {
		return false
	}
	_, ok = s.members[r.base()]
	return ok
}

func (s *residencySet) Commit() {
	if s.device.options.Log {
		s.device.log(s.String(), "Commit")
	}
	if !s.same {
		s.committed, s.same = maps.Clone(s.members), true
	}
}

// holds reports whether the set makes a resource, or the memory it uses,
// resident.
func holds(set map[*allocation]struct{}, a *allocation) bool {
	for at := a; at != nil; at = at.parent {
		if _, ok := set[at]; ok {
			return true
		}
	}
	return false
}

func anyHolds(sets []*residencySet, a *allocation) bool {
	for _, s := range sets {
		if holds(s.committed, a) {
			return true
		}
	}
	return false
}

// uncommitted names a set that would make it resident after a Commit.
func uncommitted(sets []*residencySet, a *allocation) *residencySet {
	for _, s := range sets {
		if holds(s.members, a) {
			return s
		}
	}
	return nil
}
