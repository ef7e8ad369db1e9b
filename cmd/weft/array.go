package main

import (
	"encoding/binary"
	"math"

	"github.com/x448/float16"

	"weft/coreml"
	"weft/metal"
)

// array is what a file holds, or a tensor: elements in row-major order. Doubles
// hold every element exactly but integers beyond 2^53.
type array struct {
	kind   coreml.DataType
	shape  []int // outermost extent first
	values []float64
}

// elementTypes are Metal's names for the types that tensors have.
var elementTypes = map[coreml.DataType]metal.TensorDataType{
	coreml.Float16: metal.TensorDataTypeFloat16, coreml.Float32: metal.TensorDataTypeFloat32, coreml.BFloat16: metal.TensorDataTypeBFloat16,
	coreml.Int8: metal.TensorDataTypeInt8, coreml.UInt8: metal.TensorDataTypeUInt8,
	coreml.Int16: metal.TensorDataTypeInt16, coreml.UInt16: metal.TensorDataTypeUInt16,
	coreml.Int32: metal.TensorDataTypeInt32, coreml.UInt32: metal.TensorDataTypeUInt32,
}

// decode reads elements; a rest of less than one is left out.
func decode(kind coreml.DataType, data []byte) []float64 {
	size := kind.Bits() / 8
	out := make([]float64, len(data)/size)
	for i := range out {
		b := data[i*size:]
		var bits uint64
		for k := range size {
			bits |= uint64(b[k]) << (8 * k)
		}
		switch kind {
		case coreml.Float16:
			out[i] = float64(float16.Frombits(uint16(bits)).Float32())
		case coreml.BFloat16:
			out[i] = float64(math.Float32frombits(uint32(bits) << 16))
		case coreml.Float32:
			out[i] = float64(math.Float32frombits(uint32(bits)))
		case coreml.Float64:
			out[i] = math.Float64frombits(bits)
		case coreml.Int8, coreml.Int16, coreml.Int32, coreml.Int64:
			out[i] = float64(int64(bits<<(64-8*size)) >> (64 - 8*size))
		default:
			out[i] = float64(bits)
		}
	}
	return out
}

// encode writes elements: integers rounded to the nearest and moved into range.
func encode(kind coreml.DataType, values []float64) []byte {
	size := kind.Bits() / 8
	out := make([]byte, 0, size*len(values))
	for _, v := range values {
		var bits uint64
		switch kind {
		case coreml.Float16:
			bits = uint64(float16.Fromfloat32(float32(v)).Bits())
		case coreml.BFloat16:
			b := math.Float32bits(float32(v))
			bits = uint64((b + 0x7fff + b>>16&1) >> 16)
		case coreml.Float32:
			bits = uint64(math.Float32bits(float32(v)))
		case coreml.Float64:
			bits = math.Float64bits(v)
		case coreml.Bool:
			if v != 0 {
				bits = 1
			}
		case coreml.Int8, coreml.Int16, coreml.Int32, coreml.Int64:
			half := math.Ldexp(1, 8*size-1)
			bits = uint64(int64(min(max(whole(v), -half), math.Nextafter(half, 0))))
		default:
			bits = uint64(min(max(whole(v), 0), math.Nextafter(math.Ldexp(1, 8*size), 0)))
		}
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], bits)
		out = append(out, b[:size]...)
	}
	return out
}

// whole is the integer nearest to v; 0 for what is no number.
func whole(v float64) float64 {
	if v != v {
		return 0
	}
	return math.RoundToEven(v)
}

// pack puts the elements into the memory of a tensor, whose rows may be longer.
func (a *array) pack(d metal.TensorDescriptor, memory []byte) {
	a.rows(d, func(from, to, bytes int) {
		copy(memory[to:to+bytes], encode(a.kind, a.values[from:from+d.Dimensions[0]]))
	})
}

// unpack takes the elements out of the memory of a tensor.
func (a *array) unpack(d metal.TensorDescriptor, memory []byte) {
	a.rows(d, func(to, from, bytes int) {
		copy(a.values[to:], decode(a.kind, memory[from:from+bytes]))
	})
}

// rows visits each row: its first element in a, and its offset and size in
// bytes in the memory of a tensor.
func (a *array) rows(d metal.TensorDescriptor, visit func(element, offset, bytes int)) {
	size, row := a.kind.Bits()/8, d.Dimensions[0]
	for first := 0; first < len(a.values); first += row {
		index, offset := first/row, 0
		for k := 1; k < len(d.Dimensions); k++ {
			offset += index % d.Dimensions[k] * d.Strides[k]
			index /= d.Dimensions[k]
		}
		visit(first, offset*size, row*size)
	}
}
