package network_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"weft/coreml"
	"weft/coreml/mil"
)

// chain builds a program of random operations on one value, of any rank.
type chain struct {
	t *rapid.T
	b *mil.Builder
	x mil.Value
	n int
}

func (c *chain) kind() coreml.DataType { return c.b.Type(c.x).DataType }
func (c *chain) dims() []int           { return c.b.Type(c.x).Shape }
func (c *chain) axis() int             { return small(c.t, -len(c.dims()), len(c.dims())-1, "axis") }

// positive is an axis counted from the front.
func (c *chain) positive(axis int) int { return (axis + len(c.dims())) % len(c.dims()) }

// constant is a constant of the value's type.
func (c *chain) constant(shape []int) *coreml.Tensor {
	c.n++
	data := noise(coreml.Type{Shape: shape}.Elements(), uint32(c.n))
	if c.kind().IsFloat() {
		return mil.Floats(c.kind(), shape, data)
	}
	ints := make([]int, len(data))
	for i, f := range data {
		ints[i] = 3 + int(f*3) // never 0, for divisions
	}
	return mil.Ints(c.kind(), shape, ints)
}

func (c *chain) op(name string, args mil.Args) {
	args["x"] = c.x
	c.x = c.b.Op(name, "", args)
}

// links are what may be done to a value; each where it fits.
var links = map[string]func(c *chain){
	"transpose": func(c *chain) {
		order := make([]int, len(c.dims()))
		for i := range order {
			order[i] = i
		}
		c.op("transpose", mil.Args{"perm": rapid.Permutation(order).Draw(c.t, "order")})
	},
	"reshape": func(c *chain) {
		d := slices.Clone(c.dims())
		if len(d) > 1 && rapid.Bool().Draw(c.t, "join") {
			i := small(c.t, 0, len(d)-2, "joined")
			d = slices.Replace(d, i, i+2, d[i]*d[i+1])
		} else if i := small(c.t, 0, len(d)-1, "divided"); d[i]%2 == 0 && len(d) < 6 {
			d = slices.Replace(d, i, i+1, 2, d[i]/2)
		}
		c.op("reshape", mil.Args{"shape": d})
	},
	"slice": func(c *chain) {
		n := len(c.dims())
		begin, end, stride := make([]int, n), slices.Clone(c.dims()), slices.Repeat([]int{1}, n)
		a := c.positive(c.axis())
		begin[a], stride[a] = small(c.t, 0, c.dims()[a]-1, "begin"), small(c.t, 1, 2, "stride")
		c.op("slice_by_index", mil.Args{"begin": begin, "end": end, "stride": stride})
	},
	"reverse": func(c *chain) { c.op("reverse", mil.Args{"axes": []int{c.axis()}}) },
	"tile": func(c *chain) {
		if c.b.Type(c.x).Elements() > 300 {
			return
		}
		reps := slices.Repeat([]int{1}, len(c.dims()))
		reps[c.positive(c.axis())] = 3
		c.op("tile", mil.Args{"reps": reps})
	},
	"concat": func(c *chain) {
		v := c.b.Op("abs", "", mil.Args{"x": c.x})
		c.x = c.b.Op("concat", "", mil.Args{"values": []mil.Value{c.x, v}, "axis": c.axis()})
	},
	"stack": func(c *chain) {
		if len(c.dims()) < 6 {
			c.x = c.b.Op("stack", "", mil.Args{"values": []mil.Value{c.x, c.x}, "axis": small(c.t, 0, len(c.dims()), "axis")})
		}
	},
	"gather": func(c *chain) {
		a := c.axis()
		extent := c.dims()[c.positive(a)]
		c.op("gather", mil.Args{"indices": []int{extent - 1, 0, -extent}, "axis": a})
	},
	"pad": func(c *chain) {
		pad := make([]int, 2*len(c.dims()))
		a := c.positive(c.axis())
		mode := rapid.SampledFrom([]string{"constant", "replicate", "reflect"}).Draw(c.t, "mode")
		if mode != "reflect" || c.dims()[a] > 2 {
			pad[2*a], pad[2*a+1] = small(c.t, 0, 2, "before"), small(c.t, 0, 2, "after")
		}
		args := mil.Args{"pad": pad, "mode": mode, "constant_val": 2.5}
		if !c.kind().IsFloat() {
			args["constant_val"] = 2
		}
		c.op("pad", args)
	},
	"binary": func(c *chain) {
		shape := slices.Clone(c.dims())
		for i := range shape {
			if rapid.Bool().Draw(c.t, "stretched") {
				shape[i] = 1
			}
		}
		shape = shape[small(c.t, 0, len(shape)-1, "missing"):]
		name := rapid.SampledFrom([]string{"add", "sub", "mul", "maximum", "minimum", "floor_div", "mod"}).Draw(c.t, "binary")
		if c.kind().IsFloat() && (name == "floor_div" || name == "mod") {
			name = "add" // a rest of almost the divisor may be one of almost nothing
		}
		c.op(name, mil.Args{"y": c.constant(shape)})
	},
	"self": func(c *chain) {
		v := c.b.Op("reverse", "", mil.Args{"x": c.x, "axes": []int{c.axis()}})
		c.op("sub", mil.Args{"y": v})
	},
	"select": func(c *chain) {
		v := c.b.Op("reverse", "", mil.Args{"x": c.x})
		less := c.b.Op("less", "", mil.Args{"x": c.x, "y": v})
		c.x = c.b.Op("select", "", mil.Args{"cond": less, "a": v, "b": c.x})
	},
	"reduce": func(c *chain) {
		name := rapid.SampledFrom([]string{"reduce_sum", "reduce_max", "reduce_min", "reduce_mean"}).Draw(c.t, "reduction")
		if !c.kind().IsFloat() && name == "reduce_mean" {
			name = "reduce_sum"
		}
		axes := []int{c.positive(c.axis())}
		if a := c.positive(c.axis()); a != axes[0] {
			axes = append(axes, a)
		}
		c.op(name, mil.Args{"axes": axes, "keep_dims": rapid.Bool().Draw(c.t, "keep") || len(axes) == len(c.dims())})
	},
	"cumsum": func(c *chain) {
		c.op("cumsum", mil.Args{"axis": c.axis(), "exclusive": rapid.Bool().Draw(c.t, "exclusive"), "reverse": rapid.Bool().Draw(c.t, "reverse")})
	},
	"topk": func(c *chain) {
		a := c.axis()
		k := small(c.t, 1, c.dims()[c.positive(a)], "k")
		c.x = c.b.Ops("topk", nil, mil.Args{"x": c.x, "axis": a, "k": k, "ascending": rapid.Bool().Draw(c.t, "ascending")})[small(c.t, 0, 1, "values or indices")]
	},
	"argmax": func(c *chain) { c.op("reduce_argmax", mil.Args{"axis": c.axis(), "keep_dims": true}) },
	"float": func(c *chain) {
		kind := rapid.SampledFrom([]string{"fp32", "fp16"}).Draw(c.t, "to")
		c.op("cast", mil.Args{"dtype": kind})
	},
	"softmax": func(c *chain) {
		if c.kind().IsFloat() {
			c.op("softmax", mil.Args{"axis": c.axis()})
		}
	},
	"layer_norm": func(c *chain) {
		if c.kind().IsFloat() {
			n := len(c.dims())
			shape := []int{c.dims()[n-1]}
			// Rows of almost equal numbers would be all noise.
			c.op("add", mil.Args{"y": c.constant(c.dims())})
			c.op("layer_norm", mil.Args{"axes": []int{-1}, "gamma": c.constant(shape), "beta": c.constant(shape), "epsilon": 0.01})
		}
	},
	"matmul": func(c *chain) {
		n := len(c.dims())
		if !c.kind().IsFloat() || n < 2 || c.b.Type(c.x).Elements() > 2000 {
			return
		}
		v := c.b.Op("reverse", "", mil.Args{"x": c.x})
		x := c.b.Op("mul", "", mil.Args{"x": c.x, "y": 0.25})
		if rapid.Bool().Draw(c.t, "transposed") {
			c.x = c.b.Op("matmul", "", mil.Args{"x": x, "y": v, "transpose_y": true})
		} else {
			c.x = c.b.Op("matmul", "", mil.Args{"x": x, "y": v, "transpose_x": true})
		}
	},
	"linear": func(c *chain) {
		if n := len(c.dims()); c.kind().IsFloat() {
			out := small(c.t, 1, 12, "columns")
			c.op("linear", mil.Args{"weight": weights(c.kind(), 3, out, c.dims()[n-1]), "bias": c.constant([]int{out})})
		}
	},
	"conv": func(c *chain) { // a picture in between
		if len(c.dims()) == 4 && c.kind().IsFloat() {
			c.op("conv", mil.Args{"weight": weights(c.kind(), 4, 5, c.dims()[1], 1, 1)})
		}
	},
	"tanh": func(c *chain) {
		if c.kind().IsFloat() {
			c.op("tanh", mil.Args{})
		}
	},
}

