package reference_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/coreml/reference"
)

// drawn is n numbers from -1 to 1.
func drawn(t *rapid.T, label string, n int) []float32 {
	v := rapid.SliceOfN(rapid.Float32Range(-1, 1), n, n).Draw(t, label)
	return v
}

// run builds a package of one operation and runs it.
func run(t require.TestingT, b *mil.Builder, y mil.Value, inputs map[string][]float32) *reference.Array {
	b.Output(y)
	p, err := b.Package()
	require.NoError(t, err)
	program, err := p.Specialize(nil)
	require.NoError(t, err)
	out, err := reference.Run(program, inputs, reference.Options{})
	require.NoError(t, err)
	return out[y.Name()]
}

// image is [n, c, h, w] with plain access, zero outside.
type image struct {
	n, c, h, w int
	values     []float32
}

func (m image) at(n, c, y, x int) float64 {
	if y < 0 || y >= m.h || x < 0 || x >= m.w {
		return 0
	}
	return float64(m.values[((n*m.c+c)*m.h+y)*m.w+x])
}

// shape2 draws the parameters both convolutions share.
type shape2 struct {
	n, groups, cin, cout, h, w, kh, kw int
	strides, dilations, pad            []int
	padType                            string
}

func draw2(t *rapid.T, padTypes ...string) shape2 {
	small := func(label string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, label) }
	s := shape2{
		n: small("n", 1, 2), groups: small("groups", 1, 3), cin: small("cin", 1, 3), cout: small("cout", 1, 3),
		h: small("h", 1, 9), w: small("w", 1, 9), kh: small("kh", 1, 4), kw: small("kw", 1, 4),
		strides:   []int{small("sy", 1, 3), small("sx", 1, 3)},
		dilations: []int{small("dy", 1, 2), small("dx", 1, 2)},
		pad:       []int{small("top", 0, 3), small("bottom", 0, 3), small("left", 0, 3), small("right", 0, 3)},
		padType:   rapid.SampledFrom(padTypes).Draw(t, "padding"),
	}
	return s
}

func (s shape2) args(x, w, bias mil.Value) mil.Args {
	a := mil.Args{
		"x": x, "weight": w, "bias": bias, "strides": s.strides, "dilations": s.dilations,
		"groups": s.groups, "pad_type": s.padType,
	}
	if s.padType == "custom" {
		a["pad"] = s.pad
	}
	return a
}

// TestConvAgainstLoops compares with the definition, written as loops.
func TestConvAgainstLoops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := draw2(t, "valid", "custom", "same", "same_lower")
		// What the padding has to be: for same, as much as makes the output
		// ceil(input / stride), by the definition in coremltools.
		padOf := func(in, k, stride, dilation, before, after int) (int, int) {
			size := (k-1)*dilation + 1
			switch s.padType {
			case "custom":
				return before, (in+before+after-size)/stride + 1
			case "valid":
				return 0, (in-size)/stride + 1
			}
			out := (in + stride - 1) / stride
			total := max(0, (out-1)*stride+size-in)
			if s.padType == "same_lower" {
				return (total + 1) / 2, out
			}
			return total / 2, out
		}
		top, oh := padOf(s.h, s.kh, s.strides[0], s.dilations[0], s.pad[0], s.pad[1])
		left, ow := padOf(s.w, s.kw, s.strides[1], s.dilations[1], s.pad[2], s.pad[3])
		pads := func(in, k, d, p int) bool { return s.padType[0] == 's' || in+p >= (k-1)*d+1 }
		extraY, extraX := 0, 0
		if s.padType == "custom" {
			extraY, extraX = s.pad[0]+s.pad[1], s.pad[2]+s.pad[3]
		}
		if !pads(s.h, s.kh, s.dilations[0], extraY) || !pads(s.w, s.kw, s.dilations[1], extraX) {
			t.Skip("the kernel is larger than the input")
		}

		x := image{s.n, s.cin * s.groups, s.h, s.w, drawn(t, "x", s.n*s.cin*s.groups*s.h*s.w)}
		weight := image{s.cout * s.groups, s.cin, s.kh, s.kw, drawn(t, "weight", s.cout*s.groups*s.cin*s.kh*s.kw)}
		bias := drawn(t, "bias", s.cout*s.groups)
		b := mil.NewBuilder("CoreML7")
		got := run(t, b, b.Op("conv", "y", s.args(
			b.Input("x", coreml.Float32, x.n, x.c, x.h, x.w),
			b.Const("w", mil.Floats(coreml.Float32, []int{weight.n, weight.c, weight.h, weight.w}, weight.values)),
			b.Const("b", mil.Floats(coreml.Float32, []int{len(bias)}, bias)))), map[string][]float32{"x": x.values})

		require.Equal(t, []int{s.n, weight.n, oh, ow}, got.Type.Shape)
		out := image{s.n, weight.n, oh, ow, got.Values}
		for n := range out.n {
			for co := range out.c {
				for i := range oh {
					for j := range ow {
						want := float64(bias[co])
						for ci := range s.cin {
							for ky := range s.kh {
								for kx := range s.kw {
									want += weight.at(co, ci, ky, kx) * x.at(n, co/s.cout*s.cin+ci,
										i*s.strides[0]+ky*s.dilations[0]-top, j*s.strides[1]+kx*s.dilations[1]-left)
								}
							}
						}
						require.InDelta(t, want, out.at(n, co, i, j), 1e-4)
					}
				}
			}
		}
	})
}

