package network

import (
	"slices"

	"weft/metal/vulkan/network/spirv"
)

// choice is the core of gathers: each element of the result is the one of the
// first input that the second, a list of indices, says along some axes.
type choice struct {
	from, indices access // along the result's dimensions
	axes          []indexed
}

// indexed is an axis along which an index says the place: number at of those
// that the access to the indices meets.
type indexed struct{ at, step, extent int }

func (c *choice) label(*node) string { return "gather" }

func (c *choice) emit(e *emitter) {
	q := e.layQuad([]access{c.from, c.indices}, nil)
	q.spread()
	base, step := q.base(q.in[0]), q.in[0].step[len(q.extents)-1]
	index := e.ints(0)
	if base != 0 {
		index = e.Splat(base, 4)
	}
	for _, a := range c.axes {
		at := e.wrapped(q.read(q.in[1].after(a.at), 0), a.extent)
		last := e.Splat(e.Sub(e.number(a.extent), e.IntConstant(1)), 4)
		at = e.Clamp(at, e.ints(0), last)
		index = e.Add(index, e.Mul(at, e.Splat(e.number(a.step), 4)))
	}
	var lanes [4]spirv.ID
	for i := range lanes {
		lanes[i] = e.elementAt(c.from.v, e.sum(e.Component(index, i), e.scaled(q.lane(i), step)))
	}
	q.finish(e.Compose(lanes[:]...))
}

// after is the access to what lies some elements behind.
func (a access) after(elements int) access {
	a.first += elements
	return a
}

// wrapped is four indices, negative ones counted from the end.
func (e *emitter) wrapped(index spirv.ID, extent int) spirv.ID {
	return e.Add(index, e.Select(e.Less(index, e.ints(0)), e.Splat(e.number(extent), 4), e.ints(0)))
}

// scattering is the core that writes updates over some elements: each element
// of the result looks through all indices, in order, for its own place.
type scattering struct {
	mode                   string
	count                  int    // of indices
	data, indices, updates access // along the result's dimensions
	index, update          int    // the steps from one index to the next
	// axes are the result's dimensions of which the indices tell, and where.
	axes []indexed
	dims []int
}

func (s *scattering) label(*node) string { return "scatter " + s.mode }

func (s *scattering) emit(e *emitter) {
	keep := make([]bool, len(e.node.out.dims))
	for _, d := range s.dims {
		keep[d] = true
	}
	q := e.layQuad([]access{s.data, s.indices, s.updates}, keep)
	q.spread()
	result := e.Variable(q.read(q.in[0], 0))
	e.Loop(e.IntConstant(0), e.number(s.count), func(i spirv.ID) {
		here := e.ints(1)
		for k, a := range s.axes {
			at := e.wrapped(q.read(q.in[1].after(a.at), e.Mul(i, e.number(s.index))), a.extent)
			here = e.And(here, e.truth(e.Equal(at, q.places(s.dims[k]))))
		}
		old, update := e.Get(result), q.read(q.in[2], e.Mul(i, e.number(s.update)))
		v := update
		if op, ok := map[string]string{
			"add": "add", "sub": "sub", "mul": "mul", "div": "real_div", "max": "maximum", "min": "minimum",
		}[s.mode]; ok {
			v = binaries[op](e, old, update)
		}
		e.Set(result, e.Select(e.NotEqual(here, e.ints(0)), v, old))
	})
	q.finish(e.Get(result))
}

// padding is the core that puts a list among more elements: a number, the
// list's edge, or its mirror image.
type padding struct {
	mode   string
	before []int
	fill   float32
}

func (p *padding) label(*node) string { return "pad " + p.mode }

func (p *padding) emit(e *emitter) {
	in, out := e.node.in[0], e.node.out
	from := access{in, in.view.first, slices.Clone(in.view.step)}
	keep := make([]bool, len(in.dims))
	for d, extent := range in.dims {
		if extent != out.dims[d] {
			keep[d], from.step[d] = true, 0
		}
	}
	q := e.layQuad([]access{from}, keep)
	q.spread()
	base := q.base(q.in[0])
	index := e.ints(0)
	if base != 0 {
		index = e.Splat(base, 4)
	}
	inside := e.ints(1)
	for d, extent := range in.dims {
		if !keep[d] {
			continue
		}
		at := e.Sub(q.places(d), e.Splat(e.number(p.before[d]), 4))
		last := e.Splat(e.number(extent-1), 4)
		if p.mode == "reflect" {
			at = e.Max(at, e.Sub(e.ints(0), at))
			at = e.Min(at, e.Sub(e.Add(last, last), at))
		}
		moved := e.Clamp(at, e.ints(0), last)
		if p.mode == "constant" {
			inside = e.And(inside, e.truth(e.Equal(moved, at)))
		}
		index = e.Add(index, e.Mul(moved, e.Splat(e.number(in.view.step[d]), 4)))
	}
	var lanes [4]spirv.ID
	step := q.in[0].step[len(q.extents)-1]
	for i := range lanes {
		lanes[i] = e.elementAt(in, e.sum(e.Component(index, i), e.scaled(q.lane(i), step)))
	}
	v := e.Compose(lanes[:]...)
	if p.mode == "constant" {
		fill := e.ints(int(p.fill))
		if !in.whole() {
			fill = e.Splat(e.FloatConstant(p.fill), 4)
		}
		v = e.Select(e.NotEqual(inside, e.ints(0)), v, fill)
	}
	q.finish(v)
}
