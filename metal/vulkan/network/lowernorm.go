package network

import "weft/coreml"

var normLowerers = map[string]func(*lowering, *coreml.Op) error{
	"softmax": lowerSoftmax, "layer_norm": lowerLayerNorm, "instance_norm": lowerInstanceNorm, "l2_norm": lowerL2Norm,
}

// softmaxOf divides exp(x) by its sum along an axis. The largest is taken off
// first, so that nothing overflows.
func (l *lowering) softmaxOf(name string, x *value, axis int) (exps *value, divide step) {
	largest := l.foldAxes(name, "largest", x, []int{axis})
	exps = l.stepped(name, x, step{op: "sub", other: largest}, step{op: "exp"})
	sum := l.foldAxes(name, "sum", exps, []int{axis}, step{op: "inverse"})
	return exps, step{op: "mul", other: sum}
}

func lowerSoftmax(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	exps, divide := l.softmaxOf(op.Name, x, op.Axis("axis", -1, len(x.dims)))
	return l.mapped(op, []*value{exps}, divide)
}

// centered takes the mean along axes off x, and finds what to multiply by for
// a variance of 1.
func (l *lowering) centered(op *coreml.Op, x *value, axes []int) (v *value, scale step) {
	count := 1
	for _, a := range axes {
		count *= x.dims[a]
	}
	share := step{op: "mul", other: l.list(channels("count", []float32{1 / float32(count)}))}
	mean := l.foldAxes(op.Name, "sum", x, axes, share)
	v = l.stepped(op.Name, x, step{op: "sub", other: mean})
	deviation := l.foldAxes(op.Name, "squares", v, axes, share, step{op: "rsqrt", a: op.Float("epsilon", 1e-5)})
	return v, step{op: "mul", other: deviation}
}

func lowerLayerNorm(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	axes := op.Axes("axes", len(x.dims))
	v, scale := l.centered(op, x, axes)
	steps := []step{scale}
	for _, param := range []string{"gamma", "beta"} {
		if !op.Has(param) {
			continue
		}
		p, err := l.listOperand(op, param)
		if err != nil {
			return err
		}
		dims := make([]int, len(x.dims))
		for d := range dims {
			dims[d] = 1
		}
		for _, a := range axes {
			dims[a] = x.dims[a]
		}
		s := step{op: "mul", other: l.reshape(p, dims)}
		if param == "beta" {
			s.op = "add"
		}
		steps = append(steps, s)
	}
	return l.mapped(op, []*value{v}, steps...)
}

// lowerInstanceNorm is over all but the first two dimensions.
func lowerInstanceNorm(l *lowering, op *coreml.Op) error {
	x, lists, err := l.perChannel(op, "gamma", "beta")
	if err != nil {
		return err
	}
	x = l.list(x)
	var axes []int
	for d := 2; d < len(x.dims); d++ {
		axes = append(axes, d)
	}
	v, scale := l.centered(op, x, axes)
	steps := []step{scale}
	for i, s := range []string{"mul", "add"} {
		if lists[i] != nil {
			steps = append(steps, l.channelStep(x, op.Name, s, lists[i]))
		}
	}
	return l.mapped(op, []*value{v}, steps...)
}

// lowerL2Norm divides by the length over the last three dimensions.
func lowerL2Norm(l *lowering, op *coreml.Op) error {
	x, err := l.listOperand(op, "x")
	if err != nil {
		return err
	}
	n := len(x.dims)
	length := l.foldAxes(op.Name, "squares", x, []int{n - 3, n - 2, n - 1}, step{op: "rsqrt", a: op.Float("epsilon", 1e-6)})
	return l.mapped(op, []*value{x}, step{op: "mul", other: length})
}
