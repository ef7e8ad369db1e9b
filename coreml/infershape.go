package coreml

import (
	"fmt"
	"slices"
)

// shapeOps are the operations that arrange elements anew.
var shapeOps = map[string]signature{
	"reshape":         sig("x:any shape:=ints", inferReshape),
	"transpose":       sig("x:any perm:=ints", inferTranspose),
	"squeeze":         sig("x:any axes:=ints?", inferSqueeze),
	"expand_dims":     sig("x:any axes:=ints", inferExpandDims),
	"flatten2d":       sig("x:any axis:=int?", inferFlatten),
	"concat":          sig("values:many axis:=int interleave:=bool?", inferConcat),
	"stack":           sig("values:many axis:=int", inferStack),
	"split":           sig("x:any num_splits:=int? split_sizes:=ints? axis:=int", inferSplit),
	"tile":            sig("x:any reps:=ints", inferTile),
	"reverse":         sig("x:any axes:=ints?", inferReverse),
	"pad":             sig("x:num pad:=ints mode:=constant|reflect|replicate? constant_val:=number?", inferPad),
	"pixel_shuffle":   sig("x:num upscale_factor:=int", inferToSpace),
	"depth_to_space":  sig("x:num block_size:=int", inferToSpace),
	"pixel_unshuffle": sig("x:num downscale_factor:=int", inferToDepth),
	"space_to_depth":  sig("x:num block_size:=int", inferToDepth),
	"shape":           sig("x:any", func(c *call) ([]Type, error) { return []Type{{Int32, []int{c.typeOf("x").Rank()}}}, nil }),
	"fill":            sig("shape:=ints value:=tensor?", inferFill),
	"fill_like":       sig("ref_tensor:any value:=tensor?", inferFill),
	"crop":            sig("x:num crop_height:=ints crop_width:=ints", inferCrop),
}

func inferReshape(c *call) ([]Type, error) {
	x := c.typeOf("x")
	wanted := c.op.Ints("shape")
	if len(wanted) > maxRank {
		return nil, fmt.Errorf("shape has %d dimensions; at most %d are possible", len(wanted), maxRank)
	}
	shape := slices.Clone(wanted)
	open, known := -1, 1
	for i, e := range shape {
		switch {
		case e == 0 && len(shape) == x.Rank():
			shape[i] = x.Shape[i]
		case e == -1 && open < 0:
			open = i
			continue
		case e < 1:
			return nil, fmt.Errorf("shape is %v; each has to be positive, one may be -1, and 0 stands for the extent of x where ranks are equal", wanted)
		}
		if known > maxElements/shape[i] {
			return nil, fmt.Errorf("shape is %v, more than 2^40 elements", wanted)
		}
		known *= shape[i]
	}
	if open >= 0 {
		shape[open] = x.Elements() / known
	}
	if got := (Type{x.DataType, shape}); got.Elements() != x.Elements() {
		return nil, fmt.Errorf("x is %s with %d elements, which do not fill the shape %v", x, x.Elements(), wanted)
	}
	return c.one(shape...)
}

func inferTranspose(c *call) ([]Type, error) {
	x, perm := c.typeOf("x"), c.op.Ints("perm")
	axes, err := c.axes("perm", x.Rank())
	if err != nil {
		return nil, err
	}
	if len(axes) != x.Rank() {
		return nil, fmt.Errorf("perm is %v; x has %d dimensions", perm, x.Rank())
	}
	shape := make([]int, len(perm))
	for i, a := range perm {
		shape[i] = x.Shape[(a+x.Rank())%x.Rank()]
	}
	return c.one(shape...)
}

func inferSqueeze(c *call) ([]Type, error) {
	x := c.typeOf("x")
	axes, err := c.axes("axes", x.Rank())
	if err != nil {
		return nil, err
	}
	shape := []int{}
	for i, e := range x.Shape {
		if e != 1 || !slices.Contains(axes, i) {
			shape = append(shape, e)
		}
	}
	return c.one(shape...)
}

func inferExpandDims(c *call) ([]Type, error) {
	x := c.typeOf("x")
	rank := x.Rank() + c.typeOf("axes").Elements()
	if rank > maxRank {
		return nil, fmt.Errorf("it gives %d dimensions; at most %d are possible", rank, maxRank)
	}
	axes, err := c.axes("axes", rank)
	if err != nil {
		return nil, err
	}
	shape := slices.Clone(x.Shape)
	for _, a := range axes {
		shape = slices.Insert(shape, a, 1)
	}
	return c.one(shape...)
}

func inferFlatten(c *call) ([]Type, error) {
	x := c.typeOf("x")
	axis := c.op.Axis("axis", 1, x.Rank())
	if axis < 0 || axis > x.Rank() {
		return nil, fmt.Errorf("axis is %d; x has %d dimensions", c.op.Int("axis", 1), x.Rank())
	}
	front := Type{Shape: x.Shape[:axis]}
	back := Type{Shape: x.Shape[axis:]}
	return c.one(front.Elements(), back.Elements())
}

func inferConcat(c *call) ([]Type, error) {
	values := c.all("values")
	if !slices.ContainsFunc(values, func(v Type) bool { return v.Rank() > 0 }) {
		return inferStack(c) // single numbers become a list
	}
	first := values[0]
	axis, err := c.axis("axis", 0, first.Rank())
	if err != nil {
		return nil, err
	}
	shape := slices.Clone(first.Shape)
	shape[axis] = 0
	for i, v := range values {
		if v.DataType != first.DataType || v.Rank() != first.Rank() {
			return nil, fmt.Errorf("value %d is %s, value 0 is %s; type and rank have to be equal", i, v, first)
		}
		for d, e := range v.Shape {
			if e != first.Shape[d] && (d != axis || c.op.Bool("interleave", false)) {
				return nil, fmt.Errorf("value %d is %s, value 0 is %s; they differ in dimension %d", i, v, first, d)
			}
		}
		shape[axis] += v.Shape[axis]
	}
	return []Type{{first.DataType, shape}}, nil
}

