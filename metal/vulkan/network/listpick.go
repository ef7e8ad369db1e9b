package network

import (
	"slices"

	"weft/metal/vulkan/network/spirv"
)

// choice is the core of gathers: each element of the result is the one of the
// first input that the second, a list of indices, says along an axis. Negative
// indices count from the end.
type choice struct {
	from, indices access // along the result's dimensions
	step, extent  int    // of the axis
}

func (c *choice) label(*node) string { return "gather" }

func (c *choice) emit(e *emitter) {
	q := e.layQuad([]access{c.from, c.indices}, nil)
	q.spread()
	index := q.read(q.in[1], 0)
	extent := e.number(c.extent)
	index = e.Add(index, e.Select(e.Less(index, e.ints(0)), e.Splat(extent, 4), e.ints(0)))
	index = e.Clamp(index, e.ints(0), e.Splat(e.Sub(extent, e.IntConstant(1)), 4))
	base, step := q.base(q.in[0]), q.in[0].step[len(q.extents)-1]
	var lanes [4]spirv.ID
	for i := range lanes {
		at := e.sum(base, e.scaled(q.lane(i), step), e.scaled(e.Component(index, i), c.step))
		lanes[i] = e.elementAt(c.from.v, at)
	}
	q.finish(e.Compose(lanes[:]...))
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
