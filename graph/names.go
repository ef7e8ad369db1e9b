package graph

import "hash/maphash"

// names finds strings among those added before, without a map's allocations:
// open addressing into the owner's slice, in a table that is used again.
type names struct {
	seed  maphash.Seed
	table []named
}

// named is a string by its hash and its index + 1; 0 is free.
type named struct {
	hash  uint32
	index int32
}

// reset empties the set and makes room for n strings.
func (s *names) reset(n int) {
	size := 8
	for size < 2*n {
		size *= 2
	}
	if cap(s.table) < size {
		s.seed, s.table = maphash.MakeSeed(), make([]named, size)
		return
	}
	s.table = s.table[:size]
	clear(s.table)
}

// add adds a string with index i and returns the index of an equal one added before, or -1;
// at returns the string with an index.
func (s *names) add(i int32, name string, at func(int32) string) int32 {
	slot, found := s.look(name, at)
	if found < 0 {
		slot.index = i + 1
	}
	return found
}

// find returns the index of the string, or -1.
func (s *names) find(name string, at func(int32) string) int32 {
	_, found := s.look(name, at)
	return found
}

// look returns the index of the string, or -1 and where it would be.
func (s *names) look(name string, at func(int32) string) (*named, int32) {
	hash := uint32(maphash.String(s.seed, name))
	for i := hash; ; i++ {
		slot := &s.table[int(i)&(len(s.table)-1)]
		switch {
		case slot.index == 0:
			slot.hash = hash
			return slot, -1
		case slot.hash == hash && at(slot.index-1) == name:
			return slot, slot.index - 1
		}
	}
}
