package network

import (
	"fmt"
	"math"
	"slices"

	"weft/coreml"
)

var productLowerers = map[string]func(*lowering, *coreml.Op) error{
	"linear": lowerLinear, "matmul": lowerMatmul, "einsum": lowerEinsum,
	"scaled_dot_product_attention": lowerAttention,
}

// product appends the product of matrices, x [..., rows, depth] times
// y [..., depth, columns], both lists; dimensions before are broadcast.
func (l *lowering) product(name string, kind coreml.DataType, x, y *value, steps ...step) (*value, error) {
	if x.whole() || y.whole() {
		return nil, fmt.Errorf("it multiplies %s and %s; it runs on floats: cast them first", x, y)
	}
	rows, depth, columns := x.dims[len(x.dims)-2], x.dims[len(x.dims)-1], y.dims[len(y.dims)-1]
	batch, err := coreml.Broadcast(x.dims[:len(x.dims)-2], y.dims[:len(y.dims)-2])
	if err != nil {
		return nil, err
	}
	p := &product{depth: depth, panels: l.panelsOf(y)}
	dims := append(slices.Clone(batch), rows, columns)
	l.plan.MultiplyAdds += int64(elementsOf(dims)) * int64(depth)
	return l.listNode(name, kind, dims, p, []*value{x, p.panels}, steps...).out, nil
}

// row sees a list as one of one more dimension, in front of the last.
func (v *value) row() *value {
	n := len(v.dims)
	return v.seen(slices.Insert(slices.Clone(v.dims), n-1, 1), view{v.view.first, slices.Insert(slices.Clone(v.view.step), n-1, 0)})
}

func lowerLinear(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	weight, err := l.listOperand(op, "weight")
	if err != nil {
		return err
	}
	var steps []step
	if op.Has("bias") {
		bias, err := l.listOperand(op, "bias")
		if err != nil {
			return err
		}
		steps = []step{{op: "add", other: bias}}
	}
	out := op.Output().Type
	rows := l.reshape(x, []int{x.elements() / x.dims[len(x.dims)-1], x.dims[len(x.dims)-1]})
	v, err := l.product(op.Name, out.DataType, rows, weight.swapped(), steps...)
	if err != nil {
		return err
	}
	return l.result(op, 0, l.reshape(v, out.Shape))
}

func lowerMatmul(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	y, err := l.listOperand(op, "y")
	if err != nil {
		return err
	}
	if len(x.dims) == 1 {
		x = x.row()
	}
	if op.Bool("transpose_x", false) {
		x = x.swapped()
	}
	if op.Bool("transpose_y", false) {
		y = y.swapped()
	}
	out := op.Output().Type
	v, err := l.product(op.Name, out.DataType, x, y)
	if err != nil {
		return err
	}
	return l.result(op, 0, l.reshape(v, out.Shape))
}

// lowerEinsum multiplies, for each height, a matrix [channels, width] with one
// [width, columns]: the equation nchw,nwhu->nchu, with n or without.
func lowerEinsum(l *lowering, op *coreml.Op) error {
	var in [2]*value
	for i := range in {
		v, err := l.argument(op.Inputs["values"][i])
		if err != nil {
			return err
		}
		in[i] = l.list(v)
	}
	// Height in front of the matrices.
	order := []int{1, 0, 2}
	if len(in[0].dims) == 4 {
		order = []int{0, 2, 1, 3}
	}
	out := op.Output().Type
	v, err := l.product(op.Name, out.DataType, in[0].transposed(order), in[1].transposed(order))
	if err != nil {
		return err
	}
	return l.result(op, 0, v.transposed(order))
}

// lowerAttention is softmax(query * key' / sqrt(width) + mask) * value. A mask
// of truth values leaves out what is false.
func lowerAttention(l *lowering, op *coreml.Op) error {
	var in [3]*value
	for i, param := range []string{"query", "key", "value"} {
		v, err := l.listOperand(op, param)
		if err != nil {
			return err
		}
		in[i] = v
	}
	query, key := in[0], in[1]
	n := len(query.dims)
	scale := channels("scale", []float32{float32(1 / math.Sqrt(float64(query.dims[n-1])))})
	scores, err := l.product(op.Name, query.kind, query, key.swapped(), step{op: "mul", other: l.list(scale)})
	if err != nil {
		return err
	}
	if op.Has("attn_mask") {
		mask, err := l.listOperand(op, "attn_mask")
		if err != nil {
			return err
		}
		if mask.whole() {
			lowest := l.list(channels("lowest", []float32{-math.MaxFloat32}))
			scores = l.listNode(op.Name, query.kind, scores.dims, &mapping{}, []*value{mask, scores, lowest}).out
		} else {
			scores = l.stepped(op.Name, scores, step{op: "add", other: mask})
		}
		scores.wide = true
	}
	exps, divide := l.softmaxOf(op.Name, scores, n-1)
	shares := l.stepped(op.Name, exps, divide)
	out := op.Output().Type
	v, err := l.product(op.Name, out.DataType, shares, in[2])
	if err != nil {
		return err
	}
	return l.result(op, 0, v)
}
