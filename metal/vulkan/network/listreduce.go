package network

import (
	"fmt"
	"math"
	"slices"

	"weft/metal/vulkan/network/spirv"
)

// reduction is the core that makes one element of many: those along axes of
// its input. The result keeps the axes, with one element each.
type reduction struct {
	op   string // as in folds
	axes []int
}

func (r *reduction) label(n *node) string {
	if r.along(n) {
		return "reduce rows: " + r.op
	}
	return "reduce: " + r.op
}

// fold is how a reduction takes the next element into its result so far.
type fold struct {
	start float32 // of no element
	next  func(e *emitter, sum, v spirv.ID) spirv.ID
}

// folds are the reductions, by name.
var folds = map[string]fold{
	"sum":     {0, func(e *emitter, sum, v spirv.ID) spirv.ID { return e.Add(sum, v) }},
	"product": {1, func(e *emitter, sum, v spirv.ID) spirv.ID { return e.Mul(sum, v) }},
	"squares": {0, func(e *emitter, sum, v spirv.ID) spirv.ID { return e.Add(sum, e.Mul(v, v)) }},
	"sizes": {0, func(e *emitter, sum, v spirv.ID) spirv.ID {
		if e.IsInt(v) {
			return e.Add(sum, e.Max(v, e.Sub(e.ints(0), v)))
		}
		return e.Add(sum, e.Call(spirv.FAbs, v))
	}},
	"largest":  {-math.MaxFloat32, func(e *emitter, sum, v spirv.ID) spirv.ID { return e.Max(sum, v) }},
	"smallest": {math.MaxFloat32, func(e *emitter, sum, v spirv.ID) spirv.ID { return e.Min(sum, v) }},
}

// start is four times what a fold starts from.
func (e *emitter) start(f fold, whole bool) spirv.ID {
	if !whole {
		return e.Splat(e.FloatConstant(f.start), 4)
	}
	return e.ints(int(min(max(float64(f.start), math.MinInt32), math.MaxInt32)))
}

// walks splits the access to the input: the steps along the result, and the
// extents and steps along the axes.
func (r *reduction) walks(n *node) (outer access, extents, steps []int) {
	in := n.in[0]
	outer = access{in, in.view.first, slices.Clone(in.view.step)}
	inner := access{v: in}
	var dims []int
	for _, a := range r.axes {
		dims = append(dims, in.dims[a])
		inner.step = append(inner.step, outer.step[a])
		outer.step[a] = 0
	}
	extents, all, _ := collapse(dims, []access{inner}, nil)
	return outer, extents, all[0].step
}

// along reports whether rows of the input are reduced, four elements at a
// time.
func (r *reduction) along(n *node) bool {
	outer, extents, steps := r.walks(n)
	last := len(steps) - 1
	if n.in[0].whole() || steps[last] != 1 || extents[last]%4 != 0 {
		return false
	}
	for _, s := range slices.Concat(outer.step, steps[:last], []int{outer.first}) {
		if s%4 != 0 {
			return false
		}
	}
	return true
}

func (r *reduction) emit(e *emitter) {
	outer, extents, steps := r.walks(e.node)
	q := e.layQuad([]access{outer}, nil)
	q.spread()
	if r.along(e.node) {
		q.finish(r.rows(q, extents, steps))
		return
	}
	f := folds[r.op]
	sum := e.Variable(e.start(f, outer.v.whole()))
	e.walk(extents, steps, 1, func(index spirv.ID) {
		e.Set(sum, f.next(e, e.Get(sum), q.read(q.in[0], index)))
	})
	q.finish(e.Get(sum))
}

// walk loops over all places of the extents and hands on their index, which is
// never 0. The last extent is walked by strides of width.
func (e *emitter) walk(extents, steps []int, width int, body func(index spirv.ID)) {
	var level func(d int, index spirv.ID)
	level = func(d int, index spirv.ID) {
		extent, step := extents[d], steps[d]
		if d == len(extents)-1 {
			extent, step = extent/width, step*width
		}
		e.Loop(e.IntConstant(0), e.number(extent), func(i spirv.ID) {
			at := e.scaled(i, step)
			if at == 0 {
				at = e.IntConstant(0)
			}
			at = e.sum(index, at)
			if d == len(extents)-1 {
				body(at)
				return
			}
			level(d+1, at)
		})
	}
	level(0, 0)
}

