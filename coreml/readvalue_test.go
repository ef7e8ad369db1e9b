package coreml

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"
)

// nest writes a length-delimited field around the fields in parts.
func nest(number protowire.Number, parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), all)
}

func varint(number protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, number, protowire.VarintType), v)
}

// scalarType is a ValueType of a scalar.
func scalarType(d DataType) []byte { return nest(1, varint(1, uint64(d))) }

// scalarText is a Value that is a string.
func scalarText(s string) []byte {
	return append(nest(2, scalarType(String)), nest(3, nest(1, nest(4, nest(1, []byte(s)))))...)
}

// TestReadList reads the labels of a classifier: a list of strings.
func TestReadList(t *testing.T) {
	list := func(elements ...[]byte) []byte {
		var all []byte
		for _, e := range elements {
			all = append(all, nest(1, e)...)
		}
		return append(nest(2, nest(2, nest(1, scalarType(String)))), nest(3, nest(3, all))...)
	}
	got, err := (&reader{}).readValue(list(scalarText("cat"), scalarText("dog")))
	require.NoError(t, err)
	require.Equal(t, "string [2]", got.Type.String())
	require.Equal(t, []string{"cat", "dog"}, got.Strings)

	_, err = (&reader{}).readValue(list(list(scalarText("cat"))))
	require.ErrorContains(t, err, "a list of lists")

	number := append(nest(2, scalarType(Int32)), nest(3, nest(1, nest(2, varint(1, 7))))...)
	_, err = (&reader{}).readValue(list(scalarText("cat"), number))
	require.ErrorContains(t, err, "both string and int32")
}

func TestReadImmediates(t *testing.T) {
	value := func(d DataType, field protowire.Number, content []byte, extents ...uint64) []byte {
		tensor := append(varint(1, uint64(d)), varint(2, uint64(len(extents)))...)
		for _, e := range extents {
			tensor = append(tensor, nest(3, nest(1, varint(1, e)))...)
		}
		return append(nest(2, nest(1, tensor)), nest(3, nest(1, nest(field, content)))...)
	}
	// Numbers one by one, not packed: a reader has to take both.
	apart := append(varint(1, 5), varint(1, ^uint64(0))...)
	got, err := (&reader{}).readValue(value(Int32, valueInts, apart, 2))
	require.NoError(t, err)
	ints, err := got.Ints()
	require.NoError(t, err)
	require.Equal(t, []int{5, -1}, ints)

	// Any varint but 0 is true.
	got, err = (&reader{}).readValue(value(Bool, valueBools, nest(1, []byte{0x80, 0x02, 0, 1}), 3))
	require.NoError(t, err)
	truths, err := got.Bools()
	require.NoError(t, err)
	require.Equal(t, []bool{true, false, true}, truths)
	require.Equal(t, []byte{1, 0, 1}, got.Data)

	for _, test := range []struct {
		name  string
		value []byte
		want  string
	}{
		{"too few", value(Int32, valueInts, apart, 3), "takes 12 bytes, the value has 8"},
		{"wrong field", value(Float32, valueInts, apart, 2), "which is for another type"},
		{"strings for numbers", value(Int32, valueStrings, nest(1, []byte("a")), 1), "written as strings"},
		{"too few strings", value(String, valueStrings, nest(1, []byte("a")), 2), "with 1 strings"},
		{"truncated", value(Float32, valueFloats, nest(1, []byte{1, 2, 3}), 1), "truncated protobuf"},
		{"no type", nest(2, nest(1, varint(2, 0))), "without a data type"},
		{"unknown rank", nest(2, nest(1, varint(1, 11), varint(2, ^uint64(0)))), "unknown rank"},
		{"rank and dimensions", nest(2, nest(1, varint(1, 11), varint(2, 3))), "rank 3 with 0 dimensions"},
		{"no value", nest(2, scalarType(Float32)), "without a value"},
		{"dynamic", append(nest(2, nest(1, varint(1, 11), varint(2, 1), nest(3, nest(2)))), nest(3)...), "dynamic type fp32 [?]"},
		{"no file name", append(nest(2, scalarType(Float32)), nest(5, varint(2, 64))...), "a file without a name"},
		{"a number for a message", varint(2, 4), "not a length-delimited one"},
	} {
		_, err := (&reader{}).readValue(test.value)
		require.ErrorContains(t, err, test.want, test.name)
	}
}

// program is an ML Program whose function name has one block of operations.
func program(name string, operations ...[]byte) []byte {
	block := nest(2, []byte("y"))
	for _, op := range operations {
		block = append(block, nest(3, op)...)
	}
	function := append(nest(2, []byte("CoreML7")), nest(3, nest(1, []byte("CoreML7")), nest(2, block))...)
	return nest(2, nest(1, []byte(name)), nest(2, function))
}

func TestControlFlow(t *testing.T) {
	output := nest(3, nest(1, []byte("y")), nest(2, scalarType(Float32)))
	loop := append(append(nest(1, []byte("while_loop")), output...), nest(4)...)
	_, err := (&reader{}).readProgram(program("main", loop), "main")
	require.ErrorContains(t, err, `function "main": operation 0 (while_loop "y"): control flow`)
}

// TestFunctionChoice reads the function that a package names as its default.
func TestFunctionChoice(t *testing.T) {
	output := nest(3, nest(1, []byte("y")), nest(2, scalarType(Float32)))
	number := nest(5, nest(1, []byte("val")), nest(2, append(nest(2, scalarType(Float32)), nest(3, nest(1, nest(1, nest(1, []byte{0, 0, 128, 63}))))...)))
	constant := append(append(nest(1, []byte("const")), output...), number...)
	model := append(nest(2, nest(21, []byte("large"))), nest(mlProgramField, program("small", constant), program("large", constant))...)
	p, err := ReadModel(model)
	require.NoError(t, err)
	require.Equal(t, []string{"y"}, p.Program.Outputs)
	v, err := p.Program.Constants["y"].Float32s()
	require.NoError(t, err)
	require.Equal(t, []float32{1}, v)

	_, err = ReadModel(nest(mlProgramField, program("small", constant)))
	require.ErrorContains(t, err, `no function "main", it has ["small"]`)
}
