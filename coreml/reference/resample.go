package reference

import (
	"math"

	"weft/coreml"
)

// resample reads a picture at places that the network computes, (x, y) for
// each element of the output.
func resample(c *call) error {
	x, coordinates, out := c.x(), c.in("coordinates"), c.y()
	h, w := x.shape()[2], x.shape()[3]
	own, from := strides(coordinates.shape()), strides(x.shape())
	place := placed(c.op)
	padding, constant := c.op.String("padding_mode", ""), float64(c.op.Float("padding_value", 0))
	nearest := c.op.String("sampling_mode", "") == "nearest"
	each(out.shape(), func(at []int, i int) {
		k := offset([]int{at[0], at[2], at[3], 0}, own)
		px := within(place(float64(coordinates.Values[k]), w), w, padding)
		py := within(place(float64(coordinates.Values[k+1]), h), h, padding)
		if nearest {
			px, py = math.RoundToEven(px), math.RoundToEven(py)
		}
		read := func(row, column int) float64 {
			if row < 0 || row >= h || column < 0 || column >= w {
				return constant
			}
			return float64(x.Values[offset([]int{at[0], at[1], row, column}, from)])
		}
		row, column := int(math.Floor(py)), int(math.Floor(px))
		fy, fx := py-math.Floor(py), px-math.Floor(px)
		top := read(row, column)*(1-fx) + read(row, column+1)*fx
		bottom := read(row+1, column)*(1-fx) + read(row+1, column+1)*fx
		out.Values[i] = float32(top*(1-fy) + bottom*fy)
	})
	return nil
}

// within moves a place into a dimension as the padding says. With a constant,
// places outside stay there.
func within(place float64, extent int, padding string) float64 {
	last := float64(extent - 1)
	switch padding {
	case "reflection": // about the centers of the first and last element
		place = mirror(place, last)
	case "symmetric": // about their outer edges
		place = mirror(place+0.5, last+1) - 0.5
	case "constant":
		// Nothing is there two elements outside, nor at no number at all.
		if !(place > -2) {
			return -2
		}
		return min(place, last+2)
	}
	if !(place > 0) {
		return 0
	}
	return min(place, last)
}

// mirror folds a place into 0 to last.
func mirror(place, last float64) float64 {
	if last == 0 {
		return 0
	}
	place = math.Mod(math.Abs(place), 2*last)
	return min(place, 2*last-place)
}

// placed gives the function from a coordinate to a place: element i is at i.
func placed(op *coreml.Op) func(v float64, extent int) float64 {
	low := 0.0
	switch op.String("coordinates_mode", "") {
	case "unnormalized":
		return func(v float64, _ int) float64 { return v }
	case "normalized_minus_one_to_one":
		low = -1
	}
	if op.Bool("align_corners", false) { // from center to center
		return func(v float64, extent int) float64 { return (v - low) / (1 - low) * float64(extent-1) }
	}
	return func(v float64, extent int) float64 { return (v-low)/(1-low)*float64(extent) - 0.5 }
}
