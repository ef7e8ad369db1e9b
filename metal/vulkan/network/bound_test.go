package network_test

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/x448/float16"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/metal"
	"weft/metal/vulkan/network"
)

// boundTypes are the types of Metal's tensors.
var boundTypes = []coreml.DataType{
	coreml.Float32, coreml.Float16, coreml.BFloat16, coreml.Int8, coreml.UInt8, coreml.Int16, coreml.UInt16, coreml.Int32, coreml.UInt32,
}

// boundShapes are odd in every way that matters to words: rows of one element,
// of less than a word, and of several.
var boundShapes = [][]int{{1, 3, 5, 7}, {2, 5, 3, 1}, {13}, {3, 2}}

// patterns are element i's bits, with all that is special about each type.
func patterns(t metal.TensorDataType, i int) uint32 {
	special := []uint32{
		0, 1, 0x7f, 0x80, 0x81, 0xff, 0x7fff, 0x8000, 0x8001, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x80000001,
		0x7c00, 0xfc00, 0x7bff, 0x0400, 0x7f80, 0xff80, 0x3f80, 0x7f800000, 0xff800000, 0x3f800000, 0x7fc00000, 0x01000001,
	}
	bits := uint32(i) * 2654435761
	if i < len(special) {
		bits = special[i]
	}
	return bits & uint32(1<<(8*t.Bytes())-1)
}

// numbers are floats at every edge of the types that they are cast to.
func numbers(i int) float32 {
	inf := float32(math.Inf(1))
	special := []float32{
		0, -0.5, 0.999, 127, 127.9, 128, -128.9, -129, 255.5, 256, -1, 32767.5, 32768, -32769, 65535.9, 65536, 1 << 24, 1<<24 + 2,
		2147483520, 2147483648, -2147483648, -2147483904, 4294967040, 4294967296, 1e30, -1e30, inf, -inf, float32(math.NaN()),
		math.Float32frombits(0x3f808000), math.Float32frombits(0x3f818000), math.Float32frombits(0x3f808001), math.Float32frombits(0x7f7fffff),
		math.Float32frombits(0xffffffff), 65504, 65520, 1e-7,
	}
	if i < len(special) {
		return special[i]
	}
	return float32(i-100) * 1.37
}

// wantBits is a float as a type has it, by MIL's cast.
func wantBits(t metal.TensorDataType, v float32) uint32 {
	whole := func(low, high float64) uint32 {
		if v != v {
			return 0
		}
		return uint32(int64(min(max(math.Trunc(float64(v)), low), high)))
	}
	switch t {
	case metal.TensorDataTypeFloat32:
		return math.Float32bits(v)
	case metal.TensorDataTypeFloat16:
		return uint32(float16.Fromfloat32(v).Bits())
	case metal.TensorDataTypeBFloat16:
		bits := math.Float32bits(v)
		return (bits + 0x7fff + bits>>16&1) >> 16
	case metal.TensorDataTypeInt8:
		return whole(math.MinInt8, math.MaxInt8) & 0xff
	case metal.TensorDataTypeUInt8:
		return whole(0, math.MaxUint8)
	case metal.TensorDataTypeInt16:
		return whole(math.MinInt16, math.MaxInt16) & 0xffff
	case metal.TensorDataTypeUInt16:
		return whole(0, math.MaxUint16)
	case metal.TensorDataTypeInt32:
		return whole(math.MinInt32, math.MaxInt32)
	}
	return whole(0, math.MaxUint32)
}

func bitsOf(t metal.TensorDataType, from []byte) uint32 {
	var word [4]byte
	copy(word[:], from[:t.Bytes()])
	return binary.LittleEndian.Uint32(word[:])
}

// run compiles a program and runs it on inputs given as bits of their elements.
func run(t *testing.T, p *coreml.Program, bits func(in network.Tensor, i int) uint32) *loaded {
	t.Helper()
	g := device(t)
	plan, err := network.Compile(p, g.limits)
	require.NoError(t, err)
	validate(t, plan)
	l := g.load(t, plan)
	t.Cleanup(l.close)
	for i, in := range plan.Inputs {
		bytes := l.tensors[network.FromInput][i].bytes
		walk(in, func(i, at int) {
			var word [4]byte
			binary.LittleEndian.PutUint32(word[:], bits(in, i))
			copy(bytes[at:at+in.Type.Bytes()], word[:])
		})
	}
	l.run(t)
	return l
}

