package coreml

import (
	"fmt"
	"maps"
	"slices"
)

// Specialize fixes every dynamic extent: inputs gives the shape of each input
// that has one, by name; inputs of static type may be left out. The result is
// a new program in which every type is static, inferred operation by
// operation and equal to what the package declares. p is not changed;
// constants are shared.
//
// An operation that is not known, a parameter that does not fit, and a
// declared type that is not what follows are errors that name the operation
// and its output.
func (p *Program) Specialize(inputs map[string][]int) (*Program, error) {
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		if !slices.ContainsFunc(p.Inputs, func(v Variable) bool { return v.Name == name }) {
			return nil, fmt.Errorf("coreml: there is no input %q; the inputs are %v", name, p.Inputs)
		}
	}
	out := &Program{
		Opset: p.Opset, Outputs: slices.Clone(p.Outputs), Constants: p.Constants,
		Ops: make([]Op, 0, len(p.Ops)),
	}
	types := make(map[string]Type, len(p.Inputs)+len(p.Ops))
	for _, v := range p.Inputs {
		shape, err := fixShape(v, inputs)
		if err != nil {
			return nil, fmt.Errorf("coreml: the input %q: %w", v.Name, err)
		}
		v.Type.Shape = shape
		types[v.Name] = v.Type
		out.Inputs = append(out.Inputs, v)
	}
	for i := range p.Ops {
		op := p.Ops[i]
		inferred, err := op.Infer(func(name string) (Type, bool) { t, ok := types[name]; return t, ok })
		if err == nil {
			err = matchDeclared(op.Outputs, inferred)
		}
		if err != nil {
			return nil, fmt.Errorf("coreml: operation %d, %s %q (output %s): %w", i, op.Type, op.Name, op.Output(), err)
		}
		op.Outputs = slices.Clone(op.Outputs)
		for k, t := range inferred {
			op.Outputs[k].Type = t
			types[op.Outputs[k].Name] = t
		}
		out.Ops = append(out.Ops, op)
	}
	return out, nil
}

// Specialize is [Program.Specialize] of the package's program, after checking
// the shapes against what the input features allow.
func (p *Package) Specialize(inputs map[string][]int) (*Program, error) {
	for _, f := range p.Inputs {
		shape, ok := inputs[f.Name]
		if !ok {
			continue
		}
		if err := f.Allows(shape); err != nil {
			return nil, fmt.Errorf("coreml: the input %q: %w", f.Name, err)
		}
	}
	return p.Program.Specialize(inputs)
}

// Allows says why the feature does not take a shape, or nil.
func (f Feature) Allows(shape []int) error {
	if len(f.Enumerated) > 0 {
		for _, e := range f.Enumerated {
			if slices.Equal(e, shape) {
				return nil
			}
		}
		return fmt.Errorf("it does not take the shape %s; it takes one of %v", FormatShape(shape), f.Enumerated)
	}
	if len(f.Range) == 0 {
		return nil
	}
	if len(f.Range) != len(shape) {
		return fmt.Errorf("it takes %d dimensions, the shape %s has %d", len(f.Range), FormatShape(shape), len(shape))
	}
	for i, b := range f.Range {
		if shape[i] < b.Min || b.Max != Dynamic && shape[i] > b.Max {
			return fmt.Errorf("dimension %d of the shape %s has to be at least %d and at most %s", i, FormatShape(shape), b.Min, boundName(b.Max))
		}
	}
	return nil
}

func boundName(max int) string {
	if max == Dynamic {
		return "any extent"
	}
	return fmt.Sprint(max)
}

// fixShape returns the shape an input gets.
func fixShape(v Variable, inputs map[string][]int) ([]int, error) {
	given, ok := inputs[v.Name]
	if !ok {
		if !v.Type.Static() {
			return nil, fmt.Errorf("its type is %s: give the shape to run at", v.Type)
		}
		given = v.Type.Shape
	}
	for _, e := range given {
		if e < 1 {
			return nil, fmt.Errorf("its shape %s has an extent below 1", FormatShape(given))
		}
	}
	if err := checkExtents(given); err != nil {
		return nil, err
	}
	if !fits(v.Type.Shape, given) {
		return nil, fmt.Errorf("the shape %s does not fit its type %s", FormatShape(given), v.Type)
	}
	return slices.Clone(given), nil
}

// fits reports whether a static shape is one of those a declared one allows.
func fits(declared, shape []int) bool {
	return slices.EqualFunc(declared, shape, func(d, s int) bool { return d == Dynamic || d == s })
}

// Infer returns the types of the operation's outputs by its semantics. types
// gives the type of a variable; they have to be static. Types declared in
// Outputs are not looked at.
func (o *Op) Infer(types func(name string) (Type, bool)) ([]Type, error) {
	s, ok := signatures[o.Type]
	if !ok {
		return nil, fmt.Errorf("the operation %s is not known", o.Type)
	}
	for param, args := range o.Inputs {
		for _, a := range args {
			if a.Value != nil {
				continue
			}
			if t, ok := types(a.Name); !ok || !t.Static() {
				return nil, fmt.Errorf("its parameter %s reads %q, which has no static type", param, a.Name)
			}
		}
	}
	c := &call{op: o, types: types}
	if err := c.check(s); err != nil {
		return nil, err
	}
	inferred, err := s.infer(c)
	if err != nil {
		return nil, err
	}
	for _, t := range inferred {
		if err := checkExtents(t.Shape); err != nil {
			return nil, err
		}
		for _, e := range t.Shape {
			if e < 1 {
				return nil, fmt.Errorf("it gives %s, which has no elements", t)
			}
		}
	}
	return inferred, nil
}

// matchDeclared compares what an operation declares with what it gives. A
// value of no declared type takes any.
func matchDeclared(declared []Variable, inferred []Type) error {
	if len(declared) != len(inferred) {
		return fmt.Errorf("it declares %d outputs, it gives %d", len(declared), len(inferred))
	}
	for i, v := range declared {
		t := inferred[i]
		if v.Type.DataType == 0 {
			continue
		}
		if v.Type.DataType != t.DataType || !fits(v.Type.Shape, t.Shape) {
			return fmt.Errorf("it declares %s, but by its inputs it gives %s", v, t)
		}
	}
	return nil
}
