package passes_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/x448/float16"

	"weft/graph"
	"weft/metal"
	"weft/metal/record"
	"weft/metal/system"
	"weft/models"
	"weft/passes"
	"weft/shaders"
)

// gpu is a device that computes, under the validation layer.
func gpu(t testing.TB) (metal.Device, metal.CommandQueue) {
	d, err := system.Device(system.Options{Validation: true})
	if err != nil {
		t.Fatalf("no device that computes, or no validation layer: run make setup: %v", err)
	}
	return with(t, d)
}

func recorder(t testing.TB, o record.Options) (*record.Device, metal.CommandQueue) {
	d := record.New(o)
	_, queue := with(t, d)
	return d, queue
}

func with(t testing.TB, d metal.Device) (metal.Device, metal.CommandQueue) {
	t.Cleanup(func() {
		if v, ok := d.(interface{ ValidationMessages() []string }); ok {
			assert.Empty(t, v.ValidationMessages())
		}
		d.Release()
		if r, ok := d.(*record.Device); ok {
			for _, f := range r.Faults() {
				t.Error(f)
			}
		}
	})
	queue, err := d.NewCommandQueue("queue")
	require.NoError(t, err)
	t.Cleanup(queue.Release)
	return d, queue
}

func compile(t testing.TB, g *graph.Graph, d metal.Device) *graph.Plan {
	plan, err := g.Compile(d)
	require.NoError(t, err)
	t.Cleanup(plan.Release)
	return plan
}

// fill uploads pixels into a texture, each frame.
func fill(g *graph.Graph, to graph.Texture, pixels []byte) {
	d := g.TextureDescriptor(to)
	row := d.Width * d.Format.BytesPerPixel()
	g.Add(passes.Blit{
		Name: "fill " + g.NameOf(to), Writes: passes.In(0, to),
		Copy: func(f *graph.Frame, e metal.ComputeEncoder) error {
			b, offset := f.Upload(pixels)
			e.CopyBufferToTexture(b, offset, row, row*d.Height, d.MipSize(0), metal.TextureRegion{Texture: f.Texture(to)})
			return nil
		},
	})
}

func texture(f metal.PixelFormat, w, h int) metal.TextureDescriptor {
	return metal.TextureDescriptor{Format: f, Width: w, Height: h}
}

// A picture that is packed into a tensor and drawn from it is the same picture.
func TestPackAndUnpack(t *testing.T) {
	d, queue := gpu(t)
	for _, c := range []struct {
		w, h, channels int
		kind           metal.TensorDataType
		reversed       bool
	}{
		{1, 1, 3, metal.TensorDataTypeFloat16, false},
		{17, 5, 3, metal.TensorDataTypeFloat16, false},
		{64, 33, 4, metal.TensorDataTypeFloat32, false},
		{31, 40, 3, metal.TensorDataTypeFloat32, true},
		{100, 7, 1, metal.TensorDataTypeFloat16, false},
		{19, 4, 3, metal.TensorDataTypeInt16, true},
		{21, 4, 4, metal.TensorDataTypeUInt16, false},
		{5, 3, 3, metal.TensorDataTypeInt32, false},
		{6, 3, 1, metal.TensorDataTypeUInt32, false},
		{3, 3, 3, metal.TensorDataTypeInt8, false},
		{66, 2, 4, metal.TensorDataTypeUInt8, true},
		{7, 2, 3, metal.TensorDataTypeBFloat16, false},
	} {
		t.Run(fmt.Sprintf("%dx%dx%d %v", c.w, c.h, c.channels, c.kind), func(t *testing.T) {
			g := graph.New()
			in := g.Texture("in", texture(metal.PixelFormatRGBA8Unorm, c.w, c.h))
			out := g.Texture("out", texture(metal.PixelFormatRGBA8Unorm, c.w, c.h))
			x := g.Tensor("x", metal.TensorDescriptor{Type: c.kind, Dimensions: []int{c.w, c.h, c.channels, 1}})
			pixels := make([]byte, c.w*c.h*4)
			for i := range pixels {
				pixels[i] = byte(rand.IntN(256))
			}
			fill(g, in, pixels)
			scale, bias := float32(2), float32(-1)
			switch c.kind {
			case metal.TensorDataTypeInt8:
				scale, bias = 255, -128
			case metal.TensorDataTypeFloat16, metal.TensorDataTypeFloat32:
			default:
				scale, bias = 255, 0
			}
			g.Add(passes.TextureToTensor{Name: "pack", Texture: in, Tensor: x, Mapping: passes.Mapping{Scale: passes.Each(scale), Bias: passes.Each(bias), Reversed: c.reversed}})
			g.Add(passes.TensorToTexture{Name: "unpack", Texture: out, Tensor: x, Mapping: passes.Mapping{Scale: passes.Each(1 / scale), Bias: passes.Each(-bias / scale), Reversed: c.reversed}})
			read := &passes.ReadTexture{Name: "read", Texture: out}
			g.Add(read)
			plan := compile(t, g, d)
			for range 4 {
				require.NoError(t, plan.Run(queue))
			}
			require.NoError(t, plan.Wait())
			for i, v := range read.Pixels(plan) {
				want := pixels[i]
				switch {
				case c.channels == 1 && i%4 < 3:
					want = pixels[i-i%4]
				case c.channels < 4 && i%4 == 3:
					want = 255
				}
				require.Equal(t, want, v, "byte %d", i)
			}
		})
	}
}

