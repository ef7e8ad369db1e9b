package mil_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
)

// ramp is n values around zero.
func ramp(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(i%17-8) / 16
	}
	return v
}

// upscaler is a small network with an image on both ends.
func upscaler() *mil.Builder {
	b := mil.NewBuilder("CoreML7")
	x := b.Image("picture", coreml.RGB, 8, 6)
	half := b.Op("cast", "", mil.Args{"x": x, "dtype": "fp16"})
	w := b.Const("weight", mil.Floats(coreml.Float16, []int{12, 3, 3, 3}, ramp(12*27)))
	bias := b.Const("bias", mil.Floats(coreml.Float16, []int{12}, ramp(12)))
	y := b.Op("conv", "", mil.Args{"x": half, "weight": w, "bias": bias, "pad_type": "custom", "pad": []int{1, 1, 1, 1}})
	y = b.Op("leaky_relu", "", mil.Args{"x": y, "alpha": 0.25})
	y = b.Op("pixel_shuffle", "", mil.Args{"x": y, "upscale_factor": 2})
	y = b.Op("cast", "larger", mil.Args{"x": y, "dtype": "fp32"})
	b.OutputImage(y, coreml.RGB)
	return b
}

// readBack writes a package and reads it again.
func readBack(t *testing.T, p *coreml.Package) *coreml.Package {
	t.Helper()
	files, err := mil.Encode(p)
	require.NoError(t, err)
	folder := fstest.MapFS{}
	for name, data := range files {
		folder[name] = &fstest.MapFile{Data: data}
	}
	got, err := coreml.Open(folder)
	require.NoError(t, err)
	return got
}

// stored ignores where constants are stored, which only a read package knows.
var stored = cmp.Options{
	cmpopts.IgnoreFields(coreml.Tensor{}, "File", "Offset"), cmpopts.EquateEmpty(),
}

func TestRoundTrip(t *testing.T) {
	p, err := upscaler().Package()
	require.NoError(t, err)
	p.Metadata = coreml.Metadata{Description: "d", Version: "1", Author: "a", License: "l", UserDefined: map[string]string{"k": "v"}}
	got := readBack(t, p)
	require.Empty(t, cmp.Diff(p, got, stored))
	require.NotEmpty(t, got.Program.Constants["weight"].File, "324 values belong into weight.bin")
	_, err = got.Specialize(nil)
	require.NoError(t, err)
}

// TestRoundTripConstants writes a constant of every type, below and above ten
// elements, in the oldest and the newest operation set.
func TestRoundTripConstants(t *testing.T) {
	floats := []coreml.DataType{coreml.Float16, coreml.BFloat16, coreml.Float32, coreml.Float64}
	ints := []coreml.DataType{
		coreml.Bool, coreml.Int4, coreml.Int8, coreml.Int16, coreml.Int32, coreml.Int64,
		coreml.UInt1, coreml.UInt2, coreml.UInt3, coreml.UInt4, coreml.UInt6,
		coreml.UInt8, coreml.UInt16, coreml.UInt32, coreml.UInt64,
	}
	for _, opset := range []string{"CoreML5", "CoreML9"} {
		for _, n := range []int{0, 1, 3, 10, 27} {
			b := mil.NewBuilder(opset)
			x := b.Input("x", coreml.Float32, 1, 1, 2, 2)
			b.Output(b.Op("relu", "y", mil.Args{"x": x}))
			values := make([]int, n)
			for i := range values {
				values[i] = i*7 - 5
			}
			for _, kind := range ints {
				in := values
				if kind == coreml.Bool {
					in = make([]int, n)
					for i := range in {
						in[i] = i % 2
					}
				}
				b.Const(fmt.Sprintf("%v_%d", kind, n), mil.Ints(kind, []int{n}, in))
			}
			for _, kind := range floats {
				b.Const(fmt.Sprintf("%v_%d", kind, n), mil.Floats(kind, []int{n}, ramp(n)))
			}
			b.Const("word", mil.Text("hello"))
			p, err := b.Package()
			require.NoError(t, err)
			got := readBack(t, p)
			require.Empty(t, cmp.Diff(p, got, stored))
			for name, c := range got.Program.Constants {
				// coremltools: floats and bytes from ten elements on, other
				// integers only from specification version 9 on.
				kind := c.Type.DataType
				small := kind == coreml.Float16 || kind == coreml.Float32 || kind == coreml.Int8 || kind == coreml.UInt8
				wide := kind == coreml.Bool || kind == coreml.String || kind.Bits() == 64
				require.Equal(t, n >= 10 && !wide && (small || opset == "CoreML9"), c.File != "", name)
			}
			if n > 0 {
				v, err := got.Program.Constants[fmt.Sprintf("%v_%d", coreml.Int4, n)].Ints()
				require.NoError(t, err)
				require.Equal(t, -5, v[0], "the sign of a nibble")
				f, err := got.Program.Constants[fmt.Sprintf("%v_%d", coreml.BFloat16, n)].Float32s()
				require.NoError(t, err)
				require.Equal(t, ramp(n), f)
			}
		}
	}
}

