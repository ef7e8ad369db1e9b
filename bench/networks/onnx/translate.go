package onnx

import (
	"fmt"
	"slices"

	"weft/coreml"
)

// translations hold the operations that are translated.
var translations = map[string]func(*encoder, *coreml.Op) error{
	"relu":    simple("Relu", "x"),
	"sigmoid": simple("Sigmoid", "x"),
	"tanh":    simple("Tanh", "x"),
	"round":   simple("Round", "x"),
	"add":     simple("Add", "x", "y"),
	"sub":     simple("Sub", "x", "y"),
	"mul":     simple("Mul", "x", "y"),
	"cast":    cast,
	"leaky_relu": func(e *encoder, op *coreml.Op) error {
		e.node(op, "LeakyRelu", attributes{"alpha": op.Float("alpha", 0)}, op.Input("x"))
		return nil
	},
	"prelu": func(e *encoder, op *coreml.Op) error {
		alpha, err := op.Const("alpha").Float32s()
		shape := append([]int{len(alpha)}, slices.Repeat([]int{1}, len(e.shape(op, "x"))-2)...)
		e.node(op, "PRelu", nil, op.Input("x"), e.floats(shape, alpha))
		return err
	},
	"clip": func(e *encoder, op *coreml.Op) error {
		bound := func(param string) string { return e.floats(nil, []float32{op.Float(param, 0)}) }
		e.node(op, "Clip", nil, op.Input("x"), bound("alpha"), bound("beta"))
		return nil
	},
	"reduce_mean": func(e *encoder, op *coreml.Op) error {
		axes := op.Axes("axes", len(e.shape(op, "x")))
		e.node(op, "ReduceMean", attributes{"axes": axes, "keepdims": number(op.Bool("keep_dims", false))}, op.Input("x"))
		return nil
	},
	"pixel_shuffle": func(e *encoder, op *coreml.Op) error {
		e.node(op, "DepthToSpace", attributes{"blocksize": op.Int("upscale_factor", 1), "mode": "CRD"}, op.Input("x"))
		return nil
	},
	"gather": func(e *encoder, op *coreml.Op) error {
		indices, err := op.Const("indices").Ints()
		e.node(op, "Gather", attributes{"axis": op.Int("axis", 0)}, op.Input("x"), e.ints(indices...))
		return err
	},
	"conv": conv, "conv_transpose": convTranspose,
	"slice_by_index": slice, "pad": pad, "upsample_nearest_neighbor": upsample,
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// simple is an operation whose parameters are the node's inputs.
func simple(kind string, params ...string) func(*encoder, *coreml.Op) error {
	return func(e *encoder, op *coreml.Op) error {
		var inputs []string
		for _, p := range params {
			name, err := e.input(op, p)
			if err != nil {
				return err
			}
			inputs = append(inputs, name)
		}
		e.node(op, kind, nil, inputs...)
		return nil
	}
}

// cast keeps numbers as floats: those of an integer type are cut off, and have
// to be in its range.
func cast(e *encoder, op *coreml.Op) error {
	x, kind := op.Input("x"), op.Output().Type.DataType
	switch {
	case kind.IsInt():
		x = e.cut(x)
	case !kind.IsFloat():
		return fmt.Errorf("it gives %s; casts to numbers are translated", op.Output())
	}
	e.node(op, "Identity", nil, x)
	return nil
}

// walk is the attributes of a convolution.
func walk(op *coreml.Op, w coreml.Window) attributes {
	return attributes{
		"kernel_shape": w.Kernel, "strides": w.Strides, "dilations": w.Dilations,
		"pads": slices.Concat(w.Before, w.After), "group": op.Int("groups", 1),
	}
}

func conv(e *encoder, op *coreml.Op) error {
	w, err := op.ConvWindow(e.shape(op, "x"), e.shape(op, "weight"))
	if err != nil {
		return err
	}
	return convolve(e, op, "Conv", walk(op, w))
}

func convTranspose(e *encoder, op *coreml.Op) error {
	x, weight := e.shape(op, "x"), e.shape(op, "weight")
	w, err := op.TransposeWindow(x, weight)
	if err != nil {
		return err
	}
	a := walk(op, w)
	// What the crop leaves of the full output, and what output_shape adds.
	extra := make([]int, len(w.Kernel))
	for i := range extra {
		extra[i] = w.Output[i] - ((x[2+i]-1)*w.Strides[i] + w.Size(i) - w.Before[i] - w.After[i])
	}
	a["output_padding"] = extra
	return convolve(e, op, "ConvTranspose", a)
}

func convolve(e *encoder, op *coreml.Op, kind string, a attributes) error {
	weight, err := e.input(op, "weight")
	if err != nil {
		return err
	}
	inputs := []string{op.Input("x"), weight}
	if op.Has("bias") {
		bias, err := e.input(op, "bias")
		if err != nil {
			return err
		}
		inputs = append(inputs, bias)
	}
	e.node(op, kind, a, inputs...)
	return nil
}

func slice(e *encoder, op *coreml.Op) error {
	s, err := op.Slice(e.shape(op, "x"))
	if err != nil {
		return err
	}
	var axes, ends []int
	for i := range s.Begin {
		if s.Squeeze[i] || s.Stride[i] < 1 {
			return fmt.Errorf("dimension %d is squeezed or read backwards, which is not translated", i)
		}
		axes = append(axes, i)
		ends = append(ends, s.Begin[i]+(s.Size[i]-1)*s.Stride[i]+1)
	}
	e.node(op, "Slice", nil, op.Input("x"), e.ints(s.Begin...), e.ints(ends...), e.ints(axes...), e.ints(s.Stride...))
	return nil
}

// pad is reflection, or a constant. ONNX calls the edge's replication "edge".
func pad(e *encoder, op *coreml.Op) error {
	before, after, err := op.Padding(len(e.shape(op, "x")))
	if err != nil {
		return err
	}
	mode := map[string]string{"constant": "constant", "reflect": "reflect", "replicate": "edge"}[op.String("mode", "constant")]
	e.node(op, "Pad", attributes{"mode": mode}, op.Input("x"), e.ints(slices.Concat(before, after)...), e.floats(nil, []float32{op.Float("constant_val", 0)}))
	return nil
}

func upsample(e *encoder, op *coreml.Op) error {
	scales := slices.Repeat([]float32{1}, len(e.shape(op, "x"))-2)
	scales = append(scales, op.Float("scale_factor_height", 1), op.Float("scale_factor_width", 1))
	a := attributes{"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
	e.node(op, "Resize", a, op.Input("x"), "", e.floats([]int{len(scales)}, scales))
	return nil
}
