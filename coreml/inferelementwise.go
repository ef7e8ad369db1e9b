package coreml

import "fmt"

// elementwiseOps are the operations that work on each element by itself.
var elementwiseOps = func() map[string]signature {
	ops := map[string]signature{
		"identity":            sig("x:any", same),
		"clip":                sig("x:float alpha:=number beta:=number", same),
		"leaky_relu":          sig("x:float alpha:=number", same),
		"elu":                 sig("x:float alpha:=number", same),
		"thresholded_relu":    sig("x:float alpha:=number", same),
		"threshold":           sig("x:num alpha:=number", same),
		"prelu":               sig("x:float alpha:=tensor", inferPrelu),
		"softplus_parametric": sig("x:float alpha:=tensor beta:=tensor", inferPrelu),
		"sigmoid_hard":        sig("x:float alpha:=number beta:=number", same),
		"scaled_tanh":         sig("x:float alpha:=number beta:=number", same),
		"gelu":                sig("x:float mode:=EXACT|TANH_APPROXIMATION|SIGMOID_APPROXIMATION?", same),
		"log":                 sig("x:float epsilon:=number?", same),
		"rsqrt":               sig("x:float epsilon:=number?", same),
		"inverse":             sig("x:float epsilon:=number?", same),
		"logical_not":         sig("x:truth", same),
		"cast":                sig("x:any dtype:=string", inferCast),
		"select":              sig("cond:truth a:any b:any", inferSelect),
	}
	for _, name := range []string{
		"relu", "relu6", "sigmoid", "tanh", "softplus", "softsign", "silu", "exp", "sqrt",
		"ceil", "floor", "round", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "atanh", "erf",
	} {
		ops[name] = sig("x:float", same)
	}
	for _, name := range []string{"abs", "sign", "square", "exp2"} {
		ops[name] = sig("x:num", same)
	}
	for _, name := range []string{"add", "sub", "mul", "real_div", "floor_div", "mod", "pow", "maximum", "minimum"} {
		ops[name] = sig("x:num y:num", inferBinary)
	}
	for _, name := range []string{"equal", "not_equal", "greater", "greater_equal", "less", "less_equal"} {
		ops[name] = sig("x:any y:any", inferCompare)
	}
	for _, name := range []string{"logical_and", "logical_or", "logical_xor"} {
		ops[name] = sig("x:truth y:truth", inferBinary)
	}
	return ops
}()

// Broadcast returns the shape that two shapes give together, as Core ML and
// NumPy broadcast: aligned at their last dimensions, an extent of 1 stretches.
func Broadcast(x, y []int) ([]int, error) {
	out := make([]int, max(len(x), len(y)))
	for i := range out {
		a, b := 1, 1
		if k := i - (len(out) - len(x)); k >= 0 {
			a = x[k]
		}
		if k := i - (len(out) - len(y)); k >= 0 {
			b = y[k]
		}
		switch {
		case a == b || b == 1:
			out[i] = a
		case a == 1:
			out[i] = b
		default:
			return nil, fmt.Errorf("the shapes %s and %s do not broadcast: %d against %d", FormatShape(x), FormatShape(y), a, b)
		}
	}
	return out, nil
}

func inferBinary(c *call) ([]Type, error) {
	x, y := c.typeOf("x"), c.typeOf("y")
	if x.DataType != y.DataType {
		return nil, fmt.Errorf("x is %s and y is %s; both have to be of one type", x, y)
	}
	shape, err := Broadcast(x.Shape, y.Shape)
	return []Type{{x.DataType, shape}}, err
}

func inferCompare(c *call) ([]Type, error) {
	types, err := inferBinary(c)
	if err != nil {
		return nil, err
	}
	return []Type{{Bool, types[0].Shape}}, nil
}

func inferSelect(c *call) ([]Type, error) {
	a, b := c.typeOf("a"), c.typeOf("b")
	if a.DataType != b.DataType {
		return nil, fmt.Errorf("a is %s and b is %s; both have to be of one type", a, b)
	}
	shape, err := Broadcast(a.Shape, b.Shape)
	if err != nil {
		return nil, err
	}
	shape, err = Broadcast(c.typeOf("cond").Shape, shape)
	return []Type{{a.DataType, shape}}, err
}

// inferPrelu is for operations whose parameters hold one number a channel.
func inferPrelu(c *call) ([]Type, error) {
	x := c.typeOf("x")
	if x.Rank() < 3 || x.Rank() > 5 {
		return nil, fmt.Errorf("x is %s; it has to be [N, C, ...] of rank 3 to 5", x)
	}
	for _, name := range []string{"alpha", "beta"} {
		if !c.op.Has(name) {
			continue
		}
		if t := c.typeOf(name); t.Rank() != 1 || t.Shape[0] != x.Shape[1] || !t.DataType.IsFloat() {
			return nil, fmt.Errorf("%s is %s; x is %s and needs %d numbers, one a channel", name, t, x, x.Shape[1])
		}
	}
	return same(c)
}

func inferCast(c *call) ([]Type, error) {
	name := c.op.String("dtype", "")
	d, ok := ParseDataType(name)
	if !ok || d == String {
		return nil, fmt.Errorf("it casts to %q, which is no type to cast to", name)
	}
	return []Type{{d, c.typeOf("x").Shape}}, nil
}
