package network

import (
	"fmt"
	"slices"

	"weft/metal/vulkan/network/spirv"
)

// product is the core of matrix products: x [..., rows, depth] times
// y [..., depth, columns]. A thread computes productRows rows of a panel, eight
// columns. The second operand comes in panels: for each panel, depth rows of
// eight elements, of which the lanes of a subgroup fetch one each.
type product struct {
	depth  int
	panels *value
}

const (
	productRows  = 4
	panelColumns = 8
)

func (p *product) label(n *node) string {
	if p.fours(n) {
		return "product"
	}
	return "product of scattered rows"
}

// threads is the size of a threadgroup: no more than there are rows for.
func (p *product) threads(n *node) int {
	rows := n.out.dims[len(n.out.dims)-2]
	size := lanes
	for size < threads && size*productRows < rows {
		size *= 2
	}
	return size
}

// fours reports whether the first operand's rows are read four elements at a
// time.
func (p *product) fours(n *node) bool {
	x := n.in[0]
	last := len(x.dims) - 1
	if x.view.step[last] != 1 || p.depth%4 != 0 || x.view.first%4 != 0 {
		return false
	}
	return !slices.ContainsFunc(x.view.step[:last], func(s int) bool { return s%4 != 0 })
}

// depthOf is the depth in memory: fours, filled up with zeros.
func (p *product) depthOf() int { return roundUp(p.depth, 4) }

// accessOf is the access to an operand along the result's dimensions, without
// its own last two.
func accessOf(v *value, dims []int) access {
	flat := v.seen(v.dims[:len(v.dims)-2], view{v.view.first, v.view.step[:len(v.view.step)-2]})
	step := append(broadcastSteps(flat, dims[:len(dims)-2]), 0, 0)
	return access{v, v.view.first, step}
}

func (p *product) emit(e *emitter) {
	n := e.node
	x, dims := n.in[0], n.out.dims
	d := len(dims)
	rows, columns := dims[d-2], dims[d-1]
	px, py := accessOf(x, dims), accessOf(p.panels, dims)
	px.step[d-2] = x.view.step[len(x.dims)-2]
	keep := make([]bool, d)
	keep[d-2], keep[d-1] = true, true
	q := e.layQuad([]access{px, py}, keep)
	px, py = q.in[0], q.in[1]
	batch := q.extents[:len(q.extents)-2]

	// Threads along x are rows, along y panels, along z pictures of the batch,
	// so that a subgroup shares its panel.
	panels, tiles := ceilDiv(columns, panelColumns), ceilDiv(rows, productRows)
	e.dispatch.Groups = [3]uint32{uint32(ceilDiv(tiles, p.threads(n))), uint32(panels), uint32(elementsOf(batch))}
	id := e.GlobalInvocation()
	first := e.Mul(e.Component(id, 0), e.IntConstant(productRows))
	panel := e.Component(id, 1)
	q.at = append(e.places(e.Component(id, 2), batch), 0)
	height := e.number(rows)

	xBase, yBase := spirv.ID(0), spirv.ID(0)
	if px.first != 0 {
		xBase = e.number(px.first)
	}
	for i := range batch {
		xBase = e.sum(xBase, e.scaled(q.at[i], px.step[i]))
		yBase = e.sum(yBase, e.scaled(q.at[i], py.step[i]))
	}
	each := p.depthOf() * panelColumns
	if yBase != 0 {
		yBase = e.ShiftRight(yBase, e.IntConstant(2))
	}
	yBase = e.sum(yBase, e.Mul(panel, e.number(each/4)))
	var row, start [productRows]spirv.ID
	for r := range row {
		row[r] = e.Add(first, e.IntConstant(r))
		at := e.Min(row[r], e.Sub(height, e.IntConstant(1)))
		start[r] = e.sum(xBase, e.scaled(at, px.step[len(px.step)-2]))
		if start[r] == 0 {
			start[r] = e.IntConstant(0)
		}
	}
	s := newSums(e, tile{productRows, 1, panelColumns / 4})
	texels := e.memory(p.panels)
	e.Loop(e.IntConstant(0), e.number(p.depthOf()/4), func(k spirv.ID) {
		s.load()
		weights := e.run4(texels, e.Add(yBase, e.Mul(k, e.IntConstant(panelColumns))), panelColumns)
		weights.fetch()
		for r := range productRows {
			v := p.four(e, x, start[r], k)
			for c := range 4 {
				factor := e.Repeat(v, c)
				for g := range panelColumns / 4 {
					s.add(r, 0, g, e.FMA(factor, weights.at(c*panelColumns/4+g), s.get(r, 0, g)))
				}
			}
		}
		s.store()
	})
	s.load()
	for r := range productRows {
		for g := range panelColumns / 4 {
			q.at[len(q.at)-1] = row[r]
			q.column = e.Add(e.Mul(panel, e.IntConstant(panelColumns)), e.IntConstant(4*g))
			q.live = e.Both(e.Less(row[r], height), e.Less(q.column, e.once(widthOf{}, q.width())))
			q.finish(s.get(r, 0, g))
		}
	}
}

