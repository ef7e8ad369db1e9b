package coreml

import "fmt"

// DataType is the type of one element. The values are those of the MIL
// specification's DataType enumeration.
type DataType uint8

// The element types of the MIL specification.
const (
	Bool       DataType = 1
	String     DataType = 2
	Float16    DataType = 10
	Float32    DataType = 11
	Float64    DataType = 12
	BFloat16   DataType = 13
	Int8       DataType = 21
	Int16      DataType = 22
	Int32      DataType = 23
	Int64      DataType = 24
	Int4       DataType = 25
	UInt8      DataType = 31
	UInt16     DataType = 32
	UInt32     DataType = 33
	UInt64     DataType = 34
	UInt4      DataType = 35
	UInt2      DataType = 36
	UInt1      DataType = 37
	UInt6      DataType = 38
	UInt3      DataType = 39
	Float8E4M3 DataType = 40
	Float8E5M2 DataType = 41
)

// dataTypes holds what is known of each type: the name MIL's cast uses, and
// the bits one element takes. A string has no fixed size.
var dataTypes = map[DataType]struct {
	name string
	bits int
}{
	Bool: {"bool", 8}, String: {"string", 0},
	Float16: {"fp16", 16}, Float32: {"fp32", 32}, Float64: {"fp64", 64}, BFloat16: {"bf16", 16},
	Int4: {"int4", 4}, Int8: {"int8", 8}, Int16: {"int16", 16}, Int32: {"int32", 32}, Int64: {"int64", 64},
	UInt1: {"uint1", 1}, UInt2: {"uint2", 2}, UInt3: {"uint3", 3}, UInt4: {"uint4", 4}, UInt6: {"uint6", 6},
	UInt8: {"uint8", 8}, UInt16: {"uint16", 16}, UInt32: {"uint32", 32}, UInt64: {"uint64", 64},
	Float8E4M3: {"fp8e4m3fn", 8}, Float8E5M2: {"fp8e5m2", 8},
}

// String returns MIL's name for the type: "fp16", "int32", "bool".
func (d DataType) String() string {
	if d == 0 {
		return "no tensor"
	}
	if t, ok := dataTypes[d]; ok {
		return t.name
	}
	return fmt.Sprintf("DataType(%d)", uint8(d))
}

// Known reports whether d is a type of the MIL specification.
func (d DataType) Known() bool { _, ok := dataTypes[d]; return ok }

// Bits is the size of one stored element in bits; 0 for strings and unknown
// types. A Bool is stored in 8 bits.
func (d DataType) Bits() int { return dataTypes[d].bits }

// IsFloat reports whether d is a floating-point type.
func (d DataType) IsFloat() bool {
	switch d {
	case Float16, Float32, Float64, BFloat16, Float8E4M3, Float8E5M2:
		return true
	}
	return false
}

// IsInt reports whether d is an integer type, signed or not. Bool is none.
func (d DataType) IsInt() bool {
	return d >= Int8 && d <= Int4 || d >= UInt8 && d <= UInt3
}

// ParseDataType returns the type that MIL calls name, as in cast's dtype
// parameter: "fp16", "fp32", "int32", "uint8", "bool".
func ParseDataType(name string) (DataType, bool) {
	for d, t := range dataTypes {
		if t.name == name {
			return d, true
		}
	}
	return 0, false
}
