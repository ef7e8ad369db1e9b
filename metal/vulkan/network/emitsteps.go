package network

import (
	"fmt"
	"math"

	"weft/metal/vulkan/network/spirv"
)

// step emits one step on four channels of a result. Before a shuffle, per
// channel constants follow the core's order of channels.
func (e *emitter) step(s step, v spirv.ID, at place, shuffled bool) spirv.ID {
	if s.other == nil {
		return e.apply(s, v, 0)
	}
	return e.apply(s, v, e.second(s.other, at, shuffled))
}

// apply emits one step on four elements; w is those of the step's other value.
func (e *emitter) apply(s step, v, w spirv.ID) spirv.ID {
	if s.other == nil {
		if emit, ok := unaries[s.op]; ok && !e.IsInt(v) {
			return emit(e, v, s.a, s.b)
		}
		return e.applyInt(s, v)
	}
	if s.swapped {
		v, w = w, v
	}
	if emit, ok := binaries[s.op]; ok {
		return emit(e, v, w)
	}
	e.err = fmt.Errorf("BUG: no code for the step %s", s.op)
	return v
}

// second is the second operand of a step, as four floats.
func (e *emitter) second(v *value, at place, shuffled bool) spirv.ID {
	if v.constant != nil && v.elements() == 1 {
		return e.Splat(e.FloatConstant(v.constant[0]), 4)
	}
	if shuffled || e.node.area() == 1 {
		return e.read(v, at)
	}
	texels, ok := e.constants[orderedOf{v}]
	if !ok {
		groups := e.node.coreGroups()
		data := make([]float32, 4*groups)
		for i := range data {
			if c := e.node.channel(i/4, i%4); c >= 0 {
				data[i] = v.constant[c]
			}
		}
		texels = e.table(data)
		e.constants[orderedOf{v}] = texels
	}
	return e.Fetch(texels, at.g)
}

// orderedOf names a per-channel constant in the core's order of channels.
type orderedOf struct{ v *value }

type unaryCode func(e *emitter, v spirv.ID, a, b float32) spirv.ID

// call is the code of an operation that is one instruction.
func call(number uint32) unaryCode {
	return func(e *emitter, v spirv.ID, _, _ float32) spirv.ID { return e.Call(number, v) }
}

