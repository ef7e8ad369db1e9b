package network

import (
	"fmt"
	"slices"

	"weft/coreml"
	"weft/coreml/mil"
)

// Most of what arranges elements anew makes a list that is seen in another
// way, without a kernel.
var shapeLowerers = map[string]func(*lowering, *coreml.Op) error{
	"transpose": lowerTranspose, "reshape": lowerReshape, "squeeze": lowerReshape,
	"expand_dims": lowerReshape, "flatten2d": lowerReshape,
	"slice_by_index": lowerSlice, "slice_by_size": lowerSlice, "crop": lowerCrop, "reverse": lowerReverse,
	"tile": lowerTile, "stack": lowerStack,
	"depth_to_space": lowerBlocks, "space_to_depth": lowerBlocks, "pixel_unshuffle": lowerBlocks,
	"shape": lowerShape, "fill": lowerFill, "fill_like": lowerFill,
}

// result names a list as an output of the operation, by number.
func (l *lowering) result(op *coreml.Op, i int, v *value) error {
	declared := op.Outputs[i]
	if err := runnable(declared.Type); err != nil {
		return fmt.Errorf("%s %w", declared, err)
	}
	if !slices.Equal(v.dims, declared.Type.Shape) {
		return fmt.Errorf("BUG: it gives %s where %s is declared", v, declared)
	}
	v.name = declared.Name
	v.kind = declared.Type.DataType
	l.named[declared.Name] = v
	return nil
}

// listOperand returns what a parameter is bound to as a list.
func (l *lowering) listOperand(op *coreml.Op, param string) (*value, error) {
	v, err := l.operand(op, param)
	if err != nil {
		return nil, err
	}
	return l.list(v), nil
}

func lowerTranspose(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	order := op.Ints("perm")
	for d, p := range order {
		order[d] = (p + len(order)) % len(order)
	}
	return l.result(op, 0, x.transposed(order))
}

func lowerReshape(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	return l.result(op, 0, l.reshape(x, op.Output().Type.Shape))
}

// reshape returns x with other extents, row-major order kept.
func (l *lowering) reshape(x *value, dims []int) *value {
	if v := l.list(x).reshaped(dims); v != nil {
		return v
	}
	return l.packed(x).reshaped(dims)
}

// lowerSlice takes whole pictures apart as such (pick), everything else as
// lists.
func lowerSlice(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	s, err := op.Slice(x.dims)
	if err != nil {
		return err
	}
	if l.pictured(x) && !slices.Contains(s.Squeeze, true) && s.Size[0] == x.shape[0] {
		var from [4][]int
		for d := range from {
			for i := range s.Size[d] {
				from[d] = append(from[d], s.Begin[d]+i*s.Stride[d])
			}
		}
		return l.pick(op, x, from, 0)
	}
	v := l.list(x).sliced(s.Begin, s.Stride, s.Size)
	return l.result(op, 0, l.reshape(v, op.Output().Type.Shape))
}

func lowerCrop(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	n := len(x.dims)
	begin, stride := make([]int, n), slices.Repeat([]int{1}, n)
	begin[n-2], begin[n-1] = op.Ints("crop_height")[0], op.Ints("crop_width")[0]
	return l.result(op, 0, x.sliced(begin, stride, op.Output().Type.Shape))
}

func lowerReverse(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	begin, stride := make([]int, len(x.dims)), slices.Repeat([]int{1}, len(x.dims))
	for _, a := range op.Axes("axes", len(x.dims)) {
		begin[a], stride[a] = x.dims[a]-1, -1
	}
	return l.result(op, 0, x.sliced(begin, stride, x.dims))
}

// lowerTile sees every dimension twice, stretched in front, and copies that.
func lowerTile(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	v := x
	var dims []int
	as := view{first: x.view.first}
	for d, r := range op.Ints("reps") {
		dims, as.step = append(dims, r, x.dims[d]), append(as.step, 0, x.view.step[d])
	}
	v = x.seen(dims, as)
	return l.result(op, 0, l.reshape(v, op.Output().Type.Shape))
}

// join writes values side by side into one list, each seen as a part of it.
func (l *lowering) join(op *coreml.Op, values []*value, axis int, interleave bool) *value {
	out := newList(op.Output().Name, values[0].kind, op.Output().Type.Shape)
	at := 0
	for i, v := range values {
		begin, stride := make([]int, len(out.dims)), slices.Repeat([]int{1}, len(out.dims))
		begin[axis] = at
		at += v.dims[axis]
		if interleave {
			begin[axis], stride[axis] = i, len(values)
		}
		l.listInto(op.Name, out.sliced(begin, stride, v.dims), &mapping{}, []*value{l.list(v)})
	}
	return out
}

func lowerStack(l *lowering, op *coreml.Op) error {
	axis := op.Axis("axis", 0, op.Output().Type.Rank())
	var values []*value
	for _, a := range op.Inputs["values"] {
		v, err := l.argument(a)
		if err != nil {
			return err
		}
		v = l.list(v)
		values = append(values, v.seen(slices.Insert(slices.Clone(v.dims), axis, 1),
			view{v.view.first, slices.Insert(slices.Clone(v.view.step), axis, 0)}))
	}
	return l.result(op, 0, l.join(op, values, axis, false))
}

// lowerBlocks moves blocks of pixels into channels, or out of them.
func lowerBlocks(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	out := op.Output().Type.Shape
	if len(out) != 4 {
		return fmt.Errorf("x is %s; it runs on [N, C, H, W]", x)
	}
	f := op.Int("block_size", op.Int("downscale_factor", 1))
	var v *value
	switch n, c, h, w := x.dims[0], x.dims[1], x.dims[2], x.dims[3]; op.Type {
	case "depth_to_space": // the place in the block is slower than the channel
		v = l.reshape(x, []int{n, f, f, out[1], h, w}).transposed([]int{0, 3, 4, 1, 5, 2})
	case "space_to_depth":
		v = l.reshape(x, []int{n, c, out[2], f, out[3], f}).transposed([]int{0, 3, 5, 1, 2, 4})
	default: // pixel_unshuffle: the channel is slower
		v = l.reshape(x, []int{n, c, out[2], f, out[3], f}).transposed([]int{0, 1, 3, 5, 2, 4})
	}
	return l.result(op, 0, l.reshape(v, out))
}

// lowerShape gives the extents, which are known.
func lowerShape(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	l.constants[op.Output().Name] = mil.Ints(op.Output().Type.DataType, []int{len(x.dims)}, x.dims)
	return nil
}

// lowerFill gives a constant whose extents are those of a computed value; with
// given ones it has been folded.
func lowerFill(l *lowering, op *coreml.Op) error {
	out := op.Output().Type
	v := op.Float("value", 0)
	if out.DataType.IsFloat() {
		l.constants[op.Output().Name] = mil.Floats(out.DataType, out.Shape, slices.Repeat([]float32{v}, out.Elements()))
		return nil
	}
	l.constants[op.Output().Name] = mil.Ints(out.DataType, out.Shape, slices.Repeat([]int{int(v)}, out.Elements()))
	return nil
}
