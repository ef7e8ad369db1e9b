package network

import (
	"math"

	"weft/metal"
	"weft/metal/vulkan/network/spirv"
)

// Bound tensors are arrays of 32-bit words. Elements of fewer bits share them:
// a thread that stores one stores the whole word. Rows begin at multiples of 64
// bytes, so that a word never holds elements of two rows; where the last word
// of a row is not full, its rest is the row's padding.

// perWord is the elements in a word.
func perWord(t metal.TensorDataType) int { return 4 / t.Bytes() }

// isWhole reports whether a type is one of integers.
func isWhole(t metal.TensorDataType) bool {
	switch t {
	case metal.TensorDataTypeFloat32, metal.TensorDataTypeFloat16, metal.TensorDataTypeBFloat16:
		return false
	}
	return true
}

func signed(t metal.TensorDataType) bool {
	switch t {
	case metal.TensorDataTypeInt8, metal.TensorDataTypeInt16, metal.TensorDataTypeInt32:
		return true
	}
	return false
}

// load reads an element of a bound tensor: a float, or an integer of 32 bits,
// which holds an unsigned number of 32 bits by its bits.
func (e *emitter) load(t metal.TensorDataType, buffer, index spirv.ID) spirv.ID {
	per := perWord(t)
	if per == 1 {
		word := e.Element(buffer, index)
		if t == metal.TensorDataTypeFloat32 {
			return e.AsFloat(word)
		}
		return word
	}
	bits := 32 / per
	word := e.Element(buffer, e.ShiftRight(index, e.IntConstant(per/2)))
	in := e.And(index, e.IntConstant(per-1))
	switch t {
	case metal.TensorDataTypeFloat16:
		pair := e.UnpackHalf(e.AsUint(word))
		return e.Select(e.Equal(in, e.IntConstant(1)), e.Component(pair, 1), e.Component(pair, 0))
	case metal.TensorDataTypeBFloat16: // the upper half of a float
		low := e.ShiftRightLogical(word, e.Mul(in, e.IntConstant(16)))
		return e.AsFloat(e.ShiftLeft(low, e.IntConstant(16)))
	}
	return e.Field(word, e.Mul(in, e.IntConstant(bits)), e.IntConstant(bits), signed(t))
}

// word is a word of elements, of the kind that load returns: as many as fit.
func (e *emitter) word(t metal.TensorDataType, elements []spirv.ID) spirv.ID {
	switch t {
	case metal.TensorDataTypeFloat32:
		return e.AsInt(elements[0])
	case metal.TensorDataTypeFloat16:
		return e.AsInt(e.PackHalf(e.nearestHalf(elements[0]), e.nearestHalf(elements[1])))
	case metal.TensorDataTypeBFloat16:
		low := e.ShiftRightLogical(e.upperHalf(elements[0]), e.IntConstant(16))
		return e.Or(low, e.And(e.upperHalf(elements[1]), e.IntConstant(-1<<16)))
	}
	if len(elements) == 1 {
		return elements[0]
	}
	bits := 32 / len(elements)
	var word spirv.ID
	for i, v := range elements {
		v = e.ShiftLeft(e.And(v, e.IntConstant(1<<bits-1)), e.IntConstant(i*bits))
		if i == 0 {
			word = v
		} else {
			word = e.Or(word, v)
		}
	}
	return word
}

// save writes a word of elements to a bound tensor. index is that of the first,
// which begins a word.
func (e *emitter) save(t metal.TensorDataType, buffer, index spirv.ID, elements []spirv.ID) {
	if per := perWord(t); per > 1 {
		index = e.ShiftRight(index, e.IntConstant(per/2))
	}
	e.StoreElement(buffer, index, e.word(t, elements))
}

// nearestHalf is floats rounded to what a half holds: to nearest, ties to
// even. Packing may drop digits instead, as Vulkan lets it.
func (e *emitter) nearestHalf(v spirv.ID) spirv.ID {
	bits := e.AsInt(v)
	even := e.And(e.ShiftRightLogical(bits, e.IntConstant(13)), e.IntConstant(1))
	rounded := e.And(e.Add(bits, e.Add(e.IntConstant(0xfff), even)), e.IntConstant(-1<<13))
	// Below 2^-14, halves are multiples of 2^-24.
	small := e.Mul(e.Call(spirv.RoundEven, e.Mul(v, e.FloatConstant(0x1p24))), e.FloatConstant(0x1p-24))
	result := e.Select(e.Less(e.Call(spirv.FAbs, v), e.FloatConstant(0x1p-14)), small, e.AsFloat(rounded))
	return e.Select(e.Equal(v, v), result, v)
}

// upperHalf is the bits of a float, of which the upper half is the float
// rounded to 16 bits: to nearest, ties to even. What is no number stays one.
func (e *emitter) upperHalf(v spirv.ID) spirv.ID {
	bits := e.AsInt(v)
	even := e.And(e.ShiftRightLogical(bits, e.IntConstant(16)), e.IntConstant(1))
	rounded := e.Add(bits, e.Add(e.IntConstant(0x7fff), even))
	return e.Select(e.Equal(v, v), rounded, e.IntConstant(0x7fc00000))
}

// real is an element as a float.
func (e *emitter) real(t metal.TensorDataType, v spirv.ID) spirv.ID {
	switch {
	case !isWhole(t):
		return v
	case t == metal.TensorDataTypeUInt32:
		return e.UnsignedToFloat(v)
	}
	return e.ToFloat(v)
}

// nearest is a float as an element of a type: of integers the nearest that the
// type holds, without the fraction. v is a number.
func (e *emitter) nearest(t metal.TensorDataType, v spirv.ID) spirv.ID {
	if !isWhole(t) {
		return v
	}
	low, end := wholes(t)
	inside := e.Min(e.Max(v, e.FloatConstant(low)), e.FloatConstant(math.Nextafter32(end, 0)))
	whole, last := spirv.ID(0), math.MaxInt32
	if t == metal.TensorDataTypeUInt32 {
		whole, last = e.AsInt(e.ToUint(inside)), -1
	} else {
		whole = e.ToInt(inside)
	}
	if t.Bytes() == 4 { // whose last number is none that a float holds
		whole = e.Select(e.GreaterEqual(v, e.FloatConstant(end)), e.IntConstant(last), whole)
	}
	return whole
}

// wholes is the range of a type of integers: the first, and one more than the
// last.
func wholes(t metal.TensorDataType) (low, end float32) {
	span := float32(math.Ldexp(1, 8*t.Bytes()))
	if signed(t) {
		return -span / 2, span / 2
	}
	return 0, span
}
