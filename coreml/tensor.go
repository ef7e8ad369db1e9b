package coreml

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/x448/float16"
)

// Tensor is a constant: a type, and its elements as the package stores them.
//
// A nil *Tensor is an absent constant: every accessor returns an error.
type Tensor struct {
	Type Type
	// Data is the elements, row-major and little-endian. Elements of less
	// than 8 bits are packed, the first in the lowest bits. It may be part of
	// a larger shared buffer: never write to it. Empty for strings.
	Data []byte
	// Strings is the elements of a tensor of strings.
	Strings []string
	// File and Offset say where a weight is stored; File is empty for a
	// constant written in the program itself.
	File   string
	Offset uint64
}

// Missing reports whether the constant's data lies in a weights file that was
// not read, as after [ReadModel]. Type, File and Offset are still right.
func (t *Tensor) Missing() bool {
	return t != nil && t.Data == nil && t.File != ""
}

// usable says why the elements cannot be read, if so.
func (t *Tensor) usable() error {
	switch {
	case t == nil:
		return fmt.Errorf("there is no such constant")
	case t.Missing():
		return fmt.Errorf("its data is in %s, which was not read", t.File)
	case t.Type.DataType == String:
		return fmt.Errorf("it is a string, not a number")
	case len(t.Data) != t.Type.Bytes():
		return fmt.Errorf("%s needs %d bytes, it has %d", t.Type, t.Type.Bytes(), len(t.Data))
	}
	return nil
}

// Float32s returns every element as float32, in order, converting from the
// stored type: any number, with true as 1.
func (t *Tensor) Float32s() ([]float32, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	out := make([]float32, t.Type.Elements())
	d := t.Data
	le := binary.LittleEndian
	switch t.Type.DataType {
	case Float32:
		for i := range out {
			out[i] = math.Float32frombits(le.Uint32(d[4*i:]))
		}
	case Float16:
		for i := range out {
			out[i] = float16.Frombits(le.Uint16(d[2*i:])).Float32()
		}
	case BFloat16:
		for i := range out {
			out[i] = math.Float32frombits(uint32(le.Uint16(d[2*i:])) << 16)
		}
	case Float64:
		for i := range out {
			out[i] = float32(math.Float64frombits(le.Uint64(d[8*i:])))
		}
	case Float8E4M3:
		for i := range out {
			out[i] = fromE4M3(d[i])
		}
	case Float8E5M2:
		// The upper byte of a half: the same exponent, two bits of fraction.
		for i := range out {
			out[i] = float16.Frombits(uint16(d[i]) << 8).Float32()
		}
	default:
		v, err := t.Ints()
		if err != nil {
			return nil, err
		}
		for i := range out {
			out[i] = float32(v[i])
		}
	}
	return out, nil
}

// fromE4M3 converts an 8-bit float of 4 exponent bits (bias 7) and 3 fraction
// bits that has no infinities, as in the OCP 8-bit floating point
// specification.
func fromE4M3(b byte) float32 {
	exp, frac := int(b>>3&15), float64(b&7)
	v := 0.0
	switch {
	case exp == 15 && b&7 == 7:
		v = math.NaN()
	case exp == 0:
		v = math.Ldexp(frac/8, -6)
	default:
		v = math.Ldexp(1+frac/8, exp-7)
	}
	if b&0x80 != 0 {
		v = -v
	}
	return float32(v)
}

// Ints returns every element as int, in order, of a tensor of integers or
// truth values.
func (t *Tensor) Ints() ([]int, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	kind := t.Type.DataType
	if kind.IsFloat() {
		return nil, fmt.Errorf("it is %s, not an integer", kind)
	}
	out := make([]int, t.Type.Elements())
	d := t.Data
	le := binary.LittleEndian
	for i := range out {
		switch kind {
		case Bool, UInt8:
			out[i] = int(d[i])
		case Int8:
			out[i] = int(int8(d[i]))
		case Int16:
			out[i] = int(int16(le.Uint16(d[2*i:])))
		case UInt16:
			out[i] = int(le.Uint16(d[2*i:]))
		case Int32:
			out[i] = int(int32(le.Uint32(d[4*i:])))
		case UInt32:
			out[i] = int(le.Uint32(d[4*i:]))
		case Int64:
			out[i] = int(le.Uint64(d[8*i:]))
		case UInt64:
			u := le.Uint64(d[8*i:])
			if u > math.MaxInt64 {
				return nil, fmt.Errorf("element %d is %d, more than an integer here holds", i, u)
			}
			out[i] = int(u)
		case Int4:
			// Shift the sign bit of the nibble up to that of a byte and back.
			out[i] = int(int8(bitsAt(d, i, 4)<<4) >> 4)
		default: // unsigned, less than a byte
			out[i] = int(bitsAt(d, i, kind.Bits()))
		}
	}
	return out, nil
}

// bitsAt returns element i of elements of n < 8 bits, packed from the lowest
// bit up.
func bitsAt(d []byte, i, n int) byte {
	at := i * n
	v := uint16(d[at/8])
	if at/8+1 < len(d) {
		v |= uint16(d[at/8+1]) << 8
	}
	return byte(v>>(at%8)) & (1<<n - 1)
}

// Bools returns every element of a tensor of truth values.
func (t *Tensor) Bools() ([]bool, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	if t.Type.DataType != Bool {
		return nil, fmt.Errorf("it is %s, not bool", t.Type.DataType)
	}
	out := make([]bool, len(t.Data))
	for i, b := range t.Data {
		out[i] = b != 0
	}
	return out, nil
}

// Text returns every element of a tensor of strings.
func (t *Tensor) Text() ([]string, error) {
	if t == nil {
		return nil, fmt.Errorf("there is no such constant")
	}
	if t.Type.DataType != String {
		return nil, fmt.Errorf("it is %s, not a string", t.Type.DataType)
	}
	return t.Strings, nil
}
