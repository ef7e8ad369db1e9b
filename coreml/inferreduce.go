package coreml

import "slices"

// reductionOps are the operations along axes.
var reductionOps = func() map[string]signature {
	ops := map[string]signature{
		"softmax":       sig("x:float axis:=int?", inferSoftmax),
		"reduce_argmax": sig("x:num axis:=int? keep_dims:=bool? output_dtype:=string?", inferArg),
		"reduce_argmin": sig("x:num axis:=int? keep_dims:=bool? output_dtype:=string?", inferArg),
	}
	for _, name := range []string{
		"mean", "max", "min", "sum", "prod", "l1_norm", "l2_norm", "log_sum", "log_sum_exp", "sum_square",
	} {
		ops["reduce_"+name] = sig("x:num axes:=ints? keep_dims:=bool?", inferReduce)
	}
	return ops
}()

func inferSoftmax(c *call) ([]Type, error) {
	if _, err := c.axis("axis", -1, c.typeOf("x").Rank()); err != nil {
		return nil, err
	}
	return same(c)
}

func inferReduce(c *call) ([]Type, error) {
	x := c.typeOf("x")
	axes, err := c.axes("axes", x.Rank())
	if err != nil {
		return nil, err
	}
	return c.one(reduced(x.Shape, axes, c.op.Bool("keep_dims", false))...)
}

func inferArg(c *call) ([]Type, error) {
	x := c.typeOf("x")
	axis, err := c.axis("axis", -1, x.Rank())
	if err != nil {
		return nil, err
	}
	kind, err := c.indexType("output_dtype")
	return []Type{{kind, reduced(x.Shape, []int{axis}, c.op.Bool("keep_dims", false))}}, err
}

// reduced is a shape without the axes, or with 1 in their places.
func reduced(shape, axes []int, keep bool) []int {
	out := []int{}
	for i, e := range shape {
		switch {
		case !slices.Contains(axes, i):
			out = append(out, e)
		case keep:
			out = append(out, 1)
		}
	}
	return out
}
