package graph

// follows reports whether the barriers order all uses of block x before those
// of block y in the same frame; wraps, before those of y in the next frame.
func (c *compilation) follows(x, y int32) bool {
	return c.blocks[x].last < c.blocks[y].first && c.ordered(x, y, c.sharing.passes)
}

func (c *compilation) wraps(x, y int32) bool { return c.ordered(x, y, 0) }

// ordered tells it of x's positions on a timeline where they are shifted, and
// y's clocks are those of a second frame.
func (c *compilation) ordered(x, y, shift int32) bool {
	s := &c.sharing
	last, at := c.blocks[x].last+shift, int(y)*s.kinds+int(s.kind[x])
	switch {
	case last <= s.early[at]:
		return true
	case last > s.late[at]:
		return false
	}
	i, _ := c.unordered(x, y, shift)
	return i < 0
}

// unordered looks for reads or writes of x in one stage that are not ordered
// before y: it returns where they stand in sharing.reads or writes, or -1.
func (c *compilation) unordered(x, y, shift int32) (at int, write bool) {
	s := &c.sharing
	i, j := int(x)*s.stages, int(y)*s.stages
	for range s.stages {
		if s.writes[i] >= 0 && s.writes[i]+shift > s.flushed[j].upTo && !c.coversUses(x, i, s.flushed[j], shift, true) {
			return i, true
		}
		if s.reads[i] >= 0 && s.reads[i]+shift > s.ready[j].upTo && !c.coversUses(x, i, s.ready[j], shift, false) {
			return i, false
		}
		i, j = i+1, j+1
	}
	return -1, false
}

// coversUses reports whether all reads or writes of a block in one stage are
// done, where their last is not among what is done without a gap. i is where the
// block and the stage stand in s.reads.
func (c *compilation) coversUses(x int32, i int, d done, shift int32, write bool) bool {
	if d.stretches == 0 {
		return false
	}
	s := &c.sharing
	stage := uint32(0)
	for at := range stageCount {
		if int(s.tracked[at]) == i-int(x)*s.stages {
			stage = 1 << at
		}
	}
	for _, u := range c.usesOf(x) {
		a := &c.frame.Accesses[u]
		if a.Write == write && stageMask(a.Stages)&stage != 0 && !s.covers(d, int32(a.Pass)+shift) {
			return false
		}
	}
	return true
}

// usesOf lists the accesses to a block. They are sorted by block when first
// asked for.
func (c *compilation) usesOf(x int32) []int32 {
	s, f := &c.sharing, &c.frame
	if len(s.uses) == 0 {
		s.useEnds = zeroed(s.useEnds, len(c.blocks)+1)
		s.uses = zeroed(s.uses, len(f.Accesses))
		for i := range f.Accesses {
			if b := s.owner[f.Accesses[i].Resource]; b >= 0 {
				s.useEnds[b+1]++
			}
		}
		for b := 1; b < len(s.useEnds); b++ {
			s.useEnds[b] += s.useEnds[b-1]
		}
		for i := range f.Accesses {
			if b := s.owner[f.Accesses[i].Resource]; b >= 0 {
				s.uses[s.useEnds[b]] = int32(i)
				s.useEnds[b]++
			}
		}
	}
	first := int32(0)
	if x > 0 {
		first = s.useEnds[x-1]
	}
	return s.uses[first:s.useEnds[x]]
}

// noEarlier reports whether all that is ordered before block x is before y, too.
func (s *sharing) noEarlier(x, y int32) bool {
	i, j := int(x)*s.stages, int(y)*s.stages
	for range s.stages {
		if s.ready[i].upTo > s.ready[j].upTo || s.flushed[i].upTo > s.flushed[j].upTo || s.ready[i].stretches|s.flushed[i].stretches != 0 {
			return false
		}
		i, j = i+1, j+1
	}
	return true
}

// tooLate reports whether blocks like x, but used later, cannot be before y.
func (c *compilation) tooLate(x, y int32) bool {
	s, last := &c.sharing, c.blocks[x].last
	if cuts := c.packing.terms.cuts; cuts != nil && last < cuts[y] {
		return false
	}
	return last+s.passes > s.late[int(y)*s.kinds+int(s.kind[x])]
}
