package mil

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/x448/float16"

	"weft/coreml"
)

// Floats makes a constant of an element type and shape from values, rounded
// to the type: Float16, BFloat16, Float32 or Float64. It panics on another
// type, and when the number of values is not that of the shape: both are
// mistakes of the program that calls it.
func Floats(kind coreml.DataType, shape []int, values []float32) *coreml.Tensor {
	t := &coreml.Tensor{Type: coreml.Type{DataType: kind, Shape: shape}}
	mustHold(t.Type, len(values))
	le := binary.LittleEndian
	for _, v := range values {
		switch kind {
		case coreml.Float16:
			t.Data = le.AppendUint16(t.Data, float16.Fromfloat32(v).Bits())
		case coreml.BFloat16:
			bits := math.Float32bits(v)
			bits += 0x7fff + bits>>16&1 // to nearest, ties to even
			t.Data = le.AppendUint16(t.Data, uint16(bits>>16))
		case coreml.Float32:
			t.Data = le.AppendUint32(t.Data, math.Float32bits(v))
		case coreml.Float64:
			t.Data = le.AppendUint64(t.Data, math.Float64bits(float64(v)))
		default:
			panic(fmt.Sprintf("mil: Floats cannot make %s", kind))
		}
	}
	return t
}

// Ints makes a constant of an integer type, or Bool, from values: the low
// bits of each. It panics as [Floats] does.
func Ints(kind coreml.DataType, shape []int, values []int) *coreml.Tensor {
	t := &coreml.Tensor{Type: coreml.Type{DataType: kind, Shape: shape}}
	mustHold(t.Type, len(values))
	if !kind.IsInt() && kind != coreml.Bool {
		panic(fmt.Sprintf("mil: Ints cannot make %s", kind))
	}
	n := kind.Bits()
	t.Data = make([]byte, t.Type.Bytes())
	for i, v := range values {
		for b := range n { // bit by bit: elements below a byte are packed
			if v>>b&1 != 0 {
				at := i*n + b
				t.Data[at/8] |= 1 << (at % 8)
			}
		}
	}
	return t
}

// Text makes a constant string.
func Text(s string) *coreml.Tensor {
	return &coreml.Tensor{Type: coreml.Type{DataType: coreml.String, Shape: []int{}}, Strings: []string{s}}
}

func mustHold(t coreml.Type, n int) {
	if t.Elements() != n {
		panic(fmt.Sprintf("mil: %s from %d values", t, n))
	}
}
