package coreml

import (
	"fmt"
	"maps"
	"slices"
)

// Specialize fixes every dynamic extent: inputs gives the shape of each input
// that has one, by name; inputs of static type may be left out. The result is
// a new program in which every type is static, inferred operation by
// operation and equal to what the package declares. Operations that compute
// with shapes alone are gone from it: their results are constants. p is not
// changed; constants are shared.
//
// An operation that is not known, a parameter that does not fit, and a
// declared type that is not what follows are errors that name the operation
// and its output.
func (p *Program) Specialize(inputs map[string][]int) (*Program, error) {
	var refused error
	out, err := p.specialize(inputs, func(i int, r *Refusal) bool {
		refused = fmt.Errorf("coreml: operation %d, %w", i, r)
		return false
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Examine is Specialize for a program to be looked at. It goes on where an
// operation is refused, with the types that the program declares, where they
// are static, and returns all refusals. What reads a value of unknown type is
// kept as it was declared, and not judged.
func (p *Program) Examine(inputs map[string][]int) (*Program, []*Refusal, error) {
	var refused []*Refusal
	out, err := p.specialize(inputs, func(_ int, r *Refusal) bool {
		refused = append(refused, r)
		return true
	})
	return out, refused, err
}

// specialize calls refuse with each operation that is refused; false ends it.
func (p *Program) specialize(inputs map[string][]int, refuse func(int, *Refusal) bool) (*Program, error) {
	fixed, err := p.fixInputs(inputs)
	if err != nil {
		return nil, err
	}
	out := &Program{
		Opset: p.Opset, Inputs: fixed, Outputs: slices.Clone(p.Outputs), Constants: map[string]*Tensor{},
		Ops: make([]Op, 0, len(p.Ops)),
	}
	maps.Copy(out.Constants, p.Constants)
	n := NewInference(fixed...)
	for i := range p.Ops {
		op := &p.Ops[i]
		if !n.defined(op) {
			n.assume(op)
			out.Ops = append(out.Ops, *op)
			continue
		}
		bound, err := n.Apply(op)
		if err != nil {
			if !Known(op.Type) {
				err = fmt.Errorf("%w; the program is written in the operation set %s", err, p.Opset)
			}
			if !refuse(i, &Refusal{*op, err}) {
				return nil, nil
			}
			n.assume(op)
		}
		if n.Known(op.Output().Name) == nil {
			out.Ops = append(out.Ops, bound)
			continue
		}
		for _, v := range op.Outputs {
			out.Constants[v.Name] = n.Known(v.Name)
		}
	}
	return out, nil
}

// fixInputs returns the inputs with the shapes given.
func (p *Program) fixInputs(shapes map[string][]int) ([]Variable, error) {
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		if !slices.ContainsFunc(p.Inputs, func(v Variable) bool { return v.Name == name }) {
			return nil, fmt.Errorf("coreml: there is no input %q; the inputs are %v", name, p.Inputs)
		}
	}
	fixed := slices.Clone(p.Inputs)
	for i, v := range fixed {
		shape, err := fixShape(v, shapes)
		if err != nil {
			return nil, fmt.Errorf("coreml: the input %q: %w", v.Name, err)
		}
		fixed[i].Type.Shape = shape
	}
	return fixed, nil
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