// TestLists runs chains of random operations on values of every rank.
func TestLists(t *testing.T) {
	names := slices.Sorted(maps.Keys(links))
	g := device(t)
	own := g.limits
	defer func() { g.limits = own }()
	rapid.Check(t, func(t *rapid.T) {
		g.limits.FloatHeapSize = own.FloatHeapSize
		kind := rapid.SampledFrom([]coreml.DataType{coreml.Float32, coreml.Float16, coreml.Int32}).Draw(t, "kind")
		dims := rapid.SliceOfN(rapid.IntRange(1, 5), 1, 6).Draw(t, "dims")
		p := program(t, func(b *mil.Builder) {
			c := &chain{t: t, b: b}
			c.x = b.Input("x", kind, dims...)
			for i := range small(t, 1, 8, "length") {
				name := rapid.SampledFrom(names).Draw(t, fmt.Sprint("link", i))
				if slices.Contains([]string{"topk", "argmax", "select"}, name) {
					g.limits.FloatHeapSize = 1 << 30 // rounding would decide
				}
				links[name](c)
				if b.Type(c.x).Elements() > 5000 || len(c.dims()) == 0 {
					break
				}
			}
			if c.kind().IsFloat() { // nothing huge, whatever the chain did
				c.x = b.Op("tanh", "", mil.Args{"x": c.x})
			}
			if c.kind() == coreml.Float16 {
				kind = coreml.Float16
			}
			b.Output(b.Op("identity", "", mil.Args{"x": c.x}))
		})
		inputs := randomInputs(p)
		if p.Inputs[0].Type.DataType == coreml.Int32 {
			for i := range inputs["x"] {
				inputs["x"][i] = float32(int(inputs["x"][i] * 20))
			}
		}
		compare(t, p, inputs, tolerance(kind))
	})
}

