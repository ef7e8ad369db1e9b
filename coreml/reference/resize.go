package reference

import "math"

// resizeFunctions resample the last two dimensions.
func resizeFunctions() map[string]function {
	return map[string]function{
		"upsample_nearest_neighbor": resize, "resize_nearest_neighbor": resize,
		"upsample_bilinear": resize, "resize_bilinear": resize, "resample": resample,
	}
}

// resize blends the four elements around each place of the grid. A nearest
// grid gives whole places, where the blend is the one element.
func resize(c *call) error {
	x, out := c.x(), c.y()
	rank := x.Type.Rank()
	h, w := x.shape()[rank-2], x.shape()[rank-1]
	oh, ow := out.shape()[rank-2], out.shape()[rank-1]
	rows, err := c.op.Grid(h, oh)
	if err != nil {
		return err
	}
	columns, err := c.op.Grid(w, ow)
	if err != nil {
		return err
	}
	for plane := range volume(x.shape()[:rank-2]) {
		from, to := x.Values[plane*h*w:], out.Values[plane*oh*ow:]
		for i := range oh {
			y0, y1, fy := around(rows.At(i), h)
			for j := range ow {
				x0, x1, fx := around(columns.At(j), w)
				top := float64(from[y0*w+x0])*(1-fx) + float64(from[y0*w+x1])*fx
				bottom := float64(from[y1*w+x0])*(1-fx) + float64(from[y1*w+x1])*fx
				to[i*ow+j] = float32(top*(1-fy) + bottom*fy)
			}
		}
	}
	return nil
}

// around returns the elements before and after a place, and how far it is
// from the first to the second.
func around(place float64, extent int) (before, after int, fraction float64) {
	floor := math.Floor(place)
	before = int(floor)
	return before, min(before+1, extent-1), place - floor
}
