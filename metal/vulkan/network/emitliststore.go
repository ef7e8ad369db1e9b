package network

import "weft/metal/vulkan/network/spirv"

// finish emits the steps on the quad's four results, and stores them.
func (q *quad) finish(v spirv.ID) {
	e, next := q.e, 0
	for _, s := range e.node.steps {
		w := spirv.ID(0)
		if s.other != nil {
			w = q.read(q.other[next], 0)
			next++
		}
		v = e.apply(s, v, w)
	}
	if e.node.out.isList() {
		q.toList(v)
		return
	}
	q.toTensor(v)
}

// written declares the list that the shader writes, as elements of that type.
func (e *emitter) written(v *value, element spirv.ID) spirv.ID {
	if id, ok := e.constants[writtenList{}]; ok {
		return id
	}
	m := v.root().image
	binding := e.bind(Binding{Kind: StorageBuffer, Source: FromHeap, Offset: m.offset, Size: m.size()})
	e.ranges = append(e.ranges, span{FromHeap, 0, m.offset, m.offset + m.size(), true})
	e.constants[writtenList{}] = e.Storage(binding, element, true)
	return e.constants[writtenList{}]
}

// writtenList names the buffer of the list that a shader writes.
type writtenList struct{}

func (q *quad) toList(v spirv.ID) {
	e := q.e
	scalar := e.Float()
	if e.IsInt(v) {
		scalar = e.Int()
	}
	index := q.base(q.out)
	if q.stores() {
		at := e.ShiftRight(e.sum(index, q.column), e.IntConstant(2))
		if q.out.v.root().image.format == RGBA16Float {
			buffer := e.written(q.out.v, e.Vector(e.Uint(), 2))
			e.If(q.live, func() { e.StoreElement(buffer, at, e.packHalves(e.nearestHalf(v))) })
			return
		}
		buffer := e.written(q.out.v, e.Vector(scalar, 4))
		e.If(q.live, func() { e.StoreElement(buffer, at, v) })
		return
	}
	buffer := e.written(q.out.v, scalar)
	for i := range 4 {
		q.ifLane(i, func(column spirv.ID) {
			at := e.sum(index, e.scaled(column, q.out.step[len(q.extents)-1]))
			if at == 0 {
				at = e.IntConstant(0)
			}
			e.StoreElement(buffer, at, e.Component(v, i))
		})
	}
}

// packHalves is four floats as two words of halves.
func (e *emitter) packHalves(v spirv.ID) spirv.ID {
	return e.Compose(e.PackHalf(e.Component(v, 0), e.Component(v, 1)), e.PackHalf(e.Component(v, 2), e.Component(v, 3)))
}

// ifLane runs body where one of the four is a place of the result.
func (q *quad) ifLane(i int, body func(column spirv.ID)) {
	e := q.e
	if i >= q.width() {
		return
	}
	column, ok := q.column, q.live
	if i > 0 {
		column = e.Add(column, e.IntConstant(i))
		ok = e.Both(ok, e.Less(column, e.once(widthOf{}, q.width())))
	}
	e.If(ok, func() { body(column) })
}

// place is the quad's place in dimension d of its result, for its first column.
func (q *quad) place(d int) spirv.ID {
	switch b := q.became[d]; b {
	case -1:
		return q.e.IntConstant(0)
	case len(q.extents) - 1:
		return q.column
	default:
		return q.at[b]
	}
}

// toTensor stores to a bound tensor, word by word.
func (q *quad) toTensor(v spirv.ID) {
	e, out := q.e, q.e.node.out
	t := e.n.plan.Outputs[out.output].Type
	p := e.touch(out, FromOutput, out.output, e.n.plan.Outputs[out.output])
	index := spirv.ID(0)
	for d := range len(out.dims) - 1 {
		if s := p.stride(len(out.dims) - 1 - d); s != 0 {
			index = e.sum(index, e.Mul(q.place(d), s))
		}
	}
	for i := 0; i < 4; i += perWord(t) {
		q.ifLane(i, func(column spirv.ID) {
			elements := make([]spirv.ID, perWord(t))
			for k := range elements {
				elements[k] = e.Component(v, i+k)
			}
			e.save(t, p.buffer, e.sum(index, column), elements)
		})
	}
}
