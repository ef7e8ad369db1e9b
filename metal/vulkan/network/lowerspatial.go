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
	"pad": lowerPad, "slice_by_index": lowerSlice, "slice_by_size": lowerSlice,
	"max_pool": lowerPool, "avg_pool": lowerPool,
	"reduce_mean": lowerReduce, "reduce_sum": lowerReduce, "reduce_max": lowerReduce, "reduce_min": lowerReduce,
}

func lowerNearest(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	shape := picture(op.Output().Type.Shape)
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
	_, err = l.node(op, &m, []*value{x})
	return err
}

func lowerBilinear(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	shape := picture(op.Output().Type.Shape)
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
	_, err = l.node(op, &b, []*value{x})
	return err
}

// lowerPad picks, for each output, the input that it repeats, or none.
func lowerPad(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	rank := op.Output().Type.Rank()
	shortBefore, shortAfter, err := op.Padding(rank)
	if err != nil {
		return err
	}
	var before, after [4]int
	copy(before[4-rank:], shortBefore)
	copy(after[4-rank:], shortAfter)
	mode := op.String("mode", "constant")
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

func lowerSlice(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	rank := len(op.Ints("begin"))
	s, err := op.Slice(x.shape[4-rank:])
	if err != nil {
		return err
	}
	var from [4][]int
	for d := range 4 {
		for i := range x.shape[d] {
			from[d] = append(from[d], i)
		}
	}
	for d := range rank {
		from[4-rank+d] = nil
		for i := range s.Size[d] {
			from[4-rank+d] = append(from[4-rank+d], s.Begin[d]+i*s.Stride[d])
		}
	}
	if !slices.Contains(s.Squeeze, true) {
		return l.pick(op, x, from, 0)
	}
	whole := *op // the slice before dimensions of one element are dropped
	whole.Outputs = []coreml.Variable{{Name: op.Output().Name + ".slice", Type: coreml.Type{DataType: op.Output().Type.DataType, Shape: s.Size}}}
	if err := l.pick(&whole, x, from, 0); err != nil {
		return err
	}
	return l.reshape(op, l.named[whole.Outputs[0].Name])
}

// pick makes an output of chosen elements of each dimension of x; -1 stands
// for the number fill.
func (l *lowering) pick(op *coreml.Op, x *value, from [4][]int, fill float32) error {
	if !straight(from[0], x.shape[0]) {
		return fmt.Errorf("it changes the first dimension of x %s; it runs along the last three", x)
	}
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
	_, err = l.node(op, p, []*value{x})
	return err
}

// lowerReduce reduces rows, then the column of their results.
func lowerReduce(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	out := op.Output().Type
	rank := len(l.shapeOf(op.Input("x")))
	if !x.kind.IsFloat() {
		return fmt.Errorf("it runs on floats; cast x %s first", x)
	}
	axes := op.Axes("axes", rank)
	current := x
	count := 1
	for d := 3; d >= 0; d-- {
		if !slices.Contains(axes, d-4+rank) || x.shape[d] == 1 {
			continue
		}
		if d < 2 {
			return fmt.Errorf("it reduces dimension %d of x %s; it runs along the last two of [N, C, H, W]", d, x)
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
	c := core(&remap{})
	if picture(out.Shape) != current.shape {
		c = &rearrange{} // without keep_dims
	}
	_, err = l.node(op, c, []*value{current}, steps...)
	return err
}
