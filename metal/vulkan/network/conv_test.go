package network_test

import (
	"testing"

	"pgregory.net/rapid"

	"weft/coreml"
	"weft/coreml/mil"
)

// kinds are the types of networks, with the tolerance of what they compute:
// halves are stored between operations.
var kinds = []coreml.DataType{coreml.Float32, coreml.Float16}

func tolerance(kind coreml.DataType) float64 {
	if kind == coreml.Float16 {
		return 5e-3
	}
	return 2e-5
}

// small draws a number, small ones more often.
func small(t *rapid.T, low, high int, label string) int {
	return rapid.IntRange(low, high).Draw(t, label)
}

// weights is random weights such that sums stay near 1.
func weights(kind coreml.DataType, seed uint32, shape ...int) *coreml.Tensor {
	n := 1
	for _, e := range shape {
		n *= e
	}
	data := noise(n, seed)
	for i := range data {
		data[i] *= 2 / float32(max(1, n/max(shape[0], 1)/3))
	}
	return mil.Floats(kind, shape, data)
}

// convShape is a drawn convolution.
type convShape struct {
	kind                     coreml.DataType
	kernel, stride, dilation [2]int
	pad                      []int
	padType                  string
	groups, cin, cout        int
	activation               string
	height, width, pictures  int
	given                    string
}

func drawConv(t *rapid.T) convShape {
	c := convShape{
		kind:     rapid.SampledFrom(kinds).Draw(t, "kind"),
		kernel:   rapid.SampledFrom([][2]int{{1, 1}, {3, 3}, {5, 5}, {3, 2}, {1, 7}, {9, 9}, {2, 4}}).Draw(t, "kernel"),
		stride:   rapid.SampledFrom([][2]int{{1, 1}, {1, 1}, {2, 2}, {1, 3}}).Draw(t, "stride"),
		dilation: rapid.SampledFrom([][2]int{{1, 1}, {1, 1}, {2, 2}, {3, 1}}).Draw(t, "dilation"),
		padType:  rapid.SampledFrom([]string{"custom", "valid", "same", "same_lower"}).Draw(t, "pad type"),
		groups:   1,
		cin:      small(t, 1, 12, "cin"),
		cout:     small(t, 1, 20, "cout"),
	}
	switch rapid.SampledFrom([]string{"dense", "dense", "depthwise", "fours", "odd"}).Draw(t, "groups") {
	case "depthwise":
		c.groups, c.cout = c.cin, c.cin
	case "fours":
		c.groups, c.cin, c.cout = 2, 8, 16
	case "odd":
		c.groups, c.cin, c.cout = 3, 6, 9
	}
	for range 4 {
		c.pad = append(c.pad, small(t, 0, 3, "pad"))
	}
	c.activation = rapid.SampledFrom([]string{"", "relu", "leaky_relu", "prelu", "add"}).Draw(t, "activation")
	c.resize(t)
	return c
}

// resize draws the extents alone, for which no other shader is needed.
func (c *convShape) resize(t *rapid.T) {
	least := [2]int{(c.kernel[0]-1)*c.dilation[0] + 1, (c.kernel[1]-1)*c.dilation[1] + 1}
	if c.padType == "custom" {
		least[0], least[1] = least[0]-c.pad[0]-c.pad[1], least[1]-c.pad[2]-c.pad[3]
	}
	if c.padType == "same" || c.padType == "same_lower" {
		least = [2]int{1, 1}
	}
	c.height = max(1, least[0]) + small(t, 0, 20, "height")
	c.width = max(1, least[1]) + small(t, 0, 20, "width")
	c.pictures = rapid.SampledFrom([]int{1, 1, 2}).Draw(t, "pictures")
}

func (c convShape) build(b *mil.Builder) {
	x := b.Input("x", c.kind, c.pictures, c.cin, c.height, c.width)
	y := b.Op("conv", "conv", mil.Args{
		"x": x, "weight": given(b, c.given, "weight", weights(c.kind, 1, c.cout, c.cin/c.groups, c.kernel[0], c.kernel[1])),
		"bias": given(b, c.given, "bias", mil.Floats(c.kind, []int{c.cout}, noise(c.cout, 2))), "groups": c.groups,
		"strides": c.stride[:], "dilations": c.dilation[:], "pad_type": c.padType, "pad": c.pad,
	})
	switch c.activation {
	case "":
		y = b.Op("identity", "y", mil.Args{"x": y})
	case "relu":
		y = b.Op("relu", "y", mil.Args{"x": y})
	case "leaky_relu":
		y = b.Op("leaky_relu", "y", mil.Args{"x": y, "alpha": 0.2})
	case "prelu":
		y = b.Op("prelu", "y", mil.Args{"x": y, "alpha": mil.Floats(c.kind, []int{c.cout}, noise(c.cout, 5))})
	case "add":
		shape := b.Type(y).Shape
		y = b.Op("add", "y", mil.Args{"x": b.Input("z", c.kind, shape...), "y": y})
	}
	b.Output(y)
}

