package graph

import "weft/barriers"

// mayShare returns what decides whether two blocks may share memory.
func (c *compilation) mayShare() func(x, y int32) bool {
	apart := func(x, y int32) bool {
		a, b := &c.blocks[x], &c.blocks[y]
		return a.last < b.first || b.last < a.first
	}
	if c.options.preferMemory {
		return apart
	}
	u := c.uses()
	n := int32(len(c.order))
	return func(x, y int32) bool {
		if !apart(x, y) {
			return false
		}
		if c.blocks[x].first > c.blocks[y].first {
			x, y = y, x
		}
		return u[x].before(&u[y], n) && u[y].before(&u[x], 0)
	}
}

// use sums up the accesses to a block: the last position of its reads and
// writes in each stage, and what is ordered before all its writes (in execution)
// and before all its accesses (with memory flushed).
type use struct {
	reads, writes clock
	ready         clock // before every write
	flushed       clock // before every access
}

// before reports whether every access to a that conflicts with one to b is
// ordered before it, if b's clocks run on a timeline where a's positions are
// shifted.
func (a *use) before(b *use, shift int32) bool {
	for s := range stageCount {
		if a.writes[s] >= 0 && a.writes[s]+shift > b.flushed[s] {
			return false
		}
		if a.reads[s] >= 0 && a.reads[s]+shift > b.ready[s] {
			return false
		}
	}
	return true
}

// uses finds the use of each block under the barriers derived so far.
func (c *compilation) uses() []use {
	const far = int32(1<<31 - 1)
	always := clock{far, far, far, far, far, far, far, far, far}
	u := make([]use, len(c.blocks))
	owner := make([]int32, len(c.frame.Resources))
	for i := range owner {
		owner[i] = -1
	}
	for i := range c.blocks {
		owner[c.blocks[i].resource] = int32(i)
		u[i] = use{reads: never, writes: never, ready: always, flushed: always}
	}
	first := firstAccess(&c.frame)
	walk := func(flush bool, note func(u *use, a *barriers.Access, position int32, stage int, k *clock)) {
		w := clocks{frame: &c.frame, flush: flush}
		w.order(c.derived, func(position, stage int, k *clock) {
			for i := first[position]; i < first[position+1]; i++ {
				a := &c.frame.Accesses[i]
				if b := owner[a.Resource]; b >= 0 && a.Stages&stageAt(stage) != 0 {
					note(&u[b], a, int32(position), stage, k)
				}
			}
		})
	}
	walk(false, func(u *use, a *barriers.Access, position int32, stage int, k *clock) {
		if !a.Write {
			u.reads[stage] = max(u.reads[stage], position)
			return
		}
		u.writes[stage] = max(u.writes[stage], position)
		u.ready.meet(k)
	})
	walk(true, func(u *use, _ *barriers.Access, _ int32, _ int, k *clock) { u.flushed.meet(k) })
	return u
}

func (c *clock) meet(d *clock) {
	for s := range c {
		c[s] = min(c[s], d[s])
	}
}

// firstAccess returns where each pass's accesses start in the frame's list,
// which is in order of passes.
func firstAccess(f *barriers.Frame) []int32 {
	first := make([]int32, len(f.Passes)+1)
	for i := range f.Accesses {
		first[f.Accesses[i].Pass+1] = int32(i + 1)
	}
	for i := 1; i < len(first); i++ {
		first[i] = max(first[i], first[i-1])
	}
	return first
}
