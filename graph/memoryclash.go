package graph

// clash holds which blocks of a run may not share memory.
type clash struct {
	ends    []int32 // by block: where its list in others ends
	others  []int32
	clique  int // bytes of blocks of which no two can share, at least; see findClashes
	pairs   [][2]int32
	active  []int32
	exposed []int32
	latest  []int32 // by block: the least sharing.after from it on in the run
}

// findClashes finds the pairs of blocks that may not share memory, if it can in
// a number of steps. It goes through the blocks by first use and keeps those
// that are not before all to come.
//
// As long as what is ordered before a block is before all that start later, the
// blocks that are not ordered before it cannot share with each other either
// (see poolRun): no packing is smaller than their sizes.
func (c *compilation) findClashes(list []int32, steps int) bool {
	p, s := &c.packing, &c.sharing
	cuts := p.terms.cuts
	p.latest = zeroed(p.latest, len(c.blocks))
	least, last := int32(1<<31-1), int32(0)
	for i := len(list) - 1; i >= 0; i-- {
		least = min(least, s.after[list[i]])
		p.latest[list[i]] = least
		last = max(last, c.blocks[list[i]].last)
	}
	p.pairs, p.active, p.exposed, p.clique = p.pairs[:0], p.active[:0], p.exposed[:0], 0
	alike := true
	for n, y := range list {
		if steps -= len(p.active) + len(p.exposed) + 1; steps < 0 {
			return false
		}
		for _, x := range p.exposed {
			if !c.mayWrap(y, x) {
				p.pairs = append(p.pairs, [2]int32{x, y})
			}
		}
		alike = alike && (n == 0 || cuts == nil && s.noEarlier(list[n-1], y))
		sum := c.blocks[y].size
		kept := p.active[:0]
		for _, x := range p.active {
			follows := c.mayFollow(x, y)
			if !follows || !c.mayWrap(y, x) {
				p.pairs = append(p.pairs, [2]int32{x, y})
			}
			if !follows {
				sum += c.blocks[x].size
			}
			end := c.blocks[x].last
			switch {
			case !follows || end+s.passes > p.latest[y] && (cuts == nil || end >= cuts[y]):
				kept = append(kept, x)
			case !p.terms.edge && s.after[x] < last:
				p.exposed = append(p.exposed, x) // before all to come, in this frame
			}
		}
		p.active = append(kept, y)
		if alike {
			p.clique = max(p.clique, sum)
		}
	}
	c.listClashes()
	return true
}

// listClashes turns the pairs into a list for each block.
func (c *compilation) listClashes() {
	p := &c.packing
	p.ends = zeroed(p.ends, len(c.blocks)+1)
	p.others = zeroed(p.others, 2*len(p.pairs))
	for _, pair := range p.pairs {
		p.ends[pair[0]+1]++
		p.ends[pair[1]+1]++
	}
	for i := 1; i < len(p.ends); i++ {
		p.ends[i] += p.ends[i-1]
	}
	for _, pair := range p.pairs {
		for i := range pair {
			at := &p.ends[pair[i]]
			p.others[*at] = pair[1-i]
			*at++
		}
	}
}

// clashesOf lists the blocks that may not share memory with one.
func (p *clash) clashesOf(x int32) []int32 {
	if x == 0 {
		return p.others[:p.ends[0]]
	}
	return p.others[p.ends[x-1]:p.ends[x]]
}
