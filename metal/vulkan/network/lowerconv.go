package network

import (
	"fmt"

	"weft/coreml"
)

var convLowerers = map[string]func(*lowering, *coreml.Op) error{
	"conv": lowerConv, "conv_transpose": lowerConvTranspose, "pixel_shuffle": lowerPixelShuffle,
}

// weights returns the parameters weight and bias of a convolution.
func (l *lowering) weights(op *coreml.Op) (w, bias weight, err error) {
	if w, err = l.weight(op, "weight"); err != nil {
		return w, bias, err
	}
	bias, err = l.weight(op, "bias")
	return w, bias, err
}

func lowerConv(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	weight, bias, err := l.weights(op)
	if err != nil {
		return err
	}
	w, err := op.ConvWindow(x.dims, weight.shape)
	if err != nil {
		return err
	}
	if len(x.dims) == 5 {
		return l.volumeConv(op, x, weight, bias, w)
	}
	on, finish := l.shaped(op, flat(op.Output().Type.Shape))
	if x, err = l.flatPicture(x); err != nil {
		return err
	}
	if err := l.conv(on, x, weight, bias, flatWindow(w)); err != nil {
		return err
	}
	return finish()
}

// conv appends a convolution of a picture.
func (l *lowering) conv(op *coreml.Op, x *value, weight, bias weight, w coreml.Window) error {
	c := newConv(op.Int("groups", 1), weight.shape[0], x.shape[1], weight.data)
	c.kernel, c.stride, c.dilation, c.before = pair(w.Kernel), pair(w.Strides), pair(w.Dilations), pair(w.Before)
	n, err := l.node(op, c, weight.inputs(x), l.bias(op, bias)...)
	if err == nil {
		l.count(n, len(weight.data))
	}
	return err
}

// count adds a convolution's work: every weight meets every output pixel.
func (l *lowering) count(n *node, weights int) {
	l.plan.MultiplyAdds += int64(weights) * int64(n.out.shape[0]*n.out.shape[2]*n.out.shape[3])
}

func pair(v []int) [2]int { return [2]int{v[0], v[1]} }

// lowerConvTranspose makes a convolution with one output channel for each
// place in a block of stride x stride outputs, and shuffles them into place.
// Output o takes tap k of input i where o + before = i*stride + k*dilation. For
// outputs o = y*stride + phase, i - y depends on k and phase alone: it is the
// place of the tap in the convolution's own kernel.
func lowerConvTranspose(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	weight, bias, err := l.weights(op)
	if err != nil {
		return err
	}
	w, err := op.TransposeWindow(x.dims, weight.shape)
	if err != nil {
		return err
	}
	if len(x.dims) == 5 {
		return fmt.Errorf("x is %s; it runs on [N, C, W] and [N, C, H, W]", x)
	}
	if x, err = l.flatPicture(x); err != nil {
		return err
	}
	w = flatWindow(w)
	op, finish := l.shaped(op, flat(op.Output().Type.Shape))
	groups := op.Int("groups", 1)
	cin, perGroup := weight.shape[0], weight.shape[1]
	cout := perGroup * groups

	var first, last [2]int
	var taps [2][][3]int // phase, tap, input relative to y
	for d := range 2 {
		taps[d], first[d], last[d] = phases(w.Kernel[d], w.Strides[d], w.Dilations[d], w.Before[d])
	}
	c := newConv(1, cout*w.Strides[0]*w.Strides[1], cin, nil)
	c.kernel = [2]int{last[0] - first[0] + 1, last[1] - first[1] + 1}
	c.stride, c.dilation = [2]int{1, 1}, [2]int{1, 1}
	c.before = [2]int{-first[0], -first[1]}
	c.weights = make([]float32, c.cout*cin*c.kernel[0]*c.kernel[1])
	for i := range cin {
		group := i / (cin / groups)
		for o := range perGroup {
			for _, ty := range taps[0] {
				for _, tx := range taps[1] {
					channel := ((group*perGroup+o)*w.Strides[0]+ty[0])*w.Strides[1] + tx[0]
					to := ((channel*cin+i)*c.kernel[0]+ty[2]-first[0])*c.kernel[1] + tx[2] - first[1]
					c.weights[to] = weight.data[((i*perGroup+o)*w.Kernel[0]+ty[1])*w.Kernel[1]+tx[1]]
				}
			}
		}
	}
	add := l.bias(op, bias)
	n, err := l.node(op, c, weight.inputs(x))
	if err != nil {
		return err
	}
	n.shuffle = pair(w.Strides)
	if n.area() == 1 {
		n.steps = add
	} else {
		n.after = add
	}
	l.plan.MultiplyAdds += int64(len(weight.data)) * int64(x.shape[0]*x.shape[2]*x.shape[3])
	return finish()
}

// phases lists, for one dimension of a transposed convolution, which tap of
// the kernel reaches which phase of a block, and from which input, counted
// from the block's own; and the first and last of these inputs.
func phases(kernel, stride, dilation, before int) (taps [][3]int, first, last int) {
	for phase := range stride {
		for k := range kernel {
			at := phase + before - k*dilation
			if at%stride != 0 {
				continue
			}
			input := at / stride
			if len(taps) == 0 {
				first, last = input, input
			}
			first, last = min(first, input), max(last, input)
			taps = append(taps, [3]int{phase, k, input})
		}
	}
	return taps, first, last
}

// lowerPixelShuffle is torch's PixelShuffle: the channel is the slowest index,
// then the row in the block, then the column. fuse moves it into the
// convolution before it where there is one.
func lowerPixelShuffle(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	if x, err = l.picture(x); err != nil {
		return err
	}
	r := op.Int("upscale_factor", 1)
	if r < 1 {
		return fmt.Errorf("upscale_factor is %d; it has to be at least 1", r)
	}
	_, err = l.node(op, &depthToSpace{factor: r}, []*value{x})
	return err
}
