package network

import (
	"fmt"

	"weft/coreml"
)

var channelLowerers = map[string]func(*lowering, *coreml.Op) error{
	"concat": lowerConcat, "gather": lowerGather, "split": lowerSplit,
}

// sources is the list of channels of one input.
func sources(channels []int) []source {
	out := make([]source, len(channels))
	for i, c := range channels {
		out[i] = source{0, c}
	}
	return out
}

func lowerConcat(l *lowering, op *coreml.Op) error {
	rank := op.Output().Type.Rank()
	if axis := op.Axis("axis", 0, rank) + 4 - rank; axis != 1 || op.Bool("interleave", false) {
		return fmt.Errorf("it joins dimension %d of [N, C, H, W]; without interleave and along C it runs", axis)
	}
	g := &gather{}
	var in []*value
	for i, a := range op.Inputs["values"] {
		v, err := l.argument(a)
		if err != nil {
			return err
		}
		if v.constant != nil {
			return fmt.Errorf("its value %d is the constant %q; values that the network computes run", i, v.name)
		}
		for c := range v.shape[1] {
			g.from = append(g.from, source{i, c})
		}
		in = append(in, v)
	}
	if len(in) > maxSources && !joinable(in) {
		return fmt.Errorf("it joins %d values of odd channel counts; up to %d run, or any number of values of channels in fours", len(in), maxSources)
	}
	_, err := l.node(op, g, in)
	return err
}

func lowerGather(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	if name := op.Input("indices"); name != "" {
		return fmt.Errorf("its indices %q are computed by the network; constant ones run", name)
	}
	indices, err := op.Const("indices").Ints()
	if err != nil {
		return fmt.Errorf("its indices: %w", err)
	}
	rank := len(l.shapeOf(op.Input("x")))
	if op.Const("indices").Type.Rank() != 1 {
		return fmt.Errorf("its indices are %s; a list of them runs", op.Const("indices").Type)
	}
	axis := op.Axis("axis", 0, rank) + 4 - rank
	var from [4][]int
	for d := range 4 {
		for i := range x.shape[d] {
			from[d] = append(from[d], i)
		}
	}
	from[axis] = nil
	for _, i := range indices {
		if i < 0 {
			i += x.shape[axis]
		}
		from[axis] = append(from[axis], i)
	}
	return l.pick(op, x, from, 0)
}

func lowerSplit(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	rank := len(l.shapeOf(op.Input("x")))
	if axis := op.Axis("axis", 0, rank) + 4 - rank; axis != 1 {
		return fmt.Errorf("it splits dimension %d of [N, C, H, W]; along C it runs", axis)
	}
	first := 0
	for _, v := range op.Outputs {
		part := *op
		part.Outputs = []coreml.Variable{v}
		out := picture(v.Type.Shape)
		g := &gather{}
		for c := range out[1] {
			g.from = append(g.from, source{0, first + c})
		}
		first += out[1]
		if _, err := l.node(&part, g, []*value{x}); err != nil {
			return err
		}
	}
	return nil
}
