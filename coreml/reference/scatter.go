package reference

import (
	"fmt"
	"slices"
)

// scatterFunctions are the operations that write some elements over others.
func scatterFunctions() map[string]function {
	return map[string]function{
		"scatter": scatter, "scatter_along_axis": scatter, "scatter_nd": scatter, "gather_nd": gatherND,
		"slice_update": sliceUpdate, "one_hot": oneHot, "band_part": bandPart,
	}
}

// combinations are the modes of scattering.
var combinations = map[string]func(old, update float32) float32{
	"update": func(_, u float32) float32 { return u },
	"add":    func(o, u float32) float32 { return o + u },
	"sub":    func(o, u float32) float32 { return o - u },
	"mul":    func(o, u float32) float32 { return o * u },
	"div":    func(o, u float32) float32 { return o / u },
	"max":    func(o, u float32) float32 { return max(o, u) },
	"min":    func(o, u float32) float32 { return min(o, u) },
}

// scatter combines every element of updates, in order, with the element of
// data whose coordinates follow from the indices. The mode is "add" where none
// is given: so says coremltools' default_inputs; its text says "update".
func scatter(c *call) error {
	data, indices, updates, out := c.in("data"), c.in("indices"), c.in("updates"), c.y()
	copy(out.Values, data.Values)
	combine := combinations[c.op.String("mode", "add")]
	axis := c.op.Axis("axis", 0, data.Type.Rank())
	own, to := strides(indices.shape()), strides(data.shape())
	var failed error
	each(updates.shape(), func(at []int, i int) {
		var where []int
		var err error
		switch c.op.Type {
		case "scatter_nd":
			n := indices.Type.Rank() - 1
			where, err = indices.vector(at[:n], data.shape())
			where = append(where, at[n:]...)
		case "scatter_along_axis":
			where = slices.Clone(at)
			where[axis], err = index(indices.Values[offset(at, own)], data.shape()[axis])
		default:
			n := indices.Type.Rank()
			var k int
			k, err = index(indices.Values[offset(at[axis:axis+n], own)], data.shape()[axis])
			where = slices.Concat(at[:axis], []int{k}, at[axis+n:])
		}
		if err != nil {
			failed = err
			return
		}
		v := &out.Values[offset(where, to)]
		*v = combine(*v, updates.Values[i])
	})
	return failed
}

// vector reads the list at the coordinates as indices into a shape.
func (a *Array) vector(at, shape []int) ([]int, error) {
	n := a.shape()[a.Type.Rank()-1]
	where := make([]int, n)
	start := offset(append(slices.Clone(at), 0), strides(a.shape()))
	var err error
	for d := range where {
		if where[d], err = index(a.Values[start+d], shape[d]); err != nil {
			return nil, fmt.Errorf("number %d of an index: %w", d, err)
		}
	}
	return where, nil
}

func gatherND(c *call) (err error) {
	x, indices := c.x(), c.in("indices")
	batch, n := c.op.Int("batch_dims", 0), indices.Type.Rank()-1
	rearrange(x, c.y(), func(at, from []int) {
		where, e := indices.vector(at[:n], x.shape()[batch:])
		if e != nil {
			err = e
			return
		}
		copy(from, slices.Concat(at[:batch], where, at[n:]))
	})
	return err
}

func sliceUpdate(c *call) error {
	x, update, out := c.x(), c.in("update"), c.y()
	s, err := c.op.Slice(x.shape())
	if err != nil {
		return err
	}
	copy(out.Values, x.Values)
	to, where := strides(x.shape()), make([]int, x.Type.Rank())
	each(update.shape(), func(at []int, i int) {
		sliced(s, at, where)
		out.Values[offset(where, to)] = update.Values[i]
	})
	return nil
}

// oneHot is on where the coordinate along the axis is the index, and off
// elsewhere.
func oneHot(c *call) error {
	indices, out := c.in("indices"), c.y()
	axis := c.op.Axis("axis", -1, out.Type.Rank())
	on, off := c.op.Float("on_value", 1), c.op.Float("off_value", 0)
	own := strides(indices.shape())
	each(out.shape(), func(at []int, i int) {
		out.Values[i] = off
		if k := indices.Values[offset(slices.Delete(slices.Clone(at), axis, axis+1), own)]; int(k) == at[axis] {
			out.Values[i] = on
		}
	})
	return nil
}

// bandPart keeps the diagonal of each matrix, lower diagonals below it and
// upper above; all of them where negative.
func bandPart(c *call) error {
	x := c.x()
	lower, upper := c.op.Int("lower", -1), c.op.Int("upper", -1)
	each(x.shape(), func(at []int, i int) {
		below := at[len(at)-2] - at[len(at)-1]
		if (lower < 0 || below <= lower) && (upper < 0 || -below <= upper) {
			c.y().Values[i] = x.Values[i]
		}
	})
	return nil
}