// rows reduces four rows, each four elements at a time, then the four.
func (r *reduction) rows(q *quad, extents, steps []int) spirv.ID {
	e, f := q.e, folds[r.op]
	a := q.in[0]
	step := a.step[len(q.extents)-1]
	rows := 4
	if step == 0 {
		rows = 1 // all four are the same
	}
	base := q.base(a)
	var sums [4]spirv.ID
	var first [4]spirv.ID
	for i := range rows {
		sums[i] = e.Variable(e.start(f, false))
		first[i] = e.sum(base, e.scaled(q.lane(i), step))
	}
	e.walk(extents, steps, 4, func(index spirv.ID) {
		for i := range rows {
			e.Set(sums[i], f.next(e, e.Get(sums[i]), e.fourAt(a.v, e.sum(first[i], index))))
		}
	})
	var lanes [4]spirv.ID
	for i := range rows {
		v := e.Get(sums[i])
		// The four of a row are sums already: of squares, they are added.
		join := f
		if r.op == "squares" || r.op == "sizes" {
			join = folds["sum"]
		}
		lanes[i] = e.Component(v, 0)
		for c := 1; c < 4; c++ {
			lanes[i] = join.next(e, lanes[i], e.Component(v, c))
		}
	}
	for i := rows; i < 4; i++ {
		lanes[i] = lanes[0]
	}
	return e.Compose(lanes[:]...)
}

// scan is the core of what looks along one axis of its input from each place
// of the result.
type scan struct {
	op   string
	axis int
	// exclusive and reverse are cumsum's, ascending is that of ranks.
	exclusive, reverse, ascending bool
}

func (s *scan) label(*node) string { return fmt.Sprintf("scan %s", s.op) }

func (s *scan) emit(e *emitter) {
	in := e.node.in[0]
	own := access{in, in.view.first, slices.Clone(in.view.step)}
	line := access{in, in.view.first, slices.Clone(in.view.step)}
	line.step[s.axis] = 0
	accesses := []access{line}
	if s.op == "rank" {
		accesses = append(accesses, own)
	}
	keep := make([]bool, len(in.dims))
	keep[s.axis] = true
	q := e.layQuad(accesses, keep)
	q.spread()
	var v spirv.ID
	if s.op == "rank" {
		v = q.read(q.in[1], 0)
	}
	place := q.places(s.axis)
	start := e.ints(0)
	if s.op == "cumsum" && !in.whole() {
		start = e.Splat(e.FloatConstant(0), 4)
	}
	result := e.Variable(start)
	e.Loop(e.IntConstant(0), e.number(in.dims[s.axis]), func(i spirv.ID) {
		index := e.scaled(i, in.view.step[s.axis])
		if index == 0 {
			index = e.IntConstant(0)
		}
		e.Set(result, s.next(e, e.Get(result), e.Splat(i, 4), q.read(q.in[0], index), place, v))
	})
	q.finish(e.Get(result))
}

// next takes in element i, w, at a place whose own element is v.
func (s *scan) next(e *emitter, sum, i, w, place, v spirv.ID) spirv.ID {
	switch s.op {
	case "rank": // how many come before v; equal ones in their order
		before := e.Less(v, w)
		if s.ascending {
			before = e.Less(w, v)
		}
		tie := e.And(e.truth(e.Equal(v, w)), e.truth(e.Less(i, place)))
		return e.Add(sum, e.Or(e.truth(before), tie))
	case "find": // where the rank is the place
		return e.Select(e.Equal(w, place), i, sum)
	}
	low, high := i, place // cumsum takes what is not after the place
	if s.reverse {
		low, high = place, i
	}
	in := e.GreaterEqual(high, low)
	if s.exclusive {
		in = e.Less(low, high)
	}
	return e.Select(in, e.Add(sum, w), sum)
}

// places are the four places in dimension d of the result.
func (q *quad) places(d int) spirv.ID {
	e := q.e
	if q.became[d] != len(q.extents)-1 {
		return e.Splat(q.place(d), 4)
	}
	var lanes [4]spirv.ID
	for i := range lanes {
		lanes[i] = q.lane(i)
	}
	return e.Compose(lanes[:]...)
}

// arg is the core that finds the first place along an axis that holds the
// largest element, or the least.
type arg struct {
	axis  int
	least bool
}

func (a *arg) label(*node) string { return "argument" }

func (a *arg) emit(e *emitter) {
	in := e.node.in[0]
	line := access{in, in.view.first, slices.Clone(in.view.step)}
	line.step[a.axis] = 0
	q := e.layQuad([]access{line}, nil)
	q.spread()
	best := e.Variable(q.read(q.in[0], 0))
	at := e.Variable(e.ints(0))
	e.Loop(e.IntConstant(1), e.number(in.dims[a.axis]), func(i spirv.ID) {
		index := e.scaled(i, in.view.step[a.axis])
		if index == 0 {
			index = i // one element: the loop is never run
		}
		v := q.read(q.in[0], index)
		better := e.Less(e.Get(best), v)
		if a.least {
			better = e.Less(v, e.Get(best))
		}
		e.Set(at, e.Select(better, e.Splat(i, 4), e.Get(at)))
		e.Set(best, e.Select(better, v, e.Get(best)))
	})
	q.finish(e.Get(at))
}
