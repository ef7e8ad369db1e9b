package mil

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"weft/coreml"
)

// encoder writes the messages of CoreML.Specification; field numbers are
// those of coremltools' Model.proto and MIL.proto.
type encoder struct {
	spec  int
	blobs blobFile
}

func (e *encoder) model(p *coreml.Package) ([]byte, error) {
	program, err := e.program(p.Program)
	if err != nil {
		return nil, err
	}
	description, err := describe(p)
	if err != nil {
		return nil, err
	}
	var m message
	m.number(1, uint64(p.SpecificationVersion))
	m.bytes(2, description)
	m.bytes(502, program)
	return m, nil
}

// program writes MILSpec.Program with its one function, main.
func (e *encoder) program(p *coreml.Program) ([]byte, error) {
	var block message
	for _, name := range p.Outputs {
		block.bytes(2, []byte(name))
	}
	for _, name := range slices.Sorted(maps.Keys(p.Constants)) {
		op, err := e.constant(name, p.Constants[name])
		if err != nil {
			return nil, fmt.Errorf("constant %q: %w", name, err)
		}
		block.bytes(3, op)
	}
	for i := range p.Ops {
		op, err := e.operation(&p.Ops[i])
		if err != nil {
			return nil, fmt.Errorf("operation %d (%s %q): %w", i, p.Ops[i].Type, p.Ops[i].Name, err)
		}
		block.bytes(3, op)
	}
	var function message
	for _, v := range p.Inputs {
		function.bytes(1, namedType(v))
	}
	function.text(2, p.Opset)
	function.entry(3, p.Opset, block)
	var m message
	m.number(1, 1)
	m.entry(2, "main", function)
	return m, nil
}

// constant writes the operation const.
func (e *encoder) constant(name string, t *coreml.Tensor) ([]byte, error) {
	var m message
	m.text(1, "const")
	m.bytes(3, namedType(coreml.Variable{Name: name, Type: t.Type}))
	for _, attribute := range []struct {
		name  string
		value *coreml.Tensor
	}{{"name", Text(name)}, {"val", t}} {
		v, err := e.value(attribute.value)
		if err != nil {
			return nil, err
		}
		m.entry(5, attribute.name, v)
	}
	return m, nil
}

func (e *encoder) operation(op *coreml.Op) ([]byte, error) {
	var m message
	m.text(1, op.Type)
	for _, param := range slices.Sorted(maps.Keys(op.Inputs)) {
		var argument message
		for _, a := range op.Inputs[param] {
			var binding message
			if a.Name != "" {
				binding.bytes(1, []byte(a.Name))
			} else {
				v, err := e.value(a.Value)
				if err != nil {
					return nil, fmt.Errorf("parameter %s: %w", param, err)
				}
				binding.bytes(2, v)
			}
			argument.bytes(1, binding)
		}
		m.entry(2, param, argument)
	}
	for _, v := range op.Outputs {
		if v.Type.DataType == 0 {
			return nil, fmt.Errorf("its output %q has no type", v.Name)
		}
		m.bytes(3, namedType(v))
	}
	attributes := maps.Clone(op.Attributes)
	if attributes == nil {
		attributes = map[string]*coreml.Tensor{}
	}
	attributes["name"] = Text(op.Name)
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		v, err := e.value(attributes[name])
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		m.entry(5, name, v)
	}
	return m, nil
}

func namedType(v coreml.Variable) []byte {
	var m message
	m.bytes(1, []byte(v.Name))
	m.bytes(2, valueType(v.Type))
	return m
}

// valueType writes ValueType with a TensorType in it.
func valueType(t coreml.Type) []byte {
	var tensor message
	tensor.number(1, uint64(t.DataType))
	tensor.number(2, uint64(t.Rank()))
	for _, extent := range t.Shape {
		var dimension, size message
		if extent == coreml.Dynamic {
			dimension.bytes(2, nil)
		} else {
			size.number(1, uint64(extent))
			dimension.bytes(1, size)
		}
		tensor.bytes(3, dimension)
	}
	var m message
	m.bytes(1, tensor)
	return m
}

// inFile reports whether coremltools would keep a constant in weight.bin.
func (e *encoder) inFile(t coreml.Type) bool {
	if t.Elements() < 10 {
		return false
	}
	switch t.DataType {
	case coreml.Float16, coreml.Float32, coreml.UInt8, coreml.Int8:
		return true
	case coreml.Bool, coreml.String, coreml.Float64, coreml.Int64, coreml.UInt64:
		return false
	}
	return e.spec >= 9
}

// value writes the message Value.
func (e *encoder) value(t *coreml.Tensor) ([]byte, error) {
	if t == nil || t.Missing() || t.Type.DataType != coreml.String && len(t.Data) != t.Type.Bytes() {
		return nil, fmt.Errorf("a constant without its data")
	}
	var m message
	m.bytes(2, valueType(t.Type))
	if e.inFile(t.Type) {
		var blob message
		blob.text(1, "@model_path/weights/weight.bin")
		blob.number(2, e.blobs.add(t))
		m.bytes(5, blob)
		return m, nil
	}
	var immediate message
	immediate.bytes(1, tensorValue(t))
	m.bytes(3, immediate)
	return m, nil
}

// tensorValue writes the message TensorValue, in the field that coremltools
// uses for the type.
func tensorValue(t *coreml.Tensor) []byte {
	field := protowire.Number(7) // bytes, as they are
	var values message
	switch t.Type.DataType {
	case coreml.String:
		field = 4
		for _, s := range t.Strings {
			values.bytes(1, []byte(s))
		}
	case coreml.Float32:
		field = 1
		values.bytes(1, t.Data)
	case coreml.Float64:
		field = 6
		values.bytes(1, t.Data)
	case coreml.Bool:
		field = 3
		values.packed(1, wide(t.Data, 1))
	case coreml.Int16, coreml.UInt16:
		field = 2
		values.packed(1, wide(t.Data, 2))
	case coreml.Int32, coreml.UInt32:
		field = 2
		values.packed(1, wide(t.Data, 4))
	case coreml.Int64, coreml.UInt64:
		field = 5
		values.packed(1, wide(t.Data, 8))
	default:
		values.bytes(1, t.Data)
	}
	var m message
	m.bytes(field, values)
	return m
}

// wide returns little-endian numbers of a size as a varint field of signed
// numbers holds them.
func wide(data []byte, size int) []uint64 {
	var out []uint64
	for ; len(data) >= size; data = data[size:] {
		switch size {
		case 1:
			out = append(out, uint64(data[0]))
		case 2:
			out = append(out, uint64(int64(int16(binary.LittleEndian.Uint16(data)))))
		case 4:
			out = append(out, uint64(int64(int32(binary.LittleEndian.Uint32(data)))))
		default:
			out = append(out, binary.LittleEndian.Uint64(data))
		}
	}
	return out
}
