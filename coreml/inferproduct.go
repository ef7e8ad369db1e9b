package coreml

import (
	"fmt"
	"slices"
)

// productOps are matrix products and normalizations.
var productOps = map[string]signature{
	"linear":                       sig("x:num weight:num bias:num?", inferLinear),
	"matmul":                       sig("x:num y:num transpose_x:=bool? transpose_y:=bool?", inferMatmul),
	"einsum":                       sig("values:many equation:=string", inferEinsum),
	"batch_norm":                   sig("x:float mean:=tensor variance:=tensor gamma:=tensor? beta:=tensor? epsilon:=number?", inferBatchNorm),
	"instance_norm":                sig("x:float gamma:=tensor? beta:=tensor? epsilon:=number?", inferBatchNorm),
	"layer_norm":                   sig("x:float axes:=ints? gamma:=tensor? beta:=tensor? epsilon:=number?", inferLayerNorm),
	"l2_norm":                      sig("x:float epsilon:=number?", inferL2Norm),
	"scaled_dot_product_attention": sig("query:float key:float value:float attn_mask:any?", inferAttention),
}

func inferLinear(c *call) ([]Type, error) {
	x, w := c.typeOf("x"), c.typeOf("weight")
	if x.Rank() < 1 || w.Rank() != 2 || x.Shape[x.Rank()-1] != w.Shape[1] {
		return nil, fmt.Errorf("x is %s and weight %s; they have to be [..., C_in] and [C_out, C_in]", x, w)
	}
	if err := c.checkChannels("bias", w.Shape[0]); err != nil {
		return nil, err
	}
	shape := slices.Clone(x.Shape)
	shape[len(shape)-1] = w.Shape[0]
	return c.one(shape...)
}

func inferMatmul(c *call) ([]Type, error) {
	x, y := c.typeOf("x"), c.typeOf("y")
	if x.DataType != y.DataType {
		return nil, fmt.Errorf("x is %s and y is %s; both have to be of one type", x, y)
	}
	a, b := slices.Clone(x.Shape), slices.Clone(y.Shape)
	if len(a) < 1 || len(b) < 2 || len(a) == 1 && c.op.Bool("transpose_x", false) {
		return nil, fmt.Errorf("x is %s and y is %s; both have to be matrices, or x a vector that is not transposed", x, y)
	}
	vector := len(a) == 1
	if vector {
		a = append([]int{1}, a...)
	}
	swap := func(s []int) { s[len(s)-1], s[len(s)-2] = s[len(s)-2], s[len(s)-1] }
	if c.op.Bool("transpose_x", false) {
		swap(a)
	}
	if c.op.Bool("transpose_y", false) {
		swap(b)
	}
	if a[len(a)-1] != b[len(b)-2] {
		return nil, fmt.Errorf("x is %s and y is %s: %d columns against %d rows", x, y, a[len(a)-1], b[len(b)-2])
	}
	shape, err := Broadcast(a[:len(a)-2], b[:len(b)-2])
	if err != nil {
		return nil, err
	}
	if !vector {
		shape = append(shape, a[len(a)-2])
	}
	return c.one(append(shape, b[len(b)-1])...)
}

// inferEinsum knows the two equations that Core ML does.
func inferEinsum(c *call) ([]Type, error) {
	v := c.all("values")
	equation := c.op.String("equation", "")
	if len(v) != 2 || v[0].DataType != v[1].DataType || v[0].Rank() != v[1].Rank() {
		return nil, fmt.Errorf("it takes two values of one type and rank, not %v", v)
	}
	rank := v[0].Rank()
	if !(rank == 4 && sameEquation(equation, "nchw,nwhu->nchu") || rank == 3 && sameEquation(equation, "chw,whr->chr")) {
		return nil, fmt.Errorf("the equation %q for rank %d is not supported; supported are nchw,nwhu->nchu and chw,whr->chr", equation, rank)
	}
	x, y := v[0].Shape[rank-3:], v[1].Shape[rank-3:]
	if x[2] != y[0] || x[1] != y[1] {
		return nil, fmt.Errorf("the values are %s and %s; %q does not fit them", v[0], v[1], equation)
	}
	shape, err := Broadcast(v[0].Shape[:rank-3], v[1].Shape[:rank-3])
	return []Type{{v[0].DataType, append(shape, x[0], x[1], y[2])}}, err
}