// given is a constant as it is, or an input or a computed value of its type.
func given(b *mil.Builder, how, name string, constant *coreml.Tensor) any {
	if how == "" {
		return constant
	}
	v := b.Input(name, constant.Type.DataType, constant.Type.Shape...)
	if how == "computed" {
		v = b.Op("mul", "", mil.Args{"x": v, "y": -0.5})
	}
	return v
}

// TestGivenWeights runs convolutions whose weights and bias are inputs of the
// network, or what it computes of them.
func TestGivenWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawConv(t)
		c.given = rapid.SampledFrom([]string{"input", "computed"}).Draw(t, "given")
		if rapid.Bool().Draw(t, "with zeros in between") {
			c.groups, c.cin, c.cout = 3, 6, 9
		}
		p := program(t, c.build)
		compare(t, p, randomInputs(p), tolerance(c.kind))
	})
}

func TestConv(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawConv(t)
		for range 3 {
			p := program(t, c.build)
			compare(t, p, randomInputs(p), tolerance(c.kind))
			c.resize(t)
		}
	})
}

// randomInputs fills every input of a program.
func randomInputs(p *coreml.Program) map[string][]float32 {
	inputs := map[string][]float32{}
	for i, v := range p.Inputs {
		inputs[v.Name] = noise(v.Type.Elements(), uint32(i+7))
	}
	return inputs
}

func TestConvTranspose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		kernel := rapid.SampledFrom([][2]int{{2, 2}, {3, 3}, {4, 4}, {1, 3}}).Draw(t, "kernel")
		stride := rapid.SampledFrom([][2]int{{2, 2}, {1, 1}, {3, 2}, {4, 4}}).Draw(t, "stride")
		dilation := rapid.SampledFrom([][2]int{{1, 1}, {1, 1}, {2, 1}}).Draw(t, "dilation")
		pad := []int{small(t, 0, 1, "top"), small(t, 0, 1, "bottom"), small(t, 0, 1, "left"), small(t, 0, 1, "right")}
		padType := rapid.SampledFrom([]string{"custom", "valid", "same"}).Draw(t, "pad type")
		groups := rapid.SampledFrom([]int{1, 1, 2}).Draw(t, "groups")
		cin, cout := groups*small(t, 1, 5, "cin"), small(t, 1, 5, "cout")
		how := rapid.SampledFrom([]string{"", "", "input", "computed"}).Draw(t, "given")
		for range 2 {
			h, w := small(t, 3, 9, "height"), small(t, 3, 9, "width")
			p := program(t, func(b *mil.Builder) {
				x := b.Input("x", kind, 1, cin, h, w)
				y := b.Op("conv_transpose", "t", mil.Args{
					"x": x, "weight": given(b, how, "weight", weights(kind, 1, cin, cout, kernel[0], kernel[1])), "groups": groups,
					"bias":    given(b, how, "bias", mil.Floats(kind, []int{cout * groups}, noise(cout*groups, 2))),
					"strides": stride[:], "dilations": dilation[:], "pad_type": padType, "pad": pad,
				})
				y = b.Op("relu", "y", mil.Args{"x": y})
				b.Output(y)
			})
			compare(t, p, randomInputs(p), tolerance(kind))
		}
	})
}

// TestShuffle runs a convolution before a pixel shuffle: into a bound tensor
// in the program's order, into a bound tensor with steps that do not allow
// that, and into another convolution that needs a border.
func TestShuffle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		r := rapid.SampledFrom([]int{2, 3, 4}).Draw(t, "factor")
		c := small(t, 1, 5, "channels")
		then := rapid.SampledFrom([]string{"clip", "add", "conv", "prelu"}).Draw(t, "then")
		how := rapid.SampledFrom([]string{"", "", "input"}).Draw(t, "given")
		for range 2 {
			h, w := small(t, 1, 9, "height"), small(t, 1, 9, "width")
			p := program(t, func(b *mil.Builder) {
				x := b.Input("x", kind, 1, 6, h, w)
				y := b.Op("conv", "conv", mil.Args{
					"x": x, "weight": given(b, how, "weight", weights(kind, 1, c*r*r, 6, 3, 3)), "pad_type": "same",
					"bias": mil.Floats(kind, []int{c * r * r}, noise(c*r*r, 2)),
				})
				y = b.Op("pixel_shuffle", "shuffle", mil.Args{"x": y, "upscale_factor": r})
				switch then {
				case "clip":
					y = b.Op("clip", "y", mil.Args{"x": y, "alpha": -0.5, "beta": 0.75})
				case "add":
					near := b.Op("upsample_nearest_neighbor", "", mil.Args{"x": b.Input("z", kind, 1, c, h, w), "scale_factor_height": float32(r), "scale_factor_width": float32(r)})
					y = b.Op("add", "y", mil.Args{"x": y, "y": near})
				case "prelu":
					y = b.Op("prelu", "y", mil.Args{"x": y, "alpha": mil.Floats(kind, []int{c}, noise(c, 3))})
				case "conv":
					y = b.Op("conv", "y", mil.Args{"x": y, "weight": weights(kind, 4, 5, c, 3, 3), "pad_type": "same"})
				}
				b.Output(y)
			})
			compare(t, p, randomInputs(p), tolerance(kind))
		}
	})
}
