package coreml

import (
	"fmt"
	"math/bits"
	"slices"
)

// constexprOps are the operations that hold compressed weights. Those of
// opsets up to CoreML7 keep their data in attributes.
var constexprOps = map[string]signature{
	"constexpr_affine_dequantize":     sig("quantized_data:=tensor zero_point:=tensor scale:=tensor axis:=int", inferAffine),
	"constexpr_cast":                  sig("source_val:=tensor output_dtype:=string", inferConstexprCast),
	"constexpr_lut_to_dense":          sig("indices:=tensor lut:=tensor shape:=ints? vector_axis:=int?", inferLut),
	"constexpr_sparse_to_dense":       sig("nonzero_data:any mask:any shape:=ints?", inferSparse),
	"constexpr_blockwise_shift_scale": sig("data:=tensor scale:=tensor offset:=tensor?", inferBlockwise),
	// Weights compressed twice: what sparse_to_dense then puts into place.
	"constexpr_sparse_blockwise_shift_scale": sig("data_mask:=tensor nonzero_data:=tensor scale:=tensor offset:=tensor?", inferSparseBlockwise),
	"constexpr_lut_to_sparse":                sig("indices_mask:=tensor indices_nonzero_data:=tensor lut:=tensor vector_axis:=int?", inferSparseLut),
}

func inferAffine(c *call) ([]Type, error) {
	data, scale := c.typeOf("quantized_data"), c.typeOf("scale")
	axis, err := c.axis("axis", 0, data.Rank())
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"scale", "zero_point"} {
		if t := c.typeOf(name); t.Rank() > 1 || t.Rank() == 1 && t.Shape[0] != data.Shape[axis] {
			return nil, fmt.Errorf("%s is %s; it has to be one number or one for each of the %d along axis %d", name, t, data.Shape[axis], axis)
		}
	}
	if !data.DataType.IsInt() || !scale.DataType.IsFloat() {
		return nil, fmt.Errorf("quantized_data is %s and scale %s; they have to be integers and floating-point numbers", data, scale)
	}
	return []Type{{scale.DataType, data.Shape}}, nil
}

func inferConstexprCast(c *call) ([]Type, error) {
	kind, ok := ParseDataType(c.op.String("output_dtype", ""))
	if !ok || !kind.IsFloat() {
		return nil, fmt.Errorf("output_dtype is %q; it has to be a floating-point type", c.op.String("output_dtype", ""))
	}
	return []Type{{kind, c.typeOf("source_val").Shape}}, nil
}

func inferLut(c *call) ([]Type, error) {
	indices, lut := c.typeOf("indices"), c.typeOf("lut")
	if c.op.Has("shape") { // up to CoreML7: packed indices
		shape := c.op.Ints("shape")
		if err := checkExtents(shape); err != nil {
			return nil, err
		}
		entries := lut.Elements()
		n := (Type{Shape: shape}).Elements()
		if lut.Rank() != 1 || entries < 2 || entries > 256 || entries&(entries-1) != 0 {
			return nil, fmt.Errorf("lut is %s; it has to be a list of 2, 4, 16, 64 or 256", lut)
		}
		if want := (n*(bits.Len(uint(entries))-1) + 7) / 8; n < 0 || indices.DataType != UInt8 || indices.Elements() != want {
			return nil, fmt.Errorf("indices is %s; for the shape %s and %d entries it has to be %d bytes", indices, FormatShape(shape), entries, want)
		}
		return []Type{{lut.DataType, shape}}, nil
	}
	rank := indices.Rank()
	if rank < 1 || lut.Rank() != rank+2 || lut.Shape[rank] != 1<<min(indices.DataType.Bits(), 8) {
		return nil, fmt.Errorf("indices is %s and lut %s; lut has to have two dimensions more, the second last one entry for each index", indices, lut)
	}
	for i, e := range lut.Shape[:rank] {
		if e < 1 || indices.Shape[i]%e != 0 {
			return nil, fmt.Errorf("indices is %s and lut %s; the extents of lut have to divide those of indices", indices, lut)
		}
	}
	shape := slices.Clone(indices.Shape)
	if v := lut.Shape[rank+1]; v != 1 {
		axis, err := c.axis("vector_axis", rank, rank) // required: the default is out of range
		if err != nil {
			return nil, err
		}
		shape[axis] *= v
	}
	return []Type{{lut.DataType, shape}}, nil
}

