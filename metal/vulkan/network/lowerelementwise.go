package network

import (
	"fmt"
	"math"
	"slices"

	"weft/coreml"
)

// unary holds the operations of one tensor whose parameters are numbers: the
// parameters' names and defaults, the first for step.a, the second for b.
var unary = map[string][]parameter{
	"relu": nil, "relu6": nil, "sigmoid": nil, "tanh": nil, "silu": nil, "softplus": nil, "softsign": nil,
	"logical_not": nil, "exp": nil, "exp2": nil, "sqrt": nil, "abs": nil, "sign": nil, "square": nil, "erf": nil,
	"ceil": nil, "floor": nil, "round": nil, "sin": nil, "cos": nil, "tan": nil, "atan": nil,
	"sinh": nil, "cosh": nil, "asin": nil, "acos": nil, "atanh": nil,
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

func elementwiseLowerers() map[string]func(*lowering, *coreml.Op) error {
	all := map[string]func(*lowering, *coreml.Op) error{
		"identity": lowerIdentity, "cast": lowerCast, "prelu": lowerPrelu, "gelu": lowerGelu,
		"batch_norm": lowerBatchNorm, "softplus_parametric": lowerSoftplus, "select": lowerSelect,
	}
	for name := range unary {
		all[name] = lowerUnary
	}
	for name := range binaries {
		all[name] = lowerBinary
	}
	all["prelu"] = lowerPrelu
	return all
}

// pictured reports whether operations that run both on pictures and on lists
// take v as a picture.
func (l *lowering) pictured(v *value) bool {
	return !v.isList() && v.constant == nil && len(v.dims) == 4 && !v.whole()
}

// elementwise appends steps on each element of x, as a picture or as a list.
func (l *lowering) elementwise(op *coreml.Op, x *value, steps ...step) error {
	if l.pictured(x) && op.Output().Type.DataType.IsFloat() {
		_, err := l.node(op, &remap{}, []*value{x}, steps...)
		return err
	}
	return l.mapped(op, []*value{l.list(x)}, steps...)
}

// mapped appends steps on each element of a list, or of one chosen of two.
func (l *lowering) mapped(op *coreml.Op, in []*value, steps ...step) error {
	for i := range steps {
		if steps[i].other != nil {
			steps[i].other = l.list(steps[i].other)
		}
	}
	out := op.Output().Type
	return l.result(op, 0, l.listNode(op.Name, out.DataType, out.Shape, &mapping{}, in, steps...).out)
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
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	return l.elementwise(op, x, s)
}

func lowerGelu(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	return l.elementwise(op, x, step{op: "gelu " + op.String("mode", "EXACT")})
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
	to := op.Output().Type.DataType
	if to.IsFloat() && !x.isList() && x.constant == nil && len(x.dims) == 4 {
		_, err = l.node(op, &remap{}, []*value{x})
		return err
	}
	low, high, isInt := integers(to)
	fromLow, fromHigh, fromInt := integers(x.kind)
	switch {
	case to == coreml.Bool && x.kind != coreml.Bool:
		return l.mapped(op, []*value{l.list(x)}, step{op: "to truth"})
	case to.IsFloat() && x.kind == coreml.UInt32:
		return l.mapped(op, []*value{l.list(x)}, step{op: "unsigned to float"})
	case to.IsFloat() && x.whole():
		return l.mapped(op, []*value{l.list(x)}, step{op: "to float"})
	case isInt && x.kind == coreml.UInt32 && to != coreml.UInt32:
		return l.mapped(op, []*value{l.list(x)}, step{op: "to signed"}, step{op: "to " + to.String()})
	case isInt && !x.whole(), isInt && fromInt && (low > fromLow || high < fromHigh):
		return l.mapped(op, []*value{l.list(x)}, step{op: "to " + to.String()})
	}
	x = l.list(x)
	return l.result(op, 0, x.seen(x.dims, *x.view))
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
		name: name, kind: coreml.Float32, dims: []int{1, len(data), 1, 1}, shape: [4]int{1, len(data), 1, 1},
		input: -1, output: -1, constant: data,
	}
}

// channelStep is a step whose other operand is one number a channel of x, the
// second dimension.
func (l *lowering) channelStep(x *value, name, op string, data []float32) step {
	other := channels(name, data)
	if !l.pictured(x) {
		other.dims = slices.Repeat([]int{1}, len(x.dims)-1)
		other.dims[0] = len(data)
	}
	return step{op: op, other: other}
}

