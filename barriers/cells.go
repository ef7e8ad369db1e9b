package barriers

import (
	"math"
	"slices"
)

// cutCells cuts a resource into the cells that its accesses' parts make, and
// says which cells each access covers. Most resources are one cell.
func cutCells(f *Frame, accesses []int) (count int, covers [][]int) {
	part := func(i int) Part { return f.Accesses[accesses[i]].Part }
	covers = make([][]int, len(accesses))
	same := true
	for i := range accesses {
		same = same && part(i) == part(0)
	}
	if same {
		one := []int{0}
		for i := range covers {
			covers[i] = one
		}
		return 1, covers
	}
	var mips, layers, bytes axis
	for i := range accesses {
		mips.add(part(i).Mips)
		layers.add(part(i).Layers)
		bytes.add(part(i).Bytes)
	}
	nm, nl, nb := mips.seal(), layers.seal(), bytes.seal()
	for i := range accesses {
		p := part(i)
		m0, m1 := mips.span(p.Mips)
		l0, l1 := layers.span(p.Layers)
		b0, b1 := bytes.span(p.Bytes)
		for m := m0; m < m1; m++ {
			for l := l0; l < l1; l++ {
				for b := b0; b < b1; b++ {
					covers[i] = append(covers[i], (m*nl+l)*nb+b)
				}
			}
		}
	}
	return nm * nl * nb, covers
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
