package network

import (
	"fmt"
	"math"
	"strings"

	"weft/coreml"
	"weft/metal"
	"weft/metal/vulkan/network/spirv"
)

// binaries is the code of every step of two operands: both floats, or both
// integers. Truth values are the integers 0 and 1.
var binaries = map[string]func(e *emitter, v, w spirv.ID) spirv.ID{
	"add": (*emitter).Add, "sub": (*emitter).Sub, "mul": (*emitter).Mul, "real_div": (*emitter).Div,
	"maximum": (*emitter).Max, "minimum": (*emitter).Min,
	"floor_div": (*emitter).floorDiv, "pow": (*emitter).pow,
	"mod": func(e *emitter, v, w spirv.ID) spirv.ID { return e.Sub(v, e.Mul(w, e.floorDiv(v, w))) },
	"prelu": func(e *emitter, v, w spirv.ID) spirv.ID {
		return e.Select(e.Less(v, e.FloatConstant(0)), e.Mul(v, w), v)
	},
	"equal":         func(e *emitter, v, w spirv.ID) spirv.ID { return e.truth(e.Equal(v, w)) },
	"not_equal":     func(e *emitter, v, w spirv.ID) spirv.ID { return e.truth(e.NotEqual(v, w)) },
	"less":          func(e *emitter, v, w spirv.ID) spirv.ID { return e.truth(e.Less(v, w)) },
	"greater":       func(e *emitter, v, w spirv.ID) spirv.ID { return e.truth(e.Less(w, v)) },
	"greater_equal": func(e *emitter, v, w spirv.ID) spirv.ID { return e.truth(e.GreaterEqual(v, w)) },
	"less_equal":    func(e *emitter, v, w spirv.ID) spirv.ID { return e.truth(e.GreaterEqual(w, v)) },
	"logical_and":   (*emitter).And, "logical_or": (*emitter).Or, "logical_xor": (*emitter).Xor,
}

// truth is truth values as integers.
func (e *emitter) truth(v spirv.ID) spirv.ID { return e.Select(v, e.ints(1), e.ints(0)) }

func (e *emitter) ints(v int) spirv.ID { return e.Splat(e.IntConstant(v), 4) }

// floorDiv is the quotient rounded down.
func (e *emitter) floorDiv(v, w spirv.ID) spirv.ID {
	q := e.Div(v, w)
	if !e.IsInt(v) {
		return e.Call(spirv.Floor, q)
	}
	// Integers are divided towards zero: one less where there is a rest that
	// has not the divisor's sign.
	rest := e.Sub(v, e.Mul(q, w))
	other := e.And(e.truth(e.NotEqual(rest, e.ints(0))), e.truth(e.Less(e.Xor(rest, w), e.ints(0))))
	return e.Sub(q, other)
}

// pow is |v|^w, negative where v is and w is odd. A fraction as the power of a
// negative number is no number.
func (e *emitter) pow(v, w spirv.ID) spirv.ID {
	if e.IsInt(v) {
		return e.ToInt(e.Call(spirv.RoundEven, e.pow(e.ToFloat(v), e.ToFloat(w))))
	}
	zero := e.Splat(e.FloatConstant(0), 4)
	size := e.Call(spirv.Pow, e.Call(spirv.FAbs, v), w)
	half := e.Mul(w, e.FloatConstant(0.5))
	odd := e.NotEqual(half, e.Call(spirv.Floor, half))
	whole := e.Equal(w, e.Call(spirv.Floor, w))
	below := e.Select(odd, e.negative(size), size)
	below = e.Select(whole, below, e.Div(zero, zero))
	result := e.Select(e.Less(v, zero), below, size)
	return e.Select(e.Equal(w, zero), e.ones(), result)
}

// applyInt emits a step of one operand that changes between integers and
// floats, or works on integers.
func (e *emitter) applyInt(s step, v spirv.ID) spirv.ID {
	switch s.op {
	case "to float":
		if e.IsInt(v) {
			return e.ToFloat(v)
		}
		return v
	case "unsigned to float":
		return e.UnsignedToFloat(v)
	case "to signed": // of 32 bits without a sign
		return e.Select(e.Less(v, e.ints(0)), e.ints(math.MaxInt32), v)
	case "to truth":
		if e.IsInt(v) {
			return e.truth(e.NotEqual(v, e.ints(0)))
		}
		return e.truth(e.NotEqual(v, e.FloatConstant(0)))
	case "logical_not":
		return e.Sub(e.ints(1), v)
	case "abs":
		return e.Max(v, e.Sub(e.ints(0), v))
	case "square":
		return e.Mul(v, v)
	case "sign":
		return e.Min(e.Max(v, e.IntConstant(-1)), e.IntConstant(1))
	case "threshold":
		return e.Max(v, e.IntConstant(int(s.a)))
	case "exp2":
		return e.ToInt(e.Call(spirv.RoundEven, e.Call(spirv.Exp2, e.ToFloat(v))))
	}
	if kind, ok := coreml.ParseDataType(strings.TrimPrefix(s.op, "to ")); ok && kind.IsInt() {
		return e.toInt(tensorTypes[kind], v)
	}
	e.err = fmt.Errorf("BUG: no code for the step %s of integers", s.op)
	return v
}

// toInt moves integers, or floats without their fraction, into the range of a
// type.
func (e *emitter) toInt(t metal.TensorDataType, v spirv.ID) spirv.ID {
	if !e.IsInt(v) {
		return e.nearest(t, e.Select(e.Equal(v, v), v, e.Splat(e.FloatConstant(0), 4)))
	}
	low, end := wholes(t)
	v = e.Max(v, e.IntConstant(int(low)))
	if t.Bytes() < 4 {
		v = e.Min(v, e.IntConstant(int(end)-1))
	}
	return v
}