func inferSparse(c *call) ([]Type, error) {
	data, mask := c.typeOf("nonzero_data"), c.typeOf("mask")
	shape := mask.Shape
	if c.op.Has("shape") {
		shape = c.op.Ints("shape")
		if err := checkExtents(shape); err != nil {
			return nil, err
		}
		if n := (Type{Shape: shape}).Elements(); n < 0 || mask.DataType != UInt8 || mask.Elements() != (n+7)/8 {
			return nil, fmt.Errorf("mask is %s; for the shape %s it has to be one bit an element", mask, FormatShape(shape))
		}
	} else if mask.DataType != UInt1 {
		return nil, fmt.Errorf("mask is %s; it has to be uint1", mask)
	}
	if data.Rank() != 1 {
		return nil, fmt.Errorf("nonzero_data is %s; it has to be a list", data)
	}
	return []Type{{data.DataType, slices.Clone(shape)}}, nil
}

func inferBlockwise(c *call) ([]Type, error) {
	data, scale := c.typeOf("data"), c.typeOf("scale")
	if data.Rank() != scale.Rank() || c.op.Has("offset") && !slices.Equal(c.typeOf("offset").Shape, scale.Shape) {
		return nil, fmt.Errorf("data is %s, scale %s and offset %s; ranks have to be equal, and offset of scale's shape", data, scale, c.typeOf("offset"))
	}
	for i, e := range scale.Shape {
		if e < 1 || data.Shape[i]%e != 0 {
			return nil, fmt.Errorf("data is %s and scale %s; the extents of scale have to divide those of data", data, scale)
		}
	}
	if !scale.DataType.IsFloat() {
		return nil, fmt.Errorf("scale is %s; it has to be floating-point", scale)
	}
	return []Type{{scale.DataType, data.Shape}}, nil
}

// inferSparseBlockwise gives the mask again, and the elements that it has.
func inferSparseBlockwise(c *call) ([]Type, error) {
	mask, data, scale := c.typeOf("data_mask"), c.typeOf("nonzero_data"), c.typeOf("scale")
	if err := c.checkSparse(mask, data); err != nil {
		return nil, err
	}
	if mask.Rank() != scale.Rank() || !scale.DataType.IsFloat() || c.op.Has("offset") && !slices.Equal(c.typeOf("offset").Shape, scale.Shape) {
		return nil, fmt.Errorf("data_mask is %s, scale %s and offset %s; ranks have to be equal, scale floating-point, and offset of its shape", mask, scale, c.typeOf("offset"))
	}
	return []Type{mask, {scale.DataType, data.Shape}}, dividing(mask.Shape, scale.Shape)
}

func inferSparseLut(c *call) ([]Type, error) {
	mask, data, lut := c.typeOf("indices_mask"), c.typeOf("indices_nonzero_data"), c.typeOf("lut")
	if err := c.checkSparse(mask, data); err != nil {
		return nil, err
	}
	rank := mask.Rank()
	if lut.Rank() != rank+2 || lut.Shape[rank] != 1<<min(data.DataType.Bits(), 8) || lut.Shape[rank+1] != 1 {
		return nil, fmt.Errorf("indices_mask is %s, indices_nonzero_data %s and lut %s; lut has to have two dimensions more than the mask, one entry for each index, and 1", mask, data, lut)
	}
	return []Type{mask, {lut.DataType, data.Shape}}, dividing(mask.Shape, lut.Shape[:rank])
}

func (c *call) checkSparse(mask, data Type) error {
	if mask.DataType != UInt1 || data.Rank() != 1 || !data.DataType.IsInt() || data.Elements() > mask.Elements() {
		return fmt.Errorf("the mask is %s and the data %s; they have to be uint1, and a list of as many integers as it has ones", mask, data)
	}
	return nil
}

// dividing checks that blocks divide a shape of the same rank.
func dividing(shape, blocks []int) error {
	for i, e := range blocks {
		if e < 1 || shape[i]%e != 0 {
			return fmt.Errorf("%s in blocks of which there are %s: each has to divide", FormatShape(shape), FormatShape(blocks))
		}
	}
	return nil
}
