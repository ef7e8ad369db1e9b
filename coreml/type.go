package coreml

import (
	"fmt"
	"slices"
	"strings"
)

// Dynamic is the extent of a dimension that is not known before
// [Program.Specialize].
const Dynamic = -1

// Type is the type of a value: its element type and its shape, outermost
// dimension first. A scalar has the empty shape.
type Type struct {
	DataType DataType
	Shape    []int
}

// String returns the type as in "fp16 [1, 3, ?, 640]".
func (t Type) String() string { return t.DataType.String() + " " + FormatShape(t.Shape) }

// Rank is the number of dimensions.
func (t Type) Rank() int { return len(t.Shape) }

// Static reports whether every extent is known.
func (t Type) Static() bool { return !slices.Contains(t.Shape, Dynamic) }

// Elements is the number of elements of a static type; 1 for a scalar, -1
// when an extent is dynamic.
func (t Type) Elements() int {
	n := 1
	for _, e := range t.Shape {
		if e < 0 {
			return -1
		}
		n *= e
	}
	return n
}

// Bytes is the packed size of a static type: elements of less than 8 bits
// share bytes. It is -1 when an extent is dynamic.
func (t Type) Bytes() int {
	n := t.Elements()
	if n < 0 {
		return -1
	}
	return (n*t.DataType.Bits() + 7) / 8
}

// Equal reports whether both have the same element type and shape.
func (t Type) Equal(u Type) bool {
	return t.DataType == u.DataType && slices.Equal(t.Shape, u.Shape)
}

// FormatShape writes a shape as in "[1, 3, ?, 640]", with "?" for [Dynamic].
func FormatShape(shape []int) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, e := range shape {
		if i > 0 {
			b.WriteString(", ")
		}
		if e == Dynamic {
			b.WriteByte('?')
		} else {
			fmt.Fprint(&b, e)
		}
	}
	b.WriteByte(']')
	return b.String()
}

// Variable is a named value of a program: an input, or what an operation
// produces.
type Variable struct {
	Name string
	Type Type
}

// String returns the variable as in "x: fp16 [1, 3, 4, 4]".
func (v Variable) String() string { return v.Name + ": " + v.Type.String() }
