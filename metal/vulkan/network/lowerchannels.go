package network

import (
	"slices"

	"weft/coreml"
)

var channelLowerers = map[string]func(*lowering, *coreml.Op) error{
	"concat": lowerConcat, "split": lowerSplit,
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
	axis := op.Axis("axis", 0, op.Output().Type.Rank())
	var in []*value
	pictures := axis == 1 && !op.Bool("interleave", false)
	some := false
	for _, a := range op.Inputs["values"] {
		v, err := l.argument(a)
		if err != nil {
			return err
		}
		some = some || l.pictured(v)
		pictures = pictures && v.constant == nil && len(v.dims) == 4 && !v.whole()
		in = append(in, v)
	}
	if !pictures || !some || len(in) > maxSources && !whole(in) {
		return l.result(op, 0, l.join(op, in, axis, op.Bool("interleave", false)))
	}
	g := &gather{}
	for i, v := range in {
		var err error
		if in[i], err = l.picture(v); err != nil {
			return err
		}
		for c := range v.shape[1] {
			g.from = append(g.from, source{i, c})
		}
	}
	_, err := l.node(op, g, in)
	return err
}

func lowerSplit(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	axis := op.Axis("axis", 0, len(x.dims))
	first := 0
	for i, v := range op.Outputs {
		if axis != 1 || !l.pictured(x) {
			begin := make([]int, len(x.dims))
			begin[axis] = first
			part := l.list(x).sliced(begin, slices.Repeat([]int{1}, len(begin)), v.Type.Shape)
			if err := l.result(op, i, part); err != nil {
				return err
			}
			first += v.Type.Shape[axis]
			continue
		}
		part := *op
		part.Outputs = []coreml.Variable{v}
		g := &gather{}
		for c := range v.Type.Shape[1] {
			g.from = append(g.from, source{0, first + c})
		}
		first += v.Type.Shape[1]
		if _, err := l.node(&part, g, []*value{x}); err != nil {
			return err
		}
	}
	return nil
}
