package reference

import "math"

// reduceFunctions are the operations that leave one value of many.
func reduceFunctions() map[string]function {
	sum := func(f func(float64) float64) func([]float64) float64 {
		return func(values []float64) float64 {
			s := 0.0
			for _, v := range values {
				s += f(v)
			}
			return s
		}
	}
	self := func(v float64) float64 { return v }
	squared := func(v float64) float64 { return v * v }
	reductions := map[string]func([]float64) float64{
		"reduce_sum":        sum(self),
		"reduce_l1_norm":    sum(math.Abs),
		"reduce_sum_square": sum(squared),
		"reduce_mean":       func(v []float64) float64 { return sum(self)(v) / float64(len(v)) },
		"reduce_l2_norm":    func(v []float64) float64 { return math.Sqrt(sum(squared)(v)) },
		"reduce_log_sum":    func(v []float64) float64 { return math.Log(sum(self)(v)) },
		"reduce_max":        func(v []float64) float64 { return v[best(v, greater)] },
		"reduce_min":        func(v []float64) float64 { return v[best(v, less)] },
		"reduce_prod": func(v []float64) float64 {
			p := 1.0
			for _, e := range v {
				p *= e
			}
			return p
		},
		"reduce_log_sum_exp": func(v []float64) float64 {
			most := v[best(v, greater)]
			return most + math.Log(sum(func(e float64) float64 { return math.Exp(e - most) })(v))
		},
	}
	all := map[string]function{
		"reduce_argmax": argReduction(greater),
		"reduce_argmin": argReduction(less),
	}
	for name, f := range reductions {
		all[name] = func(c *call) error {
			reduce(c, c.op.Axes("axes", c.x().Type.Rank()), f)
			return nil
		}
	}
	return all
}

func greater(a, b float64) bool { return a > b }
func less(a, b float64) bool    { return a < b }

// best returns the index of the first value that no other is before.
func best(values []float64, before func(a, b float64) bool) int {
	at := 0
	for i, v := range values {
		if before(v, values[at]) {
			at = i
		}
	}
	return at
}

func argReduction(before func(a, b float64) bool) function {
	return func(c *call) error {
		axis := c.op.Axis("axis", -1, c.x().Type.Rank())
		reduce(c, []int{axis}, func(v []float64) float64 { return float64(best(v, before)) })
		return nil
	}
}

// reduce fills the output with f of the values along axes. Groups come in the
// order of the output's elements.
func reduce(c *call, axes []int, f func([]float64) float64) {
	x, n := c.x(), 0
	groups(x.shape(), axes, func(indices []int) {
		values := make([]float64, len(indices))
		for k, i := range indices {
			values[k] = float64(x.Values[i])
		}
		c.y().Values[n] = float32(f(values))
		n++
	})
}
