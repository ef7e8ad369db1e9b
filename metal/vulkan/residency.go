package vulkan

import (
	"slices"

	"weft/metal"
)

// residencySet keeps the books only: Vulkan keeps all memory resident.
type residencySet struct {
	object
	members map[metal.Allocation]bool // committed, or as it was at the last Commit
	changes map[metal.Allocation]bool // true: to add
}

var _ metal.ResidencySet = (*residencySet)(nil)

// NewResidencySet makes an empty set.
func (d *Device) NewResidencySet(label string) (metal.ResidencySet, error) {
	return &residencySet{object{d, label}, map[metal.Allocation]bool{}, map[metal.Allocation]bool{}}, nil
}

func (s *residencySet) Add(a metal.Allocation)    { s.changes[a] = true }
func (s *residencySet) Remove(a metal.Allocation) { s.changes[a] = false }

// Contains reports membership with the changes not yet committed.
func (s *residencySet) Contains(a metal.Allocation) bool {
	if add, changed := s.changes[a]; changed {
		return add
	}
	return s.members[a]
}

func (s *residencySet) Commit() {
	for a, add := range s.changes {
		if add {
			s.members[a] = true
		} else {
			delete(s.members, a)
		}
	}
	clear(s.changes)
}

func (s *residencySet) Release() {}

// residents are the sets of a queue or a command buffer.
type residents []metal.ResidencySet

func (r *residents) add(s metal.ResidencySet) {
	if !slices.Contains(*r, s) {
		*r = append(*r, s)
	}
}

func (r *residents) remove(s metal.ResidencySet) {
	if i := slices.Index(*r, s); i >= 0 {
		*r = slices.Delete(*r, i, i+1)
	}
}
