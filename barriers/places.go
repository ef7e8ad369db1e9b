package barriers

import (
	"cmp"
	"math"
	"slices"
)

// places says where accesses can meet. Each place is a part of a resource, of
// one version and as an attachment or not, or a range of a heap. What touches a
// place is written down on its sheets `into`; all that it may conflict with
// stands on its sheets `from`. So two places share a sheet if they overlap, and
// the number of sheets stays small: where there are few places each has its own,
// where there are many they are the nodes of a segment tree.
type places struct {
	of     []int32 // by access: a part of its resource, or -1 if nothing there conflicts
	memory []int32 // by resource: its range of a heap, or -1 if it is alone there
	spans  []span  // by place
	pool   []int32
	sheets []sheet
	few    int // places of one resource or heap that go without a tree
}

type span struct{ into, from, end int32 } // into the pool

type sheet struct {
	frame      int32 // what Access.Frame was
	memory     bool  // in a heap: only different resources conflict
	attachment bool
	loose      bool // what stands here may overlap or not, or stand elsewhere as well
}

// box is a place before it has a number.
type box struct {
	part       Part
	frame      int32
	attachment bool
}

func newPlaces(f *Frame, few int) *places {
	l := &places{few: few, of: make([]int32, len(f.Accesses)), memory: make([]int32, len(f.Resources))}
	first := make([]int32, len(f.Resources)+1) // of each resource in order
	writes := make([]bool, len(f.Resources))
	for i := range f.Accesses {
		first[f.Accesses[i].Resource+1]++
		writes[f.Accesses[i].Resource] = writes[f.Accesses[i].Resource] || f.Accesses[i].Write
	}
	for r := range f.Resources {
		first[r+1] += first[r]
	}
	order := make([]int32, len(f.Accesses))
	at := slices.Clone(first)
	for i := range f.Accesses {
		r := f.Accesses[i].Resource
		order[at[r]] = int32(i)
		at[r]++
	}
	for r := range f.Resources {
		l.resource(f, order[first[r]:first[r+1]], writes[r])
	}
	l.heaps(f)
	return l
}

// resource numbers the places of one resource.
func (l *places) resource(f *Frame, accesses []int32, writes bool) {
	boxOf := func(i int32) box {
		a := &f.Accesses[i]
		return box{a.Part, int32(a.Frame), a.Attachment}
	}
	if !writes {
		for _, i := range accesses {
			l.of[i] = -1
		}
		return
	}
	slices.SortFunc(accesses, func(i, k int32) int {
		x, y := boxOf(i), boxOf(k)
		if x == y {
			return 0
		}
		return cmp.Or(cmp.Compare(x.frame, y.frame), compareRanges(x.part.Mips, y.part.Mips),
			compareRanges(x.part.Layers, y.part.Layers), compareRanges(x.part.Bytes, y.part.Bytes), cmp.Compare(digit(x.attachment), digit(y.attachment)))
	})
	var boxes []box
	base := int32(len(l.spans))
	for n, i := range accesses {
		if b := boxOf(i); n == 0 || b != boxes[len(boxes)-1] {
			boxes = append(boxes, b)
		}
		l.of[i] = base + int32(len(boxes)) - 1
	}
	if len(boxes) <= l.few {
		l.each(boxes)
		return
	}
	// Along the axis that tells most parts apart; the rest is seen entry by entry.
	axes := []func(*Part) Range{
		func(p *Part) Range { return p.Bytes }, func(p *Part) Range { return p.Layers }, func(p *Part) Range { return p.Mips },
	}
	most, axis := -1, 0
	ranges := make([]Range, len(boxes))
	for x := range axes {
		for i := range boxes {
			ranges[i] = axes[x](&boxes[i].part)
		}
		slices.SortFunc(ranges, compareRanges)
		if n := len(slices.Compact(ranges)); n > most {
			most, axis = n, x
		}
	}
	ranges = ranges[:len(boxes)]
	for i := range boxes {
		ranges[i] = axes[axis](&boxes[i].part)
	}
	l.tree(ranges, func(i int) int32 { return boxes[i].frame }, false)
}

func digit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func compareRanges(x, y Range) int {
	return cmp.Or(cmp.Compare(x.First, y.First), cmp.Compare(x.End, y.End))
}

// each gives every box a sheet of its own.
func (l *places) each(boxes []box) {
	base := int32(len(l.sheets))
	for i := range boxes {
		l.sheets = append(l.sheets, sheet{frame: boxes[i].frame, attachment: boxes[i].attachment})
		s := span{into: int32(len(l.pool))}
		l.pool = append(l.pool, base+int32(i))
		s.from = int32(len(l.pool))
		for k := range boxes {
			if boxes[i].part.meets(&boxes[k].part) {
				l.pool = append(l.pool, base+int32(k))
			}
		}
		s.end = int32(len(l.pool))
		l.spans = append(l.spans, s)
	}
}

