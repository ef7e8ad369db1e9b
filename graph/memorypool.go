package graph

import "math/bits"

// pool places blocks in bays, each of which one block after another fills. It
// takes blocks by their first use, and for each the bay that was freed longest
// ago among those it may take: what was freed long ago is most likely ordered
// already. Time is linear.
//
// A list of free bays holds bays of about one size whose last block is of one
// kind (see sharing): along it, what is ordered before a block comes first, mostly.
type pool struct {
	bays    []bay
	ending  []int32 // by position: bays whose last block ends there, 1 + index
	free    []row   // by size class and stages
	bayOf   []int32 // by block
	alone   []bool  // by block: nothing else is in its bay
	same    bool    // all blocks are of one size
	perfect bool    // without cuts, no packing is smaller: see poolRun
}

type bay struct {
	size, align int
	offset      int
	first, last int32 // blocks
	next        int32 // in a list: 1 + index
}

// row is a list of free bays.
type row struct{ first, last int32 } // 1 + index of a bay; 0: empty

const (
	maxLooks    = 32 // free bays of one list that are looked at for a block
	sizeClasses = 4  // for each power of two
)

// sizeClass groups sizes from 256 up.
func sizeClass(size int) int {
	n := size / 256
	if n < sizeClasses {
		return n
	}
	high := bits.Len(uint(n)) - 3 // two bits below the first one
	return sizeClasses*high + n>>high
}

// poolRun places a run of blocks and returns how much they need; scratches share
// whole heaps, of any size.
//
// Say all blocks are of one size, and what is ordered before one is ordered
// before all that start later. Then of the blocks that are not ordered before y
// no two can share, for the earlier would be ordered before the later and so
// before y. If y got a new bay because none was ordered before it, those
// blocks are in all other bays: no packing is smaller.
func (c *compilation) poolRun(list []int32, scratch bool) int {
	p := &c.packing.pool
	p.bays = p.bays[:0]
	p.ending = zeroed(p.ending, len(c.order))
	kinds := max(c.sharing.kinds, 1)
	lead, largest := &c.blocks[list[0]], 0
	p.same = true
	for _, i := range list {
		b := &c.blocks[i]
		p.same = p.same && b.size == lead.size && b.align == lead.align
		largest = max(largest, b.size)
	}
	flat := p.same || scratch // one size class
	classes := 1
	if !flat {
		classes = sizeClass(largest) + 1
	}
	p.free = zeroed(p.free, classes*kinds)
	p.perfect = p.same
	now := int32(0)
	for n, y := range list {
		b := &c.blocks[y]
		for ; now < b.first; now++ {
			for at := p.ending[now]; at != 0; {
				s := &p.bays[at-1]
				next := s.next
				s.next = 0
				class := 0
				if !flat {
					class = sizeClass(s.size)
				}
				q := &p.free[class*kinds+int(c.sharing.kind[s.last])]
				if q.last == 0 {
					q.first = at
				} else {
					p.bays[q.last-1].next = at
				}
				q.last, at = at, next
			}
		}
		class := 0
		if !flat {
			class = sizeClass(b.size)
		}
		if p.perfect && n > 0 && !c.sharing.noEarlier(list[n-1], y) {
			p.perfect = false
		}
		at := int32(0)
		for i := class; at == 0 && i < min(classes, class+sizeClasses+1); i++ {
			for kind := range kinds {
				if at = c.takeFree(&p.free[i*kinds+kind], y); at != 0 {
					break
				}
			}
		}
		if at == 0 {
			p.bays = append(p.bays, bay{first: y})
			at = int32(len(p.bays))
		}
		s := &p.bays[at-1]
		s.size, s.align, s.last = max(s.size, b.size), max(s.align, b.align), y
		s.next, p.ending[b.last] = p.ending[b.last], at
		p.bayOf[y] = at - 1
	}
	return c.layPool(list, scratch)
}

// takeFree takes from a list the first bay that block y may have: 1 + its
// index, or 0.
func (c *compilation) takeFree(q *row, y int32) int32 {
	p := &c.packing.pool
	before := int32(0)
	at := q.first
	for looks := 0; at != 0; looks++ {
		s := &p.bays[at-1]
		if looks == maxLooks {
			p.perfect = false
			return 0
		}
		if c.mayFollow(s.last, y) {
			if c.mayWrap(y, s.first) {
				break
			}
			p.perfect = false
		} else if c.tooLate(s.last, y) {
			return 0 // and so are those that were freed later
		}
		before, at = at, s.next
	}
	if at == 0 {
		return 0
	}
	next := p.bays[at-1].next
	if before == 0 {
		q.first = next
	} else {
		p.bays[before-1].next = next
	}
	if next == 0 {
		q.last = before
	}
	return at
}

// layPool puts the bays one behind the other, or each in a heap of its own.
func (c *compilation) layPool(list []int32, scratch bool) int {
	p, end := &c.packing.pool, 0
	for i := range p.bays {
		s := &p.bays[i]
		end = roundUp(end, s.align)
		s.offset, end = end, end+s.size
	}
	for _, y := range list {
		at := p.bayOf[y]
		s := &p.bays[at]
		p.alone[y] = s.first == s.last
		if scratch {
			c.packing.try[y] = int(at)
		} else {
			c.packing.try[y] = s.offset
		}
	}
	return end
}
