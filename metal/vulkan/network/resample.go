package network

import (
	"weft/coreml"
	"weft/metal/vulkan/network/spirv"
)

// resampling is the core that reads pictures, as a list [N, C, H, W], at places
// that a list of coordinates says: [N, rows, columns, (x, y)].
type resampling struct {
	nearest  bool
	padding  string  // constant, border, reflection or symmetric
	fill     float32 // for constant
	low      float32 // the coordinate of the first edge; the last one's is 1
	absolute bool    // coordinates are places
	corners  bool    // the edges are the centers of the first and last element
}

func lowerResample(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	coordinates, err := l.listOperand(op, "coordinates")
	if err != nil {
		return err
	}
	if coordinates.whole() {
		floats := newList(op.Name, coreml.Float32, coordinates.dims)
		coordinates = l.listInto(op.Name, floats, &mapping{}, []*value{coordinates}, step{op: "to float"}).out
	}
	r := &resampling{
		nearest: op.String("sampling_mode", "") == "nearest", padding: op.String("padding_mode", ""),
		fill: op.Float("padding_value", 0), corners: op.Bool("align_corners", false),
	}
	switch op.String("coordinates_mode", "") {
	case "unnormalized":
		r.absolute = true
	case "normalized_minus_one_to_one":
		r.low = -1
	}
	out := op.Output().Type
	return l.result(op, 0, l.listNode(op.Name, out.DataType, out.Shape, r, []*value{x, coordinates}).out)
}

func (r *resampling) label(*node) string { return "resample " + r.padding }

func (r *resampling) emit(e *emitter) {
	x, c := e.node.in[0], e.node.in[1]
	planes := access{x, x.view.first, []int{x.view.step[0], x.view.step[1], 0, 0}}
	at := access{c, c.view.first, []int{c.view.step[0], 0, c.view.step[1], c.view.step[2]}}
	q := e.layQuad([]access{planes, at}, nil)
	q.spread()
	// Along rows first.
	var places [2]spirv.ID
	for i := range places {
		d := 3 - i // x is along the last dimension
		v := q.read(q.in[1].after(i*c.view.step[3]), 0)
		places[1-i] = r.within(e, r.place(e, v, x.dims[d]), x.dims[d])
		if r.nearest {
			places[1-i] = e.Call(spirv.RoundEven, places[1-i])
		}
	}
	base := q.base(q.in[0])
	step := q.in[0].step[len(q.extents)-1]
	var floors, shares [2]spirv.ID
	for i, p := range places {
		floor := e.Call(spirv.Floor, p)
		floors[i], shares[i] = e.ToInt(floor), e.Sub(p, floor)
	}
	read := func(dy, dx int) spirv.ID {
		row, column := e.Add(floors[0], e.ints(dy)), e.Add(floors[1], e.ints(dx))
		lastRow, lastColumn := e.Splat(e.number(x.dims[2]-1), 4), e.Splat(e.number(x.dims[3]-1), 4)
		y, z := e.Clamp(row, e.ints(0), lastRow), e.Clamp(column, e.ints(0), lastColumn)
		index := e.Add(e.Mul(y, e.Splat(e.number(x.view.step[2]), 4)), e.Mul(z, e.Splat(e.number(x.view.step[3]), 4)))
		var lanes [4]spirv.ID
		for i := range lanes {
			lanes[i] = e.elementAt(x, e.sum(base, e.Component(index, i), e.scaled(q.lane(i), step)))
		}
		inside := e.And(e.truth(e.Equal(y, row)), e.truth(e.Equal(z, column)))
		return e.Select(e.NotEqual(inside, e.ints(0)), e.Compose(lanes[:]...), e.Splat(e.FloatConstant(r.fill), 4))
	}
	mix := func(a, b, share spirv.ID) spirv.ID { return e.Add(e.Mul(a, e.Sub(e.ones(), share)), e.Mul(b, share)) }
	top := mix(read(0, 0), read(0, 1), shares[1])
	bottom := mix(read(1, 0), read(1, 1), shares[1])
	q.finish(mix(top, bottom, shares[0]))
}

// place is where a coordinate is: element i is at i.
func (r *resampling) place(e *emitter, v spirv.ID, extent int) spirv.ID {
	if r.absolute {
		return v
	}
	size := e.ToFloat(e.number(extent))
	v = e.Div(e.Sub(v, e.FloatConstant(r.low)), e.FloatConstant(1-r.low))
	if r.corners {
		return e.Mul(v, e.Sub(size, e.FloatConstant(1)))
	}
	return e.Sub(e.Mul(v, size), e.FloatConstant(0.5))
}

// within moves a place into a dimension as the padding says; with a constant,
// two elements outside is as far as any.
func (r *resampling) within(e *emitter, p spirv.ID, extent int) spirv.ID {
	last := e.ToFloat(e.number(extent - 1))
	low, high := e.FloatConstant(0), last
	switch r.padding {
	case "reflection": // about the centers of the first and last element
		p = e.mirror(p, last, extent == 1)
	case "symmetric": // about their outer edges
		p = e.Add(p, e.FloatConstant(0.5))
		p = e.Sub(e.mirror(p, e.Add(last, e.FloatConstant(1)), false), e.FloatConstant(0.5))
	case "constant":
		low, high = e.FloatConstant(-2), e.Add(last, e.FloatConstant(2))
	}
	p = e.Select(e.Equal(p, p), p, e.Splat(low, 4))
	return e.Min(e.Max(p, e.Splat(low, 4)), e.Splat(high, 4))
}

// mirror folds a place into 0 to last.
func (e *emitter) mirror(p, last spirv.ID, point bool) spirv.ID {
	if point {
		return e.Splat(e.FloatConstant(0), 4)
	}
	around := e.Splat(e.Add(last, last), 4)
	p = e.Call(spirv.FAbs, p)
	p = e.Sub(p, e.Mul(around, e.Call(spirv.Floor, e.Div(p, around))))
	return e.Min(p, e.Sub(around, p))
}