// unaries is the code of every step of one operand.
var unaries = map[string]unaryCode{
	"abs": call(spirv.FAbs), "sign": call(spirv.FSign), "floor": call(spirv.Floor), "ceil": call(spirv.Ceil),
	"round": call(spirv.RoundEven), "exp": call(spirv.Exp), "exp2": call(spirv.Exp2),
	"sqrt": call(spirv.Sqrt), "tanh": call(spirv.Tanh), "sin": call(spirv.Sin), "cos": call(spirv.Cos),
	"tan": call(spirv.Tan), "atan": call(spirv.Atan),
	// Without its fraction; 0 for what is no number.
	"trunc": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID {
		return e.Select(e.Equal(v, v), e.Call(spirv.Trunc, v), e.FloatConstant(0))
	},
	"sinh": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID {
		return e.Mul(e.Sub(e.Call(spirv.Exp, v), e.Call(spirv.Exp, e.negative(v))), e.FloatConstant(0.5))
	},
	"cosh": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID {
		return e.Mul(e.Add(e.Call(spirv.Exp, v), e.Call(spirv.Exp, e.negative(v))), e.FloatConstant(0.5))
	},
	"atanh": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID {
		return e.Mul(e.Call(spirv.Log, e.Div(e.Add(e.ones(), v), e.Sub(e.ones(), v))), e.FloatConstant(0.5))
	},
	"asin": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID { return e.asin(v) },
	"acos": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID {
		return e.Sub(e.Splat(e.FloatConstant(math.Pi/2), 4), e.asin(v))
	},
	"relu": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID { return e.Max(v, e.FloatConstant(0)) },
	"relu6": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID {
		return e.Min(e.Max(v, e.FloatConstant(0)), e.FloatConstant(6))
	},
	"clip": func(e *emitter, v spirv.ID, a, b float32) spirv.ID {
		return e.Min(e.Max(v, e.FloatConstant(a)), e.FloatConstant(b))
	},
	"threshold": func(e *emitter, v spirv.ID, a, _ float32) spirv.ID { return e.Max(v, e.FloatConstant(a)) },
	"thresholded_relu": func(e *emitter, v spirv.ID, a, _ float32) spirv.ID {
		return e.Select(e.Less(v, e.FloatConstant(a)), e.FloatConstant(0), v)
	},
	"leaky_relu": func(e *emitter, v spirv.ID, a, _ float32) spirv.ID {
		return e.Select(e.Less(v, e.FloatConstant(0)), e.Mul(v, e.FloatConstant(a)), v)
	},
	"elu": func(e *emitter, v spirv.ID, a, _ float32) spirv.ID {
		below := e.Mul(e.Sub(e.Call(spirv.Exp, v), e.FloatConstant(1)), e.FloatConstant(a))
		return e.Select(e.Less(v, e.FloatConstant(0)), below, v)
	},
	"sigmoid": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID { return e.sigmoid(v) },
	"silu":    func(e *emitter, v spirv.ID, _, _ float32) spirv.ID { return e.Mul(v, e.sigmoid(v)) },
	"sigmoid_hard": func(e *emitter, v spirv.ID, a, b float32) spirv.ID {
		line := e.Add(e.Mul(v, e.FloatConstant(a)), e.FloatConstant(b))
		return e.Min(e.Max(line, e.FloatConstant(0)), e.FloatConstant(1))
	},
	"scaled_tanh": func(e *emitter, v spirv.ID, a, b float32) spirv.ID {
		return e.Mul(e.Call(spirv.Tanh, e.Mul(v, e.FloatConstant(b))), e.FloatConstant(a))
	},
	// log(1 + exp(x)), written so that exp does not overflow.
	"softplus": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID {
		small := e.Call(spirv.Exp, e.negative(e.Call(spirv.FAbs, v)))
		return e.Add(e.Max(v, e.FloatConstant(0)), e.Call(spirv.Log, e.Add(small, e.FloatConstant(1))))
	},
	"softsign": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID {
		return e.Div(v, e.Add(e.Call(spirv.FAbs, v), e.FloatConstant(1)))
	},
	"square": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID { return e.Mul(v, v) },
	"log": func(e *emitter, v spirv.ID, a, _ float32) spirv.ID {
		return e.Call(spirv.Log, e.Add(v, e.FloatConstant(a)))
	},
	"rsqrt": func(e *emitter, v spirv.ID, a, _ float32) spirv.ID {
		return e.Call(spirv.InverseSqrt, e.Add(v, e.FloatConstant(a)))
	},
	"inverse": func(e *emitter, v spirv.ID, a, _ float32) spirv.ID {
		return e.Div(e.ones(), e.Add(v, e.FloatConstant(a)))
	},
	"erf": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID { return e.erf(v) },
	"gelu EXACT": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID {
		half := e.Mul(v, e.FloatConstant(0.5))
		return e.Add(half, e.Mul(half, e.erf(e.Mul(v, e.FloatConstant(math.Sqrt2/2)))))
	},
	"gelu TANH_APPROXIMATION": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID {
		cube := e.Mul(e.Mul(v, v), e.Mul(v, e.FloatConstant(0.044715)))
		inner := e.Mul(e.Add(v, cube), e.FloatConstant(float32(math.Sqrt(2/math.Pi))))
		half := e.Mul(v, e.FloatConstant(0.5))
		return e.Add(half, e.Mul(half, e.Call(spirv.Tanh, inner)))
	},
	"gelu SIGMOID_APPROXIMATION": func(e *emitter, v spirv.ID, _, _ float32) spirv.ID {
		return e.Mul(v, e.sigmoid(e.Mul(v, e.FloatConstant(1.702))))
	},
}

func (e *emitter) ones() spirv.ID { return e.Splat(e.FloatConstant(1), 4) }

func (e *emitter) negative(v spirv.ID) spirv.ID { return e.Mul(v, e.FloatConstant(-1)) }

func (e *emitter) sigmoid(v spirv.ID) spirv.ID {
	return e.Div(e.ones(), e.Add(e.Call(spirv.Exp, e.negative(v)), e.FloatConstant(1)))
}

// asin by the arc tangent, which devices compute more exactly.
func (e *emitter) asin(v spirv.ID) spirv.ID {
	other := e.Mul(e.Sub(e.ones(), v), e.Add(e.ones(), v))
	return e.Call(spirv.Atan, e.Div(v, e.Call(spirv.Sqrt, other)))
}

// erf by Abramowitz and Stegun's formula 7.1.26, right to 1.5e-7.
func (e *emitter) erf(v spirv.ID) spirv.ID {
	x := e.Call(spirv.FAbs, v)
	t := e.Div(e.ones(), e.Add(e.Mul(x, e.FloatConstant(0.3275911)), e.FloatConstant(1)))
	sum := e.Splat(e.FloatConstant(1.061405429), 4)
	for _, c := range []float32{-1.453152027, 1.421413741, -0.284496736, 0.254829592} {
		sum = e.Add(e.Mul(sum, t), e.FloatConstant(c))
	}
	tail := e.Mul(e.Mul(sum, t), e.Call(spirv.Exp, e.negative(e.Mul(x, x))))
	return e.Mul(e.Call(spirv.FSign, v), e.Sub(e.ones(), tail))
}
