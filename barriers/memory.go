package barriers

import (
	"cmp"
	"slices"
)

// tenants are the transients that share memory.
type tenants struct {
	sharing bool     // some transient is placed
	list    []tenant // by resource
	uses    []use
	order   []int32 // placed resources by heap, then by the first pass that uses them
	ground  []segment
}

// tenant is what sharing memory with a transient needs to know of it.
type tenant struct {
	first, last int32 // passes that use it; -1 when none does
	writes      bool  // somebody writes it
	openers     int32 // uses that no write of an earlier pass precedes; -1 for none
	closers     int32 // uses that no write of a later pass follows
	met         int32 // the tenant, and the frame, that was last put after it
}

// use is all reads, or all writes, of one pass.
type use struct {
	pass   int32
	stages set
	write  bool
	next   int32 // in the list of openers or closers, or -1
}

// segment is a range of a heap and the latest tenant there.
type segment struct {
	start, end int64
	owner      int32
}

func (t *tenants) placed(resource int32) bool {
	return t.sharing && t.list[resource].first >= 0
}

func (t *tenants) begin(f *Frame) {
	t.sharing = false
	for r := range f.Resources {
		t.sharing = t.sharing || f.Resources[r].Memory.Size > 0
	}
	if !t.sharing {
		return
	}
	t.uses, t.list = t.uses[:0], resize(t.list, len(f.Resources))
	for r := range t.list {
		t.list[r] = tenant{first: -1, last: -1, openers: -1, closers: -1, met: -1}
	}
	for i := range f.Accesses {
		a := &f.Accesses[i]
		x := &t.list[a.Resource]
		if f.Resources[a.Resource].Memory.Size == 0 {
			continue
		}
		if p := int32(a.Pass); x.first < 0 {
			x.first, x.last = p, p
		} else {
			x.first, x.last = min(x.first, p), max(x.last, p)
		}
		x.writes = x.writes || a.Write
	}
}

// open records what the pass at hand does to a cell that nobody has written.
func (t *tenants) open(c *cell, p int32) {
	x := &t.list[c.resource]
	x.openers = t.use(x.openers, p, c.reads, false)
	x.openers = t.use(x.openers, p, c.writes, true)
}

// use puts a use in front of a list, unless it is there.
func (t *tenants) use(list int32, p int32, stages set, write bool) int32 {
	if stages == 0 {
		return list
	}
	if list >= 0 {
		if u := &t.uses[list]; u.pass == p && u.write == write {
			u.stages |= stages
			return list
		}
	}
	t.uses = append(t.uses, use{p, stages, write, list})
	return int32(len(t.uses) - 1)
}

// close records the closers, given the cells at the end of the first frame.
func (h *hazardFinder) close() {
	if !h.sharing {
		return
	}
	for r := range h.list {
		x := &h.list[r]
		if x.first < 0 || h.shapes[r].accesses <= 0 {
			continue
		}
		first := h.shapes[r].first
		for i := range h.shapes[r].cells {
			c := &h.cells[first+i]
			x.closers = h.use(x.closers, c.writer, c.wrote, true)
			for n := c.readers; n >= 0; n = h.readers[n].before {
				x.closers = h.use(x.closers, h.readers[n].pass, h.readers[n].stages, false)
			}
		}
	}
}

// share adds the hazards between transients that overlap in a heap. Going
// through the tenants by time, each range of a heap remembers its latest. It is
// enough to order the closers of that one before the openers of the next, also
// from the last of a frame to the first of the next frame.
func (h *hazardFinder) share() {
	f := h.t.frame
	h.order = h.order[:0]
	for r := range h.list {
		if h.list[r].first >= 0 {
			h.order = append(h.order, int32(r))
		}
	}
	slices.SortFunc(h.order, func(x, y int32) int {
		return cmp.Or(cmp.Compare(f.Resources[x].Memory.Heap, f.Resources[y].Memory.Heap),
			cmp.Compare(h.list[x].first, h.list[y].first), cmp.Compare(x, y))
	})
	for lo := 0; lo < len(h.order); {
		hi := lo
		for hi < len(h.order) && f.Resources[h.order[hi]].Memory.Heap == f.Resources[h.order[lo]].Memory.Heap {
			hi++
		}
		if heap := h.order[lo:hi]; h.regular(heap) {
			h.settle(heap, func(before, r int32) { h.follow(before, r, 0) })
			h.settle(heap, func(before, r int32) {
				if h.list[before].last >= h.list[r].first {
					h.follow(before, r, 1)
				}
			})
		} else {
			h.followAll(heap)
		}
		lo = hi
	}
}

