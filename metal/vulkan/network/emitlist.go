package network

import (
	"slices"

	"weft/metal/vulkan/network/spirv"
)

// listCore is what a kernel computes whose result is a list: its accesses to
// memory, four neighbors of the result at a time. Steps follow as after any
// core.
type listCore interface {
	// label names the core and what its shader is specialized for.
	label(n *node) string
	// emit emits the kernel.
	emit(e *emitter)
}

// quad is four neighbors of a result along its last dimension, one thread's
// work: where they are, and what they read and write.
type quad struct {
	e *emitter
	// extents are those of the result, neighbors joined; became says which
	// of them each dimension of the result is, -1 for none.
	extents []int
	became  []int
	in      []access   // the core's
	other   []access   // the steps'
	out     access     // of a list in the heap
	at      []spirv.ID // the place, in all extents but the last
	column  spirv.ID   // of the first of the four, in the last
	live    spirv.ID   // whether the place is one of the result
}

// others are the second operands of a node's steps.
func (n *node) others() []*value {
	var all []*value
	for _, s := range slices.Concat(n.steps, n.after) {
		if s.other != nil {
			all = append(all, s.other)
		}
	}
	return all
}

// layQuad finds the extents that a node's threads walk over. keep says which
// dimensions of the result stay by themselves.
func (e *emitter) layQuad(in []access, keep []bool) *quad {
	n := e.node
	dims := n.out.dims
	all := slices.Clone(in)
	for _, v := range n.others() {
		all = append(all, reading(v, dims))
	}
	if n.out.isList() {
		all = append(all, access{n.out, n.out.view.first, n.out.view.step})
	} else { // a bound tensor
		keep = slices.Repeat([]bool{true}, len(dims))
		all = append(all, access{step: make([]int, len(dims))})
	}
	q := &quad{e: e}
	q.extents, all, q.became = collapse(dims, all, keep)
	q.in, q.other, q.out = all[:len(in)], all[len(in):len(all)-1], all[len(all)-1]
	return q
}

// width is the extent of the last dimension.
func (q *quad) width() int { return q.extents[len(q.extents)-1] }

// spread gives each quad of the result a thread.
func (q *quad) spread() {
	e, last := q.e, len(q.extents)-1
	columns := ceilDiv(q.width(), 4)
	total := elementsOf(q.extents[:last]) * columns
	e.dispatch.Groups = [3]uint32{uint32(ceilDiv(total, threads)), 1, 1}
	id, count := e.Component(e.GlobalInvocation(), 0), e.constant(total)
	q.live = e.Less(id, count)
	id = e.Min(id, e.Sub(count, e.IntConstant(1)))
	q.at = make([]spirv.ID, last)
	if last == 0 {
		q.column = e.Mul(id, e.IntConstant(4))
		return
	}
	row := id
	if columns > 1 {
		each := e.constant(columns)
		row = e.Div(id, each)
		q.column = e.Mul(e.Sub(id, e.Mul(row, each)), e.IntConstant(4))
	} else {
		q.column = e.IntConstant(0)
	}
	copy(q.at, e.places(row, q.extents[:last]))
}

// places divides an index in row-major order into its places.
func (e *emitter) places(index spirv.ID, extents []int) []spirv.ID {
	at := make([]spirv.ID, len(extents))
	for d := len(extents) - 1; d > 0; d-- {
		extent := e.number(extents[d])
		above := e.Div(index, extent)
		at[d] = e.Sub(index, e.Mul(above, extent))
		index = above
	}
	if len(at) > 0 {
		at[0] = index
	}
	return at
}

// number is a push constant while there are some, so that kernels for other
// extents are the same; else part of the shader.
func (e *emitter) number(v int) spirv.ID {
	const spare = 6 // for those that have to be push constants
	if len(e.dispatch.Constants) < maxConstants-spare {
		return e.constant(v)
	}
	return e.IntConstant(v)
}

// scaled is index*step, 0 for none.
func (e *emitter) scaled(index spirv.ID, step int) spirv.ID {
	switch step {
	case 0:
		return 0
	case 1:
		return index
	}
	return e.Mul(index, e.number(step))
}

// sum adds what there is.
func (e *emitter) sum(parts ...spirv.ID) spirv.ID {
	total := spirv.ID(0)
	for _, p := range parts {
		switch {
		case p == 0:
		case total == 0:
			total = p
		default:
			total = e.Add(total, p)
		}
	}
	return total
}

