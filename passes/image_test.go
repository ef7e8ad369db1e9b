package passes_test

import (
	"encoding/binary"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/x448/float16"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/graph"
	"weft/metal"
	"weft/passes"
)

// network writes a package.
func network(t testing.TB, build func(b *mil.Builder)) metal.Network {
	b := mil.NewBuilder("CoreML7")
	build(b)
	p, err := b.Package()
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, mil.WriteDir(dir, p))
	return metal.Network{Name: "test", Package: os.DirFS(dir)}
}

// tint multiplies channel c by factors[c] and adds terms[c], and calls it y.
func tint(b *mil.Builder, x mil.Value, factors, terms []float32) mil.Value {
	list := func(v []float32) *coreml.Tensor { return mil.Floats(coreml.Float32, []int{1, len(v), 1, 1}, v) }
	x = b.Op("mul", "", mil.Args{"x": x, "y": list(factors)})
	return b.Op("add", "y", mil.Args{"x": x, "y": list(terms)})
}

// A network that calls its input and its output images gets numbers from 0 to
// 255 in its order of channels, without alpha, and its numbers become the
// texture's.
func TestImageFeatures(t *testing.T) {
	const w, h = 5, 3
	rgba, srgb := metal.PixelFormatRGBA8Unorm, metal.PixelFormatRGBA8UnormSRGB
	bgra, r8 := metal.PixelFormatBGRA8Unorm, metal.PixelFormatR8Unorm
	factors, terms := []float32{0.5, 1, 2}, []float32{0, 16, -3}
	for _, c := range []struct {
		name     string
		color    coreml.ColorSpace
		from, to metal.PixelFormat
	}{
		{"RGB", coreml.RGB, rgba, rgba},
		{"BGR", coreml.BGR, rgba, rgba},
		{"sRGB textures keep their bytes", coreml.RGB, srgb, srgb},
		{"sRGB in", coreml.BGR, srgb, rgba},
		{"blue first in memory", coreml.RGB, bgra, rgba},
		{"gray", coreml.Grayscale, r8, r8},
		{"gray from and to colors", coreml.Grayscale, rgba, rgba},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, queue := gpu(t)
			n := c.color.Channels()
			g := graph.New()
			in, out := g.Texture("in", texture(c.from, w, h)), g.Texture("out", texture(c.to, w, h))
			fromTexel, toTexel := c.from.BytesPerPixel(), c.to.BytesPerPixel()
			pixels := make([]byte, w*h*fromTexel)
			for i := range pixels {
				pixels[i] = byte(i*37 + i*i)
			}
			fill(g, in, pixels)
			g.Add(passes.MachineLearning{
				Name: "image", Inputs: passes.Bind{"x": in}, Outputs: passes.Bind{"y": out},
				Network: network(t, func(b *mil.Builder) {
					b.OutputImage(tint(b, b.Image("x", c.color, h, w), factors[:n], terms[:n]), c.color)
				}),
			})
			read := &passes.ReadTexture{Name: "read", Texture: out}
			g.Add(read)
			plan := compile(t, g, d)
			require.NoError(t, plan.Run(queue))
			require.NoError(t, plan.Wait())
			have := read.Pixels(plan)
			require.Len(t, have, w*h*toTexel)
			// channel is where a color (0 is red) lies in a texel, feature where
			// it is in the network.
			channel := func(f metal.PixelFormat, color int) int {
				if f == bgra {
					return 2 - color
				}
				return color
			}
			for i := range w * h {
				for color := range min(toTexel, 3) {
					feature, source := color, color
					switch c.color {
					case coreml.BGR:
						feature = 2 - color
					case coreml.Grayscale:
						feature, source = 0, 0
					}
					x := float64(pixels[i*fromTexel+channel(c.from, source)])
					want := min(max(math.Round(x*float64(factors[feature])+float64(terms[feature])), 0), 255)
					off := 0.0
					switch {
					case c.from.IsSRGB(): // the GPU may read the curve less exactly
						off = 2
					case factors[feature] == 0.5: // halves are rounded up or down
						off = 1
					}
					require.InDelta(t, want, have[i*toTexel+channel(c.to, color)], off, "pixel %d, color %d, from %g", i, color, x)
				}
				if toTexel == 4 {
					require.EqualValues(t, 255, have[i*4+3], "alpha of pixel %d", i)
				}
			}
		})
	}
}

// A gray image of halves has the numbers that the texture has.
func TestGrayHalfImage(t *testing.T) {
	d, queue := gpu(t)
	const w, h = 4, 2
	values := []float32{0, 0.25, 1, -1, 300, 1000, 0.125, 7}
	var pixels []byte
	for _, v := range values {
		pixels = binary.LittleEndian.AppendUint16(pixels, float16.Fromfloat32(v).Bits())
	}
	g := graph.New()
	in, out := g.Texture("in", texture(metal.PixelFormatR16Float, w, h)), g.Texture("out", texture(metal.PixelFormatR16Float, w, h))
	fill(g, in, pixels)
	g.Add(passes.MachineLearning{
		Name: "image", Inputs: passes.Bind{"x": in}, Outputs: passes.Bind{"y": out},
		Network: network(t, func(b *mil.Builder) {
			b.OutputImage(tint(b, b.Image("x", coreml.GrayscaleFloat16, h, w), []float32{2}, []float32{1}), coreml.GrayscaleFloat16)
		}),
	})
	read := &passes.ReadTexture{Name: "read", Texture: out}
	g.Add(read)
	plan := compile(t, g, d)
	require.NoError(t, plan.Run(queue))
	require.NoError(t, plan.Wait())
	for i, v := range values {
		bits := binary.LittleEndian.Uint16(read.Pixels(plan)[2*i:])
		assert.Equal(t, 2*v+1, float16.Frombits(bits).Float32(), "pixel %d", i)
	}
}