// Presenting encodes linear light, decodes for a linear target, and leaves alone
// what fits.
func TestPresentEncodes(t *testing.T) {
	d, queue := gpu(t)
	encode := func(x float64) float64 {
		if x <= 0.0031308 {
			return 12.92 * x
		}
		return 1.055*math.Pow(x, 1/2.4) - 0.055
	}
	const n = 64
	var halves, bytes []byte
	for i := range n {
		h := float16.Fromfloat32(float32(i) / n).Bits()
		for range 3 {
			halves = append(halves, byte(h), byte(h>>8))
			bytes = append(bytes, byte(4*i))
		}
		halves, bytes = append(halves, 0, 0), append(bytes, 0)
	}
	run := func(source, target metal.PixelFormat, pixels []byte) []byte {
		g := graph.New()
		from, to := g.Texture("from", texture(source, n, 1)), g.Texture("to", texture(target, n, 1))
		fill(g, from, pixels)
		g.Add(passes.Present{Source: from, Target: to})
		read := &passes.ReadTexture{Name: "read", Texture: to}
		g.Add(read)
		plan := compile(t, g, d)
		require.NoError(t, plan.Run(queue))
		require.NoError(t, plan.Wait())
		return append([]byte(nil), read.Pixels(plan)...)
	}
	for _, to := range []metal.PixelFormat{metal.PixelFormatRGBA8Unorm, metal.PixelFormatRGBA8UnormSRGB} {
		got := run(metal.PixelFormatRGBA16Float, to, halves)
		for i := range n {
			assert.InDelta(t, 255*encode(float64(i)/n), float64(got[4*i]), 1, "%v, %d", to, i)
		}
		got = run(metal.PixelFormatRGBA8Unorm, to, bytes)
		for i := range n {
			assert.InDelta(t, 4*i, int(got[4*i]), 1, "%v, %d", to, i)
		}
	}
}

// Every smaller mip of an even picture is the mean of the one before.
func TestGenerateMips(t *testing.T) {
	d, queue := gpu(t)
	g := graph.New()
	desc := texture(metal.PixelFormatR8Unorm, 4, 4)
	desc.Mips = 3
	x := g.Texture("x", desc)
	g.Add(passes.Blit{Name: "fill", Writes: []passes.Access{{Resource: x, Part: graph.Mip(0)}}, Copy: func(f *graph.Frame, e metal.ComputeEncoder) error {
		b, offset := f.Upload([]byte{0, 0, 40, 40, 0, 0, 40, 40, 80, 80, 120, 120, 80, 80, 120, 120})
		e.CopyBufferToTexture(b, offset, 4, 16, metal.Size{Width: 4, Height: 4, Depth: 1}, metal.TextureRegion{Texture: f.Texture(x)})
		return nil
	}})
	g.Add(passes.GenerateMips{Name: "mips", Texture: x})
	one, two := &passes.ReadTexture{Name: "one", Texture: x, Level: 1}, &passes.ReadTexture{Name: "two", Texture: x, Level: 2}
	g.Add(one)
	g.Add(two)
	plan := compile(t, g, d)
	for range 3 {
		require.NoError(t, plan.Run(queue))
	}
	require.NoError(t, plan.Wait())
	assert.Equal(t, []byte{0, 40, 80, 120}, one.Pixels(plan))
	assert.Equal(t, []byte{60}, two.Pixels(plan))
}

