package network

import (
	"fmt"
	"math"

	"weft/coreml"
)

// unary holds the operations of one tensor whose parameters are numbers: the
// parameters' names and defaults, the first for step.a, the second for b.
var unary = map[string][]parameter{
	"relu": nil, "relu6": nil, "sigmoid": nil, "tanh": nil, "silu": nil, "softplus": nil, "softsign": nil,
	"exp": nil, "exp2": nil, "sqrt": nil, "abs": nil, "sign": nil, "square": nil, "erf": nil,
	"ceil": nil, "floor": nil, "round": nil, "sin": nil, "cos": nil, "tan": nil, "atan": nil,
	"clip":             {{"alpha", 0}, {"beta", 0}},
	"leaky_relu":       {{"alpha", 0.01}},
	"elu":              {{"alpha", 1}},
	"thresholded_relu": {{"alpha", 1}},
	"threshold":        {{"alpha", 1}},
	"sigmoid_hard":     {{"alpha", 0.2}, {"beta", 0.5}},
	"scaled_tanh":      {{"alpha", 1}, {"beta", 1}},
	"log":              {{"epsilon", 1e-45}},
	"rsqrt":            {{"epsilon", 1e-12}},
	"inverse":          {{"epsilon", 1e-4}},
}

type parameter struct {
	name      string
	otherwise float32
}

// binaries are the operations of two tensors, which broadcast.
var binaries = []string{"add", "sub", "mul", "real_div", "maximum", "minimum"}

func elementwiseLowerers() map[string]func(*lowering, *coreml.Op) error {
	all := map[string]func(*lowering, *coreml.Op) error{
		"identity": lowerIdentity, "cast": lowerCast, "prelu": lowerPrelu, "gelu": lowerGelu,
		"batch_norm": lowerBatchNorm,
	}
	for name := range unary {
		all[name] = lowerUnary
	}
	for _, name := range binaries {
		all[name] = lowerBinary
	}
	return all
}

func (l *lowering) elementwise(op *coreml.Op, steps ...step) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	if !x.kind.IsFloat() {
		return fmt.Errorf("it runs on floats; cast its operand %s to fp16 or fp32 first", x)
	}
	_, err = l.node(op, &remap{}, []*value{x}, steps...)
	return err
}

func lowerUnary(l *lowering, op *coreml.Op) error {
	s := step{op: op.Type}
	for i, p := range unary[op.Type] {
		v := op.Float(p.name, p.otherwise)
		if i == 0 {
			s.a = v
		} else {
			s.b = v
		}
	}
	return l.elementwise(op, s)
}

func lowerGelu(l *lowering, op *coreml.Op) error {
	mode := op.String("mode", "EXACT")
	return l.elementwise(op, step{op: "gelu " + mode})
}

func lowerIdentity(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	return l.alias(op, x)
}

// lowerCast changes how a value is stored; to an integer it drops the fraction
// and moves into range.
func lowerCast(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	var steps []step
	if low, high, ok := integers(op.Output().Type.DataType); ok {
		steps = []step{{op: "trunc"}, {op: "clip", a: low, b: high}}
	}
	_, err = l.node(op, &remap{}, []*value{x}, steps...)
	return err
}

// integers is the range of an integer type. A bound of 32 bits that no float
// holds is one more: storing moves it into range.
func integers(kind coreml.DataType) (low, high float32, ok bool) {
	if !kind.IsInt() {
		return 0, 0, false
	}
	span := math.Ldexp(1, kind.Bits())
	switch kind {
	case coreml.Int8, coreml.Int16, coreml.Int32:
		return float32(-span / 2), float32(span/2 - 1), true
	}
	return 0, float32(span - 1), true
}

// channels makes a constant of one number a channel.
func channels(name string, data []float32) *value {
	return &value{
		name: name, kind: coreml.Float32, shape: [4]int{1, len(data), 1, 1},
		input: -1, output: -1, constant: data,
	}
}

func lowerPrelu(l *lowering, op *coreml.Op) error {
	alpha, err := l.floats(op, "alpha")
	if err != nil {
		return err
	}
	if _, err := l.rank4(op); err != nil {
		return err
	}
	return l.elementwise(op, step{op: "prelu", other: channels(op.Name+".alpha", alpha)})
}

// lowerBatchNorm folds the four statistics into a factor and a term.
func lowerBatchNorm(l *lowering, op *coreml.Op) error {
	x, err := l.rank4(op)
	if err != nil {
		return err
	}
	n := x.shape[1]
	scale, shift := make([]float32, n), make([]float32, n)
	var lists [4][]float32
	for i, param := range []string{"mean", "variance", "gamma", "beta"} {
		if lists[i], err = l.floats(op, param); err != nil {
			return err
		}
		if lists[i] != nil && len(lists[i]) != n {
			return fmt.Errorf("its parameter %s has %d numbers for %d channels", param, len(lists[i]), n)
		}
	}
	epsilon := float64(op.Float("epsilon", 1e-5))
	for c := range n {
		gamma, beta := 1.0, 0.0
		if lists[2] != nil {
			gamma = float64(lists[2][c])
		}
		if lists[3] != nil {
			beta = float64(lists[3][c])
		}
		factor := gamma / math.Sqrt(float64(lists[1][c])+epsilon)
		scale[c], shift[c] = float32(factor), float32(beta-float64(lists[0][c])*factor)
	}
	return l.elementwise(op, step{op: "mul", other: channels(op.Name+".scale", scale)},
		step{op: "add", other: channels(op.Name+".shift", shift)})
}

func lowerBinary(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	y, err := l.operand(op, "y")
	if err != nil {
		return err
	}
	if !x.kind.IsFloat() || !y.kind.IsFloat() {
		return fmt.Errorf("it runs on floats; cast its operands %s and %s to fp16 or fp32 first", x, y)
	}
	// The operand that has the output's shape goes through the kernel; the
	// other is read beside it.
	s := step{op: op.Type, other: y}
	main := x
	if x.constant != nil || x.elements() < y.elements() && y.constant == nil {
		s = step{op: op.Type, other: x, swapped: true}
		main = y
	}
	_, err = l.node(op, &remap{}, []*value{main}, s)
	return err
}
