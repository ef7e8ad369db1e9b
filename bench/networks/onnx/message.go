package onnx

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"weft/coreml"
)

// message is a protobuf message being written.
type message []byte

func (m *message) bytes(field protowire.Number, v []byte) {
	*m = protowire.AppendTag(*m, field, protowire.BytesType)
	*m = protowire.AppendBytes(*m, v)
}

func (m *message) text(field protowire.Number, v string) { m.bytes(field, []byte(v)) }

func (m *message) int(field protowire.Number, v int) {
	*m = protowire.AppendTag(*m, field, protowire.VarintType)
	*m = protowire.AppendVarint(*m, uint64(v))
}

func (m *message) float(field protowire.Number, v float32) {
	*m = protowire.AppendTag(*m, field, protowire.Fixed32Type)
	*m = protowire.AppendFixed32(*m, math.Float32bits(v))
}

// Element types of TensorProto.
const (
	typeFloat = 1
	typeInt32 = 6
	typeInt64 = 7
)

// tensor is a TensorProto of float32 or int64.
func tensor[E float32 | int64](name string, shape []int, values []E) message {
	var m message
	for _, e := range shape {
		m.int(1, e)
	}
	var raw []byte
	kind := typeFloat
	if _, whole := any(values).([]int64); whole {
		kind = typeInt64
	}
	raw, _ = binary.Append(raw, binary.LittleEndian, values) // of fixed size
	m.int(2, kind)
	m.text(8, name)
	m.bytes(9, raw)
	return m
}

// feature is a ValueInfoProto of float32.
func feature(name string, shape []int) message {
	var dims, kind, t, m message
	for _, e := range shape {
		var d message
		d.int(1, e)
		dims.bytes(1, d)
	}
	kind.int(1, typeFloat)
	kind.bytes(2, dims)
	t.bytes(1, kind)
	m.text(1, name)
	m.bytes(2, t)
	return m
}

// attribute is an AttributeProto of an int, []int, float32 or string.
func attribute(name string, value any) message {
	var m message
	m.text(1, name)
	kind := 0
	switch v := value.(type) {
	case float32:
		m.float(2, v)
		kind = 1
	case int:
		m.int(3, v)
		kind = 2
	case string:
		m.text(4, v)
		kind = 3
	case []int:
		for _, e := range v {
			m.int(8, e)
		}
		kind = 7
	}
	m.int(20, kind)
	return m
}

// model wraps a graph.
func model(graph message) []byte {
	var m, opset message
	m.int(1, 8) // the IR version of opset 17
	m.text(2, "weft")
	m.bytes(7, graph)
	opset.text(1, "")
	opset.int(2, 17)
	m.bytes(8, opset)
	return m
}

// features writes the inputs (field 11) or outputs (12) of a graph.
func (m *message) features(field protowire.Number, list []coreml.Variable) {
	for _, v := range list {
		m.bytes(field, feature(v.Name, v.Type.Shape))
	}
}
