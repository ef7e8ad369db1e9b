package reference

import "math"

func maxPool(c *call) error {
	return pool(c, func(values []float32, _ int) float32 {
		m := float32(math.Inf(-1))
		for _, v := range values {
			m = max(m, v)
		}
		return m
	})
}

func avgPool(c *call) error {
	excluded := c.op.Bool("exclude_padding_from_average", false)
	return pool(c, func(values []float32, covered int) float32 {
		sum := 0.0
		for _, v := range values {
			sum += float64(v)
		}
		if excluded {
			covered = len(values)
		}
		return float32(sum / float64(max(covered, 1)))
	})
}

func l2Pool(c *call) error {
	return pool(c, func(values []float32, _ int) float32 {
		sum := 0.0
		for _, v := range values {
			sum += float64(v) * float64(v)
		}
		return float32(math.Sqrt(sum))
	})
}

// pool calls reduce for every window with the elements in it that are inside
// the input, and the number of its places that are inside the padded input.
func pool(c *call, reduce func(values []float32, covered int) float32) error {
	x, out := c.x(), c.y()
	w, err := c.op.PoolWindow(x.shape())
	if err != nil {
		return err
	}
	in := strides(x.shape())
	n := len(w.Kernel)
	first, size, source := make([]int, n), make([]int, n), make([]int, x.Type.Rank())
	each(out.shape(), func(at []int, i int) {
		copy(source, at)
		covered := 1
		for d, extent := range x.shape()[2:] {
			start := at[2+d]*w.Strides[d] - w.Before[d]
			end := start + w.Kernel[d] // pooling has no dilation
			covered *= min(end, extent+w.After[d]) - start
			first[d] = max(start, 0)
			size[d] = max(min(end, extent)-first[d], 0)
		}
		var values []float32
		each(size, func(tap []int, _ int) {
			for d, v := range tap {
				source[2+d] = first[d] + v
			}
			values = append(values, x.Values[offset(source, in)])
		})
		out.Values[i] = reduce(values, covered)
	})
	return nil
}
