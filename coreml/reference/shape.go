package reference

import "slices"

// shapeFunctions are the operations that arrange elements anew.
func shapeFunctions() map[string]function {
	return map[string]function{
		"reshape": copyThrough, "squeeze": copyThrough, "expand_dims": copyThrough, "flatten2d": copyThrough,
		"transpose": transpose, "concat": concat, "stack": stack, "split": split, "tile": tile, "reverse": reverse,
		"pad": pad, "crop": crop, "fill": fill, "fill_like": fill, "shape": shape,
		"pixel_shuffle": toSpace("upscale_factor", channelFirst), "depth_to_space": toSpace("block_size", blockFirst),
		"pixel_unshuffle": toDepth("downscale_factor", channelFirst), "space_to_depth": toDepth("block_size", blockFirst),
	}
}

// rearrange fills out with elements of x: source gives the coordinates in x
// of the element at the coordinates in out.
func rearrange(x, out *Array, source func(at, from []int)) {
	s := strides(x.shape())
	from := make([]int, x.Type.Rank())
	each(out.shape(), func(at []int, i int) {
		source(at, from)
		out.Values[i] = x.Values[offset(from, s)]
	})
}

func transpose(c *call) error {
	rank := c.x().Type.Rank()
	perm := c.op.Ints("perm")
	rearrange(c.x(), c.y(), func(at, from []int) {
		for i, p := range perm {
			from[(p+rank)%rank] = at[i]
		}
	})
	return nil
}

// concat puts values one after the other, or element by element in turn.
func concat(c *call) error {
	values, out := c.inputs["values"], c.y()
	if values[0].Type.Rank() == 0 {
		return stack(c)
	}
	axis := c.op.Axis("axis", 0, out.Type.Rank())
	interleave := c.op.Bool("interleave", false)
	s := strides(out.shape())
	start := 0
	for k, v := range values {
		to := make([]int, out.Type.Rank())
		each(v.shape(), func(at []int, i int) {
			copy(to, at)
			if interleave {
				to[axis] = at[axis]*len(values) + k
			} else {
				to[axis] = start + at[axis]
			}
			out.Values[offset(to, s)] = v.Values[i]
		})
		start += v.shape()[axis]
	}
	return nil
}

func stack(c *call) error {
	values, out := c.inputs["values"], c.y()
	axis := c.op.Axis("axis", 0, out.Type.Rank())
	each(out.shape(), func(at []int, i int) {
		v := values[at[axis]]
		from := slices.Delete(slices.Clone(at), axis, axis+1)
		out.Values[i] = v.Values[offset(from, strides(v.shape()))]
	})
	return nil
}

func split(c *call) error {
	axis := c.op.Axis("axis", 0, c.x().Type.Rank())
	start := 0
	for _, out := range c.out {
		rearrange(c.x(), out, func(at, from []int) {
			copy(from, at)
			from[axis] += start
		})
		start += out.shape()[axis]
	}
	return nil
}

func tile(c *call) error {
	extents := c.x().shape()
	rearrange(c.x(), c.y(), func(at, from []int) {
		for i, e := range extents {
			from[i] = at[i] % e
		}
	})
	return nil
}

func reverse(c *call) error {
	extents := c.x().shape()
	axes := c.op.Axes("axes", len(extents))
	rearrange(c.x(), c.y(), func(at, from []int) {
		copy(from, at)
		for _, a := range axes {
			from[a] = extents[a] - 1 - at[a]
		}
	})
	return nil
}

// pad surrounds x with a constant, its mirror image or its edge.
func pad(c *call) error {
	x, out := c.x(), c.y()
	before, _, err := c.op.Padding(x.Type.Rank())
	if err != nil {
		return err
	}
	mode, constant := c.op.String("mode", "constant"), c.op.Float("constant_val", 0)
	s := strides(x.shape())
	each(out.shape(), func(at []int, i int) {
		index, inside := 0, true
		for d, e := range x.shape() {
			v := at[d] - before[d]
			switch {
			case mode == "reflect" && v < 0:
				v = -v
			case mode == "reflect" && v >= e:
				v = 2*(e-1) - v
			case mode == "replicate":
				v = min(max(v, 0), e-1)
			}
			inside = inside && v >= 0 && v < e
			index += v * s[d]
		}
		out.Values[i] = constant
		if inside {
			out.Values[i] = x.Values[index]
		}
	})
	return nil
}

func crop(c *call) error {
	rank := c.x().Type.Rank()
	top, left := c.op.Ints("crop_height")[0], c.op.Ints("crop_width")[0]
	rearrange(c.x(), c.y(), func(at, from []int) {
		copy(from, at)
		from[rank-2] += top
		from[rank-1] += left
	})
	return nil
}

func fill(c *call) error {
	v := c.op.Float("value", 0)
	for i := range c.y().Values {
		c.y().Values[i] = v
	}
	return nil
}

func shape(c *call) error {
	for i, e := range c.x().shape() {
		c.y().Values[i] = float32(e)
	}
	return nil
}

// order says which channel holds the element (i, j) of a block of f x f, for
// channel k of n.
type order func(k, i, j, f, n int) int

// channelFirst is PyTorch's PixelShuffle: the block of a channel is together.
func channelFirst(k, i, j, f, _ int) int { return (k*f+i)*f + j }

// blockFirst is TensorFlow's depth_to_space: the channels of a place in the
// block are together.
func blockFirst(k, i, j, f, n int) int { return (i*f+j)*n + k }

func toSpace(factor string, channel order) function {
	return func(c *call) error {
		f := c.op.Int(factor, 1)
		n := c.y().shape()[1]
		rearrange(c.x(), c.y(), func(at, from []int) {
			from[0] = at[0]
			from[1] = channel(at[1], at[2]%f, at[3]%f, f, n)
			from[2], from[3] = at[2]/f, at[3]/f
		})
		return nil
	}
}

func toDepth(factor string, channel order) function {
	return func(c *call) error {
		x, out := c.x(), c.y()
		f := c.op.Int(factor, 1)
		s := strides(out.shape())
		each(x.shape(), func(at []int, i int) {
			to := []int{at[0], channel(at[1], at[2]%f, at[3]%f, f, x.shape()[1]), at[2] / f, at[3] / f}
			out.Values[offset(to, s)] = x.Values[i]
		})
		return nil
	}
}

// constexprFunctions are the operations that hold compressed weights.
func constexprFunctions() map[string]function {
	return map[string]function{
		"constexpr_affine_dequantize": decompress, "constexpr_cast": decompress, "constexpr_lut_to_dense": decompress,
		"constexpr_blockwise_shift_scale": decompress, "constexpr_sparse_to_dense": sparseToDense,
		"constexpr_sparse_blockwise_shift_scale": sparseScale, "constexpr_lut_to_sparse": sparseLut,
	}
}