// A multi-array gets what the binding makes of a texture: a factor and a term
// for each of its channels, linear light or sRGB.
func TestMappingOfAMultiArray(t *testing.T) {
	d, queue := gpu(t)
	const w, h = 6, 2
	curve := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	back := passes.Mapping{Reversed: true, Scale: [4]float32{0.25, 0.5, 2}, Bias: [4]float32{0.1, 0.25, -0.5}}
	for _, c := range []struct {
		name     string
		format   metal.PixelFormat
		encoding passes.Encoding
		arrives  func(float64) float64 // of a byte from 0 to 1
	}{
		{"bytes as they are", metal.PixelFormatRGBA8Unorm, passes.ByFormat, func(v float64) float64 { return v }},
		{"bytes are sRGB", metal.PixelFormatRGBA8Unorm, passes.SRGB, func(v float64) float64 { return v }},
		{"bytes to light", metal.PixelFormatRGBA8Unorm, passes.LinearLight, curve},
		{"light of the format", metal.PixelFormatRGBA8UnormSRGB, passes.ByFormat, curve},
		{"light to sRGB", metal.PixelFormatRGBA8UnormSRGB, passes.SRGB, func(v float64) float64 { return v }},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New()
			in, out := g.Texture("in", texture(c.format, w, h)), g.Texture("out", texture(c.format, w, h))
			y := g.Tensor("between", metal.TensorDescriptor{Type: metal.TensorDataTypeFloat32, Dimensions: []int{w, h, 3, 1}, Storage: metal.StorageModeShared}, graph.Persistent)
			pixels := make([]byte, w*h*4)
			for i := range pixels {
				pixels[i] = byte(i*53 + i*i)
			}
			fill(g, in, pixels)
			there := passes.Mapping{Reversed: true, Scale: [4]float32{4, 2, 0.5}, Bias: [4]float32{-0.4, -0.5, 0.25}, Encoding: c.encoding}
			net := network(t, func(b *mil.Builder) {
				b.Output(tint(b, b.Input("x", coreml.Float32, 1, 3, h, w), []float32{1, 1, 1}, []float32{0, 0, 0}))
			})
			back := back
			back.Encoding = c.encoding
			g.Add(passes.MachineLearning{
				Name: "to", Network: net, Inputs: passes.Bind{"x": passes.Image{Texture: in, Mapping: there}}, Outputs: passes.Bind{"y": y},
			})
			g.Add(passes.MachineLearning{
				Name: "fro", Network: net, Inputs: passes.Bind{"x": y}, Outputs: passes.Bind{"y": passes.Image{Texture: out, Mapping: back}},
			})
			read := &passes.ReadTexture{Name: "read", Texture: out}
			g.Add(read)
			plan := compile(t, g, d)
			require.NoError(t, plan.Run(queue))
			require.NoError(t, plan.Wait())
			row, plane := g.TensorDescriptor(y).Strides[1], g.TensorDescriptor(y).Strides[2]
			numbers := plan.Tensor(y).Buffer().Contents()
			for i := range w * h {
				for ch := range 3 {
					at := 4 * (ch*plane + i/w*row + i%w)
					have := math.Float32frombits(binary.LittleEndian.Uint32(numbers[at:]))
					want := c.arrives(float64(pixels[4*i+2-ch])/255)*float64(there.Scale[ch]) + float64(there.Bias[ch])
					off := 1e-5
					if c.format.IsSRGB() { // the GPU may read the curve less exactly
						off = 2e-3 * float64(there.Scale[ch])
					}
					require.InDelta(t, want, have, off, "pixel %d, channel %d", i, ch)
					require.Equal(t, pixels[4*i+ch], read.Pixels(plan)[4*i+ch], "pixel %d, color %d: there and back", i, ch)
				}
			}
		})
	}
}

// A network of bytes gets them from a texture, and gives them to one.
func TestImageOfBytes(t *testing.T) {
	d, queue := gpu(t)
	const w, h = 7, 3
	g := graph.New()
	in, out := g.Texture("in", texture(metal.PixelFormatRGBA8Unorm, w, h)), g.Texture("out", texture(metal.PixelFormatRGBA8Unorm, w, h))
	pixels := make([]byte, w*h*4)
	for i := range pixels {
		pixels[i] = byte(i*29 + i*i)
	}
	fill(g, in, pixels)
	g.Add(passes.MachineLearning{
		Name: "bytes",
		Network: network(t, func(b *mil.Builder) {
			x := b.Op("cast", "", mil.Args{"x": b.Input("x", coreml.Int8, 1, 3, h, w), "dtype": "fp32"})
			x = b.Op("mul", "", mil.Args{"x": x, "y": -1.0})
			x = b.Op("sub", "", mil.Args{"x": x, "y": 1.0})
			b.Output(b.Op("cast", "y", mil.Args{"x": x, "dtype": "int8"}))
		}),
		Inputs:  passes.Bind{"x": passes.Image{Texture: in, Mapping: passes.Mapping{Scale: passes.Each(255), Bias: passes.Each(-128)}}},
		Outputs: passes.Bind{"y": passes.Image{Texture: out, Mapping: passes.Mapping{Scale: passes.Each(1.0 / 255), Bias: passes.Each(128.0 / 255)}}},
	})
	read := &passes.ReadTexture{Name: "read", Texture: out}
	g.Add(read)
	plan := compile(t, g, d)
	require.NoError(t, plan.Run(queue))
	require.NoError(t, plan.Wait())
	for i, v := range read.Pixels(plan) {
		want := 255 - pixels[i] // -1 - (v - 128) + 128
		if i%4 == 3 {
			want = 255
		}
		require.Equal(t, want, v, "byte %d", i)
	}
}
