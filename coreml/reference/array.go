package reference

import (
	"math"

	"github.com/x448/float16"

	"weft/coreml"
)

// Array is a value: its type and its elements, row-major.
type Array struct {
	Type   coreml.Type
	Values []float32
}

// newArray makes an array of zeros.
func newArray(t coreml.Type) *Array {
	return &Array{Type: t, Values: make([]float32, t.Elements())}
}

// shape is the array's shape.
func (a *Array) shape() []int { return a.Type.Shape }

// strides returns how far apart in memory neighbors are in each dimension.
func strides(shape []int) []int {
	s := make([]int, len(shape))
	step := 1
	for i := len(shape) - 1; i >= 0; i-- {
		s[i] = step
		step *= shape[i]
	}
	return s
}

// offset returns the index of the element at the coordinates.
func offset(at, strides []int) int {
	sum := 0
	for i, c := range at {
		sum += c * strides[i]
	}
	return sum
}

// each calls visit with the coordinates of every element of a shape, in
// order, and the element's index. The coordinates are only valid in the call.
func each(shape []int, visit func(at []int, index int)) {
	at := make([]int, len(shape))
	n := coreml.Type{Shape: shape}.Elements()
	for i := range n {
		visit(at, i)
		for d := len(at) - 1; d >= 0; d-- {
			if at[d]++; at[d] < shape[d] {
				break
			}
			at[d] = 0
		}
	}
}

// broadcastStrides returns the strides that read an array of a shape as if it
// had the larger shape out: 0 where it is stretched.
func broadcastStrides(shape, out []int) []int {
	wide := make([]int, len(out))
	own := strides(shape)
	for i, e := range shape {
		if e != 1 {
			wide[len(out)-len(shape)+i] = own[i]
		}
	}
	return wide
}

// hold moves the values to what the element type holds: integers toward zero
// and into range, as a cast does. Floating-point types are left alone, unless
// half asks for the rounding of those of 16 bits.
func (a *Array) hold(half bool) {
	kind := a.Type.DataType
	var f func(float32) float32
	switch {
	case kind == coreml.Bool:
		f = func(v float32) float32 { return float32(pick(v != 0, 1, 0)) }
	case kind == coreml.Float16 && half:
		f = func(v float32) float32 { return float16.Fromfloat32(v).Float32() }
	case kind == coreml.BFloat16 && half:
		f = func(v float32) float32 {
			bits := math.Float32bits(v)
			return math.Float32frombits((bits + 0x7fff + bits>>16&1) &^ 0xffff)
		}
	case kind.IsInt():
		lo, hi := intRange(kind)
		f = func(v float32) float32 {
			if v != v {
				return 0
			}
			return float32(min(max(math.Trunc(float64(v)), lo), hi))
		}
	default:
		return
	}
	for i, v := range a.Values {
		a.Values[i] = f(v)
	}
}

// intRange is the least and greatest value of an integer type.
func intRange(kind coreml.DataType) (lo, hi float64) {
	span := math.Ldexp(1, kind.Bits())
	switch kind {
	case coreml.Int4, coreml.Int8, coreml.Int16, coreml.Int32, coreml.Int64:
		return -span / 2, span/2 - 1
	}
	return 0, span - 1
}
