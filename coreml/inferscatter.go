package coreml

import (
	"fmt"
	"slices"
)

const scatterModes = "mode:=update|add|sub|mul|div|max|min? validate_indices:=bool?"

// scatterOps are the operations that write some elements over those of
// another value, or pick them by several indices at once.
var scatterOps = map[string]signature{
	"scatter":            sig("data:any indices:index updates:any axis:=int? "+scatterModes, inferScatter),
	"scatter_along_axis": sig("data:any indices:index updates:any axis:=int? "+scatterModes, inferScatter),
	"scatter_nd":         sig("data:any indices:index updates:any "+scatterModes, inferScatter),
	"gather_nd":          sig("x:any indices:index batch_dims:=int? validate_indices:=bool?", inferGatherND),
	"slice_update": sig("x:any update:any begin:=ints end:=ints stride:=ints? begin_mask:=bools? end_mask:=bools? squeeze_mask:=bools?",
		inferSliceUpdate),
	"one_hot":   sig("indices:index one_hot_vector_size:=int axis:=int? on_value:=tensor? off_value:=tensor?", inferOneHot),
	"band_part": sig("x:any lower:=int? upper:=int?", inferBandPart),
}

func inferScatter(c *call) ([]Type, error) {
	data, indices, updates := c.typeOf("data"), c.typeOf("indices"), c.typeOf("updates")
	if data.DataType != updates.DataType {
		return nil, fmt.Errorf("data is %s and updates %s; both have to be of one type", data, updates)
	}
	if indices.Rank() < 1 {
		return nil, fmt.Errorf("indices is %s; it needs a dimension at least", indices)
	}
	var want []int
	if c.op.Type == "scatter_nd" {
		n := indices.Shape[indices.Rank()-1]
		if n > data.Rank() {
			return nil, fmt.Errorf("indices is %s, %d numbers an index; data is %s", indices, n, data)
		}
		want = slices.Concat(indices.Shape[:indices.Rank()-1], data.Shape[n:])
	} else {
		axis, err := c.axis("axis", 0, data.Rank())
		if err != nil {
			return nil, err
		}
		want = slices.Concat(data.Shape[:axis], indices.Shape, data.Shape[axis+1:])
		if c.op.Type == "scatter_along_axis" {
			want = indices.Shape
			for d, e := range indices.Shape {
				if indices.Rank() != data.Rank() || d != axis && e > data.Shape[d] {
					return nil, fmt.Errorf("indices is %s; it has to fit in data %s in every dimension but the axis %d", indices, data, axis)
				}
			}
		}
		if err := c.checkIndices(data.Shape[axis]); err != nil {
			return nil, err
		}
	}
	if !slices.Equal(want, updates.Shape) {
		return nil, fmt.Errorf("updates is %s; for data %s and indices %s it has to be %s", updates, data, indices, FormatShape(want))
	}
	return []Type{data}, nil
}

func inferGatherND(c *call) ([]Type, error) {
	x, indices := c.typeOf("x"), c.typeOf("indices")
	batch := c.op.Int("batch_dims", 0)
	last := indices.Rank() - 1
	if last < 0 || batch < 0 || batch > last || batch+indices.Shape[last] > x.Rank() || !slices.Equal(x.Shape[:batch], indices.Shape[:batch]) {
		return nil, fmt.Errorf("x is %s, indices %s and batch_dims %d; they have to agree in as many dimensions, and an index has to have at most as many numbers as x has dimensions after them", x, indices, batch)
	}
	return c.one(slices.Concat(indices.Shape[:last], x.Shape[batch+indices.Shape[last]:])...)
}

func inferSliceUpdate(c *call) ([]Type, error) {
	part, err := inferSlice(c)
	if err != nil {
		return nil, err
	}
	if update := c.typeOf("update"); !update.Equal(part[0]) {
		return nil, fmt.Errorf("update is %s; the slice of x %s is %s", update, c.typeOf("x"), part[0])
	}
	return same(c)
}

func inferOneHot(c *call) ([]Type, error) {
	indices := c.typeOf("indices")
	kind := Int32
	for _, name := range []string{"on_value", "off_value"} {
		if t := c.typeOf(name); c.op.Has(name) {
			if t.Elements() != 1 || name == "off_value" && c.op.Has("on_value") && t.DataType != kind {
				return nil, fmt.Errorf("%s is %s; it has to be one value of the type of the other", name, t)
			}
			kind = t.DataType
		}
	}
	axis, err := c.axis("axis", -1, indices.Rank()+1)
	if err != nil {
		return nil, err
	}
	return []Type{{kind, slices.Insert(slices.Clone(indices.Shape), axis, c.op.Int("one_hot_vector_size", 0))}}, nil
}

func inferBandPart(c *call) ([]Type, error) {
	if x := c.typeOf("x"); x.Rank() < 2 {
		return nil, fmt.Errorf("x is %s; it has to be of rank 2 or more", x)
	}
	return same(c)
}