// TestSeenTwice reads a list as it is and as others see it: it must not become
// part of the one kernel that reads it as it is.
func TestSeenTwice(t *testing.T) {
	p := program(t, func(b *mil.Builder) {
		x := b.Op("tanh", "", mil.Args{"x": b.Input("x", coreml.Float32, 5, 5)})
		turned := b.Op("transpose", "", mil.Args{"x": x, "perm": []int{1, 0}})
		y := b.Op("square", "", mil.Args{"x": x})
		b.Output(b.Op("add", "y", mil.Args{"x": y, "y": turned}))
		row := b.Op("slice_by_index", "row", mil.Args{"x": x, "begin": []int{2, 0}, "end": []int{3, 5}})
		b.Output(b.Op("concat", "rows", mil.Args{"values": []mil.Value{row, turned, row}, "axis": 0}))
	})
	compare(t, p, randomInputs(p), 1e-5)
}

// TestPartOfFour writes half of what is stored at a time: the rest stays.
func TestPartOfFour(t *testing.T) {
	p := program(t, func(b *mil.Builder) {
		x, u := b.Input("x", coreml.Float32, 2, 8), b.Input("u", coreml.Float32, 2, 2)
		b.Output(b.Op("slice_update", "y", mil.Args{"x": x, "update": u, "begin": []int{0, 4}, "end": []int{2, 6}}))
	})
	compare(t, p, randomInputs(p), 1e-5)
}
