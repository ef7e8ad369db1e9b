package onnx

import (
	"fmt"
	"maps"
	"slices"

	"weft/coreml"
)

// Encode writes a specialized program as an ONNX model.
func Encode(p *coreml.Program) ([]byte, error) {
	e := &encoder{types: p.Variables(), written: map[*coreml.Tensor]string{}}
	for i := range p.Ops {
		op := &p.Ops[i]
		translate, ok := translations[op.Type]
		if !ok {
			return nil, fmt.Errorf("onnx: the operation %s is not translated; %v are", op.Type, slices.Sorted(maps.Keys(translations)))
		}
		if err := translate(e, op); err != nil {
			return nil, fmt.Errorf("onnx: operation %d, %s %q: %w", i, op.Type, op.Name, err)
		}
	}
	e.graph.text(2, "main")
	e.graph.features(11, p.Inputs)
	var outputs []coreml.Variable
	for _, name := range p.Outputs {
		outputs = append(outputs, coreml.Variable{Name: name, Type: e.types[name]})
	}
	e.graph.features(12, outputs)
	return model(e.graph), nil
}

// encoder writes the graph node by node.
type encoder struct {
	graph   message
	types   map[string]coreml.Type
	written map[*coreml.Tensor]string // constants, by what they were called
	named   int
}

func (e *encoder) name() string {
	e.named++
	return fmt.Sprint("weft_", e.named)
}

// floats adds a constant and returns its name.
func (e *encoder) floats(shape []int, values []float32) string {
	name := e.name()
	e.graph.bytes(5, tensor(name, shape, values))
	return name
}

// ints adds a list of integers and returns its name.
func (e *encoder) ints(values ...int) string {
	name := e.name()
	wide := make([]int64, len(values))
	for i, v := range values {
		wide[i] = int64(v)
	}
	e.graph.bytes(5, tensor(name, []int{len(values)}, wide))
	return name
}

// input returns the name of what a parameter is bound to: a variable, or a
// constant, which it adds.
func (e *encoder) input(op *coreml.Op, param string) (string, error) {
	if name := op.Input(param); name != "" {
		return name, nil
	}
	t := op.Const(param)
	if name, ok := e.written[t]; ok || t == nil {
		return name, nil
	}
	values, err := t.Float32s()
	if err != nil {
		return "", fmt.Errorf("its parameter %s: %w", param, err)
	}
	e.written[t] = e.floats(t.Type.Shape, values)
	return e.written[t], nil
}

// shape is the shape of what a parameter is bound to.
func (e *encoder) shape(op *coreml.Op, param string) []int {
	if t := op.Const(param); t != nil {
		return t.Type.Shape
	}
	return e.types[op.Input(param)].Shape
}

// attributes are those of a node, by name.
type attributes map[string]any

// cut adds nodes that cut off a value's fractions, and returns its name.
func (e *encoder) cut(x string) string {
	whole, back := e.name(), e.name()
	e.add(whole, "Cast", attributes{"to": typeInt32}, x)
	e.add(back, "Cast", attributes{"to": typeFloat}, whole)
	return back
}

// node adds a node that gives the operation's output. An input called "" is
// left out.
func (e *encoder) node(op *coreml.Op, kind string, a attributes, inputs ...string) {
	e.add(op.Output().Name, kind, a, inputs...)
}

func (e *encoder) add(output, kind string, a attributes, inputs ...string) {
	var m message
	for _, in := range inputs {
		m.text(1, in)
	}
	m.text(2, output)
	m.text(4, kind)
	for _, name := range slices.Sorted(maps.Keys(a)) {
		m.bytes(5, attribute(name, a[name]))
	}
	e.graph.bytes(1, m)
}
