package network

import (
	"slices"

	"weft/coreml"
)

var indexLowerers = map[string]func(*lowering, *coreml.Op) error{
	"gather": lowerGather, "gather_along_axis": lowerGatherAlong,
	"gather_nd": lowerGatherND, "topk": lowerTopK, "argsort": lowerTopK, "cumsum": lowerCumsum,
}

// lowerGather picks by constant indices from pictures along the last three
// dimensions; by any indices from lists.
func lowerGather(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	axis := op.Axis("axis", 0, len(x.dims))
	if c := op.Const("indices"); c != nil && c.Type.Rank() == 1 && l.pictured(x) && axis > 0 && op.Int("batch_dims", 0) == 0 {
		indices, err := c.Ints()
		if err != nil {
			return err
		}
		from := all(x.shape)
		from[axis] = nil
		for _, i := range indices {
			if i < 0 {
				i += x.shape[axis]
			}
			from[axis] = append(from[axis], i)
		}
		return l.pick(op, x, from, 0)
	}
	indices, err := l.listOperand(op, "indices")
	if err != nil {
		return err
	}
	// The result is x's dimensions up to the axis, those of the indices that
	// are no batch, then the rest of x's.
	x = l.list(x)
	batch := op.Int("batch_dims", 0)
	dims := op.Output().Type.Shape
	inner := len(indices.dims) - batch
	from := access{x, x.view.first, slices.Concat(x.view.step[:axis], make([]int, inner), x.view.step[axis+1:])}
	at := access{indices, indices.view.first, make([]int, len(dims))}
	copy(at.step, indices.view.step[:batch])
	copy(at.step[axis:], indices.view.step[batch:])
	return l.choose(op, from, at, axis)
}

func lowerGatherAlong(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	indices, err := l.listOperand(op, "indices")
	if err != nil {
		return err
	}
	return l.chooseAlong(op, x, indices, op.Axis("axis", 0, len(x.dims)))
}

func (l *lowering) chooseAlong(op *coreml.Op, x, indices *value, axis int) error {
	from := access{x, x.view.first, slices.Clone(x.view.step)}
	from.step[axis] = 0
	return l.choose(op, from, access{indices, indices.view.first, indices.view.step}, axis)
}

// choose gives the first output the elements of a list at indices along its
// axis.
func (l *lowering) choose(op *coreml.Op, from, indices access, axis int) error {
	return l.chooseAt(op, from, indices, []indexed{{0, from.v.view.step[axis], from.v.dims[axis]}})
}

func (l *lowering) chooseAt(op *coreml.Op, from, indices access, axes []indexed) error {
	out := op.Output().Type
	c := &choice{from: from, indices: indices, axes: axes}
	n := l.listNode(op.Name, out.DataType, out.Shape, c, []*value{from.v, indices.v})
	return l.result(op, 0, n.out)
}

// lowerGatherND picks by lists of indices, each of one element or of a part of
// x.
func lowerGatherND(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	indices, err := l.listOperand(op, "indices")
	if err != nil {
		return err
	}
	batch, last := op.Int("batch_dims", 0), len(indices.dims)-1
	count := indices.dims[last]
	dims := op.Output().Type.Shape
	from := access{x, x.view.first, make([]int, len(dims))}
	copy(from.step, x.view.step[:batch])
	copy(from.step[last:], x.view.step[batch+count:])
	at := access{indices, indices.view.first, make([]int, len(dims))}
	copy(at.step, indices.view.step[:last])
	var axes []indexed
	for i := range count {
		axes = append(axes, indexed{i * indices.view.step[last], x.view.step[batch+i], x.dims[batch+i]})
	}
	return l.chooseAt(op, from, at, axes)
}

// lowerTopK finds the rank of every element, then which element has each of
// the first ranks, then these elements.
func lowerTopK(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	if err := signedOnly(op, x); err != nil {
		return err
	}
	axis := op.Axis("axis", -1, len(x.dims))
	rank := &scan{op: "rank", axis: axis, ascending: op.Bool("ascending", false)}
	ranks := l.listNode(op.Name, coreml.Int32, x.dims, rank, []*value{x}).out
	dims := op.Output().Type.Shape
	indices := l.listNode(op.Name, coreml.Int32, dims, &scan{op: "find", axis: axis}, []*value{ranks}).out
	if op.Type == "argsort" {
		return l.result(op, 0, indices)
	}
	if len(op.Outputs) > 1 {
		if err := l.result(op, 1, indices); err != nil {
			return err
		}
	}
	return l.chooseAlong(op, x, indices, axis)
}

func lowerCumsum(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	s := &scan{
		op: "cumsum", axis: op.Axis("axis", 0, len(x.dims)),
		exclusive: op.Bool("exclusive", false), reverse: op.Bool("reverse", false),
	}
	return l.result(op, 0, l.listNode(op.Name, x.kind, x.dims, s, []*value{x}).out)
}
