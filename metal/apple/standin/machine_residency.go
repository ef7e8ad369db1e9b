package standin

import (
	"fmt"
	"maps"
	"slices"
)

// maxSets is how many residency sets a queue, or a buffer, may have.
const maxSets = 32

// residencySet is an MTLResidencySet: what is added and removed counts from the
// next commit on.
type residencySet struct {
	object             *object
	members, committed map[*allocation]bool
}

func (m *machine) newResidencySet(c *call) {
	s := &residencySet{members: map[*allocation]bool{}}
	s.object = c.create("MTLResidencySet", s)
}

// member is the allocation among the arguments.
func member(c *call) (*residencySet, *allocation) {
	s, ok := c.self().state.(*residencySet)
	if !ok {
		return nil, nil
	}
	a, ok := c.object(0).state.(interface{ base() *allocation })
	if !ok {
		c.fault("%s is no allocation: a heap, buffer, texture or tensor is", c.object(0))
		return nil, nil
	}
	return s, a.base()
}

func (m *machine) addAllocation(c *call) {
	if s, a := member(c); s != nil {
		s.members[a] = true
	}
}

func (m *machine) removeAllocation(c *call) {
	if s, a := member(c); s != nil {
		delete(s.members, a)
	}
}

func (m *machine) commitSet(c *call) {
	if s, ok := c.self().state.(*residencySet); ok {
		s.committed = maps.Clone(s.members)
	}
}

// addSet adds a set to those of a queue or a buffer, once.
func addSet(c *call, sets []*residencySet, s *residencySet) []*residencySet {
	switch {
	case slices.Contains(sets, s):
		return sets
	case len(sets) == maxSets:
		c.fault("%s would be number %d: at most %d sets", s.object, maxSets+1, maxSets)
		return sets
	}
	return append(sets, s)
}

// resident says why memory is not resident for a commit, or "".
func resident(a *allocation, sets ...[]*residencySet) string {
	if a.nowhere {
		return ""
	}
	in := func(members func(s *residencySet) map[*allocation]bool) *residencySet {
		for at := a; at != nil; at = at.parent {
			for _, list := range sets {
				for _, s := range list {
					if members(s)[at] {
						return s
					}
				}
			}
		}
		return nil
	}
	if in(func(s *residencySet) map[*allocation]bool { return s.committed }) != nil {
		return ""
	}
	if s := in(func(s *residencySet) map[*allocation]bool { return s.members }); s != nil {
		return fmt.Sprintf("%s is not resident: %s has it only since its last commit; commit the set again", a, s.object)
	}
	text := a.String() + " is not resident"
	for at := a.parent; at != nil; at = at.parent {
		text += ", nor is " + at.String()
	}
	return text + ": add it to a residency set of the queue or of the command buffer, and commit the set"
}