// four reads four elements of a row of x, from 4*k on; zeros beyond the last.
func (p *product) four(e *emitter, x *value, row, k spirv.ID) spirv.ID {
	if p.fours(e.node) {
		return e.Fetch(e.memory(x), e.Add(e.ShiftRight(row, e.IntConstant(2)), k))
	}
	step := x.view.step[len(x.dims)-1]
	depth := e.once(depthKey{}, p.depth)
	var lanes [4]spirv.ID
	for i := range lanes {
		at := e.Add(e.Mul(k, e.IntConstant(4)), e.IntConstant(i))
		inside := e.Less(at, depth)
		at = e.Min(at, e.Sub(depth, e.IntConstant(1)))
		v := e.elementAt(x, e.sum(row, e.scaled(at, step)))
		lanes[i] = e.Select(inside, v, e.FloatConstant(0))
	}
	return e.Compose(lanes[:]...)
}

// depthKey names the push constant of the depth.
type depthKey struct{}

// panelling is the core that puts a matrix into panels: its result is
// [..., panels, depth, 8], its input [..., depth, columns].
type panelling struct{}

func (p *panelling) label(*node) string { return "panels" }

func (p *panelling) emit(e *emitter) {
	in := e.node.in[0]
	n := len(in.dims)
	from := access{in, in.view.first, slices.Concat(in.view.step[:n-2], []int{0, 0, 0})}
	keep := make([]bool, n+1)
	keep[n-2], keep[n-1], keep[n] = true, true, true
	q := e.layQuad([]access{from}, keep)
	q.spread()
	depth, columns := e.number(in.dims[n-2]), e.number(in.dims[n-1])
	k := q.place(n - 1)
	inRow := e.Less(k, depth)
	base := e.sum(q.base(q.in[0]), e.scaled(e.Min(k, e.Sub(depth, e.IntConstant(1))), in.view.step[n-2]))
	first := e.Add(e.Mul(q.place(n-2), e.IntConstant(panelColumns)), q.column)
	var lanes [4]spirv.ID
	for i := range lanes {
		column := e.Add(first, e.IntConstant(i))
		inside := e.Both(inRow, e.Less(column, columns))
		column = e.Min(column, e.Sub(columns, e.IntConstant(1)))
		v := e.elementAt(in, e.sum(base, e.scaled(column, in.view.step[n-1])))
		lanes[i] = e.Select(inside, v, e.FloatConstant(0))
	}
	q.finish(e.Compose(lanes[:]...))
}

// panelDims are the extents of a matrix in panels.
func panelDims(dims []int) []int {
	n := len(dims)
	return append(slices.Clone(dims[:n-2]), ceilDiv(dims[n-1], panelColumns), roundUp(dims[n-2], 4), panelColumns)
}

// panelsOf returns a matrix in panels, as a list whose last two dimensions are
// one panel's: computed here for a constant.
func (l *lowering) panelsOf(y *value) *value {
	dims := panelDims(y.dims)
	var out *value
	if c := y.root(); c.constant != nil {
		out = newList(fmt.Sprint(c.name, " in panels"), y.kind, dims)
		out.constant = panelled(c.constant, y)
	} else {
		out = l.listNode(y.name+" in panels", y.kind, dims, &panelling{}, []*value{y}).out
	}
	// All panels of a matrix as one matrix, so that both operands have the
	// same dimensions before their last two.
	n := len(dims)
	return out.reshaped(append(slices.Clone(dims[:n-3]), dims[n-3]*dims[n-2], panelColumns))
}

// panelled puts a constant seen as y into panels.
func panelled(data []float32, y *value) []float32 {
	n := len(y.dims)
	depth, columns := y.dims[n-2], y.dims[n-1]
	dims := panelDims(y.dims)
	each := dims[n-2] * dims[n-1] * panelColumns
	batch := y.dims[:n-2]
	steps := natural(batch)
	out := make([]float32, elementsOf(batch)*each)
	for b := range elementsOf(batch) {
		base := y.view.first
		for d, s := range steps {
			base += b / s % batch[d] * y.view.step[d]
		}
		for k := range depth {
			for c := range columns {
				to := b*each + (c/panelColumns*dims[n-1]+k)*panelColumns + c%panelColumns
				out[to] = data[base+k*y.view.step[n-2]+c*y.view.step[n-1]]
			}
		}
	}
	return out
}
