package coreml

import (
	"fmt"
	"math"
	"slices"
)

// Axis returns a constant axis as an index from the front, for a value of the
// given rank. [Program.Specialize] has checked that it is in range.
func (o *Op) Axis(param string, otherwise, rank int) int {
	axis := o.Int(param, otherwise)
	if axis < 0 {
		axis += rank
	}
	return axis
}

// Axes returns a constant list of axes as indices from the front, in rising
// order; every axis when the parameter is absent.
func (o *Op) Axes(param string, rank int) []int {
	axes := slices.Clone(o.Ints(param))
	if !o.Has(param) {
		for i := range rank {
			axes = append(axes, i)
		}
	}
	for i, a := range axes {
		if a < 0 {
			axes[i] = a + rank
		}
	}
	slices.Sort(axes)
	return axes
}

// axis checks a constant axis: from -rank to rank-1.
func (c *call) axis(param string, otherwise, rank int) (int, error) {
	a := c.op.Axis(param, otherwise, rank)
	if a < 0 || a >= rank {
		return 0, fmt.Errorf("%s is %d; with %d dimensions it has to be from %d to %d", param, c.op.Int(param, otherwise), rank, -rank, rank-1)
	}
	return a, nil
}

// axes checks a constant list of axes: each in range, none twice.
func (c *call) axes(param string, rank int) ([]int, error) {
	axes := c.op.Axes(param, rank)
	for i, a := range axes {
		if a < 0 || a >= rank || i > 0 && a == axes[i-1] {
			return nil, fmt.Errorf("%s is %v; with %d dimensions each has to be from %d to %d, and none twice", param, c.op.Ints(param), rank, -rank, rank-1)
		}
	}
	return axes, nil
}

// Slice is which elements a slicing operation takes, for each dimension of
// its input: Size elements from Begin, each Stride after the one before
// (backwards when negative). A dimension in Squeeze is left out of the
// output.
type Slice struct {
	Begin, Stride, Size []int
	Squeeze             []bool
}

// Slice returns what a slice_by_index or slice_by_size operation takes from a
// value of shape x.
func (o *Op) Slice(x []int) (Slice, error) {
	n := len(x)
	begin := o.Ints("begin")
	s := Slice{Begin: make([]int, n), Stride: make([]int, n), Size: make([]int, n), Squeeze: make([]bool, n)}
	last := "end"
	if o.Type == "slice_by_size" {
		last = "size"
	}
	end := o.Ints(last)
	ones, no := make([]int, n), make([]bool, n)
	for i := range ones {
		ones[i] = 1
	}
	stride := o.Ints("stride", ones...)
	beginMask, endMask, squeeze := o.bools("begin_mask", no), o.bools("end_mask", no), o.bools("squeeze_mask", no)
	for name, length := range map[string]int{
		"begin": len(begin), last: len(end), "stride": len(stride),
		"begin_mask": len(beginMask), "end_mask": len(endMask), "squeeze_mask": len(squeeze),
	} {
		if length != n {
			return s, fmt.Errorf("%s has %d entries; x is %s and takes %d", name, length, FormatShape(x), n)
		}
	}
	for i := range n {
		d := sliceDimension{extent: x[i], begin: begin[i], end: end[i], stride: stride[i], fromStart: beginMask[i], toEnd: endMask[i]}
		err := error(nil)
		switch {
		case squeeze[i]:
			s.Begin[i], err = d.index()
			s.Stride[i], s.Size[i], s.Squeeze[i] = 1, 1, true
		case last == "size":
			s.Begin[i], s.Size[i], err = d.sized()
			s.Stride[i] = 1
		default:
			s.Begin[i], s.Size[i], err = d.ranged()
			s.Stride[i] = stride[i]
		}
		if err != nil {
			return s, fmt.Errorf("in dimension %d of x %s %w", i, FormatShape(x), err)
		}
	}
	return s, nil
}

// bools returns a constant list of truth values, or otherwise.
func (o *Op) bools(param string, otherwise []bool) []bool {
	if v, err := o.Const(param).Bools(); err == nil {
		return v
	}
	return otherwise
}

// sliceDimension is a slice's wish in one dimension.
type sliceDimension struct {
	extent, begin, end, stride int
	fromStart, toEnd           bool
}

// index takes the one element at begin.
func (d sliceDimension) index() (int, error) {
	at := d.begin
	if at < 0 {
		at += d.extent
	}
	if d.fromStart {
		at = 0
	}
	if at < 0 || at >= d.extent {
		return 0, fmt.Errorf("the index %d is outside", d.begin)
	}
	return at, nil
}

// sized takes a number of elements; -1 means the rest.
func (d sliceDimension) sized() (begin, size int, err error) {
	begin, size = d.begin, d.end
	if begin < 0 {
		begin += d.extent
	}
	if size == -1 {
		size = d.extent - begin
	}
	if begin < 0 || size < 1 || begin+size > d.extent {
		return 0, 0, fmt.Errorf("%d elements from %d are not inside", d.end, d.begin)
	}
	return begin, size, nil
}

