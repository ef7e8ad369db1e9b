package network

import (
	"fmt"
	"slices"

	"weft/coreml"
)

// Windows over one dimension are windows over pictures of one row; those over
// three are taken apart.

// flat is the extents of a picture of one row for [N, C, W].
func flat(dims []int) []int {
	if len(dims) == 3 {
		return slices.Insert(slices.Clone(dims), 2, 1)
	}
	return dims
}

// flatPicture returns [N, C, W] or [N, C, H, W] as a picture.
func (l *lowering) flatPicture(x *value) (*value, error) {
	if len(x.dims) != 3 && len(x.dims) != 4 {
		return nil, fmt.Errorf("x is %s; it runs on [N, C, W] and [N, C, H, W]", x)
	}
	if len(x.dims) == 3 {
		x = l.reshape(x, flat(x.dims))
	}
	return l.picture(x)
}

// flatWindow is a window over a row, as one over a picture.
func flatWindow(w coreml.Window) coreml.Window {
	if len(w.Kernel) == 2 {
		return w
	}
	front := func(v int, list []int) []int { return append([]int{v}, list...) }
	return coreml.Window{
		Kernel: front(1, w.Kernel), Strides: front(1, w.Strides), Dilations: front(1, w.Dilations),
		Before: front(0, w.Before), After: front(0, w.After), Output: front(1, w.Output),
	}
}

// planeWindow is the part of a window over a volume in its planes.
func planeWindow(w coreml.Window) coreml.Window {
	return coreml.Window{
		Kernel: w.Kernel[1:], Strides: w.Strides[1:], Dilations: w.Dilations[1:],
		Before: w.Before[1:], After: w.After[1:], Output: w.Output[1:],
	}
}

// volumeConv adds up convolutions of planes: for each plane of the kernel, of
// those planes of x that it meets, as pictures of a batch.
func (l *lowering) volumeConv(op *coreml.Op, x *value, weight, bias weight, w coreml.Window) error {
	if weight.from != nil {
		return fmt.Errorf("x is %s and its weights %s are no constant; it runs on [N, C, D, H, W] with constants", x, weight.from)
	}
	x = l.list(x)
	n, cin, depth, height, width := x.dims[0], x.dims[1], x.dims[2], x.dims[3], x.dims[4]
	cout, planes := weight.shape[0], w.Output[0]
	if before, after := w.Before[0], w.After[0]; before+after > 0 {
		p := &padding{mode: "constant", before: []int{0, 0, before, 0, 0}}
		x = l.listNode(op.Name, x.kind, []int{n, cin, depth + before + after, height, width}, p, []*value{x}).out
	}
	part := weight.shape[1]
	area := w.Kernel[1] * w.Kernel[2]
	shape := [4]int{n * planes, cout, w.Output[1], w.Output[2]}
	steps := l.bias(op, bias)
	flat := planeWindow(w)
	var sum *value
	for k := range w.Kernel[0] {
		from := x.sliced([]int{0, 0, k * w.Dilations[0], 0, 0}, []int{1, 1, w.Strides[0], 1, 1}, []int{n, cin, planes, height, width})
		pictures, err := l.picture(l.reshape(from.transposed([]int{0, 2, 1, 3, 4}), []int{n * planes, cin, height, width}))
		if err != nil {
			return err
		}
		var data []float32
		for i := range cout * part {
			data = append(data, weight.data[(i*w.Kernel[0]+k)*area:][:area]...)
		}
		c := newConv(op.Int("groups", 1), cout, cin, data)
		c.kernel, c.stride, c.dilation, c.before = pair(flat.Kernel), pair(flat.Strides), pair(flat.Dilations), pair(flat.Before)
		node := l.between(op, c, []*value{pictures}, shape, steps...)
		node.out.wide = true
		l.count(node, len(data))
		sum, steps = node.out, []step{{op: "add", other: node.out}}
	}
	out := l.reshape(sum, []int{n, planes, cout, w.Output[1], w.Output[2]}).transposed([]int{0, 2, 1, 3, 4})
	return l.result(op, 0, out)
}
