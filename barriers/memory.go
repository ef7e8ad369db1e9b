package barriers

import (
	"cmp"
	"slices"
)

// event is one access, in one pass and a set of stages.
type event struct {
	pass   int
	stages set
	write  bool
}

// tenant is what sharing memory with a transient needs to know of it.
type tenant struct {
	first, last int     // passes that touch it; last is -1 when none does
	writes      bool    // somebody writes it
	openers     []event // accesses that no write of an earlier pass precedes
	closers     []event // accesses that no write of a later pass follows
	all         []event
}

// open records which accesses of a pass in the first frame are openers: those
// with a cell that nobody has written so far.
func (t *tenant) open(state []cell, now []touch, touched []int) {
	for _, c := range touched {
		if len(state[c].writers) == 0 {
			t.openers = appendTouch(t.openers, &now[c], true, true)
		}
	}
}

// close records the closers, given the state at the end of the first frame.
func (t *tenant) close(state []cell) {
	for c := range state {
		for i := range state[c].writers {
			t.closers = appendTouch(t.closers, &state[c].writers[i], false, true)
		}
		for i := range state[c].readers {
			t.closers = appendTouch(t.closers, &state[c].readers[i], true, false)
		}
	}
}

func appendTouch(to []event, t *touch, reads, writes bool) []event {
	if reads && t.reads != 0 {
		to = append(to, event{t.pass, t.reads, false})
	}
	if writes && t.writes != 0 {
		to = append(to, event{t.pass, t.writes, true})
	}
	return to
}

// sharedMemory adds the hazards between transients that overlap in a heap. Each
// heap is cut into slabs at the ends of its placements. The tenants of a slab
// follow each other, and after the last comes the first of the next frame: it is
// enough to order the closers of one before the openers of the next.
func (h *hazardFinder) sharedMemory() {
	heaps := map[int][]int{}
	for r := range h.frame.Resources {
		if h.frame.Resources[r].Memory.Size > 0 && h.tenants[r].last >= 0 {
			heap := h.frame.Resources[r].Memory.Heap
			heaps[heap] = append(heaps[heap], r)
		}
	}
	done := map[[3]int]bool{} // earlier, later tenant, frames apart
	for _, tenants := range heaps {
		for _, slab := range h.slabs(tenants) {
			h.slab(slab, done)
		}
	}
}

// slabs lists the tenants of each slab of a heap, by the first pass that touches
// them.
func (h *hazardFinder) slabs(tenants []int) [][]int {
	slices.SortStableFunc(tenants, func(x, y int) int {
		return cmp.Compare(h.tenants[x].first, h.tenants[y].first)
	})
	var x axis
	for _, r := range tenants {
		m := h.frame.Resources[r].Memory
		x.cuts = append(x.cuts, m.Offset, m.Offset+m.Size)
	}
	slabs := make([][]int, x.seal())
	for _, r := range tenants {
		m := h.frame.Resources[r].Memory
		lo, _ := slices.BinarySearch(x.cuts, m.Offset)
		hi, _ := slices.BinarySearch(x.cuts, m.Offset+m.Size)
		for s := lo; s < hi; s++ {
			slabs[s] = append(slabs[s], r)
		}
	}
	return slabs
}

func (h *hazardFinder) slab(tenants []int, done map[[3]int]bool) {
	if len(tenants) < 2 {
		return
	}
	regular := true // each writes before the next begins
	for i, r := range tenants {
		regular = regular && h.tenants[r].writes &&
			(i == 0 || h.tenants[tenants[i-1]].last < h.tenants[r].first)
	}
	if !regular {
		for _, r := range tenants {
			for _, next := range tenants {
				if r != next {
					h.follow(r, next, 0, h.tenants[r].all, h.tenants[next].all)
					h.follow(r, next, 1, h.tenants[r].all, h.tenants[next].all)
				}
			}
		}
		return
	}
	before, frames := tenants[len(tenants)-1], 1
	for _, r := range tenants {
		if key := [3]int{before, r, frames}; !done[key] {
			done[key] = true
			h.follow(before, r, frames, h.tenants[before].closers, h.tenants[r].openers)
		}
		before, frames = r, 0
	}
}

// follow adds the hazards from accesses of one tenant to those of another that
// come later.
func (h *hazardFinder) follow(r, next, frames int, from, to []event) {
	for _, a := range from {
		for _, b := range to {
			if !a.write && !b.write || frames == 0 && a.pass >= b.pass {
				continue
			}
			kind := WriteAfterWrite
			if !a.write {
				kind = WriteAfterRead
			} else if !b.write {
				kind = ReadAfterWrite
			}
			h.pairs(conflict{
				from: a.pass, to: b.pass, frames: frames,
				kind: kind, resource: next, source: r,
			}, a.stages, b.stages)
		}
	}
}
