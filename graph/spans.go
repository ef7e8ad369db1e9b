package graph

import "slices"

// spans remembers numbers for parts of one resource and finds the largest that
// was noted for a part that overlaps another. The parts are known beforehand:
// their bounds cut the resource into rows and, in each row, cells, over which
// stands a tree. Both calls take O(log n) for each row; rows are the axis with
// fewer bounds, in textures mips or layers.
type spans struct {
	rows, cells []int // bounds, sorted
	turned      bool  // rows are the first axis of parts
	leaves      int
	inside      []int32 // by row and node: the largest noted for anything below
	across      []int32 // by row and node: the largest noted for all of it
}

// partsOfAll lists, by resource, the parts that accesses touch.
func (g *Graph) partsOfAll(counts func(*access) bool) [][]box {
	parts := make([][]box, len(g.resources))
	for i := range g.passes {
		list := g.accessesOf(&g.passes[i])
		for k := range list {
			if a := &list[k]; counts(a) {
				parts[a.resource] = append(parts[a.resource], g.boxOf(a))
			}
		}
	}
	return parts
}

func newSpans(parts []box) spans {
	var a, b []int
	for i, p := range parts {
		if i > 0 && p == parts[i-1] {
			continue
		}
		a, b = append(a, p.a0, p.a1), append(b, p.b0, p.b1)
	}
	s := spans{rows: bounds(b), cells: bounds(a)}
	if len(s.rows) > len(s.cells) {
		s.rows, s.cells, s.turned = s.cells, s.rows, true
	}
	for s.leaves = 1; s.leaves < len(s.cells)-1; s.leaves *= 2 {
	}
	s.inside = slices.Repeat([]int32{-1}, 2*s.leaves*max(len(s.rows)-1, 0))
	s.across = slices.Clone(s.inside)
	return s
}

func bounds(list []int) []int {
	slices.Sort(list)
	return slices.Compact(list)
}

// note remembers a number, at least 0, for a part.
func (s *spans) note(part box, number int32) {
	s.each(part, func(row, first, end int) { s.put(row, 1, 0, s.leaves, first, end, number) })
}

// most is the largest number noted for what overlaps the part, or -1.
func (s *spans) most(part box) int32 {
	best := int32(-1)
	s.each(part, func(row, first, end int) { best = max(best, s.get(row, 1, 0, s.leaves, first, end)) })
	return best
}

// each calls visit for each row of a part with the cells there.
func (s *spans) each(part box, visit func(row, first, end int)) {
	if s.turned {
		part = box{part.b0, part.b1, part.a0, part.a1}
	}
	at := func(list []int, bound int) int { i, _ := slices.BinarySearch(list, bound); return i }
	first, end := at(s.cells, part.a0), at(s.cells, part.a1)
	for row := at(s.rows, part.b0); row < at(s.rows, part.b1); row++ {
		visit(2*s.leaves*row, first, end)
	}
}

func (s *spans) put(row, node, low, high, first, end int, number int32) {
	if end <= low || high <= first {
		return
	}
	s.inside[row+node] = max(s.inside[row+node], number)
	if first <= low && high <= end {
		s.across[row+node] = max(s.across[row+node], number)
		return
	}
	middle := (low + high) / 2
	s.put(row, 2*node, low, middle, first, end, number)
	s.put(row, 2*node+1, middle, high, first, end, number)
}

func (s *spans) get(row, node, low, high, first, end int) int32 {
	switch {
	case end <= low || high <= first:
		return -1
	case first <= low && high <= end:
		return s.inside[row+node]
	}
	middle := (low + high) / 2
	return max(s.across[row+node],
		s.get(row, 2*node, low, middle, first, end), s.get(row, 2*node+1, middle, high, first, end))
}
