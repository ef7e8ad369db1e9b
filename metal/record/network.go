package record

import (
	"fmt"
	"slices"

	"weft/coreml"
	"weft/metal"
)

// readNetwork reads what a pipeline needs of a Core ML package. The bindings
// are the program's inputs and then its outputs, numbered in their order.
//
// The size of the intermediates is made up by this rule: twice that of the
// largest value between the inputs and the outputs, rounded up to 256 bytes; 0
// where there is none. Every network needs the operands and the result of its
// largest step at once; what else a driver keeps is its own business.
func readNetwork(d metal.MachineLearningPipelineDescriptor) ([]metal.TensorBinding, int, error) {
	if d.Network.Package == nil {
		return nil, 0, fmt.Errorf("no Package: it must be the folder of a Core ML package (NAME.mlpackage)")
	}
	p, err := coreml.Open(d.Network.Package)
	if err != nil {
		return nil, 0, err
	}
	shapes := map[string][]int{}
	for name, dimensions := range d.InputDimensions {
		shapes[name] = reversed(dimensions)
	}
	program, err := p.Specialize(shapes)
	if err != nil {
		return nil, 0, err
	}
	var bindings []metal.TensorBinding
	bound := map[string]bool{}
	bind := func(name string, t coreml.Type, access metal.BindingAccess) error {
		kind, err := metal.ParseTensorDataType(elementNames[t.DataType])
		if err != nil {
			return fmt.Errorf("%q has elements of type %v, which no tensor has", name, t.DataType)
		}
		dimensions := reversed(t.Shape)
		if len(dimensions) == 0 {
			dimensions = []int{1} // a tensor has at least one
		}
		bindings = append(bindings, metal.TensorBinding{
			Name: name, Index: len(bindings), Access: access, Type: kind, Dimensions: dimensions,
		})
		bound[name] = true
		return nil
	}
	for _, in := range program.Inputs {
		if err := bind(in.Name, in.Type, metal.BindingAccessReadOnly); err != nil {
			return nil, 0, err
		}
	}
	types := program.Variables()
	for _, out := range program.Outputs {
		if err := bind(out, types[out], metal.BindingAccessWriteOnly); err != nil {
			return nil, 0, err
		}
	}
	largest := 0
	for _, op := range program.Ops {
		for _, out := range op.Outputs {
			if !bound[out.Name] {
				largest = max(largest, out.Type.Bytes())
			}
		}
	}
	return bindings, roundUp(2 * largest), nil
}

// elementNames are metal's names of the element types that tensors have.
var elementNames = map[coreml.DataType]string{
	coreml.Float16: "float16", coreml.Float32: "float32", coreml.BFloat16: "bfloat16",
	coreml.Int8: "int8", coreml.UInt8: "uint8", coreml.Int16: "int16", coreml.UInt16: "uint16",
	coreml.Int32: "int32", coreml.UInt32: "uint32",
}

// reversed turns Core ML's order, outermost first, into Metal's, and back.
func reversed(shape []int) []int {
	out := slices.Clone(shape)
	slices.Reverse(out)
	return out
}
