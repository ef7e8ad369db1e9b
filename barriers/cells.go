package barriers

import (
	"math"
	"slices"
)

// shape says into how many cells a resource is cut, and where they are.
type shape struct {
	first    int32 // among all cells: those of copy 0, then those of copy 1 and so on
	cells    int32 // of each copy
	copies   int32 // 1 + history
	steady   int32 // the last frame whose hazards are to be found: copies, or 0 if fresh
	accesses int32 // how many there are; -1: nobody writes it
	boxed    bool  // the first access is to a part, not the whole
	cut      bool  // some accesses have other parts than others
}

// cutter cuts resources at the bounds of the parts that are accessed.
type cutter struct {
	shapes  []shape
	parts   []Part      // of each resource that is boxed: its first access's
	grouped []int32     // accesses of resources that are cut, by resource
	starts  []int32     // of each resource in grouped
	covers  []int32     // cells, relative to a copy's first
	spans   []cellRange // of each access: what it covers

	mips, layers, bytes axis
}

type cellRange struct{ first, end int32 }

// cut finds the shape of every resource and returns how many cells there are.
// Most resources are one cell.
func (c *cutter) cut(t *timeline) int {
	f := t.frame
	c.shapes, c.parts = resize(c.shapes, len(f.Resources)), resize(c.parts, len(f.Resources))
	for r := range f.Resources {
		res := &f.Resources[r]
		s := shape{cells: 1, copies: 1 + int32(res.History), accesses: -1}
		if res.Lifetime != Fresh {
			s.steady = s.copies
		}
		c.shapes[r] = s
	}
	cuts := false
	for i := range f.Accesses {
		a := &f.Accesses[i]
		s := &c.shapes[a.Resource]
		if s.accesses < 0 && a.Write {
			s.accesses = 0
		}
	}
	c.covers = c.covers[:0]
	for i := range f.Accesses {
		a := &f.Accesses[i]
		s := &c.shapes[a.Resource]
		if s.accesses < 0 {
			continue
		}
		whole := a.Part.whole()
		if s.accesses++; s.accesses == 1 {
			if s.boxed = !whole; s.boxed {
				c.parts[a.Resource] = a.Part
			}
		} else if whole == s.boxed || !whole && a.Part != c.parts[a.Resource] {
			s.cut, cuts = true, true
		}
	}
	if cuts {
		c.cutParts(t)
	}
	count := int32(0)
	for r := range c.shapes {
		if s := &c.shapes[r]; s.accesses > 0 {
			s.first = count
			count += s.cells * s.copies
		}
	}
	return int(count)
}

// cutParts cuts those resources whose accesses' parts differ.
func (c *cutter) cutParts(t *timeline) {
	f := t.frame
	c.spans = resize(c.spans, len(f.Accesses))
	c.starts = resize(c.starts, len(f.Resources)+1)
	clear(c.starts)
	for r := range c.shapes {
		if c.shapes[r].cut {
			c.starts[r+1] = c.shapes[r].accesses
		}
	}
	for r := range c.shapes {
		c.starts[r+1] += c.starts[r]
	}
	c.grouped = resize(c.grouped, int(c.starts[len(c.shapes)]))
	for i := range f.Accesses {
		if r := f.Accesses[i].Resource; c.shapes[r].cut {
			c.grouped[c.starts[r]] = int32(i)
			c.starts[r]++
		}
	}
	for r := range c.shapes {
		if s := &c.shapes[r]; s.cut {
			c.cutOne(f, s, c.grouped[c.starts[r]-s.accesses:c.starts[r]])
		}
	}
}

func (c *cutter) cutOne(f *Frame, s *shape, accesses []int32) {
	c.mips.cuts, c.layers.cuts, c.bytes.cuts = c.mips.cuts[:0], c.layers.cuts[:0], c.bytes.cuts[:0]
	for _, i := range accesses {
		p := &f.Accesses[i].Part
		c.mips.add(p.Mips)
		c.layers.add(p.Layers)
		c.bytes.add(p.Bytes)
	}
	nm, nl, nb := c.mips.seal(), c.layers.seal(), c.bytes.seal()
	s.cells = int32(nm * nl * nb)
	for _, i := range accesses {
		p := &f.Accesses[i].Part
		m0, m1 := c.mips.span(p.Mips)
		l0, l1 := c.layers.span(p.Layers)
		b0, b1 := c.bytes.span(p.Bytes)
		first := int32(len(c.covers))
		for m := m0; m < m1; m++ {
			for l := l0; l < l1; l++ {
				for b := b0; b < b1; b++ {
					c.covers = append(c.covers, int32((m*nl+l)*nb+b))
				}
			}
		}
		c.spans[i] = cellRange{first, int32(len(c.covers))}
	}
}

// axis is one dimension of a resource, cut at the ends of the accesses' ranges.
type axis struct{ cuts []int64 }

func (x *axis) add(r Range) {
	r = unwhole(r)
	x.cuts = append(x.cuts, r.First, r.End)
}

// seal sorts the cuts and returns the number of segments between them.
func (x *axis) seal() int {
	slices.Sort(x.cuts)
	x.cuts = slices.Compact(x.cuts)
	return len(x.cuts) - 1
}

// span returns the segments that a range covers.
func (x *axis) span(r Range) (first, end int) {
	r = unwhole(r)
	first, _ = slices.BinarySearch(x.cuts, r.First)
	end, _ = slices.BinarySearch(x.cuts, r.End)
	return first, end
}

// unwhole spells out the range that stands for everything.
func unwhole(r Range) Range {
	if r.Whole() {
		return Range{0, math.MaxInt64}
	}
	return r
}
