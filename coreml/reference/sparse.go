package reference

import (
	"errors"
	"fmt"

	"weft/coreml"
)

// sparseToDense puts elements where the mask has ones, in order. Up to CoreML7
// the mask is packed.
func sparseToDense(c *call) error {
	if c.op.Has("shape") || c.in("mask") == nil || c.in("nonzero_data") == nil { // in attributes
		return decompress(c)
	}
	next := 0
	data := c.in("nonzero_data").Values
	return eachOne(c.in("mask"), len(data), func(_ []int, i int) {
		c.y().Values[i] = data[next]
		next++
	})
}

// sparseScale is scale * (data - offset) for the elements that a mask has, one
// pair for each block of the whole.
func sparseScale(c *call) error {
	mask, data, scale, offsets := c.in("data_mask"), c.in("nonzero_data"), c.in("scale"), c.in("offset")
	if mask == nil || data == nil || scale == nil {
		return errAttributes
	}
	copy(c.out[0].Values, mask.Values)
	next := 0
	return eachOne(mask, len(data.Values), func(at []int, _ int) {
		k := blockOf(at, mask.shape(), scale.shape())
		c.out[1].Values[next] = float32(float64(scale.Values[k]) * (float64(data.Values[next]) - offsets.at(k, 0)))
		next++
	})
}

// sparseLut looks up the elements that a mask has, in the table of their
// block.
func sparseLut(c *call) error {
	mask, data, lut := c.in("indices_mask"), c.in("indices_nonzero_data"), c.in("lut")
	if mask == nil || data == nil || lut == nil {
		return errAttributes
	}
	copy(c.out[0].Values, mask.Values)
	rank := mask.Type.Rank()
	entries := lut.shape()[rank]
	for _, v := range data.Values {
		if _, err := index(v, entries); err != nil || v < 0 {
			return fmt.Errorf("its index %v is not in a table of %d", v, entries)
		}
	}
	next := 0
	return eachOne(mask, len(data.Values), func(at []int, _ int) {
		k := blockOf(at, mask.shape(), lut.shape()[:rank])
		c.out[1].Values[next] = lut.Values[k*entries+int(data.Values[next])]
		next++
	})
}

// errAttributes is for data where only older operations keep it.
var errAttributes = errors.New("its data is in attributes; this operation takes it from inputs")

// eachOne calls visit for each one in a mask, which has to have n.
func eachOne(mask *Array, n int, visit func(at []int, i int)) error {
	ones := 0
	for _, v := range mask.Values {
		ones += int(v)
	}
	if ones != n {
		return fmt.Errorf("its mask has %d ones for %d elements", ones, n)
	}
	each(mask.shape(), func(at []int, i int) {
		if mask.Values[i] != 0 {
			visit(at, i)
		}
	})
	return nil
}

// blockOf is the index of the block that coordinates are in.
func blockOf(at, shape, blocks []int) int {
	k := 0
	for a := range at {
		k = k*blocks[a] + at[a]/(shape[a]/blocks[a])
	}
	return k
}

func decompress(c *call) error {
	values, err := coreml.Decompress(c.op)
	copy(c.y().Values, values)
	return err
}
