package network

import "weft/metal/vulkan/network/spirv"

// store emits what follows the core: the steps on every result, the shuffle,
// and the writes.
func (e *emitter) store(results [][][]spirv.ID) {
	if e.node.out.image != nil {
		e.toImage(results)
		return
	}
	e.toTensor(results)
}

// finished is a result after all steps, and where its four channels belong.
func (e *emitter) finished(v spirv.ID, row, column, q int) (spirv.ID, place) {
	n := e.node
	at := place{e.picture, e.g[q], e.y[row], e.x[column]}
	for _, s := range n.steps {
		v = e.step(s, v, at, false)
	}
	if n.area() == 1 || n.block {
		return v, at
	}
	group := e.Div(at.g, e.IntConstant(n.area()))
	in := e.Sub(at.g, e.Mul(group, e.IntConstant(n.area())))
	dy := e.Div(in, e.IntConstant(n.shuffle[1]))
	dx := e.Sub(in, e.Mul(dy, e.IntConstant(n.shuffle[1])))
	at.g = group
	at.y = e.Add(e.Mul(at.y, e.IntConstant(n.shuffle[0])), dy)
	at.x = e.Add(e.Mul(at.x, e.IntConstant(n.shuffle[1])), dx)
	for _, s := range n.after {
		v = e.step(s, v, at, true)
	}
	return v, at
}

// both is a && b, where 0 is true.
func (e *emitter) both(a, b spirv.ID) spirv.ID {
	if a == 0 {
		return b
	}
	if b == 0 {
		return a
	}
	return e.Both(a, b)
}

// within is 0 <= i < extent.
func (e *emitter) within(i, extent spirv.ID) spirv.ID {
	return e.Both(e.GreaterEqual(i, e.IntConstant(0)), e.Less(i, extent))
}

// toImage writes elements of four channels, zeros in the border and in the
// channels that do not exist.
func (e *emitter) toImage(results [][][]spirv.ID) {
	v, m := e.node.out, e.node.out.image
	offset, size, base := e.n.window(v, e.part)
	binding := e.bind(Binding{Kind: StorageBuffer, Source: FromHeap, Offset: offset, Size: size})
	e.ranges = append(e.ranges, span{FromHeap, 0, offset, offset + size, true})
	half := m.format == RGBA16Float
	element := e.Vector(e.Float(), 4)
	if half {
		element = e.Vector(e.Uint(), 2)
	}
	buffer := e.Storage(binding, element, true)
	plane, pitch, rows := e.constant(m.plane()), e.constant(m.pitch), e.constant(m.rows)
	height, width := e.once(extentOf{v, 2}, v.shape[2]), e.once(extentOf{v, 3}, v.shape[3])
	top, left := e.top, e.left
	if e.node.area() > 1 {
		top, left = e.constant(m.border.top), e.constant(m.border.left)
	}
	first := e.constant(base + v.plane*m.plane())
	if m.batch > 1 {
		first = e.Add(first, e.Mul(e.picture, e.constant(m.planes*m.plane())))
	}
	zero := e.Splat(e.FloatConstant(0), 4)
	for r, columns := range results {
		for c, groups := range columns {
			for q, result := range groups {
				done, at := e.finished(result, r, c, q)
				done = e.Select(e.Both(e.within(at.y, height), e.within(at.x, width)), done, zero)
				done = e.maskChannels(done, at.g)
				py, px := e.Add(at.y, top), e.Add(at.x, left)
				ok := e.both(e.inside[q], e.Both(e.live, e.Both(e.Less(py, rows), e.Less(px, pitch))))
				e.If(ok, func() {
					index := e.Add(e.Add(first, e.Mul(at.g, plane)), e.Add(e.Mul(py, pitch), px))
					if half {
						done = e.Compose(
							e.PackHalf(e.Component(done, 0), e.Component(done, 1)),
							e.PackHalf(e.Component(done, 2), e.Component(done, 3)))
					}
					e.StoreElement(buffer, index, done)
				})
			}
		}
	}
}

// window is the range of the heap that a part of a node's work writes, and the
// index in it of the first element of the image's first plane, border
// included: below zero where the range begins later.
func (n *network) window(v *value, p part) (offset, size int64, base int) {
	m := v.image
	if m.size() <= n.device.MaxStorageBufferRange {
		return m.offset, m.size(), m.before
	}
	bytes := int64(m.format.Bytes())
	area := v.from.area()
	plane := p.picture*m.planes + v.plane + p.group/area
	skip := int64(m.before+plane*m.plane()) * bytes / alignment * alignment
	end := int64(m.before+(plane+ceilDiv(p.groups, area))*m.plane()) * bytes
	return m.offset + skip, end - skip, m.before - int(skip/bytes)
}

