// Package rules says what Metal 4 refuses, so that a driver refuses it first.
//
// Metal does not return an error for a wrong argument: with its debug layer it
// ends the process, without it the result is undefined. A driver of Metal that
// gives errors must therefore know the rules itself. They are here as functions
// of plain descriptors and of weft/metal's interfaces, with no driver's types in
// them. Each returns nil, or an error that names the object and says what would
// be right. None allocates where there is nothing to say.
//
// Rules about the life of objects (open and closed buffers, released objects,
// work in flight) are the driver's own.
package rules

import (
	"fmt"

	"weft/metal"
)

// Describe names an object of a kind by its label.
func Describe(kind, label string) string {
	if label == "" {
		return "a " + kind
	}
	return fmt.Sprintf("%s %q", kind, label)
}

// name is the object as its driver names it.
func name(kind string, o metal.Object) string {
	if s, ok := o.(fmt.Stringer); ok {
		return s.String()
	}
	return Describe(kind, o.Label())
}

func bad(kind, label, format string, args ...any) error {
	return fmt.Errorf("%s: %w", Describe(kind, label), fmt.Errorf(format, args...))
}
