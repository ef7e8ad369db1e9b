package coreml

import "slices"

// Inference follows a program operation by operation: the type of every value,
// and the elements of those small ones that shapes and constants determine, so
// that a parameter computed from a shape is as good as a constant.
type Inference struct {
	types map[string]Type
	known map[string]*Tensor
}

// NewInference begins a program with its inputs, of static types.
func NewInference(inputs ...Variable) *Inference {
	n := &Inference{types: map[string]Type{}, known: map[string]*Tensor{}}
	for _, v := range inputs {
		n.Define(v)
	}
	return n
}

// Define gives a value its type.
func (n *Inference) Define(v Variable) { n.types[v.Name] = v.Type }

// Type returns the type of a value; false when nothing has defined it.
func (n *Inference) Type(name string) (Type, bool) {
	t, ok := n.types[name]
	return t, ok
}

// Known returns the elements of a value, where they have been determined.
func (n *Inference) Known(name string) *Tensor { return n.known[name] }

// Infer returns the types of the operation's outputs without defining them.
func (n *Inference) Infer(op *Op) ([]Type, error) {
	bound := n.bind(op)
	return bound.Infer(n.Type)
}

// Apply defines the operation's outputs. It returns a copy of the operation in
// which those have their types, and parameters that read known values have them
// as constants.
func (n *Inference) Apply(op *Op) (Op, error) {
	bound := n.bind(op)
	types, err := bound.Infer(n.Type)
	if err != nil {
		return bound, err
	}
	if err := matchDeclared(op.Outputs, types); err != nil {
		return bound, err
	}
	bound.Outputs = make([]Variable, len(types))
	for i, t := range types {
		bound.Outputs[i] = Variable{op.Outputs[i].Name, t}
		n.types[op.Outputs[i].Name] = t
	}
	for i, t := range fold(&bound, n.Type) {
		n.known[op.Outputs[i].Name] = t
	}
	return bound, nil
}

// bind returns a copy of the operation with known values in place.
func (n *Inference) bind(op *Op) Op {
	bound := *op
	bound.Inputs = make(map[string][]Arg, len(op.Inputs))
	for param, args := range op.Inputs {
		args = slices.Clone(args)
		for i, a := range args {
			if a.Value == nil {
				args[i].Value = n.known[a.Name]
			}
		}
		bound.Inputs[param] = args
	}
	return bound
}

// defined reports whether everything that the operation reads has a type.
func (n *Inference) defined(op *Op) bool {
	for _, args := range op.Inputs {
		for _, a := range args {
			if _, ok := n.types[a.Name]; a.Value == nil && !ok {
				return false
			}
		}
	}
	return true
}

// assume takes the types that the operation declares, where they are static.
func (n *Inference) assume(op *Op) {
	for _, v := range op.Outputs {
		if v.Type.DataType != 0 && v.Type.Static() {
			n.types[v.Name] = v.Type
		}
	}
}
