package network

import (
	"fmt"
	"math"
	"slices"

	"weft/coreml"
)

var spatialLowerers = map[string]func(*lowering, *coreml.Op) error{
	"upsample_nearest_neighbor": lowerNearest, "resize_nearest_neighbor": lowerNearest,
	"upsample_bilinear": lowerBilinear, "resize_bilinear": lowerBilinear,
	"pad": lowerPad, "resample": lowerResample,
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
	on, finish = l.shaped(op, flat(op.Output().Type.Shape))
	return x, on, finish, nil
}

// shaped is the operation as one that gives other extents; finish gives its
// result the operation's own.
func (l *lowering) shaped(op *coreml.Op, dims []int) (on *coreml.Op, finish func() error) {
	out := op.Output()
	if slices.Equal(dims, out.Type.Shape) {
		return op, func() error { return nil }
	}
	copied := *op
	copied.Outputs = []coreml.Variable{{Name: out.Name, Type: coreml.Type{DataType: out.Type.DataType, Shape: dims}}}
	return &copied, func() error { return l.result(op, 0, l.reshape(l.named[out.Name], out.Type.Shape)) }
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
