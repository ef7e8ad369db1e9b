package graph

import (
	"cmp"
	"slices"
)

// maxSteps and maxWork bound the work on long frames: the pairs of blocks that
// are looked at for clashes, and the blocks that are looked at for all packings.
const (
	maxSteps = 10_000_000
	maxWork  = 100_000_000
)

// fits places blocks where they fit between those that they may not share with.
type fits struct {
	near  []key   // what is placed, by offset
	done  []bool  // by block: is placed, or taken
	turns []int32 // the order of the packing at hand
	best  []int32 // and of the best one
	dice  uint64
}

// fitRun tries packings of a run, whose clashes are known, until one needs no
// more than enough bytes. It returns what the best needs, if that is less than
// most; its offsets are in packing.offset then.
//
// Each packing takes the blocks in some order and puts each at the lowest offset
// that is free of those it may not share with. The orders are by size, by size
// and length of life, by first use, by length of life; after that the best one
// is changed at random for a number of rounds: a block at the very top has its
// turn earlier, or two change turns. Long frames have fewer tries.
func (c *compilation) fitRun(list []int32, enough, most, rounds int) int {
	p := &c.packing
	p.best, p.dice = append(p.best[:0], list...), 1
	best, now := most, most
	for n := range min(4+rounds, p.triesWithin(maxWork, len(list))) {
		if best <= enough {
			break
		}
		if n < 4 {
			p.keys = p.keys[:0]
			for at, i := range list {
				b := &c.blocks[i]
				length := int(b.last-b.first) + 1
				p.keys = append(p.keys, key{[...]int{-b.size, -b.size / 256 * length, at, -length}[n], i})
			}
			sortKeys(p.keys)
			p.turns = p.turns[:0]
			for _, k := range p.keys {
				p.turns = append(p.turns, k.block)
			}
		} else {
			p.turns = append(p.turns[:0], p.best...)
			c.shuffle(now)
		}
		if n < 2 {
			enough = max(enough, c.clashingBytes())
		}
		need := c.fitInTurn()
		if need < best {
			best = need
			for _, i := range list {
				p.offset[i] = p.try[i]
			}
		}
		if need <= now || n == 0 {
			now, p.best = need, append(p.best[:0], p.turns...)
		}
	}
	return best
}

// clashingBytes is the size of some blocks of which no two may share: a bound on
// all packings. It takes each in its turn that may not share with any so far.
func (c *compilation) clashingBytes() (sum int) {
	p := &c.packing
	p.done = zeroed(p.done, len(c.blocks))
	taken := 0
	for _, i := range p.turns {
		among := 0
		for _, j := range p.clashesOf(i) {
			if p.done[j] {
				among++
			}
		}
		if among == taken {
			p.done[i], taken, sum = true, taken+1, sum+c.blocks[i].size
		}
	}
	return sum
}

// shuffle changes the turns a little, of a packing that needs some bytes.
func (c *compilation) shuffle(need int) {
	p := &c.packing
	at := p.roll(len(p.turns))
	if p.roll(4) > 0 {
		for i := range p.turns { // from a random place on, the first at the top
			j := (at + i) % len(p.turns)
			if x := p.turns[j]; p.try[x]+c.blocks[x].size == need {
				at = j
				break
			}
		}
	}
	to := p.roll(at + 1)
	x := p.turns[at]
	if p.roll(2) == 0 {
		p.turns[at], p.turns[to] = p.turns[to], x
		return
	}
	copy(p.turns[to+1:at+1], p.turns[to:at])
	p.turns[to] = x
}

// roll draws from 0 to n-1, the same in each compilation (xorshift).
func (p *fits) roll(n int) int {
	p.dice ^= p.dice << 13
	p.dice ^= p.dice >> 7
	p.dice ^= p.dice << 17
	return int(p.dice % uint64(n))
}

// fitInTurn packs by packing.turns and returns what that needs. Where blocks may
// not share with few others, it looks at those; else it keeps all that are placed
// by offset and goes along them.
func (c *compilation) fitInTurn() int {
	p := &c.packing
	few := p.fewClashes(len(p.turns))
	p.marks = zeroed(p.marks, len(c.blocks))
	p.done = zeroed(p.done, len(c.blocks))
	p.near = p.near[:0]
	end := 0
	for turn, i := range p.turns {
		b, mark := &c.blocks[i], int32(turn+1)
		if few {
			p.near = p.near[:0]
		}
		for _, j := range p.clashesOf(i) {
			p.marks[j] = mark
			if few && p.done[j] {
				p.near = append(p.near, key{p.try[j], j})
			}
		}
		if few {
			sortKeys(p.near)
		}
		at := 0
		for n := range p.near {
			other := &p.near[n]
			if p.marks[other.block] != mark {
				continue
			}
			if at+b.size <= other.by {
				break
			}
			at = max(at, roundUp(other.by+c.blocks[other.block].size, b.align))
		}
		if !few {
			to, _ := slices.BinarySearchFunc(p.near, at, func(k key, at int) int { return cmp.Compare(k.by, at) })
			p.near = slices.Insert(p.near, to, key{at, i})
		}
		p.try[i], p.done[i] = at, true
		end = max(end, at+b.size)
	}
	return end
}

// fewClashes reports whether sorting what each of n blocks may not share with is
// less work than going along all blocks.
func (p *packing) fewClashes(n int) bool { return 40*len(p.pairs) < n*n }

// triesWithin is how many packings of n blocks an amount of work is enough for,
// in blocks that are looked at.
func (p *packing) triesWithin(work, n int) int {
	if p.fewClashes(n) {
		return work / (20*len(p.pairs) + n)
	}
	return work / (n * n / 2)
}

// fitHeaps gives scratches heaps, the larger first, if that needs less than
// most.
func (c *compilation) fitHeaps(list []int32, most int) int {
	p := &c.packing
	p.keys = p.keys[:0]
	for _, i := range list {
		p.keys = append(p.keys, key{-c.blocks[i].size, i})
	}
	sortKeys(p.keys)
	p.done = zeroed(p.done, len(c.blocks))
	heaps, need := 0, 0
	for _, k := range p.keys {
		p.marks = zeroed(p.marks, heaps+1)
		for _, j := range p.clashesOf(k.block) {
			if p.done[j] {
				p.marks[p.try[j]] = 1
			}
		}
		at := 0
		for p.marks[at] != 0 {
			at++
		}
		if at == heaps {
			heaps, need = heaps+1, need+c.blocks[k.block].size
		}
		p.try[k.block], p.done[k.block] = at, true
	}
	if need >= most {
		return most
	}
	for _, i := range list {
		p.offset[i] = p.try[i]
	}
	return need
}
