package reference

import (
	"fmt"
	"slices"

	"weft/coreml"
)

// indexFunctions are the operations that pick elements.
func indexFunctions() map[string]function {
	return map[string]function{
		"slice_by_index": slice, "slice_by_size": slice,
		"gather": gather, "gather_along_axis": gatherAlong,
		"topk": topK, "argsort": topK, "cumsum": cumsum,
		"range_1d": rangeOf,
	}
}

func slice(c *call) error {
	s, err := c.op.Slice(c.x().shape())
	if err != nil {
		return err
	}
	rearrange(c.x(), c.y(), func(at, from []int) { sliced(s, at, from) })
	return nil
}

// sliced gives the coordinates from of the element that is at the coordinates
// at of a slice.
func sliced(s coreml.Slice, at, from []int) {
	k := 0
	for i := range from {
		from[i] = s.Begin[i]
		if !s.Squeeze[i] {
			from[i] += at[k] * s.Stride[i]
			k++
		}
	}
}

// index turns a value into an index below extent; negative ones count from
// the end.
func index(v float32, extent int) (int, error) {
	i := int(v)
	if i < 0 {
		i += extent
	}
	if i < 0 || i >= extent {
		return 0, fmt.Errorf("the index %v is outside; the extent is %d", v, extent)
	}
	return i, nil
}

func gather(c *call) (err error) {
	x, indices := c.x(), c.in("indices")
	axis := c.op.Axis("axis", 0, x.Type.Rank())
	batch := c.op.Int("batch_dims", 0)
	inner := indices.Type.Rank() - batch
	s := strides(indices.shape())
	rearrange(x, c.y(), func(at, from []int) {
		// at is x's coordinates up to axis, those in indices, then the rest.
		copy(from, at[:axis])
		copy(from[axis+1:], at[axis+inner:])
		where := append(slices.Clone(at[:batch]), at[axis:axis+inner]...)
		i, e := index(indices.Values[offset(where, s)], x.shape()[axis])
		if e != nil {
			err = e
		}
		from[axis] = i
	})
	return err
}

func gatherAlong(c *call) (err error) {
	x, indices := c.x(), c.in("indices")
	axis := c.op.Axis("axis", 0, x.Type.Rank())
	s := strides(indices.shape())
	rearrange(x, c.y(), func(at, from []int) {
		copy(from, at)
		i, e := index(indices.Values[offset(at, s)], x.shape()[axis])
		if e != nil {
			err = e
		}
		from[axis] = i
	})
	return err
}

// topK sorts along an axis and takes the first k, and where they were. Equal
// values keep their order. argsort takes all, and only where they were.
func topK(c *call) error {
	x := c.x()
	axis := c.op.Axis("axis", -1, x.Type.Rank())
	k := c.op.Int("k", 1)
	values, places := c.out[0], (*Array)(nil)
	if len(c.out) > 1 {
		places = c.out[1]
	}
	if c.op.Type == "argsort" {
		values, places, k = nil, c.out[0], x.shape()[axis]
	}
	ascending := c.op.Bool("ascending", false)
	to := strides(c.out[0].shape())
	from := strides(x.shape())
	at := make([]int, x.Type.Rank())
	groups(x.shape(), []int{axis}, func(indices []int) {
		order := make([]int, len(indices))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int {
			va, vb := x.Values[indices[a]], x.Values[indices[b]]
			if va != vb && (va < vb) == ascending {
				return -1
			}
			if va != vb {
				return 1
			}
			return 0
		})
		for d := range at {
			at[d] = indices[0] / from[d] % x.shape()[d]
		}
		for i := range k {
			at[axis] = i
			if values != nil {
				values.Values[offset(at, to)] = x.Values[indices[order[i]]]
			}
			if places != nil {
				places.Values[offset(at, to)] = float32(order[i])
			}
		}
	})
	return nil
}

// cumsum adds up along an axis: exclusive leaves the element itself out,
// reverse starts from the end.
func cumsum(c *call) error {
	axis := c.op.Axis("axis", 0, c.x().Type.Rank())
	exclusive, reverse := c.op.Bool("exclusive", false), c.op.Bool("reverse", false)
	groups(c.x().shape(), []int{axis}, func(indices []int) {
		indices = slices.Clone(indices)
		if reverse {
			slices.Reverse(indices)
		}
		sum := 0.0
		for _, i := range indices {
			before := sum
			sum += float64(c.x().Values[i])
			c.y().Values[i] = float32(sum)
			if exclusive {
				c.y().Values[i] = float32(before)
			}
		}
	})
	return nil
}

// rangeOf counts from start by steps.
func rangeOf(c *call) error {
	start, step := float64(c.in("start").Values[0]), float64(c.in("step").Values[0])
	for i := range c.y().Values {
		c.y().Values[i] = float32(start + float64(i)*step)
	}
	return nil
}
