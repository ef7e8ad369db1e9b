package graph

import (
	"fmt"
	"math/bits"

	"weft/metal"
)

const (
	whyLooks = 32  // blocks that are looked at for each, the nearest in time
	whyMost  = 200 // reasons, before they are only counted
)

// whyApart says why transients, or scratches, that are not used at the same time
// lie apart: for each block, of those that end before it, the latest that it was
// kept apart from. For blocks that share nothing because all others are used
// with them, it says so.
func whyApart(c *compilation) []Reason {
	var list []Reason
	left := 0
	for _, r := range c.packing.runs {
		run := c.packing.byStart[r.first:r.end]
		for n, y := range run {
			why, ok := c.whyKeptApart(run[:n], y)
			if !ok && !c.blocks[y].shared && len(run) > 1 {
				why, ok = c.whyAlone(run, y)
			}
			switch {
			case !ok:
			case len(list) < whyMost:
				list = append(list, why)
			default:
				left++
			}
		}
	}
	if left > 0 {
		list = append(list, Reason{"memory", fmt.Sprintf("%d more resources are kept apart from others; the first %d are listed", left, whyMost)})
	}
	return list
}

// whyKeptApart finds among blocks that start before y the latest one that nothing
// orders before it.
func (c *compilation) whyKeptApart(earlier []int32, y int32) (Reason, bool) {
	if c.options.preferMemory {
		return Reason{}, false // order keeps nothing apart
	}
	var found Reason
	more := 0
	for i := len(earlier) - 1; i >= max(0, len(earlier)-whyLooks); i-- {
		x := earlier[i]
		if c.blocks[x].last >= c.blocks[y].first || c.overlap(x, y) {
			continue
		}
		why := c.whyUnordered(x, y, c.sharing.passes)
		if why == "" {
			why = c.whyUnordered(y, x, 0)
		}
		switch {
		case why == "":
		case found.Text == "":
			found = Reason{fmt.Sprintf("%s and %s share no memory", c.blockName(x), c.blockName(y)), why}
		default:
			more++
		}
	}
	if more > 0 {
		found.Text += fmt.Sprintf("; nor is it after %d more that are used before", more)
	}
	return found, found.Text != ""
}

// whyUnordered says which use of block x is not ordered before those of y, in
// the same frame or, without a shift, in the next; "" if all are.
func (c *compilation) whyUnordered(x, y, shift int32) string {
	i, write := c.unordered(x, y, shift)
	if i < 0 {
		return ""
	}
	s := &c.sharing
	stage := s.stageOf(i - int(x)*s.stages)
	verb, position, order := "read", s.reads[i], "nothing orders"
	if write {
		verb, position = "write", s.writes[i]
		if s.ready[int(y)*s.stages+i-int(x)*s.stages].upTo >= position+shift {
			order = "no barriers that flush order"
		}
	}
	next := ""
	if shift == 0 {
		next = " of the next frame"
	}
	return fmt.Sprintf("%s the %s of %s in %q (%v) before the first use of %s in %q%s", order, verb,
		c.blockName(x), c.pass(int(position)).name, stage, c.blockName(y), c.pass(int(c.blocks[y].user)).name, next)
}

// stageOf is the stage with a place in a clock.
func (s *sharing) stageOf(at int) metal.Stages {
	rest := s.touched
	for range at {
		rest &= rest - 1
	}
	return stageAt(bits.TrailingZeros32(rest))
}

// whyAlone says why block y shares memory with no other of its run, where no
// lack of order is the reason.
func (c *compilation) whyAlone(run []int32, y int32) (Reason, bool) {
	b := &c.blocks[y]
	why := Reason{Subject: c.blockName(y) + " shares no memory"}
	beside, with := 0, int32(-1)
	for _, x := range run {
		a := &c.blocks[x]
		if x == y || a.last < b.first || b.last < a.first {
			continue
		}
		if beside++; with < 0 || a.size > c.blocks[with].size {
			with = x
		}
	}
	if beside < len(run)-1 {
		why.Text = "the peak is no lower if it does"
		return why, c.options.preferMemory
	}
	a := &c.blocks[with]
	why.Text = fmt.Sprintf("%s is in use at %q, too", c.blockName(with), c.pass(int(max(a.first, b.first))).name)
	if beside > 1 {
		why.Text += fmt.Sprintf("; at some of its passes, %d more are", beside-1)
	}
	return why, true
}

// overlap reports whether two blocks of one run share memory.
func (c *compilation) overlap(x, y int32) bool {
	a, b := &c.blocks[x], &c.blocks[y]
	return a.heap == b.heap && a.offset < b.offset+b.size && b.offset < a.offset+a.size
}

func (c *compilation) blockName(i int32) string {
	if b := &c.blocks[i]; b.pass >= 0 {
		return c.g.passes[b.pass].name + scratchSuffix
	}
	return c.g.resources[c.blocks[i].resource].name
}
