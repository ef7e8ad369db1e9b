package network

import (
	"fmt"

	"weft/coreml"
	"weft/metal"
)

// Compile turns a program into a plan for a device. The program must be
// specialized ([coreml.Program.Specialize]): every type static.
//
// Values have up to six dimensions, and are of the types fp16, bf16, fp32, bool
// and integers of 8 to 32 bits; inputs and outputs may be of every type that a
// Metal tensor has. Arithmetic is in 32-bit floats and 32-bit integers; values
// of type fp16 are stored in the heap as such, or, where [Device.FloatHeapSize]
// allows, as 32-bit floats; those of bf16 and fp32 as 32-bit floats.
//
// What cannot run is an error that names the operation, its output and shape,
// and what would run.
func Compile(program *coreml.Program, device Device) (*Plan, error) {
	n := &network{device: device, plan: &Plan{}}
	phases := []func(*coreml.Program) error{
		n.lower,
		func(*coreml.Program) error { n.fuse(); return nil },
		func(*coreml.Program) error { return n.layout() },
		func(*coreml.Program) error { return n.pack() },
		func(*coreml.Program) error { return n.emit() },
	}
	for _, phase := range phases {
		if err := phase(program); err != nil {
			return nil, fmt.Errorf("network: %w", err)
		}
	}
	return n.plan, nil
}

// tensorTypes are the types of bound tensors that kernels read and write.
var tensorTypes = map[coreml.DataType]metal.TensorDataType{
	coreml.Float32:  metal.TensorDataTypeFloat32,
	coreml.Float16:  metal.TensorDataTypeFloat16,
	coreml.BFloat16: metal.TensorDataTypeBFloat16,
	coreml.Int8:     metal.TensorDataTypeInt8,
	coreml.UInt8:    metal.TensorDataTypeUInt8,
	coreml.Int16:    metal.TensorDataTypeInt16,
	coreml.UInt16:   metal.TensorDataTypeUInt16,
	coreml.Int32:    metal.TensorDataTypeInt32,
	coreml.UInt32:   metal.TensorDataTypeUInt32,
}

// tensor describes a bound tensor.
func tensor(name string, t coreml.Type) (Tensor, error) {
	kind, ok := tensorTypes[t.DataType]
	if !ok {
		return Tensor{}, fmt.Errorf("%q is %s: inputs and outputs may be fp16, bf16, fp32 or integers of 8, 16 or 32 bits", name, t)
	}
	if t.Rank() > maxRank {
		return Tensor{}, fmt.Errorf("%q is %s: inputs and outputs may have up to %d dimensions", name, t, maxRank)
	}
	out := Tensor{Name: name, Type: kind}
	for i := t.Rank() - 1; i >= 0; i-- {
		out.Dimensions = append(out.Dimensions, t.Shape[i])
	}
	if len(out.Dimensions) == 0 {
		out.Dimensions = []int{1}
	}
	return out, nil
}

// size is the bytes of a bound tensor with packed strides.
func (t Tensor) size() int64 {
	return int64(metal.TensorDescriptor{Type: t.Type, Dimensions: t.Dimensions}.Size())
}
