package reference

import (
	"math"

	"weft/coreml"
)

// unaryFunctions are the operations on each element by itself.
func unaryFunctions() map[string]function {
	all := map[string]function{
		"identity": copyThrough,
		"cast":     copyThrough, // keeping a value rounds it to its type
		"prelu":    perChannel(func(v float64, alpha, _ float64) float64 { return leaky(v, alpha) }),
		"softplus_parametric": perChannel(func(v float64, alpha, beta float64) float64 {
			return alpha * math.Log1p(math.Exp(beta*v))
		}),
	}
	for name, f := range elementwise {
		all[name] = func(c *call) error {
			e := f(c.op)
			x := c.x().Values
			for i, v := range x {
				c.y().Values[i] = float32(e(float64(v)))
			}
			return nil
		}
	}
	return all
}

// elementwise gives, for an operation, the function of one element.
var elementwise = map[string]func(op *coreml.Op) func(float64) float64{
	"relu":    plain(func(v float64) float64 { return max(v, 0) }),
	"relu6":   plain(func(v float64) float64 { return min(max(v, 0), 6) }),
	"sigmoid": plain(sigmoid), "tanh": plain(math.Tanh),
	"softplus": plain(func(v float64) float64 { return max(v, 0) + math.Log1p(math.Exp(-math.Abs(v))) }),
	"softsign": plain(func(v float64) float64 { return v / (1 + math.Abs(v)) }),
	"silu":     plain(func(v float64) float64 { return v * sigmoid(v) }),
	"exp":      plain(math.Exp), "exp2": plain(math.Exp2), "sqrt": plain(math.Sqrt),
	"abs": plain(math.Abs), "square": plain(func(v float64) float64 { return v * v }),
	"ceil": plain(math.Ceil), "floor": plain(math.Floor), "round": plain(math.RoundToEven),
	"sin": plain(math.Sin), "cos": plain(math.Cos), "tan": plain(math.Tan),
	"asin": plain(math.Asin), "acos": plain(math.Acos), "atan": plain(math.Atan),
	"sinh": plain(math.Sinh), "cosh": plain(math.Cosh), "atanh": plain(math.Atanh),
	"erf":  plain(math.Erf),
	"sign": plain(sign), "logical_not": plain(func(v float64) float64 { return 1 - v }),
	"gelu":             gelu,
	"leaky_relu":       withAlpha(leaky),
	"thresholded_relu": withAlpha(func(v, alpha float64) float64 { return pick(v >= alpha, v, 0) }),
	"threshold":        withAlpha(func(v, alpha float64) float64 { return max(v, alpha) }),
	"elu":              withAlpha(func(v, alpha float64) float64 { return pick(v >= 0, v, alpha*math.Expm1(v)) }),
	"clip": withAlphaBeta(func(v, alpha, beta float64) float64 {
		return min(max(v, alpha), beta)
	}),
	"sigmoid_hard": withAlphaBeta(func(v, alpha, beta float64) float64 { return min(max(alpha*v+beta, 0), 1) }),
	"scaled_tanh":  withAlphaBeta(func(v, alpha, beta float64) float64 { return alpha * math.Tanh(beta*v) }),
	// The defaults of epsilon are those of coremltools' elementwise_unary.py.
	"log":     withEpsilon(1e-45, math.Log),
	"rsqrt":   withEpsilon(1e-12, func(v float64) float64 { return 1 / math.Sqrt(v) }),
	"inverse": withEpsilon(1e-4, func(v float64) float64 { return 1 / v }),
}

func plain(f func(float64) float64) func(*coreml.Op) func(float64) float64 {
	return func(*coreml.Op) func(float64) float64 { return f }
}

func withAlpha(f func(v, alpha float64) float64) func(*coreml.Op) func(float64) float64 {
	return func(op *coreml.Op) func(float64) float64 {
		alpha := float64(op.Float("alpha", 0))
		return func(v float64) float64 { return f(v, alpha) }
	}
}

func withAlphaBeta(f func(v, alpha, beta float64) float64) func(*coreml.Op) func(float64) float64 {
	return func(op *coreml.Op) func(float64) float64 {
		alpha, beta := float64(op.Float("alpha", 0)), float64(op.Float("beta", 0))
		return func(v float64) float64 { return f(v, alpha, beta) }
	}
}

func withEpsilon(otherwise float32, f func(float64) float64) func(*coreml.Op) func(float64) float64 {
	return func(op *coreml.Op) func(float64) float64 {
		epsilon := float64(op.Float("epsilon", otherwise))
		return func(v float64) float64 { return f(v + epsilon) }
	}
}

// perChannel is for operations with the parameters alpha and beta, one number
// for each channel.
func perChannel(f func(v, alpha, beta float64) float64) function {
	return func(c *call) error {
		x, alpha, beta := c.x(), c.in("alpha"), c.in("beta")
		each(x.shape(), func(at []int, i int) {
			b := float32(0)
			if beta != nil {
				b = beta.Values[at[1]]
			}
			c.y().Values[i] = float32(f(float64(x.Values[i]), float64(alpha.Values[at[1]]), float64(b)))
		})
		return nil
	}
}

func copyThrough(c *call) error {
	copy(c.y().Values, c.x().Values)
	return nil
}

func pick(condition bool, yes, no float64) float64 {
	if condition {
		return yes
	}
	return no
}

func leaky(v, alpha float64) float64 { return pick(v >= 0, v, alpha*v) }
func sigmoid(v float64) float64      { return 1 / (1 + math.Exp(-v)) }

func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

func gelu(op *coreml.Op) func(float64) float64 {
	switch op.String("mode", "EXACT") {
	case "TANH_APPROXIMATION":
		k := math.Sqrt(2 / math.Pi)
		return func(v float64) float64 { return 0.5 * v * (1 + math.Tanh(k*(v+0.044715*v*v*v))) }
	case "SIGMOID_APPROXIMATION":
		return func(v float64) float64 { return v * sigmoid(1.702*v) }
	}
	return func(v float64) float64 { return 0.5 * v * (1 + math.Erf(v/math.Sqrt2)) }
}
