package network

import (
	"slices"

	"weft/coreml"
)

var scatterLowerers = map[string]func(*lowering, *coreml.Op) error{
	"scatter": lowerScatter, "scatter_along_axis": lowerScatter, "scatter_nd": lowerScatter,
	"slice_update": lowerSliceUpdate, "one_hot": lowerOneHot, "band_part": lowerBandPart,
}

func lowerScatter(l *lowering, op *coreml.Op) error {
	var in [3]*value
	for i, param := range []string{"data", "indices", "updates"} {
		v, err := l.listOperand(op, param)
		if err != nil {
			return err
		}
		in[i] = l.packed(v)
	}
	data, indices, updates := in[0], in[1], in[2]
	rank := len(data.dims)
	axis := op.Axis("axis", 0, rank)
	s := &scattering{mode: op.String("mode", "add"), index: 1}
	s.data = access{data, 0, data.view.step}
	s.indices, s.updates = access{v: indices, step: make([]int, rank)}, access{v: updates, step: make([]int, rank)}
	switch op.Type {
	case "scatter": // updates are [..., indices, ...], with the axis in between
		s.count, s.dims, s.axes = indices.elements(), []int{axis}, []indexed{{extent: data.dims[axis]}}
		s.update = elementsOf(data.dims[axis+1:])
		flat := natural(slices.Replace(slices.Clone(data.dims), axis, axis+1, s.count))
		copy(s.updates.step, flat)
		s.updates.step[axis] = 0
	case "scatter_along_axis":
		s.count, s.dims, s.axes = indices.dims[axis], []int{axis}, []indexed{{extent: data.dims[axis]}}
		// Where there is no index, there is one that is no place.
		dims := slices.Clone(data.dims)
		dims[axis] = s.count
		indices, updates = l.extended(op, indices, dims, -1<<30), l.extended(op, updates, dims, 0)
		s.indices, s.updates = access{indices, 0, natural(dims)}, access{updates, 0, natural(dims)}
		s.index, s.update = s.indices.step[axis], s.updates.step[axis]
		s.indices.step[axis], s.updates.step[axis] = 0, 0
	default: // scatter_nd: updates are [..., the rest of data's dimensions]
		last := len(indices.dims) - 1
		each := indices.dims[last]
		s.count, s.index, s.update = elementsOf(indices.dims[:last]), each, elementsOf(data.dims[each:])
		for d := range each {
			s.dims, s.axes = append(s.dims, d), append(s.axes, indexed{at: d, extent: data.dims[d]})
		}
		copy(s.updates.step[each:], natural(data.dims[each:]))
	}
	n := l.listNode(op.Name, data.kind, data.dims, s, []*value{data, indices, updates})
	return l.result(op, 0, n.out)
}

// extended is a list with a number behind it in each dimension.
func (l *lowering) extended(op *coreml.Op, v *value, dims []int, fill float32) *value {
	if slices.Equal(v.dims, dims) {
		return v
	}
	p := &padding{mode: "constant", before: make([]int, len(dims)), fill: fill}
	return l.listNode(op.Name, v.kind, dims, p, []*value{v}).out
}

// lowerSliceUpdate copies x, and then writes over a part of the copy.
func lowerSliceUpdate(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	update, err := l.listOperand(op, "update")
	if err != nil {
		return err
	}
	s, err := op.Slice(x.dims)
	if err != nil {
		return err
	}
	out := newList(op.Output().Name, x.kind, x.dims)
	l.listInto(op.Name, out, &mapping{}, []*value{x})
	l.listInto(op.Name, out.sliced(s.Begin, s.Stride, s.Size), &mapping{}, []*value{l.reshape(update, s.Size)})
	// Not the value that the first node computes: nothing may be fused to that.
	return l.result(op, 0, out.seen(out.dims, *out.view))
}

// lowerOneHot compares indices with the places along a dimension of its own.
func lowerOneHot(l *lowering, op *coreml.Op) error {
	indices, err := l.listOperand(op, "indices")
	if err != nil {
		return err
	}
	out := op.Output().Type
	axis := op.Axis("axis", -1, len(out.Shape))
	places := make([]int, out.Shape[axis])
	for i := range places {
		places[i] = i
	}
	shape := slices.Repeat([]int{1}, len(out.Shape))
	shape[axis] = len(places)
	indices = indices.seen(slices.Insert(slices.Clone(indices.dims), axis, 1),
		view{indices.view.first, slices.Insert(slices.Clone(indices.view.step), axis, 0)})
	here := l.listNode(op.Name, coreml.Bool, out.Shape, &mapping{}, []*value{indices},
		step{op: "equal", other: l.numbers(coreml.Int32, shape, places)}).out
	on := l.numbers(out.DataType, nil, []int{int(op.Float("on_value", 1))})
	off := l.numbers(out.DataType, nil, []int{int(op.Float("off_value", 0))})
	on.root().constant[0], off.root().constant[0] = op.Float("on_value", 1), op.Float("off_value", 0)
	return l.mapped(op, []*value{here, on, off})
}

// numbers is a list of constants.
func (l *lowering) numbers(kind coreml.DataType, dims []int, v []int) *value {
	c := &value{kind: kind, dims: dims, shape: picture(dims), input: -1, output: -1, integers: v}
	for _, n := range v {
		c.constant = append(c.constant, float32(n))
	}
	return l.list(c)
}

// lowerBandPart keeps the diagonals from lower below the main one to upper
// above it, all where negative.
func lowerBandPart(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	n := len(x.dims)
	rows, columns := x.dims[n-2], x.dims[n-1]
	lower, upper := op.Int("lower", -1), op.Int("upper", -1)
	kept := make([]int, rows*columns)
	for i := range kept {
		if below := i/columns - i%columns; (lower < 0 || below <= lower) && (upper < 0 || -below <= upper) {
			kept[i] = 1
		}
	}
	mask := l.numbers(coreml.Bool, []int{rows, columns}, kept)
	return l.mapped(op, []*value{mask, x, l.numbers(x.kind, nil, []int{0})})
}