// TestConvTransposeAgainstLoops compares with the definition turned round:
// each output gathers the inputs whose taps fall on it.
func TestConvTransposeAgainstLoops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := draw2(t, "valid", "custom", "same")
		full := func(in, k, stride, dilation int) int { return (in-1)*stride + (k-1)*dilation + 1 }
		extent := func(in, k, d int, before *int, after int) int {
			f := full(in, k, s.strides[d], s.dilations[d])
			switch s.padType {
			case "custom":
				return f - *before - after
			case "same":
				*before = max(0, f-in*s.strides[d]) / 2
				return in * s.strides[d]
			}
			*before = 0
			return f
		}
		top, left := s.pad[0], s.pad[2]
		oh, ow := extent(s.h, s.kh, 0, &top, s.pad[1]), extent(s.w, s.kw, 1, &left, s.pad[3])
		if oh < 1 || ow < 1 {
			t.Skip("nothing is left after cropping")
		}
		x := image{s.n, s.cin * s.groups, s.h, s.w, drawn(t, "x", s.n*s.cin*s.groups*s.h*s.w)}
		weight := image{s.cin * s.groups, s.cout, s.kh, s.kw, drawn(t, "weight", s.cout*s.groups*s.cin*s.kh*s.kw)}
		bias := drawn(t, "bias", s.cout*s.groups)
		b := mil.NewBuilder("CoreML7")
		args := s.args(
			b.Input("x", coreml.Float32, x.n, x.c, x.h, x.w),
			b.Const("w", mil.Floats(coreml.Float32, []int{weight.n, weight.c, weight.h, weight.w}, weight.values)),
			b.Const("b", mil.Floats(coreml.Float32, []int{len(bias)}, bias)))
		if s.padType != "same" && rapid.Bool().Draw(t, "larger by output_shape") {
			oh, ow = oh+1, ow+2
			args["output_shape"] = []int{s.n, s.cout * s.groups, oh, ow}
		}
		got := run(t, b, b.Op("conv_transpose", "y", args), map[string][]float32{"x": x.values})

		require.Equal(t, []int{s.n, s.cout * s.groups, oh, ow}, got.Type.Shape)
		out := image{s.n, s.cout * s.groups, oh, ow, got.Values}
		for n := range out.n {
			for co := range out.c {
				for i := range oh {
					for j := range ow {
						want := float64(bias[co])
						for ci := range s.cin {
							for ky := range s.kh {
								for kx := range s.kw {
									y, x0 := i+top-ky*s.dilations[0], j+left-kx*s.dilations[1]
									if y < 0 || x0 < 0 || y%s.strides[0] != 0 || x0%s.strides[1] != 0 {
										continue
									}
									c := co/s.cout*s.cin + ci
									want += weight.at(c, co%s.cout, ky, kx) * x.at(n, c, y/s.strides[0], x0/s.strides[1])
								}
							}
						}
						require.InDelta(t, want, out.at(n, co, i, j), 1e-4)
					}
				}
			}
		}
	})
}