func inferStack(c *call) ([]Type, error) {
	values := c.all("values")
	for i, v := range values {
		if !v.Equal(values[0]) {
			return nil, fmt.Errorf("value %d is %s, value 0 is %s; they have to be equal", i, v, values[0])
		}
	}
	axis, err := c.axis("axis", 0, values[0].Rank()+1)
	if err != nil {
		return nil, err
	}
	return []Type{{values[0].DataType, slices.Insert(slices.Clone(values[0].Shape), axis, len(values))}}, nil
}

func inferSplit(c *call) ([]Type, error) {
	x := c.typeOf("x")
	axis, err := c.axis("axis", 0, x.Rank())
	if err != nil {
		return nil, err
	}
	extent := x.Shape[axis]
	sizes := slices.Clone(c.op.Ints("split_sizes"))
	if len(sizes) == 0 {
		n := c.op.Int("num_splits", 0)
		if n < 1 || extent%n != 0 {
			return nil, fmt.Errorf("it splits the extent %d into %d; give num_splits that divides it, or split_sizes", extent, n)
		}
		sizes = slices.Repeat([]int{extent / n}, n)
	}
	var types []Type
	sum := 0
	for _, s := range sizes {
		shape := slices.Clone(x.Shape)
		shape[axis] = s
		sum += s
		types = append(types, Type{x.DataType, shape})
	}
	if sum != extent {
		return nil, fmt.Errorf("split_sizes is %v, which does not add up to the extent %d", sizes, extent)
	}
	return types, nil
}

func inferTile(c *call) ([]Type, error) {
	x, reps := c.typeOf("x"), c.op.Ints("reps")
	if len(reps) != x.Rank() {
		return nil, fmt.Errorf("reps is %v; x has %d dimensions", reps, x.Rank())
	}
	shape := slices.Clone(x.Shape)
	for i, r := range reps {
		if r < 1 {
			return nil, fmt.Errorf("reps is %v; each has to be at least 1", reps)
		}
		shape[i] *= r
	}
	return c.one(shape...)
}

func inferReverse(c *call) ([]Type, error) {
	if _, err := c.axes("axes", c.typeOf("x").Rank()); err != nil {
		return nil, err
	}
	return same(c)
}

func inferPad(c *call) ([]Type, error) {
	x := c.typeOf("x")
	before, after, err := c.op.Padding(x.Rank())
	if err != nil {
		return nil, err
	}
	mode := c.op.String("mode", "constant")
	shape := slices.Clone(x.Shape)
	for i := range shape {
		if mode == "reflect" && max(before[i], after[i]) >= x.Shape[i] {
			return nil, fmt.Errorf("dimension %d of x %s is reflected by %d and %d; at most %d is there to reflect", i, x, before[i], after[i], x.Shape[i]-1)
		}
		shape[i] += before[i] + after[i]
	}
	return c.one(shape...)
}

// block reads the factor of the operations between depth and space.
func (c *call) block() (int, []int, error) {
	x := c.typeOf("x").Shape
	factor := 0
	for _, name := range []string{"upscale_factor", "downscale_factor", "block_size"} {
		factor = c.op.Int(name, factor)
	}
	if len(x) != 4 || factor < 1 || factor > 1<<15 {
		return 0, nil, fmt.Errorf("x is %s and the factor %d; x has to be [N, C, H, W] and the factor positive", FormatShape(x), factor)
	}
	return factor, x, nil
}

func inferToSpace(c *call) ([]Type, error) {
	f, x, err := c.block()
	if err != nil {
		return nil, err
	}
	if x[1]%(f*f) != 0 {
		return nil, fmt.Errorf("x is %s; with the factor %d its channels have to be a multiple of %d", FormatShape(x), f, f*f)
	}
	return c.one(x[0], x[1]/(f*f), x[2]*f, x[3]*f)
}

func inferToDepth(c *call) ([]Type, error) {
	f, x, err := c.block()
	if err != nil {
		return nil, err
	}
	if x[2]%f != 0 || x[3]%f != 0 {
		return nil, fmt.Errorf("x is %s; its height and width have to be multiples of the factor %d", FormatShape(x), f)
	}
	return c.one(x[0], x[1]*f*f, x[2]/f, x[3]/f)
}

func inferFill(c *call) ([]Type, error) {
	kind := Float32
	if v := c.op.Const("value"); v != nil {
		kind = v.Type.DataType
		if v.Type.Elements() != 1 {
			return nil, fmt.Errorf("value is %s; it has to be one value", v.Type)
		}
	}
	shape := c.op.Ints("shape")
	if c.op.Has("ref_tensor") {
		shape = c.typeOf("ref_tensor").Shape
	}
	return []Type{{kind, slices.Clone(shape)}}, nil
}

func inferCrop(c *call) ([]Type, error) {
	x := c.typeOf("x")
	h, w := c.op.Ints("crop_height"), c.op.Ints("crop_width")
	if x.Rank() < 3 || len(h) != 2 || len(w) != 2 || slices.Min(append(h, w...)) < 0 {
		return nil, fmt.Errorf("it crops %s by %v and %v; x needs rank 3 or more and each crop two numbers of at least 0", x, h, w)
	}
	shape := slices.Clone(x.Shape)
	shape[len(shape)-2] -= h[0] + h[1]
	shape[len(shape)-1] -= w[0] + w[1]
	return c.one(shape...)
}
