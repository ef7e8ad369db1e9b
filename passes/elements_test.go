package passes_test

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/x448/float16"

	"weft/graph"
	"weft/metal"
	"weft/passes"
)

// stored is what a tensor of a type makes of a number: integers the nearest,
// ties to even, as far as the type goes. Of 32 bits the greatest is one that a
// float holds.
func stored(t metal.TensorDataType, v float64) (bits uint32, number float64) {
	whole := func(low, high float64) (uint32, float64) {
		n := math.RoundToEven(min(max(v, low), high))
		return uint32(int64(n)), n
	}
	switch t {
	case metal.TensorDataTypeFloat32:
		return math.Float32bits(float32(v)), v
	case metal.TensorDataTypeFloat16:
		h := float16.Fromfloat32(float32(v))
		return uint32(h.Bits()), float64(h.Float32())
	case metal.TensorDataTypeBFloat16:
		bits := math.Float32bits(float32(v))
		bits = (bits + 0x7fff + bits>>16&1) >> 16
		return bits, float64(math.Float32frombits(bits << 16))
	case metal.TensorDataTypeInt8:
		return whole(-128, 127)
	case metal.TensorDataTypeUInt8:
		return whole(0, 255)
	case metal.TensorDataTypeInt16:
		return whole(-32768, 32767)
	case metal.TensorDataTypeUInt16:
		return whole(0, 65535)
	case metal.TensorDataTypeInt32:
		return whole(-2147483648, 2147483520)
	}
	return whole(0, 4294967040)
}

// Numbers of a float texture arrive in tensors of every type, and come back as
// what the type made of them.
func TestEveryTypeOfTensor(t *testing.T) {
	d, queue := gpu(t)
	values := []float32{0, 1, -1, 0.5, 1.5, 2.5, -0.5, 127.4, 127.5, -128.6, 300, 255.5, 40000, -40000, 65535, 1 << 24, 3e9, -3e9, 5e9, 0.1, 1e-3, 70}
	const h = 2
	w := len(values) / h
	var pixels []byte
	for _, v := range values {
		pixels = binary.LittleEndian.AppendUint32(pixels, math.Float32bits(v))
	}
	for _, kind := range []metal.TensorDataType{
		metal.TensorDataTypeFloat32, metal.TensorDataTypeFloat16, metal.TensorDataTypeBFloat16, metal.TensorDataTypeInt8, metal.TensorDataTypeUInt8,
		metal.TensorDataTypeInt16, metal.TensorDataTypeUInt16, metal.TensorDataTypeInt32, metal.TensorDataTypeUInt32,
	} {
		t.Run(kind.String(), func(t *testing.T) {
			g := graph.New()
			in, out := g.Texture("in", texture(metal.PixelFormatR32Float, w, h)), g.Texture("out", texture(metal.PixelFormatR32Float, w, h))
			x := g.Tensor("x", metal.TensorDescriptor{Type: kind, Dimensions: []int{w, h, 1, 1}, Storage: metal.StorageModeShared}, graph.Persistent)
			fill(g, in, pixels)
			g.Add(passes.TextureToTensor{Name: "pack", Texture: in, Tensor: x})
			g.Add(passes.TensorToTexture{Name: "unpack", Texture: out, Tensor: x})
			read := &passes.ReadTexture{Name: "read", Texture: out}
			g.Add(read)
			plan := compile(t, g, d)
			require.NoError(t, plan.Run(queue))
			require.NoError(t, plan.Wait())
			contents := plan.Tensor(x).Buffer().Contents()
			eachElement(g.TensorDescriptor(x), func(i, at int) {
				v := float64(values[i])
				bits, number := stored(kind, v)
				if kind == metal.TensorDataTypeFloat16 && math.Abs(v) > 65504 {
					return // infinite, or the greatest: both are in use
				}
				var word [4]byte
				copy(word[:], contents[at:at+kind.Bytes()])
				have := binary.LittleEndian.Uint32(word[:])
				if kind == metal.TensorDataTypeFloat16 {
					require.InDelta(t, bits, have, 1, "%g", v) // rounded either way
					return
				}
				require.Equal(t, bits&uint32(1<<(8*kind.Bytes())-1), have, "%g", v)
				back := math.Float32frombits(binary.LittleEndian.Uint32(read.Pixels(plan)[4*i:]))
				require.Equal(t, float32(number), back, "%g", v)
			})
		})
	}
}
