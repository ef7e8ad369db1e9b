package graph

import "hash/maphash"

// names is a set of strings without a map's allocations: open addressing into
// the owner's slice, from which it gets the strings back.
type names struct {
	seed  maphash.Seed
	table []int32 // index + 1; 0 is free
	at    func(i int32) string
}

// newNames makes room for n strings; at returns the one with an index.
func newNames(n int, at func(int32) string) *names {
	size := 8
	for size < 2*n {
		size *= 2
	}
	return &names{seed: maphash.MakeSeed(), table: make([]int32, size), at: at}
}

// add adds string i and returns the index of an equal one added before, or -1.
func (s *names) add(i int32) int32 {
	name := s.at(i)
	for slot := s.slot(name); ; slot = (slot + 1) % len(s.table) {
		switch other := s.table[slot]; {
		case other == 0:
			s.table[slot] = i + 1
			return -1
		case s.at(other-1) == name:
			return other - 1
		}
	}
}

// find returns the index of the string, or -1.
func (s *names) find(name string) int32 {
	for slot := s.slot(name); ; slot = (slot + 1) % len(s.table) {
		switch other := s.table[slot]; {
		case other == 0:
			return -1
		case s.at(other-1) == name:
			return other - 1
		}
	}
}

func (s *names) slot(name string) int {
	return int(maphash.String(s.seed, name) % uint64(len(s.table)))
}