// heaps numbers the ranges of heaps in which several transients lie.
func (l *places) heaps(f *Frame) {
	var placed []int32
	for r := range f.Resources {
		l.memory[r] = -1
		if f.Resources[r].Memory.Size > 0 {
			placed = append(placed, int32(r))
		}
	}
	memory := func(r int32) *Placement { return &f.Resources[r].Memory }
	slices.SortFunc(placed, func(x, y int32) int {
		m, n := memory(x), memory(y)
		return cmp.Or(cmp.Compare(m.Heap, n.Heap), cmp.Compare(m.Offset, n.Offset), cmp.Compare(m.Size, n.Size))
	})
	// Cut where nothing reaches across.
	for lo := 0; lo < len(placed); {
		end, hi := int64(0), lo
		for ; hi < len(placed) && memory(placed[hi]).Heap == memory(placed[lo]).Heap && (hi == lo || memory(placed[hi]).Offset < end); hi++ {
			end = max(end, memory(placed[hi]).Offset+memory(placed[hi]).Size)
		}
		if hi-lo > 1 {
			l.slab(f, placed[lo:hi])
		}
		lo = hi
	}
}

// slab numbers the ranges of transients, sorted by place, that hang together.
func (l *places) slab(f *Frame, tenants []int32) {
	base := int32(len(l.spans))
	var ranges []Range
	for _, r := range tenants {
		m := &f.Resources[r].Memory
		if x := (Range{m.Offset, m.Offset + m.Size}); len(ranges) == 0 || x != ranges[len(ranges)-1] {
			ranges = append(ranges, x)
		}
		l.memory[r] = base + int32(len(ranges)) - 1
	}
	if len(ranges) > l.few {
		l.tree(ranges, func(int) int32 { return 0 }, true)
		return
	}
	first := len(l.sheets)
	boxes := make([]box, len(ranges))
	for i := range ranges {
		boxes[i].part.Bytes = ranges[i]
	}
	l.each(boxes)
	for i := first; i < len(l.sheets); i++ {
		l.sheets[i].memory = true
	}
}

// segments is a segment tree: at each node one sheet for what covers the node,
// one for what lies further down.
type segments struct {
	cuts       []int64
	into, from []int32
}

// tree numbers places that are ranges. All versions of a resource have the same
// tree, each with sheets of its own.
func (l *places) tree(ranges []Range, frameOf func(int) int32, memory bool) {
	t := segments{}
	for _, r := range ranges {
		if !r.Whole() {
			t.cuts = append(t.cuts, r.First, r.End)
		}
	}
	t.cuts = append(t.cuts, math.MinInt64, math.MaxInt64)
	slices.Sort(t.cuts)
	t.cuts = slices.Compact(t.cuts)
	leaves := len(t.cuts) - 1
	var frames []int32
	for i := range ranges {
		frames = append(frames, frameOf(i))
	}
	slices.Sort(frames)
	frames = slices.Compact(frames)
	base, each := int32(len(l.sheets)), int32(8*leaves)
	l.sheets = slices.Grow(l.sheets, len(frames)*int(each))
	for _, frame := range frames {
		for range each {
			l.sheets = append(l.sheets, sheet{frame: frame, memory: memory, loose: true})
		}
	}
	for i, r := range ranges {
		lo, hi := 0, leaves
		if !r.Whole() {
			lo, _ = slices.BinarySearch(t.cuts, r.First)
			hi, _ = slices.BinarySearch(t.cuts, r.End)
		}
		t.into, t.from = t.into[:0], t.from[:0]
		t.visit(1, 0, leaves, lo, hi)
		s := span{into: int32(len(l.pool))}
		own, _ := slices.BinarySearch(frames, frameOf(i))
		for _, node := range t.into {
			l.pool = append(l.pool, base+int32(own)*each+node)
		}
		s.from = int32(len(l.pool))
		for k := range frames {
			for _, node := range t.from {
				l.pool = append(l.pool, base+int32(k)*each+node)
			}
		}
		s.end = int32(len(l.pool))
		l.spans = append(l.spans, s)
	}
}

// visit finds the sheets of the range [lo, hi) at a node that spans [left, right).
func (t *segments) visit(node int32, left, right, lo, hi int) {
	covering, below := 2*node, 2*node+1
	if lo <= left && right <= hi {
		t.into = append(t.into, covering)
		t.from = append(t.from, covering, below)
		return
	}
	t.into = append(t.into, below)
	t.from = append(t.from, covering)
	mid := (left + right) / 2
	if lo < mid {
		t.visit(2*node, left, mid, lo, hi)
	}
	if hi > mid {
		t.visit(2*node+1, mid, right, lo, hi)
	}
}

// meets says whether two parts overlap.
func (p *Part) meets(q *Part) bool {
	return meet(p.Mips, q.Mips) && meet(p.Layers, q.Layers) && meet(p.Bytes, q.Bytes)
}

func meet(x, y Range) bool {
	if x == (Range{}) || y == (Range{}) {
		return true
	}
	return x.First < y.End && y.First < x.End
}