// maskChannels makes channels that do not exist zero, so that no reader
// multiplies an infinity by its zero weights.
func (e *emitter) maskChannels(v, g spirv.ID) spirv.ID {
	channels := e.node.out.shape[1]
	if channels%4 == 0 {
		return v
	}
	last := e.Equal(g, e.once(lastGroup{}, channels/4))
	var lanes [4]spirv.ID
	for lane := range lanes {
		lanes[lane] = e.Component(v, lane)
		if lane >= channels%4 {
			lanes[lane] = e.Select(last, e.FloatConstant(0), lanes[lane])
		}
	}
	return e.Compose(lanes[:]...)
}

// lastGroup names the push constant of the output's last group.
type lastGroup struct{}

// toTensor writes to a bound tensor, word by word.
func (e *emitter) toTensor(results [][][]spirv.ID) {
	v := e.node.out
	p := e.touch(v, FromOutput, v.output, e.n.plan.Outputs[v.output])
	per := perWord(e.n.plan.Outputs[v.output].Type)
	for r, columns := range results {
		for q := range columns[0] {
			row := make([]spirv.ID, len(columns))
			places := make([]place, len(columns))
			for c := range columns {
				row[c], places[c] = e.finished(columns[c][q], r, c, q)
			}
			if e.node.block {
				for c := range row {
					e.storeBlock(p, row[c], places[c], q)
				}
				continue
			}
			for c := 0; c < len(row); c += per {
				e.storeChannels(p, row[c:c+per], places[c], q)
			}
		}
	}
}

// kept reports whether a pixel of a channel is one of the output's.
func (e *emitter) kept(q int, channel, y, x spirv.ID) spirv.ID {
	v := e.node.out
	inPlane := e.Both(e.Less(y, e.once(extentOf{v, 2}, v.shape[2])), e.Less(x, e.once(extentOf{v, 3}, v.shape[3])))
	ok := e.both(e.inside[q], e.Both(e.live, inPlane))
	return e.Both(ok, e.Less(channel, e.once(extentOf{v, 1}, v.shape[1])))
}

// put writes a word: floats that are neighbours in a row, converted to the
// tensor's type, the first at a column that begins a word.
func (e *emitter) put(p planar, q int, channel, y, x spirv.ID, values ...spirv.ID) {
	t := e.n.plan.Outputs[e.node.out.output].Type
	e.If(e.kept(q, channel, y, x), func() {
		elements := make([]spirv.ID, len(values))
		for i, v := range values {
			elements[i] = e.nearest(t, v)
		}
		e.save(t, p.buffer, e.index(p, e.picture, channel, y, x), elements)
	})
}

// storeChannels writes the four channels of pixels that share words.
func (e *emitter) storeChannels(p planar, pixels []spirv.ID, at place, q int) {
	first := e.Mul(at.g, e.IntConstant(4))
	for lane := range 4 {
		values := make([]spirv.ID, len(pixels))
		for i, v := range pixels {
			values[i] = e.Component(v, lane)
		}
		e.put(p, q, e.Add(first, e.IntConstant(lane)), at.y, at.x, values...)
	}
}

// storeBlock writes the four channels of a core that keeps the program's
// order: with blocks of 2x2 one whole block, with 4x4 a row of one.
func (e *emitter) storeBlock(p planar, v spirv.ID, at place, q int) {
	r := e.node.shuffle[0]
	channel, row := at.g, e.IntConstant(0)
	if r == 4 {
		channel = e.ShiftRight(at.g, e.IntConstant(2))
		row = e.And(at.g, e.IntConstant(3))
	}
	y, x := e.Add(e.Mul(at.y, e.IntConstant(r)), row), e.Mul(at.x, e.IntConstant(r))
	per := perWord(e.n.plan.Outputs[e.node.out.output].Type)
	for lane := 0; lane < 4; lane += per {
		values := make([]spirv.ID, per)
		for i := range values {
			values[i] = e.Component(v, lane+i)
		}
		e.put(p, q, channel, e.Add(y, e.IntConstant(lane/r)), e.Add(x, e.IntConstant(lane%r)), values...)
	}
}
