package graph

// packMost packs so that the peak is as near to the live bound as it gets, and
// among packings about as near takes the one that needs the fewest barriers.
//
// To share memory between blocks that nothing orders costs a barrier between
// the last use of one and the first of the other; one barrier serves all blocks
// that end before it and start behind it. So the packings tried are under rules
// that cut the frame in ever more places: nowhere, where the bytes that no cut
// has freed would be more than the bound, where they would be near it, and
// before every first use.
func (c *compilation) packMost() error {
	c.learn()
	p := &c.packing
	p.trials = p.trials[:0]
	limit := slack(c.bound)
	for level := range levels {
		if !c.cutFrame(level) {
			continue
		}
		r := terms{cuts: p.cuts, edge: level > 1}
		if level == 0 {
			r.cuts = nil
		}
		c.packUnder(r, effort{steps: 2000, rounds: 400})
		if level == 0 && p.need <= limit {
			return nil // without one more barrier
		}
		c.keepTrial()
	}
	best := p.trials[0].need
	for _, t := range p.trials {
		best = min(best, t.need)
	}
	limit = max(limit, slack(best))
	chosen, fewest := -1, 0
	for n := range p.trials {
		if p.trials[n].need > limit {
			continue
		}
		c.takeTrial(n)
		c.layOut()
		if err := c.deriveBarriers(thinned); err != nil {
			return err
		}
		if count := len(c.derived); chosen < 0 || count < fewest {
			chosen, fewest = n, count
		}
	}
	c.takeTrial(chosen)
	return nil
}

// slack is how much counts as no more than n bytes.
func slack(n int) int { return n + n/200 }

// trial is a packing as packing holds one.
type trial struct {
	need   int
	offset []int
	bayed  []bool
	alone  []bool
}

func (c *compilation) keepTrial() {
	p := &c.packing
	n := len(p.trials)
	if n < cap(p.trials) {
		p.trials = p.trials[:n+1]
	} else {
		p.trials = append(p.trials, trial{})
	}
	t := &p.trials[n]
	t.need = p.need
	t.offset = append(t.offset[:0], p.offset...)
	t.bayed = append(t.bayed[:0], p.bayed...)
	t.alone = append(t.alone[:0], p.pool.alone...)
}

func (c *compilation) takeTrial(n int) {
	p, t := &c.packing, &c.packing.trials[n]
	p.need = t.need
	copy(p.offset, t.offset)
	copy(p.bayed, t.bayed)
	copy(p.pool.alone, t.alone)
}

// levels is how many ways of cutting there are: none, at the bound without and
// with an edge, at nine and at eight tenths of the bound, everywhere.
const levels = 6

// cutFrame makes the cuts of a level, and reports whether it could in time.
func (c *compilation) cutFrame(level int) bool {
	p := &c.packing
	p.cuts = zeroed(p.cuts, len(c.blocks))
	if level == 0 {
		return true
	}
	if level == levels-1 {
		for i := range c.blocks {
			p.cuts[i] = c.blocks[i].first
		}
		return true
	}
	p.cutAt = zeroed(p.cutAt, len(c.order))
	for _, r := range p.runs {
		list := p.byStart[r.first:r.end]
		most := slack(c.liveBound(list, false)) * [...]int{0, 10, 10, 9, 8}[level] / 10
		if !c.cutRun(list, most, min(2000*(len(list)+64), maxSteps)) {
			return false
		}
	}
	latest := int32(0)
	for i := range p.cutAt { // by position: the latest cut so far
		if p.cutAt[i] != 0 {
			latest = int32(i)
		}
		p.cutAt[i] = latest
	}
	for i := range c.blocks {
		p.cuts[i] = p.cutAt[c.blocks[i].first]
	}
	return true
}

// cutRun cuts the frame where the blocks of a run that are not before one that
// starts, and that itself, would take more than most bytes; but no sooner.
func (c *compilation) cutRun(list []int32, most, steps int) bool {
	p := &c.packing
	p.active = p.active[:0]
	cut, now := int32(0), int32(0)
	for _, y := range list {
		b := &c.blocks[y]
		for ; now <= b.first; now++ {
			if p.cutAt[now] != 0 {
				cut = now
			}
		}
		if steps -= len(p.active) + 1; steps < 0 {
			return false
		}
		sum, freed := b.size, 0
		kept := p.active[:0]
		for _, x := range p.active {
			a := &c.blocks[x]
			apart := a.last < b.first
			if apart && a.last < cut {
				continue
			}
			kept = append(kept, x)
			if c.follows(x, y) {
				continue
			}
			sum += a.size
			if apart {
				freed += a.size
			}
		}
		if sum > most && freed > 0 {
			cut, p.cutAt[b.first] = b.first, 1
		}
		p.active = append(kept, y)
	}
	return true
}