// TestBoundTypesAreRead casts an input of every type to fp32.
func TestBoundTypesAreRead(t *testing.T) {
	for _, shape := range boundShapes {
		p := program(t, func(b *mil.Builder) {
			for _, kind := range boundTypes {
				b.Output(b.Op("cast", "from_"+kind.String(), mil.Args{"x": b.Input(kind.String(), kind, shape...), "dtype": "fp32"}))
			}
		})
		l := run(t, p, func(in network.Tensor, i int) uint32 { return patterns(in.Type, i) })
		for k, out := range l.plan.Outputs {
			in := l.plan.Inputs[k]
			walk(out, func(i, at int) {
				var word [4]byte
				binary.LittleEndian.PutUint32(word[:], patterns(in.Type, i))
				want := element(word[:], in.Type)
				have := element(l.tensors[network.FromOutput][k].bytes[at:], out.Type)
				require.True(t, want == have || want != want && have != have, "%s %v, element %d, %#x: %g, want %g", in.Type, shape, i, word, have, want)
			})
		}
	}
}

// TestBoundTypesAreStored casts fp32 to an output of every type, and leaves the
// memory behind the tensor alone.
func TestBoundTypesAreStored(t *testing.T) {
	for _, shape := range boundShapes {
		p := program(t, func(b *mil.Builder) {
			x := b.Input("x", coreml.Float32, shape...)
			for _, kind := range boundTypes {
				b.Output(b.Op("cast", "to_"+kind.String(), mil.Args{"x": x, "dtype": kind.String()}))
			}
		})
		l := run(t, p, func(_ network.Tensor, i int) uint32 { return math.Float32bits(numbers(i)) })
		for k, out := range l.plan.Outputs {
			bytes := l.tensors[network.FromOutput][k].bytes
			walk(out, func(i, at int) {
				v := numbers(i)
				have, want := bitsOf(out.Type, bytes[at:]), wantBits(out.Type, v)
				if v != v && (out.Type == metal.TensorDataTypeFloat32 || out.Type == metal.TensorDataTypeFloat16 || out.Type == metal.TensorDataTypeBFloat16) {
					got := element(bytes[at:], out.Type)
					require.True(t, got != got, "%v %v, element %d: %g became %g", out.Type, shape, i, v, got)
					return
				}
				require.Equal(t, want, have, "%v %v, element %d, %g: %#x, want %#x", out.Type, shape, i, v, have, want)
			})
			for i, b := range bytes[size(out):] {
				require.Equal(t, byte(0xff), b, "%v %v: byte %d behind the tensor was written", out.Type, shape, i)
			}
		}
	}
}

// wholeBits is an integer, given by its bits, as another type of integers has
// it, by MIL's cast: the nearest that the type holds.
func wholeBits(from, to metal.TensorDataType, bits uint32) uint32 {
	v := int64(bits)
	switch from {
	case metal.TensorDataTypeInt8:
		v = int64(int8(bits))
	case metal.TensorDataTypeInt16:
		v = int64(int16(bits))
	case metal.TensorDataTypeInt32:
		v = int64(int32(bits))
	}
	width := 8 * to.Bytes()
	low, high := int64(0), int64(1)<<width-1
	switch to {
	case metal.TensorDataTypeInt8, metal.TensorDataTypeInt16, metal.TensorDataTypeInt32:
		low, high = -1<<(width-1), 1<<(width-1)-1
	}
	return uint32(min(max(v, low), high)) & uint32(1<<width-1)
}

// TestBoundIntegersSurvive moves integers that no float holds, and casts them
// to every other type of integers.
func TestBoundIntegersSurvive(t *testing.T) {
	kinds := boundTypes[3:]
	p := program(t, func(b *mil.Builder) {
		for _, kind := range kinds {
			x := b.Input(kind.String(), kind, 2, 3, 5)
			b.Output(b.Op("identity", kind.String()+"_moved", mil.Args{"x": x}))
			b.Output(b.Op("transpose", kind.String()+"_turned", mil.Args{"x": x, "perm": []int{2, 0, 1}}))
			for _, to := range kinds {
				b.Output(b.Op("cast", kind.String()+"_to_"+to.String(), mil.Args{"x": x, "dtype": to.String()}))
			}
		}
	})
	l := run(t, p, func(in network.Tensor, i int) uint32 { return patterns(in.Type, i) })
	each := len(kinds) + 2
	for k, out := range l.plan.Outputs {
		in := l.plan.Inputs[k/each]
		walk(out, func(i, at int) {
			from := i
			if k%each == 1 { // [5, 2, 3] of [2, 3, 5]
				from = (i/3%2*3+i%3)*5 + i/6
			}
			want := wholeBits(in.Type, out.Type, patterns(in.Type, from))
			have := bitsOf(out.Type, l.tensors[network.FromOutput][k].bytes[at:])
			require.Equal(t, want, have, "%s, element %d of %#x: %#x, want %#x", out.Name, i, patterns(in.Type, from), have, want)
		})
	}
}
