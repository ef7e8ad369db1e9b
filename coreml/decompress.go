package coreml

import (
	"fmt"
	"math/bits"
)

// Decompress returns the elements of the weights that a constexpr operation
// holds, row-major. Its inputs have to be constants: data compressed twice,
// the output of one constexpr operation into another, is refused.
func Decompress(o *Op) ([]float32, error) {
	types, err := o.Infer(func(string) (Type, bool) { return Type{}, false })
	if err != nil {
		return nil, err
	}
	d := decompressor{op: o, out: types[0]}
	switch o.Type {
	case "constexpr_affine_dequantize":
		d.affine()
	case "constexpr_cast":
		d.values = d.floats("source_val")
	case "constexpr_lut_to_dense":
		d.lookUp()
	case "constexpr_sparse_to_dense":
		d.sparse()
	case "constexpr_blockwise_shift_scale":
		d.blockwise()
	default:
		return nil, fmt.Errorf("%s holds no compressed weights", o.Type)
	}
	return d.values, d.err
}

// decompressor fills values; its first error sticks.
type decompressor struct {
	op     *Op
	out    Type
	values []float32
	err    error
}

func (d *decompressor) floats(param string) []float32 {
	v, err := d.op.Const(param).Float32s()
	if err != nil && d.err == nil {
		d.err = fmt.Errorf("its parameter %s: %w", param, err)
	}
	return v
}

func (d *decompressor) ints(param string) []int {
	v, err := d.op.Const(param).Ints()
	if err != nil && d.err == nil {
		d.err = fmt.Errorf("its parameter %s: %w", param, err)
	}
	return v
}

// affine is scale * (quantized - zero point), one pair for each index along
// an axis, or one for all.
func (d *decompressor) affine() {
	data, scale, zero := d.floats("quantized_data"), d.floats("scale"), d.floats("zero_point")
	if d.err != nil {
		return
	}
	shape := d.out.Shape
	axis := d.op.Axis("axis", 0, len(shape))
	inner := Type{Shape: shape[axis+1:]}.Elements()
	one := func(v []float32, i int) float32 {
		if len(v) == 1 {
			return v[0]
		}
		return v[i]
	}
	d.values = make([]float32, len(data))
	for i, q := range data {
		k := i / inner % shape[axis]
		d.values[i] = one(scale, k) * (q - one(zero, k))
	}
}

// lookUp takes each element from a table. Up to CoreML7 there is one table and
// the indices are packed; later every block of the tensor has its own, whose
// entries may be vectors along an axis.
func (d *decompressor) lookUp() {
	lut := d.floats("lut")
	indices := d.op.Const("indices")
	if err := indices.usable(); err != nil && d.err == nil {
		d.err = fmt.Errorf("its parameter indices: %w", err)
	}
	if d.err != nil {
		return
	}
	d.values = make([]float32, d.out.Elements())
	if d.op.Has("shape") {
		n := bits.Len(uint(len(lut))) - 1
		for i := range d.values {
			d.values[i] = lut[bitsAt(indices.Data, i, n)]
		}
		return
	}
	t := d.op.Const("lut").Type.Shape
	rank := len(t) - 2
	entries, vector := t[rank], t[rank+1]
	axis := d.op.Axis("vector_axis", 0, rank)
	picks := d.ints("indices")
	for _, p := range picks {
		if p < 0 || p >= entries {
			d.err = fmt.Errorf("its index %d is not in a table of %d", p, entries)
			return
		}
	}
	shape := indices.Type.Shape
	at := make([]int, rank)
	for i := range d.values {
		place := i
		for a := rank - 1; a >= 0; a-- {
			at[a] = place % d.out.Shape[a]
			place /= d.out.Shape[a]
		}
		part := 0
		if vector > 1 {
			part = at[axis] % vector
			at[axis] /= vector
		}
		index, table := 0, 0
		for a := range rank {
			index = index*shape[a] + at[a]
			table = table*t[a] + at[a]/(shape[a]/t[a])
		}
		d.values[i] = lut[(table*entries+picks[index])*vector+part]
	}
}

// sparse puts the elements where the mask has ones.
func (d *decompressor) sparse() {
	data := d.floats("nonzero_data")
	mask := d.op.Const("mask")
	if err := mask.usable(); err != nil && d.err == nil {
		d.err = fmt.Errorf("its parameter mask: %w", err)
	}
	if d.err != nil {
		return
	}
	d.values = make([]float32, d.out.Elements())
	next := 0
	for i := range d.values {
		if bitsAt(mask.Data, i, 1) == 0 {
			continue
		}
		if next == len(data) {
			d.err = fmt.Errorf("its mask has more ones than the %d elements", len(data))
			return
		}
		d.values[i] = data[next]
		next++
	}
	if next != len(data) {
		d.err = fmt.Errorf("its mask has %d ones for %d elements", next, len(data))
	}
}

// blockwise is scale * (data - offset), one pair for each block.
func (d *decompressor) blockwise() {
	data, scale := d.floats("data"), d.floats("scale")
	var offset []float32
	if d.op.Has("offset") {
		offset = d.floats("offset")
	}
	if d.err != nil {
		return
	}
	shape, blocks := d.out.Shape, d.op.Const("scale").Type.Shape
	d.values = make([]float32, len(data))
	at := make([]int, len(shape))
	for i, q := range data {
		place := i
		for a := len(shape) - 1; a >= 0; a-- {
			at[a] = place % shape[a]
			place /= shape[a]
		}
		k := 0
		for a := range shape {
			k = k*blocks[a] + at[a]/(shape[a]/blocks[a])
		}
		if offset != nil {
			q -= offset[k]
		}
		d.values[i] = scale[k] * q
	}
}
