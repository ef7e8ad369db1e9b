package graph

import (
	"cmp"
	"slices"
)

// packing is what placing blocks works on, kept from one compilation to the
// next. Lists are by block where nothing else is said.
type packing struct {
	terms   terms
	byStart []int32 // blocks by first use, run by run
	runs    []run   // what goes in one heap, or is scratch
	offset  []int   // where each block lies; of a scratch, in which heap
	bayed   []bool  // by run: blocks lie in bays, see pool

	need int // bytes of all runs together

	try  []int // the offsets of the packing at hand
	pool pool
	clash
	fits
	texels []int // by descriptor of textures: bytes, 0 if not measured yet

	trials []trial
	cuts   []int32 // by block, see terms
	cutAt  []int32 // by position: is cut before
	order  []int32
	marks  []int32
	change []int
	keys   []key
}

// run is a part of packing.byStart.
type run struct{ first, end int }

// terms says which blocks may share memory: those in the order of which the
// frame's barriers put them anyway, and those with a cut between them, where
// more barriers may come.
type terms struct {
	cuts []int32 // by block: the last position at or before its first where a cut is; nil if there is none
	edge bool    // there is a cut between two frames
}

// mayFollow reports whether block y may take the memory of block x later in the
// frame; mayWrap, in the next frame.
func (c *compilation) mayFollow(x, y int32) bool {
	if cuts := c.packing.terms.cuts; cuts != nil && c.blocks[x].last < cuts[y] {
		return true
	}
	return c.follows(x, y)
}

func (c *compilation) mayWrap(x, y int32) bool { return c.packing.terms.edge || c.wraps(x, y) }

// key is a block with what to sort it by.
type key struct {
	by    int
	block int32
}

// packUnder packs all runs under a terms.
func (c *compilation) packUnder(r terms, most effort) {
	p := &c.packing
	p.terms, p.need = r, 0
	p.offset, p.try = zeroed(p.offset, len(c.blocks)), zeroed(p.try, len(c.blocks))
	p.pool.bayOf, p.pool.alone = zeroed(p.pool.bayOf, len(c.blocks)), zeroed(p.pool.alone, len(c.blocks))
	p.bayed = zeroed(p.bayed, len(p.runs))
	for n := range p.runs {
		p.need += c.packRun(n, most)
	}
}

// effort bounds the work of a packing, for each block: steps of looking for
// clashes, and rounds of trying other orders.
type effort struct{ steps, rounds int }

// packRun packs one run and returns what it needs.
func (c *compilation) packRun(n int, most effort) int {
	p := &c.packing
	list := p.byStart[p.runs[n].first:p.runs[n].end]
	scratch := c.blocks[list[0]].pass >= 0
	need := c.poolRun(list, scratch)
	for _, i := range list {
		p.offset[i] = p.try[i]
	}
	p.bayed[n] = true
	if len(p.pool.bays) == 1 || p.terms.cuts == nil && p.pool.perfect {
		return need
	}
	enough := c.liveBound(list, false)
	if need <= enough || !c.findClashes(list, min(most.steps*(len(list)+64), maxSteps)) {
		return need
	}
	if scratch {
		return c.fitHeaps(list, need)
	}
	fit := c.fitRun(list, max(enough, p.clique), need, most.rounds)
	p.bayed[n] = fit == need
	return fit
}

func sortKeys(list []key) {
	slices.SortFunc(list, func(x, y key) int {
		if x.by != y.by {
			return cmp.Compare(x.by, y.by)
		}
		return cmp.Compare(x.block, y.block)
	})
}
