package main

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"weft/coreml"
)

// difference is how far an output is from a reference.
type difference struct {
	largest   float64 // absolute; infinite where only one of them is no number
	at        int     // the element
	low, high float64 // of the reference
	squares   float64 // mean of the squared differences
}

func compare(a, reference *array) difference {
	d := difference{low: math.Inf(1), high: math.Inf(-1)}
	for i, want := range reference.values {
		got := a.values[i]
		off := math.Abs(got - want)
		switch {
		case got == want || got != got && want != want:
			off = 0
		case off != off:
			off = math.Inf(1)
		}
		if off > d.largest {
			d.largest, d.at = off, i
		}
		d.squares += off * off / float64(len(reference.values))
		if want-want == 0 { // finite
			d.low, d.high = min(d.low, want), max(d.high, want)
		}
	}
	return d
}

// relative is the largest difference as a part of the reference's range; of a
// reference that is all one number, as a part of that.
func (d *difference) relative() float64 {
	of := d.high - d.low
	if of == 0 {
		of = math.Abs(d.high)
	}
	if d.largest == 0 {
		return 0
	}
	return d.largest / of
}

func (d *difference) text(e *endpoint, shape []int) string {
	text := fmt.Sprintf("differs by at most %.4g at element %d, %.4g%% of the reference's range %.4g to %.4g",
		d.largest, d.at, 100*d.relative(), d.low, d.high)
	if _, _, _, picture := pictured(shape); picture && len(shape) == 4 {
		text += fmt.Sprintf("; PSNR %.2f dB for the range %g", 10*math.Log10(e.scale*e.scale/d.squares), math.Abs(e.scale))
	}
	return text
}

// describe writes an output's type and range.
func describe(a *array) string {
	text := coreml.Type{DataType: a.kind, Shape: a.shape}.String()
	if len(a.values) > 0 {
		text += fmt.Sprintf(", from %.6g to %.6g", slices.Min(a.values), slices.Max(a.values))
	}
	return text
}

// timing writes the median of times in milliseconds.
func timing(b *bytes.Buffer, device string, took []float64) {
	if len(took) == 0 {
		fmt.Fprintf(b, "ran on %s, not timed\n", device)
		return
	}
	slices.Sort(took)
	median := (took[(len(took)-1)/2] + took[len(took)/2]) / 2
	fmt.Fprintf(b, "ran on %s: the network took %.4g ms by GPU timestamps, median of %d frames (%.4g to %.4g)\n",
		device, median, len(took), took[0], took[len(took)-1])
}