// Faults say which pass, and what would be right.
func TestRefused(t *testing.T) {
	g := graph.New()
	small := g.Texture("small", texture(metal.PixelFormatRGBA8Unorm, 32, 32))
	big := g.Texture("big", texture(metal.PixelFormatRGBA8Unorm, 60, 64))
	x := g.Tensor("x", metal.TensorDescriptor{
		Type: metal.TensorDataTypeInt8, Dimensions: []int{32, 32, 3, 1}, Strides: []int{1, 33, 33 * 32, 33 * 96}, Usage: metal.TensorUsageCompute,
	})
	g.Add(passes.Render{Name: "scene", Color: []graph.Attachment{{Texture: small, Load: graph.Clear(0, 0, 0, 1)}}})
	net := models.Upscale()
	g.Add(passes.MachineLearning{Name: "wrong size", Network: net, Inputs: passes.Bind{"color": small}, Outputs: passes.Bind{"upscaled": big}})
	g.Add(passes.MachineLearning{Name: "wrong input", Network: net, Inputs: passes.Bind{"colour": small}, Outputs: passes.Bind{"upscaled": big}})
	g.Add(passes.MachineLearning{Name: "wrong output", Network: net, Inputs: passes.Bind{"color": small}, Outputs: passes.Bind{"huge": big}})
	y := g.Tensor("y", metal.TensorDescriptor{Type: metal.TensorDataTypeFloat16, Dimensions: []int{32, 32, 3, 1}})
	g.Add(passes.MachineLearning{Name: "in place", Network: net, Inputs: passes.Bind{"color": y}, Outputs: passes.Bind{"upscaled": y}})
	g.Add(passes.TextureToTensor{Name: "bytes", Texture: small, Tensor: x})
	g.Add(passes.GenerateMips{Name: "mips", Texture: small})
	g.Add(passes.Present{Target: small})
	g.Add(passes.Fullscreen{Name: "full", Fragment: shaders.PresentFrag, Textures: passes.In(0, x)})
	_, err := g.Plan()
	for _, want := range []string{
		`passes_test.go:`,
		`pass "wrong size": resource "big": is 60x64: output "upscaled" of network "upscale" is 64x64`,
		`pass "wrong input": network "upscale": input "color" is not bound`,
		`pass "wrong output": network "upscale": output "upscaled" is not bound`,
		`pass "in place": resource "y": is bound to "color" and to the output "upscaled"`,
		`pass "bytes": resource "x": has the strides [1 33 1056 3168]: int8 is written a word at a time, so strides must be multiples of 4`,
		`pass "mips": resource "small": has 1 mips`,
		`pass "present": Source is not a texture of this graph`,
		`pass "full": resource "x": is among Textures and is none`,
	} {
		assert.ErrorContains(t, err, want)
	}
}

// A sampler that asks for anisotropy draws on every device, also where the
// driver must not hand that on (llvmpipe of Mesa 22.3 may never end).
func TestAnisotropicSamplers(t *testing.T) {
	d, queue := gpu(t)
	g := graph.New()
	const side = 64
	pixels := make([]byte, 4*side*side)
	for i := range pixels {
		pixels[i] = 200
	}
	source := g.Texture("source", metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: side, Height: side, Mips: 7})
	target := g.Texture("target", texture(metal.PixelFormatRGBA8Unorm, 256, 4))
	fill(g, source, pixels)
	g.Add(passes.GenerateMips{Name: "mips", Texture: source})
	g.Add(passes.Fullscreen{
		Name: "squeeze", Fragment: shaders.PresentFrag, Color: []graph.Attachment{{Texture: target}},
		Constants: func(*graph.Frame) []byte { return make([]byte, 16) },
		Textures:  passes.In(0, source),
		Samplers: []metal.SamplerDescriptor{{
			MinFilter: metal.FilterLinear, MagFilter: metal.FilterLinear, MipFilter: metal.MipFilterLinear, MaxAnisotropy: 16,
		}},
	})
	read := &passes.ReadTexture{Name: "read", Texture: target}
	g.Add(read)
	plan := compile(t, g, d)
	require.NoError(t, plan.Run(queue))
	require.NoError(t, plan.Wait())
	for i, v := range read.Pixels(plan) {
		if i%4 < 3 { // the shader makes pixels opaque
			require.InDelta(t, 200, v, 1)
		}
	}
}

