package graph

import "weft/barriers"

// block is the memory of one transient or scratch.
type block struct {
	resource    int32 // of the lowered frame
	pass        int32 // whose scratch it is, or -1
	class       int
	size, align int
	first, last int32 // positions
	user        int32 // the position that uses it first, see life
	heap        int32
	offset      int
	shared      bool // some of its memory is another's as well
}

// heap is memory that blocks are placed in.
type heap struct {
	kind  HeapKind
	class int
	size  int
}

// memory places transients and scratches in heaps.
//
// By default, memory is shared only where it costs nothing: by blocks that the
// barriers order that the frame needs anyway (sharing.go). With a preference for
// memory, it is shared wherever lifetimes allow it, at the cost of few more
// barriers (memorymost.go).
func memory(c *compilation) error {
	if err := c.measure(); err != nil {
		return err
	}
	c.sortBlocks()
	c.bound = c.liveBound(c.packing.byStart, true)
	if c.options.preferMemory {
		if err := c.packMost(); err != nil {
			return err
		}
	} else {
		c.learn()
		c.packUnder(terms{}, effort{steps: 64})
	}
	c.layOut()
	return nil
}

// sortBlocks lists the blocks of each heap-to-be by their first use: those of
// one class, then those of the next, at last the scratches.
func (c *compilation) sortBlocks() {
	p := &c.packing
	p.byStart = zeroed(p.byStart, len(c.blocks))
	starts := zeroed(p.marks, len(c.order)+1)
	sorted, latest := true, int32(0)
	for i := range c.blocks {
		b := &c.blocks[i]
		starts[b.first]++
		sorted = sorted && b.first >= latest && b.pass < 0 && b.class == c.blocks[0].class
		latest = b.first
	}
	p.marks, p.runs = starts, p.runs[:0]
	if sorted {
		for i := range p.byStart {
			p.byStart[i] = int32(i)
		}
		if len(p.byStart) > 0 {
			p.runs = append(p.runs, run{0, len(p.byStart)})
		}
		return
	}
	sum := int32(0)
	for i := range starts {
		sum, starts[i] = sum+starts[i], sum
	}
	all := zeroed(p.order, len(c.blocks))
	p.order = all
	for i := range c.blocks {
		at := &starts[c.blocks[i].first]
		all[*at] = int32(i)
		*at++
	}
	// Few classes exist: a look through all blocks for each.
	list := p.byStart[:0]
	for rest := all; len(rest) > 0; {
		lead := &c.blocks[rest[0]]
		first, left := len(list), rest[:0]
		for _, i := range rest {
			if b := &c.blocks[i]; b.class == lead.class && (b.pass < 0) == (lead.pass < 0) {
				list = append(list, i)
			} else {
				left = append(left, i)
			}
		}
		rest, p.runs = left, append(p.runs, run{first, len(list)})
	}
}

// layOut makes the heaps, notes which blocks overlap, and tells the frame where
// all of them lie. The packing has said where each block lies among its run's.
func (c *compilation) layOut() {
	p := &c.packing
	c.heaps = c.heaps[:0]
	for _, scratch := range []bool{false, true} {
		for n, r := range p.runs {
			list := p.byStart[r.first:r.end]
			if lead := &c.blocks[list[0]]; (lead.pass >= 0) != scratch {
				continue
			} else if scratch {
				c.scratchHeaps(list)
			} else {
				c.heaps = append(c.heaps, heap{kind: TransientHeap, class: lead.class})
				c.transientHeap(list, p.bayed[n])
			}
		}
	}
	for i := range c.blocks {
		b := &c.blocks[i]
		c.frame.Resources[b.resource].Memory = barriers.Placement{
			Heap: int(b.heap), Offset: int64(b.offset), Size: int64(b.size),
		}
	}
}

func (c *compilation) transientHeap(list []int32, bayed bool) {
	p, at := &c.packing, len(c.heaps)-1
	h := &c.heaps[at]
	for _, i := range list {
		b := &c.blocks[i]
		b.heap, b.offset, b.shared = int32(at), p.offset[i], bayed && !p.pool.alone[i]
		h.size = max(h.size, b.offset+b.size)
	}
	if bayed {
		return
	}
	byOffset := p.keys[:0]
	for _, i := range list {
		byOffset = append(byOffset, key{c.blocks[i].offset, i})
	}
	p.keys = byOffset
	sortKeys(byOffset)
	end, owner := 0, int32(-1)
	for _, k := range byOffset {
		b := &c.blocks[k.block]
		if owner >= 0 && b.offset < end {
			b.shared, c.blocks[owner].shared = true, true
		}
		if b.offset+b.size > end {
			end, owner = b.offset+b.size, k.block
		}
	}
}

// scratchHeaps gives scratches heaps: Metal hands an encoder a whole one.
func (c *compilation) scratchHeaps(list []int32) {
	p, first := &c.packing, len(c.heaps)
	for _, i := range list {
		b := &c.blocks[i]
		b.heap, b.offset, b.shared = int32(first+p.offset[i]), 0, false
		for int(b.heap) >= len(c.heaps) {
			c.heaps = append(c.heaps, heap{kind: ScratchHeap})
		}
	}
	tenants := zeroed(p.marks, len(c.heaps)+1)
	p.marks = tenants
	for _, i := range list {
		b := &c.blocks[i]
		c.heaps[b.heap].size = max(c.heaps[b.heap].size, b.size)
		tenants[b.heap]++
	}
	for _, i := range list {
		c.blocks[i].shared = tenants[c.blocks[i].heap] > 1
	}
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }
