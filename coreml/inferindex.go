package coreml

import (
	"fmt"
	"math"
	"slices"
)

// indexOps are the operations that pick elements.
var indexOps = map[string]signature{
	"slice_by_index":    sig("x:any begin:=ints end:=ints stride:=ints? begin_mask:=bools? end_mask:=bools? squeeze_mask:=bools?", inferSlice),
	"slice_by_size":     sig("x:any begin:=ints size:=ints", inferSlice),
	"gather":            sig("x:any indices:index axis:=int? batch_dims:=int? validate_indices:=bool?", inferGather),
	"gather_along_axis": sig("x:any indices:index axis:=int? validate_indices:=bool?", inferGatherAlong),
	"topk": sig("x:num k:=int? axis:=int? ascending:=bool? sort:=bool? return_indices:=bool? output_indices_dtype:=string?",
		inferTopK),
	"argsort":  sig("x:num axis:=int? ascending:=bool?", inferArgsort),
	"cumsum":   sig("x:num axis:=int? exclusive:=bool? reverse:=bool?", inferCumsum),
	"range_1d": sig("start:=number end:=number step:=number", inferRange),
}

func inferSlice(c *call) ([]Type, error) {
	s, err := c.op.Slice(c.typeOf("x").Shape)
	if err != nil {
		return nil, err
	}
	shape := []int{}
	for i, n := range s.Size {
		if !s.Squeeze[i] {
			shape = append(shape, n)
		}
	}
	return c.one(shape...)
}

// checkIndices checks constant indices into a dimension.
func (c *call) checkIndices(extent int) error {
	t := c.op.Const("indices")
	if t == nil || t.Missing() {
		return nil
	}
	v, err := t.Ints()
	if err != nil {
		return err
	}
	for _, i := range v {
		if i < -extent || i >= extent {
			return fmt.Errorf("the index %d is outside; the extent is %d", i, extent)
		}
	}
	return nil
}

func inferGather(c *call) ([]Type, error) {
	x, indices := c.typeOf("x"), c.typeOf("indices")
	axis, err := c.axis("axis", 0, x.Rank())
	if err != nil {
		return nil, err
	}
	batch := c.op.Int("batch_dims", 0)
	if batch < 0 || batch > axis || batch > indices.Rank() || !slices.Equal(x.Shape[:batch], indices.Shape[:batch]) {
		return nil, fmt.Errorf("batch_dims is %d; x %s and indices %s have to agree in as many dimensions, before the axis %d", batch, x, indices, axis)
	}
	if err := c.checkIndices(x.Shape[axis]); err != nil {
		return nil, err
	}
	return c.one(slices.Concat(x.Shape[:axis], indices.Shape[batch:], x.Shape[axis+1:])...)
}

func inferGatherAlong(c *call) ([]Type, error) {
	x, indices := c.typeOf("x"), c.typeOf("indices")
	axis, err := c.axis("axis", 0, x.Rank())
	if err != nil {
		return nil, err
	}
	shape := slices.Clone(x.Shape)
	if indices.Rank() == x.Rank() {
		shape[axis] = indices.Shape[axis]
	}
	if !slices.Equal(shape, indices.Shape) {
		return nil, fmt.Errorf("indices is %s; it has to agree with x %s in every dimension but the axis %d", indices, x, axis)
	}
	if err := c.checkIndices(x.Shape[axis]); err != nil {
		return nil, err
	}
	return c.one(shape...)
}

func inferTopK(c *call) ([]Type, error) {
	x := c.typeOf("x")
	axis, err := c.axis("axis", -1, x.Rank())
	if err != nil {
		return nil, err
	}
	k := c.op.Int("k", 1)
	if k < 1 || k > x.Shape[axis] {
		return nil, fmt.Errorf("k is %d; the extent is %d", k, x.Shape[axis])
	}
	shape := slices.Clone(x.Shape)
	shape[axis] = k
	types := []Type{{x.DataType, shape}}
	if !c.op.Bool("return_indices", true) {
		return types, nil
	}
	kind, err := c.indexType("output_indices_dtype")
	return append(types, Type{kind, slices.Clone(shape)}), err
}

// indexType reads the parameter that names the type of indices given back.
func (c *call) indexType(param string) (DataType, error) {
	name := c.op.String(param, "int32")
	kind, ok := ParseDataType(name)
	if !ok || !kind.IsInt() || kind.Bits() < 8 {
		return 0, fmt.Errorf("%s is %q, which is no type of indices", param, name)
	}
	return kind, nil
}

func inferArgsort(c *call) ([]Type, error) {
	x := c.typeOf("x")
	_, err := c.axis("axis", -1, x.Rank())
	return []Type{{Int32, x.Shape}}, err
}

func inferCumsum(c *call) ([]Type, error) {
	if _, err := c.axis("axis", 0, c.typeOf("x").Rank()); err != nil {
		return nil, err
	}
	return same(c)
}

func inferRange(c *call) ([]Type, error) {
	start, end, step := c.op.Float("start", 0), c.op.Float("end", 0), c.op.Float("step", 0)
	n := math.Ceil(float64(end-start) / float64(step))
	if !(n >= 1 && n <= maxExtent) {
		return nil, fmt.Errorf("nothing is from %g to %g by steps of %g", start, end, step)
	}
	return []Type{{c.typeOf("start").DataType, []int{int(n)}}}, nil
}
