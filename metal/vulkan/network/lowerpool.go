package network

import (
	"fmt"

	"weft/coreml"
)

var poolLowerers = map[string]func(*lowering, *coreml.Op) error{
	"max_pool": lowerPool, "avg_pool": lowerPool, "l2_pool": lowerPool,
}

func lowerPool(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	w, err := op.PoolWindow(x.dims)
	if err != nil {
		return err
	}
	for d := range w.Kernel {
		if w.Before[d] >= w.Kernel[d] {
			return fmt.Errorf("it pads %d beside windows of %d; some windows would hold no element", w.Before[d], w.Kernel[d])
		}
	}
	if len(x.dims) == 5 {
		return l.volumePool(op, x, w)
	}
	if x, err = l.flatPicture(x); err != nil {
		return err
	}
	if op.Type == "l2_pool" {
		x = l.squares(op, x)
	}
	return l.result(op, 0, l.reshaped(l.pool(op, x, flatWindow(w), last(op)...), op.Output().Type.Shape))
}

// reshaped is reshape, which leaves alone what has the extents.
func (l *lowering) reshaped(v *value, dims []int) *value {
	if len(v.dims) == len(dims) {
		return v
	}
	return l.reshape(v, dims)
}

// squares is the first half of the root of the sum of squares.
func (l *lowering) squares(op *coreml.Op, x *value) *value {
	out := l.between(op, &remap{}, []*value{x}, x.shape, step{op: "square"}).out
	out.wide = true
	return out
}

// last are the steps after the last pool of the operation.
func last(op *coreml.Op) []step {
	if op.Type == "l2_pool" {
		return []step{{op: "sqrt"}}
	}
	return nil
}

// pool appends a pool of a picture.
func (l *lowering) pool(op *coreml.Op, x *value, w coreml.Window, steps ...step) *value {
	p := &pool{
		max:    op.Type == "max_pool",
		window: window{pair(w.Kernel), pair(w.Strides), [2]int{1, 1}, pair(w.Before)},
	}
	for d := range 2 {
		for i := range w.Output[d] {
			first := i*w.Strides[d] - w.Before[d]
			last := first + w.Kernel[d]
			switch {
			case op.Type == "l2_pool": // a sum
				first, last = 0, 1
			case op.Bool("exclude_padding_from_average", false):
				first, last = max(first, 0), min(last, x.shape[2+d])
			default:
				// A window that ceil_mode lets hang over the padding counts
				// what is inside it.
				last = min(last, x.shape[2+d]+w.After[d])
			}
			p.counts[d] = append(p.counts[d], last-first)
		}
	}
	shape := [4]int{x.shape[0], x.shape[1], w.Output[0], w.Output[1]}
	return l.between(op, p, []*value{x}, shape, steps...).out
}

// volumePool pools the planes of a volume, then along its depth: the largest,
// sums and means are those of the parts'.
func (l *lowering) volumePool(op *coreml.Op, x *value, w coreml.Window) error {
	n, c, depth := x.dims[0], x.dims[1], x.dims[2]
	planes, err := l.picture(l.reshape(x, []int{n, c * depth, x.dims[3], x.dims[4]}))
	if err != nil {
		return err
	}
	if op.Type == "l2_pool" {
		planes = l.squares(op, planes)
	}
	pooled := l.pool(op, planes, planeWindow(w))
	pooled.wide = true
	columns, err := l.picture(l.reshape(pooled, []int{n, c, depth, w.Output[1] * w.Output[2]}))
	if err != nil {
		return err
	}
	along := coreml.Window{
		Kernel: []int{w.Kernel[0], 1}, Strides: []int{w.Strides[0], 1}, Dilations: []int{1, 1},
		Before: []int{w.Before[0], 0}, After: []int{w.After[0], 0}, Output: []int{w.Output[0], w.Output[1] * w.Output[2]},
	}
	return l.result(op, 0, l.reshape(l.pool(op, columns, along, last(op)...), op.Output().Type.Shape))
}