// regular says whether each tenant of a heap writes and ends before the next in
// its memory begins.
func (h *hazardFinder) regular(heap []int32) bool {
	h.ground = h.ground[:0]
	for _, r := range heap {
		if !h.list[r].writes {
			return false
		}
	}
	ok := true
	h.settle(heap, func(before, r int32) { ok = ok && h.list[before].last < h.list[r].first })
	h.ground = h.ground[:0]
	return ok
}

// settle gives each tenant of a heap its memory, one after another, and shows
// who had it before.
func (h *hazardFinder) settle(heap []int32, show func(before, r int32)) {
	for _, r := range heap {
		m := h.t.frame.Resources[r].Memory
		start, end := m.Offset, m.Offset+m.Size
		lo, _ := slices.BinarySearchFunc(h.ground, start, func(s segment, at int64) int { return cmp.Compare(s.end-1, at) })
		hi := lo
		var rest [3]segment // what is left of the first, the new one, what is left of the last
		n := 0
		for ; hi < len(h.ground) && h.ground[hi].start < end; hi++ {
			s := h.ground[hi]
			if s.owner != r {
				show(s.owner, r)
			}
			if s.start < start {
				rest[n] = segment{s.start, start, s.owner}
				n++
			}
			if s.end > end {
				rest[2] = segment{end, s.end, s.owner}
			}
		}
		rest[n] = segment{start, end, r}
		n++
		if rest[2].end > 0 {
			rest[n] = rest[2]
			n++
		}
		h.ground = slices.Replace(h.ground, lo, hi, rest[:n]...)
	}
}

// follow adds the hazards from one tenant to the next in its memory.
func (h *hazardFinder) follow(before, next, frames int32) {
	x := &h.list[before]
	if key := next*2 + frames; x.met == key {
		return
	} else {
		x.met = key
	}
	for i := h.list[next].openers; i >= 0; i = h.uses[i].next {
		for k := x.closers; k >= 0; k = h.uses[k].next {
			h.clash(before, next, frames, h.uses[k], h.uses[i])
		}
	}
}

// followAll adds the hazards between all accesses of all tenants of a heap that
// overlap: for frames in which tenants live in each other's memory.
func (h *hazardFinder) followAll(heap []int32) {
	f := h.t.frame
	overlap := func(x, y Placement) bool { return x.Offset < y.Offset+y.Size && y.Offset < x.Offset+x.Size }
	byResource := map[int32][]use{}
	for i := range f.Accesses {
		a := &f.Accesses[i]
		byResource[int32(a.Resource)] = append(byResource[int32(a.Resource)], use{pass: int32(a.Pass), stages: planned(a.Stages), write: a.Write})
	}
	for _, r := range heap {
		for _, next := range heap {
			if r == next || !overlap(f.Resources[r].Memory, f.Resources[next].Memory) {
				continue
			}
			for _, a := range byResource[r] {
				for _, b := range byResource[next] {
					if a.pass < b.pass {
						h.clash(r, next, 0, a, b)
					}
					h.clash(r, next, 1, a, b)
				}
			}
		}
	}
}

// clash adds the hazard from a use of one tenant to one of another.
func (h *hazardFinder) clash(before, next, frames int32, a, b use) {
	why := cause{WriteAfterWrite, next, before}
	switch {
	case !a.write && !b.write:
		return
	case !a.write:
		why.kind = WriteAfterRead
	case !b.write:
		why.kind = ReadAfterWrite
	}
	h.mark = len(h.needs) // what is implied is not looked for here
	h.need(need{from: a.pass, to: b.pass, frames: frames, flush: a.write}, a.stages, b.stages, why)
}
