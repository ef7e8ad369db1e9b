package network

import (
	"fmt"
	"slices"

	"weft/coreml"
)

var reduceLowerers = map[string]func(*lowering, *coreml.Op) error{
	"reduce_mean": lowerReduce, "reduce_sum": lowerReduce, "reduce_max": lowerReduce, "reduce_min": lowerReduce,
	"reduce_prod": lowerReduce, "reduce_l1_norm": lowerReduce, "reduce_l2_norm": lowerReduce,
	"reduce_sum_square": lowerReduce, "reduce_log_sum": lowerReduce, "reduce_log_sum_exp": lowerReduce,
	"reduce_argmax": lowerArg, "reduce_argmin": lowerArg,
}

// reductions are the folds of the reducing operations.
var reductions = map[string]string{
	"reduce_mean": "sum", "reduce_sum": "sum", "reduce_max": "largest", "reduce_min": "smallest",
	"reduce_prod": "product", "reduce_l1_norm": "sizes", "reduce_l2_norm": "squares",
	"reduce_sum_square": "squares", "reduce_log_sum": "sum", "reduce_log_sum_exp": "sum",
}

// lowerReduce reduces pictures along rows and columns as pictures, everything
// else as lists.
func lowerReduce(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	axes := op.Axes("axes", len(x.dims))
	if reduces(op.Type) && l.pictured(x) && axes[0] >= 2 {
		return l.reducePicture(op, x, axes)
	}
	if err := signedOnly(op, x); err != nil {
		return err
	}
	x = l.list(x)
	if x.whole() && slices.Contains([]string{"reduce_l2_norm", "reduce_log_sum", "reduce_log_sum_exp"}, op.Type) {
		return fmt.Errorf("it runs on floats; cast x %s first", x)
	}
	count := 1
	for _, a := range axes {
		count *= x.dims[a]
	}
	var steps []step
	switch op.Type {
	case "reduce_mean":
		steps = []step{{op: "real_div", other: l.numbers(x.kind, nil, []int{count})}}
		if !x.whole() {
			steps = []step{{op: "mul", other: l.list(channels("count", []float32{1 / float32(count)}))}}
		}
	case "reduce_l2_norm":
		steps = []step{{op: "sqrt"}}
	case "reduce_log_sum":
		steps = []step{{op: "log"}}
	case "reduce_log_sum_exp":
		largest := l.foldAxes(op.Name, "largest", x, axes)
		x = l.stepped(op.Name, x, step{op: "sub", other: largest}, step{op: "exp"})
		steps = []step{{op: "log"}, {op: "add", other: largest}}
	}
	v := l.foldAxes(op.Name, reductions[op.Type], x, axes, steps...)
	return l.result(op, 0, l.reshape(v, op.Output().Type.Shape))
}

// foldAxes appends a reduction that keeps the axes, with one element each. Floats
// are kept as 32 bits: halves could not hold sums.
func (l *lowering) foldAxes(name, op string, x *value, axes []int, steps ...step) *value {
	dims := slices.Clone(x.dims)
	for _, a := range axes {
		dims[a] = 1
	}
	out := newList(name, x.kind, dims)
	out.wide = true
	return l.listInto(name, out, &reduction{op: op, axes: axes}, []*value{x}, steps...).out
}

// stepped appends steps on each element.
func (l *lowering) stepped(name string, x *value, steps ...step) *value {
	return l.listNode(name, x.kind, x.dims, &mapping{}, []*value{x}, steps...).out
}

// lowerArg finds the largest or smallest element, then the first place that
// holds it.
func lowerArg(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	if err := signedOnly(op, x); err != nil {
		return err
	}
	axis := op.Axis("axis", -1, len(x.dims))
	c := &arg{axis: axis, least: op.Type == "reduce_argmin"}
	dims := slices.Clone(x.dims)
	dims[axis] = 1
	n := l.listNode(op.Name, op.Output().Type.DataType, dims, c, []*value{x})
	return l.result(op, 0, l.reshape(n.out, op.Output().Type.Shape))
}

// reduces reports whether pictures are reduced as such.
func reduces(opType string) bool {
	switch opType {
	case "reduce_mean", "reduce_sum", "reduce_max", "reduce_min":
		return true
	}
	return false
}

// reducePicture reduces rows, then the column of their results.
func (l *lowering) reducePicture(op *coreml.Op, x *value, axes []int) error {
	current, count := x, 1
	for d := 3; d >= 2; d-- {
		if !slices.Contains(axes, d) || x.shape[d] == 1 {
			continue
		}
		count *= x.shape[d]
		shape := current.shape
		shape[d] = 1
		current = l.between(op, &reduce{op: op.Type, axis: d - 2}, []*value{current}, shape).out
		current.wide = true
	}
	var steps []step
	if op.Type == "reduce_mean" && count > 1 {
		steps = append(steps, step{op: "mul", other: channels("count", []float32{1 / float32(count)})})
	}
	if op.Bool("keep_dims", false) {
		_, err := l.node(op, &remap{}, []*value{current}, steps...)
		return err
	}
	last := l.between(op, &remap{}, []*value{current}, current.shape, steps...).out
	last.wide = true
	return l.result(op, 0, l.reshape(last, op.Output().Type.Shape))
}