// base is the index of an access at the quad's place, in column 0; 0 for none.
func (q *quad) base(a access) spirv.ID {
	index := spirv.ID(0)
	if a.first != 0 {
		index = q.e.number(a.first)
	}
	for d, at := range q.at {
		index = q.e.sum(index, q.e.scaled(at, a.step[d]))
	}
	return index
}

// fours reports whether an access meets four elements at a time that are one
// element of the memory, which is whole elements.
func (q *quad) fours(a access) bool {
	last := len(q.extents) - 1
	if a.step[last] != 1 || a.first%4 != 0 {
		return false
	}
	for _, s := range a.step[:last] {
		if s%4 != 0 {
			return false
		}
	}
	return true
}

// stores reports whether four elements are stored at a time: beyond the last
// of an odd width there must be nothing.
func (q *quad) stores() bool {
	alone := len(q.extents) == 1 && q.out.v.within == nil
	return q.fours(q.out) && (q.width()%4 == 0 || alone)
}

// lane is the column of one of the four; beyond the last it is the last.
func (q *quad) lane(i int) spirv.ID {
	column := q.column
	if i > 0 {
		column = q.e.Add(column, q.e.IntConstant(i))
	}
	if q.width()%4 == 0 || i == 0 {
		return column
	}
	return q.e.Min(column, q.e.Sub(q.e.once(widthOf{}, q.width()), q.e.IntConstant(1)))
}

// widthOf names the push constant of the last extent.
type widthOf struct{}

// read reads an access at the quad's four places. more is added to the index;
// 0 for nothing.
func (q *quad) read(a access, more spirv.ID) spirv.ID {
	e, step := q.e, a.step[len(q.extents)-1]
	if c := a.v.root(); c.constant != nil && c.elements() == 1 {
		return e.immediate(c)
	}
	index := e.sum(q.base(a), more)
	if step == 0 {
		return e.Splat(e.elementAt(a.v, index), 4)
	}
	if more == 0 && q.fours(a) {
		return e.fourAt(a.v, e.sum(index, q.column))
	}
	var lanes [4]spirv.ID
	for i := range lanes {
		lanes[i] = e.elementAt(a.v, e.sum(index, e.scaled(q.lane(i), step)))
	}
	return e.Compose(lanes[:]...)
}

// immediate is four times the number of a constant, in the shader.
func (e *emitter) immediate(v *value) spirv.ID {
	if v.whole() {
		return e.ints(v.integers[0])
	}
	return e.Splat(e.FloatConstant(v.constant[0]), 4)
}

// memory declares a list that the shader reads: floats through a texel buffer,
// four an element, integers through a storage buffer.
func (e *emitter) memory(v *value) spirv.ID {
	root := v.root()
	if id, ok := e.constants[root]; ok {
		return id
	}
	if root.image == nil {
		e.n.keepList(root)
	}
	m := root.image
	b := Binding{Source: m.source, Offset: m.offset, Size: m.size()}
	if root.whole() {
		e.constants[root] = e.Storage(e.bind(b), e.Int(), false)
	} else {
		b.Kind, b.Format = UniformTexelBuffer, m.format
		e.constants[root] = e.Texels(e.bind(b))
	}
	if m.source == FromHeap {
		e.ranges = append(e.ranges, span{FromHeap, 0, m.offset, m.offset + m.size(), false})
	}
	return e.constants[root]
}

// elementAt reads one element of a list's memory; 0 is the first.
func (e *emitter) elementAt(v *value, index spirv.ID) spirv.ID {
	memory := e.memory(v)
	if index == 0 {
		index = e.IntConstant(0)
	}
	if v.whole() {
		return e.Element(memory, index)
	}
	texel := e.Fetch(memory, e.ShiftRight(index, e.IntConstant(2)))
	return e.ComponentAt(texel, e.And(index, e.IntConstant(3)))
}

// fourAt reads four elements of a list's memory from index on, a multiple of
// four.
func (e *emitter) fourAt(v *value, index spirv.ID) spirv.ID {
	memory := e.memory(v)
	if !v.whole() {
		return e.Fetch(memory, e.ShiftRight(index, e.IntConstant(2)))
	}
	var lanes [4]spirv.ID
	for i := range lanes {
		lanes[i] = e.Element(memory, e.Add(index, e.IntConstant(i)))
	}
	return e.Compose(lanes[:]...)
}