// What the shaders of the ready nodes cannot read or draw is refused where it is
// declared.
func TestPicturesRefused(t *testing.T) {
	g := graph.New()
	color := g.Texture("color", texture(metal.PixelFormatRGBA8Unorm, 8, 8), graph.Persistent)
	whole := g.Texture("whole", texture(metal.PixelFormatRGBA8Uint, 8, 8), graph.Persistent)
	layers := texture(metal.PixelFormatRGBA8Unorm, 8, 8)
	layers.Layers = 2
	array := g.Texture("array", layers, graph.Persistent)
	x := g.Tensor("x", metal.TensorDescriptor{Type: metal.TensorDataTypeFloat16, Dimensions: []int{8, 8, 4, 1}}, graph.Persistent)

	g.Add(passes.Present{Name: "from integers", Source: whole, Target: color})
	g.Add(passes.Present{Name: "to integers", Source: color, Target: whole})
	g.Add(passes.Present{Name: "from array", Source: array, Target: color})
	g.Add(passes.Present{Name: "itself", Source: color, Target: color})
	g.Add(passes.TextureToTensor{Name: "pack integers", Texture: whole, Tensor: x})
	g.Add(passes.TensorToTexture{Name: "unpack integers", Texture: whole, Tensor: x})
	g.Add(passes.TextureToTensor{Name: "pack array", Texture: array, Tensor: x})
	_, err := g.Plan()
	for _, want := range []string{
		`pass "from integers": resource "whole": has the format rgba8Uint`,
		`pass "to integers": resource "whole": has the format rgba8Uint`,
		`pass "from array": resource "array": is a 2DArray texture`,
		`pass "itself": resource "color": is both Source and Target`,
		`pass "pack integers": resource "whole": has the format rgba8Uint`,
		`pass "unpack integers": resource "whole": has the format rgba8Uint`,
		`pass "pack array": resource "array": is a 2DArray texture`,
	} {
		assert.ErrorContains(t, err, want)
	}
}

// Handles of another graph, and nil, are refused by every node.
func TestStrangeHandlesRefused(t *testing.T) {
	other, g := graph.New(), graph.New()
	desc := texture(metal.PixelFormatRGBA8Unorm, 32, 32)
	desc.Mips = 2
	g.Texture("mine", desc) // has the same index
	g.Tensor("x", metal.TensorDescriptor{Type: metal.TensorDataTypeFloat16, Dimensions: []int{8, 8, 4, 1}})
	foreign := other.Texture("foreign", desc)
	color := g.Texture("color", desc, graph.Persistent)

	g.Add(passes.Render{Name: "render", Color: []graph.Attachment{{Texture: foreign}}})
	g.Add(passes.Compute{Name: "compute", Reads: passes.In(0, foreign), Writes: passes.In(0, nil)})
	g.Add(passes.Present{Source: foreign, Target: color})
	g.Add(passes.GenerateMips{Name: "mips", Texture: foreign})
	g.Add(passes.ReadTexture{Name: "value", Texture: color})
	g.Add(&passes.ReadTexture{Name: "read", Texture: foreign})
	g.Add((*passes.ReadTexture)(nil))
	net := models.Upscale()
	g.Add(passes.MachineLearning{Name: "in", Network: net, Inputs: passes.Bind{"color": foreign}, Outputs: passes.Bind{"upscaled": color}})
	g.Add(passes.MachineLearning{Name: "out", Network: net, Inputs: passes.Bind{"color": color}, Outputs: passes.Bind{"upscaled": nil}})
	_, err := g.Plan()
	for _, want := range []string{
		`pass "render": an attachment is not a texture of this graph`,
		`pass "compute": reads a resource that is not of this graph`,
		`pass "compute": writes a resource that is not of this graph`,
		`pass "present": Source is not a texture of this graph`,
		`pass "mips": Texture is not a texture of this graph`,
		`Add: passes.ReadTexture is no pass`,
		`pass "read": Texture is not a texture of this graph`,
		`Add: the node is nil: *passes.ReadTexture`,
		`pass "in": input "color" is bound to what is no resource of this graph`,
		`pass "out": output "upscaled" is bound to what is no resource of this graph`,
	} {
		assert.ErrorContains(t, err, want)
	}
}

// A plan gives no pixels of a texture that another graph reads.
func TestPixelsOfAnotherGraph(t *testing.T) {
	d, _ := recorder(t, record.Options{})
	var nodes [2]*passes.ReadTexture
	var plans [2]*graph.Plan
	for i := range nodes {
		g := graph.New()
		nodes[i] = &passes.ReadTexture{Name: "read", Texture: g.Texture("x", texture(metal.PixelFormatR8Unorm, 4+i, 4), graph.Persistent)}
		g.Add(nodes[i])
		plans[i] = compile(t, g, d)
	}
	assert.Len(t, nodes[0].Pixels(plans[0]), 16)
	assert.Len(t, nodes[1].Pixels(plans[1]), 20)
	assert.Nil(t, nodes[0].Pixels(plans[1]))
	assert.Nil(t, nodes[1].Pixels(plans[0]))
}