// perChannel returns x and a parameter of one number for each of its channels.
func (l *lowering) perChannel(op *coreml.Op, params ...string) (x *value, lists [][]float32, err error) {
	if x, err = l.operand(op, "x"); err != nil {
		return nil, nil, err
	}
	if len(x.dims) < 2 {
		return nil, nil, fmt.Errorf("x is %s; it runs on [N, C, ...]", x)
	}
	for _, param := range params {
		list, err := l.floats(op, param)
		if err != nil {
			return nil, nil, err
		}
		if list != nil && len(list) != x.dims[1] {
			return nil, nil, fmt.Errorf("its parameter %s has %d numbers for %d channels", param, len(list), x.dims[1])
		}
		lists = append(lists, list)
	}
	return x, lists, nil
}

func lowerPrelu(l *lowering, op *coreml.Op) error {
	x, lists, err := l.perChannel(op, "alpha")
	if err != nil {
		return err
	}
	return l.elementwise(op, x, l.channelStep(x, op.Name+".alpha", "prelu", lists[0]))
}

// lowerSoftplus is alpha * log(1 + exp(beta*x)).
func lowerSoftplus(l *lowering, op *coreml.Op) error {
	x, lists, err := l.perChannel(op, "alpha", "beta")
	if err != nil {
		return err
	}
	return l.elementwise(op, x, l.channelStep(x, op.Name+".beta", "mul", lists[1]),
		step{op: "softplus"}, l.channelStep(x, op.Name+".alpha", "mul", lists[0]))
}

func lowerSelect(l *lowering, op *coreml.Op) error {
	var in []*value
	for _, param := range []string{"cond", "a", "b"} {
		v, err := l.listOperand(op, param)
		if err != nil {
			return err
		}
		in = append(in, v)
	}
	return l.mapped(op, in)
}

// lowerBatchNorm folds the four statistics into a factor and a term.
func lowerBatchNorm(l *lowering, op *coreml.Op) error {
	x, lists, err := l.perChannel(op, "mean", "variance", "gamma", "beta")
	if err != nil {
		return err
	}
	n := x.dims[1]
	scale, shift := make([]float32, n), make([]float32, n)
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
	return l.elementwise(op, x, l.channelStep(x, op.Name+".scale", "mul", scale),
		l.channelStep(x, op.Name+".shift", "add", shift))
}

// lowerBinary works on pictures where one of the operands is one.
func lowerBinary(l *lowering, op *coreml.Op) error {
	x, err := l.operand(op, "x")
	if err != nil {
		return err
	}
	y, err := l.operand(op, "y")
	if err != nil {
		return err
	}
	if err := signedOnly(op, x); err != nil {
		return err
	}
	// The operand that has the output's shape goes through the kernel; the
	// other is read beside it.
	main, s := x, step{op: op.Type, other: y}
	if x.constant != nil || x.elements() < y.elements() && y.constant == nil {
		main, s = y, step{op: op.Type, other: x, swapped: true}
	}
	if y := powered(s); y.op != "" {
		s = y
	}
	if !op.Output().Type.DataType.IsFloat() || !l.pictured(x) && !l.pictured(y) {
		return l.mapped(op, []*value{l.list(main)}, s)
	}
	if main, err = l.picture(main); err != nil {
		return err
	}
	if s.other != nil {
		if s.other, err = l.picture(s.other); err != nil {
			return err
		}
	}
	_, err = l.node(op, &remap{}, []*value{main}, s)
	return err
}

// signedOnly refuses what would take large numbers of type uint32, which are
// kept as int32, for negative ones.
func signedOnly(op *coreml.Op, v *value) error {
	switch op.Type {
	case "add", "sub", "mul", "equal", "not_equal", "reduce_sum", "reduce_prod":
		return nil
	}
	if v.kind == coreml.UInt32 {
		return fmt.Errorf("it works on %s; it runs on floats and on int32: cast it first", v)
	}
	return nil
}

// powered is a simpler step for powers of 2 and 1/2.
func powered(s step) step {
	if s.op == "pow" && !s.swapped && s.other.constant != nil && s.other.elements() == 1 && !s.other.whole() {
		switch s.other.constant[0] {
		case 2:
			return step{op: "square"}
		case 0.5:
			return step{op: "sqrt"}
		}
	}
	return step{}
}
