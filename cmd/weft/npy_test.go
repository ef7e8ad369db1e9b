package main

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/coreml"
)

// npyOf is a file with a header of one's own.
func npyOf(header string, content ...byte) []byte {
	out := binary.LittleEndian.AppendUint16([]byte(npyMagic+"\x01\x00"), uint16(len(header)))
	return append(append(out, header...), content...)
}

func TestReadNPY(t *testing.T) {
	// As numpy.save writes it: numpy.array([[1, -2]], '<i2').
	a, err := readNPY(npyOf("{'descr': '<i2', 'fortran_order': False, 'shape': (1, 2), }   \n", 1, 0, 0xfe, 0xff))
	require.NoError(t, err)
	assert.Equal(t, &array{coreml.Int16, []int{1, 2}, []float64{1, -2}}, a)
	a, err = readNPY(npyOf("{'descr': '|b1', 'fortran_order': False, 'shape': (), }", 1))
	require.NoError(t, err)
	assert.Equal(t, &array{coreml.Bool, []int{}, []float64{1}}, a)
	for _, c := range []struct {
		data []byte
		want string
	}{
		{nil, "no .npy file"},
		{[]byte("PNG and so on"), "no .npy file"},
		{[]byte(npyMagic + "\x09\x00\x00\x00"), "version 9"},
		{[]byte(npyMagic + "\x02\x00\x00\x00"), "ends in its header"},
		{npyOf("{}")[:11], "ends in its header"},
		{npyOf("{}"), "only plain arrays"},
		{npyOf("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 0, 0, 0, 0), "only plain arrays"},
		{npyOf("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", 0, 0, 0, 0), "Fortran order: save numpy.ascontiguousarray"},
		{npyOf("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", 0, 0, 0, 0), "big-endian: save it with astype('<f4')"},
		{npyOf("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }"), `its elements are "<c8"`},
		{npyOf("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"), `its elements are "|O"`},
		{npyOf("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 0, 0, 0, 0), "take 8 bytes, it has 4"},
		{npyOf("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }", 0, 0, 0, 0), "more than its 4 bytes hold"},
	} {
		_, err := readNPY(c.data)
		assert.ErrorContains(t, err, c.want)
	}
}

func TestNPYRoundTrip(t *testing.T) {
	kinds := []coreml.DataType{coreml.BFloat16}
	for _, k := range npyTypes {
		kinds = append(kinds, k)
	}
	rapid.Check(t, func(t *rapid.T) {
		for _, kind := range kinds {
			a := &array{kind: kind, shape: rapid.SliceOfN(rapid.IntRange(0, 4), 0, 4).Draw(t, "shape"), values: []float64{}}
			for range (coreml.Type{Shape: a.shape}).Elements() {
				a.values = append(a.values, float64(rapid.IntRange(0, 1).Draw(t, "value")))
				if kind != coreml.Bool {
					a.values[len(a.values)-1] *= 100
				}
			}
			data := writeNPY(a)
			length := int(binary.LittleEndian.Uint16(data[8:]))
			require.Zero(t, (10+length)%64)
			require.Equal(t, byte('\n'), data[9+length])
			got, err := readNPY(data)
			require.NoError(t, err)
			if kind == coreml.BFloat16 {
				a.kind = coreml.Float32
			}
			require.Equal(t, a, got)
		}
	})
}

func TestEncodeKeepsToTheType(t *testing.T) {
	for _, c := range []struct {
		kind     coreml.DataType
		in, want float64
	}{
		{coreml.Int8, -300, -128},
		{coreml.Int8, 300, 127},
		{coreml.UInt8, 254.6, 255},
		{coreml.UInt16, -1, 0},
		{coreml.UInt16, 1e9, 65535},
		{coreml.Int32, -7.5, -8},
		{coreml.UInt32, 4294967295, 4294967295},
		{coreml.Float16, 1.0 / 3, 0.333251953125},
		{coreml.BFloat16, 1.0 / 3, 0.333984375},
	} {
		assert.Equal(t, []float64{c.want}, decode(c.kind, encode(c.kind, []float64{c.in})), c.kind.String())
	}
}

func FuzzReadNPY(f *testing.F) {
	f.Add(npyOf("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 0, 0, 0, 0))
	f.Add(writeNPY(&array{coreml.UInt8, []int{2, 2}, []float64{1, 2, 3, 4}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := readNPY(data)
		if err != nil {
			return
		}
		require.Equal(t, coreml.Type{Shape: a.shape}.Elements(), len(a.values))
		again, err := readNPY(writeNPY(a))
		require.NoError(t, err)
		require.Equal(t, a.shape, again.shape)
	})
}