// ranged takes the elements from begin until before end, as Python does:
// negative indices count from the end, and those outside are moved inside.
func (d sliceDimension) ranged() (begin, size int, err error) {
	if d.stride == 0 {
		return 0, 0, fmt.Errorf("the stride is 0")
	}
	low, high := 0, d.extent
	first, past := low, high
	if d.stride < 0 {
		low, high = -1, d.extent-1
		first, past = high, low
	}
	inside := func(v int) int {
		if v < 0 {
			v += d.extent
		}
		return min(max(v, low), high)
	}
	if !d.fromStart {
		first = inside(d.begin)
	}
	if !d.toEnd {
		past = inside(d.end)
	}
	if d.stride > 0 {
		size = (past - first + d.stride - 1) / d.stride
	} else {
		size = (first - past - d.stride - 1) / -d.stride
	}
	if size < 1 {
		return 0, 0, fmt.Errorf("nothing is from %d to %d by steps of %d", d.begin, d.end, d.stride)
	}
	return first, size, nil
}

// Padding returns what a pad operation adds before and after each dimension
// of a value of the given rank. The list may be shorter than the rank: it is
// then for the last dimensions.
func (o *Op) Padding(rank int) (before, after []int, err error) {
	pad := o.Ints("pad")
	if len(pad)%2 != 0 || len(pad) > 2*rank {
		return nil, nil, fmt.Errorf("pad is %v; x has %d dimensions and takes at most %d pairs", pad, rank, rank)
	}
	before, after = make([]int, rank), make([]int, rank)
	first := rank - len(pad)/2
	for i := range len(pad) / 2 {
		before[first+i], after[first+i] = pad[2*i], pad[2*i+1]
		if pad[2*i] < 0 || pad[2*i+1] < 0 {
			return nil, nil, fmt.Errorf("pad is %v; none may be negative", pad)
		}
	}
	return before, after, nil
}

// Grid is where a resizing operation samples its input along one dimension,
// which it takes from extent In to extent Out: output i reads at i*Scale +
// Offset, moved into [0, In-1], and blends the two elements around. With
// Nearest it reads the one element i*In/Out, rounded down.
type Grid struct {
	In, Out       int
	Scale, Offset float64
	Nearest       bool
}

// At returns where output i reads, from 0 to In-1.
func (g Grid) At(i int) float64 {
	if g.Nearest {
		return float64(i * g.In / g.Out)
	}
	return min(max(float64(i)*g.Scale+g.Offset, 0), float64(g.In-1))
}

// Grid returns where a resizing or upsampling operation samples, along a
// dimension that it takes from extent in to extent out.
func (o *Op) Grid(in, out int) (Grid, error) {
	i, n := float64(in), float64(out)
	grid := func(scale, offset float64) (Grid, error) {
		return Grid{In: in, Out: out, Scale: scale, Offset: offset}, nil
	}
	corners := func() (Grid, error) {
		if out == 1 {
			return grid(0, 0)
		}
		return grid((i-1)/(n-1), 0)
	}
	switch o.Type {
	case "upsample_nearest_neighbor", "resize_nearest_neighbor":
		return Grid{In: in, Out: out, Scale: i / n, Nearest: true}, nil
	case "upsample_bilinear":
		align := o.Bool("align_corners", true)
		half := o.Bool("half_pixel_centers", !align)
		switch {
		case align && half:
			return Grid{}, fmt.Errorf("align_corners and half_pixel_centers are both true; only one can be")
		case align:
			return corners()
		case half:
			return grid(i/n, 0.5*i/n-0.5)
		}
		return grid(i/n, 0)
	}
	switch mode := o.String("sampling_mode", "DEFAULT"); mode {
	case "STRICT_ALIGN_CORNERS":
		return corners()
	case "ALIGN_CORNERS":
		if out == 1 {
			return grid(0, (i-1)/2)
		}
		return corners()
	case "DEFAULT":
		return grid(i/n, 0)
	case "OFFSET_CORNERS":
		delta := max(1, i-1) / n
		return grid(delta, delta/2)
	case "UNALIGN_CORNERS":
		return grid(i/n, 0.5*i/n-0.5)
	default:
		return Grid{}, fmt.Errorf("sampling_mode is %q, which is not known", mode)
	}
}

// scaled is the extent an upsampling gives: floor(extent * scale), computed
// in float32 as coremltools does, so that 19 * 1.9473684 is 37.
func scaled(extent int, scale float32) (int, error) {
	v := math.Floor(float64(float32(extent) * scale))
	if !(v >= 1 && v <= maxExtent) {
		return 0, fmt.Errorf("an extent of %d scaled by %g gives %g; it has to give 1 to %d", extent, scale, v, maxExtent)
	}
	return int(v), nil
}
