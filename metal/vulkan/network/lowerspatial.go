package network

import (
	"fmt"
	"math"

	"weft/coreml"
)

var spatialLowerers = map[string]func(*lowering, *coreml.Op) error{
	"upsample_nearest_neighbor": lowerNearest, "resize_nearest_neighbor": lowerNearest,
	"upsample_bilinear": lowerBilinear, "resize_bilinear": lowerBilinear,
	"pad": lowerPad, "max_pool": lowerPool, "avg_pool": lowerPool, "l2_pool": lowerPool,
}

// planes returns the parameter x of an operation on the last two dimensions as
// a picture, and the operation as one on that; finish gives the result its own
// shape.
func (l *lowering) planes(op *coreml.Op) (x *value, on *coreml.Op, finish func() error, err error) {
	if x, err = l.operand(op, "x"); err != nil {
		return nil, nil, nil, err
	}
	n := len(x.dims)
	if n == 4 {
		x, err = l.picture(x)
		return x, op, func() error { return nil }, err
	}
	if n < 3 {
		return nil, nil, nil, fmt.Errorf("x is %s; it runs on 3 dimensions or more", x)
	}
	flat := func(dims []int) []int { return []int{1, elementsOf(dims[:n-2]), dims[n-2], dims[n-1]} }
	if x, err = l.picture(l.reshape(x, flat(x.dims))); err != nil {
		return nil, nil, nil, err
	}
	copied := *op
	out := op.Output()
	copied.Outputs = []coreml.Variable{{Name: out.Name, Type: coreml.Type{DataType: out.Type.DataType, Shape: flat(out.Type.Shape)}}}
	return x, &copied, func() error { return l.result(op, 0, l.reshape(l.named[out.Name], out.Type.Shape)) }, nil
}

func lowerNearest(l *lowering, op *coreml.Op) error {
	x, op, finish, err := l.planes(op)
	if err != nil {
		return err
	}
	shape := op.Output().Type.Shape
	var m remap
	for d := range 2 {
		in, out := x.shape[2+d], shape[2+d]
		grid, err := op.Grid(in, out)
		if err != nil {
			return err
		}
		for i := range out {
			m.from[d] = append(m.from[d], int(math.Floor(grid.At(i))))
		}
	}
	if _, err = l.node(op, &m, []*value{x}); err != nil {
		return err
	}
	return finish()
}

func lowerBilinear(l *lowering, op *coreml.Op) error {
	x, op, finish, err := l.planes(op)
	if err != nil {
		return err
	}
	shape := op.Output().Type.Shape
	var b blend
	for d := range 2 {
		in, out := x.shape[2+d], shape[2+d]
		grid, err := op.Grid(in, out)
		if err != nil {
			return err
		}
		for i := range out {
			at := grid.At(i)
			low := min(int(at), in-1)
			b.from[d] = append(b.from[d], sample{low, min(low+1, in-1), float32(at - float64(low))})
		}
	}
	if _, err = l.node(op, &b, []*value{x}); err != nil {
		return err
	}
	return finish()
}

// lowerPad picks, for each output, the input that it repeats, or none.
func lowerPad(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	before, after, err := op.Padding(len(x.dims))
	if err != nil {
		return err
	}
	mode := op.String("mode", "constant")
	if !l.pictured(x) || before[0]+after[0] > 0 {
		p := &padding{mode: mode, before: before, fill: op.Float("constant_val", 0)}
		out := op.Output().Type
		return l.result(op, 0, l.listNode(op.Name, out.DataType, out.Shape, p, []*value{l.list(x)}).out)
	}
	var from [4][]int
	for d := range 4 {
		for i := -before[d]; i < x.shape[d]+after[d]; i++ {
			from[d] = append(from[d], padded(i, x.shape[d], mode))
		}
	}
	return l.pick(op, x, from, op.Float("constant_val", 0))
}

// padded is the element that stands at place i of a padded dimension; -1 is
// none.
func padded(i, extent int, mode string) int {
	switch {
	case i >= 0 && i < extent:
		return i
	case mode == "constant":
		return -1
	case mode == "reflect":
		if i < 0 {
			return -i
		}
		return 2*(extent-1) - i
	}
	return min(max(i, 0), extent-1) // replicate
}

// all is every element of each dimension.
func all(shape [4]int) (from [4][]int) {
	for d := range from {
		for i := range shape[d] {
			from[d] = append(from[d], i)
		}
	}
	return from
}

// pick makes an output of chosen elements of the last three dimensions of a
// picture; -1 stands for the number fill.
func (l *lowering) pick(op *coreml.Op, x *value, from [4][]int, fill float32) error {
	inChannels, inPlane := straight(from[1], x.shape[1]), straight(from[2], x.shape[2]) && straight(from[3], x.shape[3])
	choose := &gather{from: sources(from[1]), fill: fill}
	move := &remap{fill: fill}
	if !inPlane {
		move.from = [2][]int{from[2], from[3]}
	}
	switch {
	case inChannels:
		_, err := l.node(op, move, []*value{x})
		return err
	case inPlane:
		_, err := l.node(op, choose, []*value{x})
		return err
	}
	first := l.between(op, choose, []*value{x}, [4]int{x.shape[0], len(from[1]), x.shape[2], x.shape[3]})
	_, err := l.node(op, move, []*value{first.out})
	return err
}

// straight reports whether the list is 0, 1, ... extent-1.
func straight(from []int, extent int) bool {
	for i, f := range from {
		if i != f {
			return false
		}
	}
	return len(from) == extent
}

func lowerPool(l *lowering, op *coreml.Op) error {
	x, err := l.rank4(op)
	if err != nil {
		return err
	}
	w, err := op.PoolWindow(x.shape[:])
	if err != nil {
		return err
	}
	p := &pool{
		max:    op.Type == "max_pool",
		window: window{pair(w.Kernel), pair(w.Strides), [2]int{1, 1}, pair(w.Before)},
	}
	for d := range 2 {
		if w.Before[d] >= w.Kernel[d] {
			return fmt.Errorf("it pads %d beside windows of %d; some windows would hold no element", w.Before[d], w.Kernel[d])
		}
		for i := range w.Output[d] {
			first := i*w.Strides[d] - w.Before[d]
			last := first + w.Kernel[d]
			if op.Bool("exclude_padding_from_average", false) {
				first, last = max(first, 0), min(last, x.shape[2+d])
			} else {
				// A window that ceil_mode lets hang over the padding counts
				// what is inside it.
				last = min(last, x.shape[2+d]+w.After[d])
			}
			p.counts[d] = append(p.counts[d], last-first)
		}
	}
	if op.Type != "l2_pool" {
		_, err = l.node(op, p, []*value{x})
		return err
	}
	// The root of the sum of squares.
	for _, counts := range p.counts {
		for i := range counts {
			counts[i] = 1
		}
	}
	squares := l.between(op, &remap{}, []*value{x}, x.shape, step{op: "square"}).out
	squares.wide = true
	_, err = l.node(op, p, []*value{squares}, step{op: "sqrt"})
	return err
}
