package coreml

import (
	"maps"
	"slices"
)

// Parameter is a parameter of an operation's signature, for tests.
type Parameter struct {
	Name, Kind string
	Constant   bool
	Optional   bool
	Choices    []string
}

// Operations returns the type of every known operation, in order.
func Operations() []string { return slices.Sorted(maps.Keys(signatures)) }

// Parameters returns the signature of an operation.
func Parameters(opType string) []Parameter {
	var out []Parameter
	for _, p := range signatures[opType].params {
		out = append(out, Parameter{p.name, p.kind, p.constant, p.optional, p.choices})
	}
	return out
}