func TestDynamicInput(t *testing.T) {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, 3, coreml.Dynamic, coreml.Dynamic)
	w := b.Const("w", mil.Floats(coreml.Float32, []int{4, 3, 3, 3}, ramp(108)))
	y := b.Op("conv", "y", mil.Args{"x": x, "weight": w, "pad_type": "same", "strides": []int{2, 2}})
	b.Output(y)
	p, err := b.Package()
	require.NoError(t, err)
	got := readBack(t, p)
	require.Empty(t, cmp.Diff(p, got, stored))
	require.True(t, got.Inputs[0].Flexible())

	_, err = got.Specialize(nil)
	require.ErrorContains(t, err, "give the shape to run at")
	_, err = got.Specialize(map[string][]int{"x": {1, 4, 9, 7}})
	require.ErrorContains(t, err, "it takes [1, 3, 1.., 1..]")
	_, err = got.Specialize(map[string][]int{"z": {1}})
	require.ErrorContains(t, err, `no input "z"`)
	s, err := got.Specialize(map[string][]int{"x": {1, 3, 9, 7}})
	require.NoError(t, err)
	v, ok := s.Variable("y")
	require.True(t, ok)
	require.Equal(t, "fp32 [1, 4, 5, 4]", v.Type.String())
	require.Equal(t, "fp32 [1, 4, ?, ?]", got.Program.Ops[0].Output().Type.String(), "the program itself is not changed")
}

// A program may go on after a dynamic input: what is known of a value stays
// known, and what follows from a dynamic extent is dynamic.
func TestDynamicProgram(t *testing.T) {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, 3, coreml.Dynamic, coreml.Dynamic)
	mask := b.Input("mask", coreml.Float32, 1, 1, coreml.Dynamic, coreml.Dynamic)
	conv := func(name string, x mil.Value, from, to int) mil.Value {
		w := b.Const(name+"_w", mil.Floats(coreml.Float32, []int{to, from, 3, 3}, ramp(to*from*9)))
		return b.Op("conv", name, mil.Args{"x": x, "weight": w, "pad_type": "same"})
	}
	a := b.Op("relu", "a", mil.Args{"x": conv("first", x, 3, 8)})
	c := b.Op("max_pool", "c", mil.Args{"x": a, "kernel_sizes": []int{2, 2}, "strides": []int{2, 2}, "pad_type": "valid"})
	c = conv("second", c, 8, 32)
	up := b.Op("pixel_shuffle", "up", mil.Args{"x": c, "upscale_factor": 2})
	both := b.Op("concat", "both", mil.Args{"values": []mil.Value{a, up, mask}, "axis": 1, "interleave": false})
	out := b.Op("mul", "out", mil.Args{"x": conv("last", both, 17, 1), "y": mask})
	b.Output(out)
	mean := b.Op("reduce_mean", "mean", mil.Args{"x": out, "axes": []int{2, 3}, "keep_dims": true})
	b.Output(mean)
	p, err := b.Package()
	require.NoError(t, err)
	require.Equal(t, "fp32 [1, 17, ?, ?]", b.Type(both).String())
	require.Equal(t, "fp32 [1, 1, ?, ?]", b.Type(out).String())
	require.Equal(t, "fp32 [1, 1, 1, 1]", b.Type(mean).String())

	s, err := readBack(t, p).Specialize(map[string][]int{"x": {1, 3, 10, 14}, "mask": {1, 1, 10, 14}})
	require.NoError(t, err)
	v, ok := s.Variable("out")
	require.True(t, ok)
	require.Equal(t, "fp32 [1, 1, 10, 14]", v.Type.String())

	conv("wrong", out, 2, 1)
	_, err = b.Package()
	require.ErrorContains(t, err, "conv", "channels are known, and checked")
}

// An input may be dynamic in all its extents.
func TestAllDynamic(t *testing.T) {
	b := mil.NewBuilder("CoreML7")
	free := []int{coreml.Dynamic, coreml.Dynamic, coreml.Dynamic, coreml.Dynamic}
	y := b.Op("relu", "", mil.Args{"x": b.Input("x", coreml.Float32, free...)})
	b.Output(b.Op("exp", "y", mil.Args{"x": y}))
	p, err := b.Package()
	require.NoError(t, err)
	s, err := p.Specialize(map[string][]int{"x": {2, 3, 4, 5}})
	require.NoError(t, err)
	v, _ := s.Variable("y")
	require.Equal(t, "fp32 [2, 3, 4, 5]", v.Type.String())

	b = mil.NewBuilder("CoreML7")
	b.Output(b.Op("relu", "y", mil.Args{"x": b.Input("x", coreml.Float32, append(free, coreml.Dynamic)...)}))
	_, err = b.Package()
	require.ErrorContains(t, err, `input "x": 5 dynamic extents: at most 4`)
}

func TestBuilderErrors(t *testing.T) {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, 3, 4, 4)
	b.Op("frobnicate", "", mil.Args{"x": x})
	b.Op("relu", "", mil.Args{"x": x})
	_, err := b.Package()
	require.ErrorContains(t, err, "frobnicate is not known")

	b = mil.NewBuilder("CoreML7")
	_, err = b.Package()
	require.ErrorContains(t, err, "no output")

	_, err = mil.NewBuilder("CoreML99").Package()
	require.ErrorContains(t, err, "CoreML99")

	b = mil.NewBuilder("CoreML7")
	x = b.Input("x", coreml.Float32, 1, 3, 4, 4)
	b.Output(b.Op("relu", "x", mil.Args{"x": x}))
	_, err = b.Package()
	require.ErrorContains(t, err, `"x" is empty or taken`)
}

func ExampleBuilder() {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, 4, 2, 2)
	b.Output(b.Op("pixel_shuffle", "y", mil.Args{"x": x, "upscale_factor": 2}))
	pkg, err := b.Package()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pkg.Program.Ops[0].Output())
	// Output: y: fp32 [1, 1, 4, 4]
}
