package coreml

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Allows says why the feature does not take a shape, or nil.
func (f Feature) Allows(shape []int) error {
	if f.takes(shape) {
		return nil
	}
	return fmt.Errorf("it does not take the shape %s; it takes %s", FormatShape(shape), f.Extents())
}

// takes reports whether the feature takes a shape. One that says nothing of
// shapes takes any.
func (f Feature) takes(shape []int) bool {
	switch {
	case len(f.Enumerated) > 0:
		return slices.ContainsFunc(f.Enumerated, func(e []int) bool { return slices.Equal(e, shape) })
	case len(f.Range) > 0:
		return slices.EqualFunc(f.Range, shape, func(b Bounds, e int) bool {
			return e >= b.Min && (e <= b.Max || b.Max == Dynamic)
		})
	}
	return len(f.Shape) == 0 || slices.Equal(f.Shape, shape)
}

// Extents says which shapes the feature takes, as in "[1, 3, 16..2048, 64]",
// "[1, 4..]" for one without a bound, or "one of [1, 8] and [1, 16]".
func (f Feature) Extents() string {
	if len(f.Enumerated) > 0 {
		var list []string
		for _, e := range f.Enumerated {
			list = append(list, FormatShape(e))
		}
		if last := len(list) - 1; last > 0 {
			return "one of " + strings.Join(list[:last], ", ") + " and " + list[last]
		}
		return list[0]
	}
	if len(f.Range) == 0 {
		return FormatShape(f.Shape)
	}
	var list []string
	for _, b := range f.Range {
		list = append(list, b.String())
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// String returns the bounds as in "3", "16..2048" or "16..".
func (b Bounds) String() string {
	switch {
	case b.Min == b.Max:
		return fmt.Sprint(b.Min)
	case b.Max == Dynamic:
		return fmt.Sprintf("%d..", b.Min)
	}
	return fmt.Sprintf("%d..%d", b.Min, b.Max)
}

// Shapes returns a shape for every input: the one given, or else the default
// that the package has, [Feature.Shape]. Those given must be of inputs that
// there are, and have extents that those take; see [Feature.Extents].
func (p *Package) Shapes(given map[string][]int) (map[string][]int, error) {
	if err := p.checkShapes(given); err != nil {
		return nil, err
	}
	all := make(map[string][]int, len(p.Inputs))
	for _, f := range p.Inputs {
		v, _ := p.Program.Variable(f.Name)
		switch shape := given[f.Name]; {
		case shape != nil:
			all[f.Name] = shape
		case len(f.Shape) > 0:
			all[f.Name] = f.Shape
		default:
			all[f.Name] = v.Type.Shape
		}
	}
	return all, nil
}

// Specialize is [Program.Specialize] of the package's program, after checking
// the shapes against what the input features allow. A dynamic input has no
// default here: see [Package.Shapes].
func (p *Package) Specialize(inputs map[string][]int) (*Program, error) {
	if err := p.checkShapes(inputs); err != nil {
		return nil, err
	}
	for _, f := range p.Inputs {
		v, _ := p.Program.Variable(f.Name)
		if _, ok := inputs[f.Name]; !ok && !v.Type.Static() {
			return nil, fmt.Errorf("coreml: the input %q is of the type %s: give the shape to run at; it takes %s, by default %s",
				f.Name, v.Type, f.Extents(), FormatShape(f.Shape))
		}
	}
	return p.Program.Specialize(inputs)
}

func (p *Package) checkShapes(given map[string][]int) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		f, ok := p.Input(name)
		if !ok {
			return fmt.Errorf("coreml: there is no input %q; the inputs are %v", name, p.Program.Inputs)
		}
		if err := f.Allows(given[name]); err != nil {
			return fmt.Errorf("coreml: the input %q: %w", name, err)
		}
	}
	return nil
}