// sameEquation reports whether two equations differ only in their letters.
func sameEquation(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	forth, back := map[byte]byte{}, map[byte]byte{}
	for i := range len(a) {
		x, y := a[i], b[i]
		if f, ok := forth[x]; ok && f != y {
			return false
		}
		if f, ok := back[y]; ok && f != x {
			return false
		}
		forth[x], back[y] = y, x
	}
	return true
}

// inferBatchNorm is for normalizations with one number a channel.
func inferBatchNorm(c *call) ([]Type, error) {
	x := c.typeOf("x")
	if x.Rank() < 3 || x.Rank() > 5 {
		return nil, fmt.Errorf("x is %s; it has to be [N, C, ...] of rank 3 to 5", x)
	}
	for _, name := range []string{"mean", "variance", "gamma", "beta"} {
		if err := c.checkChannels(name, x.Shape[1]); err != nil {
			return nil, err
		}
	}
	return same(c)
}

func inferLayerNorm(c *call) ([]Type, error) {
	x := c.typeOf("x")
	axes, err := c.axes("axes", x.Rank())
	if err != nil {
		return nil, err
	}
	var shape []int
	for _, a := range axes {
		shape = append(shape, x.Shape[a])
	}
	for _, name := range []string{"gamma", "beta"} {
		if c.op.Has(name) && !slices.Equal(c.typeOf(name).Shape, shape) {
			return nil, fmt.Errorf("%s is %s; for x %s and the axes %v it has to be %s", name, c.typeOf(name), x, axes, FormatShape(shape))
		}
	}
	return same(c)
}

func inferL2Norm(c *call) ([]Type, error) {
	if x := c.typeOf("x"); x.Rank() < 3 {
		return nil, fmt.Errorf("x is %s; it has to be of rank 3 or more", x)
	}
	return same(c)
}

func inferAttention(c *call) ([]Type, error) {
	q, k, v := c.typeOf("query"), c.typeOf("key"), c.typeOf("value")
	if q.Rank() < 3 || k.Rank() != q.Rank() || v.Rank() != q.Rank() || k.DataType != q.DataType || v.DataType != q.DataType {
		return nil, fmt.Errorf("query, key and value are %s, %s and %s; they have to be of one type and one rank of 3 or more", q, k, v)
	}
	n := q.Rank()
	if q.Shape[n-1] != k.Shape[n-1] || k.Shape[n-2] != v.Shape[n-2] {
		return nil, fmt.Errorf("query, key and value are %s, %s and %s; they have to be [..., L, E], [..., S, E] and [..., S, V]", q, k, v)
	}
	shape, err := Broadcast(q.Shape[:n-2], k.Shape[:n-2])
	if err == nil {
		shape, err = Broadcast(shape, v.Shape[:n-2])
	}
	if err != nil {
		return nil, err
	}
	if c.op.Has("attn_mask") {
		scores := append(slices.Clone(shape), q.Shape[n-2], k.Shape[n-2])
		mask := c.typeOf("attn_mask")
		got, err := Broadcast(mask.Shape, scores)
		if err != nil || !slices.Equal(got, scores) || mask.DataType != Bool && mask.DataType != q.DataType {
			return nil, fmt.Errorf("attn_mask is %s; it has to broadcast to %s, and be bool or %s", mask, FormatShape(scores), q.DataType)
		}
	}
	return []Type{{q.DataType, append(shape, q.Shape[n-2], v.Shape[n-1])}}, nil
}
