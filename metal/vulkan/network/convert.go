package network

import (
	"fmt"
	"slices"

	"weft/coreml"
	"weft/metal/vulkan/network/spirv"
)

// Conversions between pictures and lists: nodes like others, put in where an
// operation wants the one and gets the other. A value is converted once,
// however many want it.

// list returns v as a list.
func (l *lowering) list(v *value) *value {
	if v.isList() {
		return v
	}
	if known, ok := l.lists[v]; ok {
		return known
	}
	if v.constant != nil {
		c := *v
		c.view, c.image = &view{step: natural(v.dims)}, nil
		l.lists[v] = &c
		return &c
	}
	n := l.listNode(v.name+" as a list", v.kind, v.dims, &flatten{}, []*value{v})
	l.lists[v] = n.out
	return n.out
}

// picture returns v as a picture, or as a bound tensor or a constant that
// kernels of pictures read.
func (l *lowering) picture(v *value) (*value, error) {
	if !v.isList() {
		return v, nil
	}
	if known, ok := l.pictures[v]; ok {
		return known, nil
	}
	if len(v.dims) > 4 || v.whole() {
		return nil, fmt.Errorf("%s is no picture; pictures have up to 4 dimensions of fp16 or fp32", v)
	}
	out := &value{name: v.name, kind: v.kind, dims: v.dims, shape: v.shape, input: -1, output: -1}
	n := &node{names: []string{v.name + " as a picture"}, core: &unflatten{}, in: []*value{v}, shuffle: [2]int{1, 1}, out: out}
	out.from = n
	l.nodes = append(l.nodes, n)
	l.pictures[v] = out
	return out, nil
}

// listNode appends a node whose result is a list of its own.
func (l *lowering) listNode(name string, kind coreml.DataType, dims []int, c listCore, in []*value, steps ...step) *node {
	return l.listInto(name, newList(name, kind, dims), c, in, steps...)
}

// listInto appends a node that writes to a list.
func (l *lowering) listInto(name string, out *value, c listCore, in []*value, steps ...step) *node {
	n := &node{names: []string{name}, list: c, in: in, steps: steps, shuffle: [2]int{1, 1}, out: out}
	out.from = n
	l.nodes = append(l.nodes, n)
	return n
}

// packed returns a list of v's elements in row-major order, v itself where it
// is that.
func (l *lowering) packed(v *value) *value {
	if v = l.list(v); v.packed() {
		return v
	}
	return l.listNode(v.name+" in order", v.kind, v.dims, &mapping{}, []*value{v}).out
}

// flatten is the core that makes a list of a picture or a bound tensor.
type flatten struct{}

func (f *flatten) label(*node) string { return "to list" }

func (f *flatten) emit(e *emitter) {
	in := e.node.in[0]
	q := e.layQuad(nil, slices.Repeat([]bool{true}, len(in.dims)))
	q.spread()
	var at [maxRank]spirv.ID // from the last dimension on
	for d := range in.dims {
		at[len(in.dims)-1-d] = q.place(d)
	}
	var lanes [4]spirv.ID
	for i := range lanes {
		if at[0] != 0 {
			at[0] = q.lane(i)
		}
		lanes[i] = e.readAt(in, at)
	}
	q.finish(e.Compose(lanes[:]...))
}

// readAt reads an element of a picture or a bound tensor at its places, from
// the last dimension on; 0 for dimensions that it does not have.
func (e *emitter) readAt(v *value, at [maxRank]spirv.ID) spirv.ID {
	if v.image != nil {
		for d := range 4 {
			if at[d] == 0 {
				at[d] = e.IntConstant(0)
			}
		}
		return e.readChannel(v, [4]spirv.ID{at[3], at[2], at[1], at[0]})
	}
	p := e.touch(v, FromInput, v.input, e.n.plan.Inputs[v.input])
	index := at[0]
	if index == 0 {
		index = e.IntConstant(0)
	}
	for d := 1; d < len(v.dims); d++ {
		if s := p.stride(d); s != 0 {
			index = e.Add(index, e.Mul(at[d], s))
		}
	}
	return e.load(e.n.plan.Inputs[v.input].Type, p.buffer, index)
}

// unflatten is the core that makes a picture of a list.
type unflatten struct{}

func (u *unflatten) label(*node) string { return "to picture" }

func (u *unflatten) tile(*node) tile { return tile{1, 2, 1} }

func (u *unflatten) reads(a area, in int) area { return nothing(a, in) }

func (u *unflatten) compute(e *emitter) [][][]spirv.ID {
	in, out := e.node.in[0], e.node.out
	var step [4]int
	copy(step[4-len(in.dims):], in.view.step)
	last := e.Sub(e.once(extentOf{out, 1}, out.shape[1]), e.IntConstant(1))
	steps := map[int]spirv.ID{}
	part := func(at spirv.ID, d int) spirv.ID {
		if out.shape[d] == 1 || step[d] == 0 {
			return 0
		}
		if steps[d] == 0 {
			steps[d] = e.constant(step[d])
		}
		return e.Mul(at, steps[d])
	}
	first := e.constant(in.view.first)
	return eachPixel(e, e.grid.tile, func(r, c int) spirv.ID {
		y, x := e.edge(e.y[r], out, 2), e.edge(e.x[c], out, 3)
		index := e.sum(first, part(e.picture, 0), part(y, 2), part(x, 3))
		var lanes [4]spirv.ID
		for lane := range lanes {
			channel := e.Min(e.Add(e.Mul(e.g[0], e.IntConstant(4)), e.IntConstant(lane)), last)
			lanes[lane] = e.elementAt(in, e.sum(index, part(channel, 1)))
		}
		return e.Compose(lanes[:]...)
	})
}

// mapping is the core of operations on each element: its input, broadcast, or
// of three the second where the first is true, else the third.
type mapping struct{}

func (m *mapping) label(n *node) string {
	if len(n.in) == 3 {
		return "select"
	}
	return "map"
}

func (m *mapping) emit(e *emitter) {
	var in []access
	for _, v := range e.node.in {
		in = append(in, reading(v, e.node.out.dims))
	}
	q := e.layQuad(in, nil)
	q.spread()
	v := q.read(q.in[0], 0)
	if len(q.in) == 3 {
		v = e.Select(e.NotEqual(v, e.ints(0)), q.read(q.in[1], 0), q.read(q.in[2], 0))
	}
	q.finish(v)
}
