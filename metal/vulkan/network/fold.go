package network

import (
	"fmt"
	"maps"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/coreml/reference"
)

// resolve binds parameters that name a constant, or what fold has computed, to
// the constant itself, in a copy of the operation.
func (l *lowering) resolve(op *coreml.Op) *coreml.Op {
	out := *op
	out.Inputs = make(map[string][]coreml.Arg, len(op.Inputs))
	for param, args := range op.Inputs {
		for _, a := range args {
			if a.Value == nil {
				a.Value = l.constants[a.Name]
			}
			out.Inputs[param] = append(out.Inputs[param], a)
		}
	}
	return &out
}

// fold computes an operation of constants alone, such as the decompression of
// weights, once and for all. It reports whether the operation was one.
func (l *lowering) fold(op *coreml.Op) (bool, error) {
	program := &coreml.Program{Constants: map[string]*coreml.Tensor{}, Ops: []coreml.Op{*op}}
	for _, args := range op.Inputs {
		for _, a := range args {
			if a.Value == nil {
				return false, nil
			}
			if a.Name != "" {
				program.Constants[a.Name] = a.Value
			}
		}
	}
	for _, v := range op.Outputs {
		program.Outputs = append(program.Outputs, v.Name)
	}
	results, err := reference.Run(program, nil, reference.Options{Half: true})
	if err != nil {
		return false, fmt.Errorf("it depends on constants alone, which are computed once: %w", err)
	}
	for name, array := range results {
		l.constants[name] = constantOf(array)
	}
	return true, nil
}

func constantOf(a *reference.Array) *coreml.Tensor {
	switch kind := a.Type.DataType; {
	case kind == coreml.Float16:
		return mil.Floats(kind, a.Type.Shape, a.Values)
	case kind.IsFloat():
		return mil.Floats(coreml.Float32, a.Type.Shape, a.Values)
	}
	ints := make([]int, len(a.Values))
	for i, v := range a.Values {
		ints[i] = int(v)
	}
	return mil.Ints(a.Type.DataType, a.Type.Shape, ints)
}

// constantsOf is a copy of a program's constants, to which fold adds.
func constantsOf(p *coreml.Program) map[string]*coreml.Tensor {
	all := maps.Clone(p.Constants)
	if all == nil {
		all = map[string]*coreml.Tensor{}
	}
	return all
}
