package reference

import "math"

// binaryFunctions are the operations on pairs of elements, with broadcasting.
func binaryFunctions() map[string]function {
	truth := func(b bool) float64 { return pick(b, 1, 0) }
	pairs := map[string]func(a, b float64) float64{
		"add":       func(a, b float64) float64 { return a + b },
		"sub":       func(a, b float64) float64 { return a - b },
		"mul":       func(a, b float64) float64 { return a * b },
		"real_div":  func(a, b float64) float64 { return a / b },
		"floor_div": func(a, b float64) float64 { return math.Floor(a / b) },
		// The result has the sign of b, as in Python.
		"mod":           func(a, b float64) float64 { return a - b*math.Floor(a/b) },
		"pow":           math.Pow,
		"maximum":       func(a, b float64) float64 { return max(a, b) },
		"minimum":       func(a, b float64) float64 { return min(a, b) },
		"equal":         func(a, b float64) float64 { return truth(a == b) },
		"not_equal":     func(a, b float64) float64 { return truth(a != b) },
		"greater":       func(a, b float64) float64 { return truth(a > b) },
		"greater_equal": func(a, b float64) float64 { return truth(a >= b) },
		"less":          func(a, b float64) float64 { return truth(a < b) },
		"less_equal":    func(a, b float64) float64 { return truth(a <= b) },
		"logical_and":   func(a, b float64) float64 { return truth(a != 0 && b != 0) },
		"logical_or":    func(a, b float64) float64 { return truth(a != 0 || b != 0) },
		"logical_xor":   func(a, b float64) float64 { return truth((a != 0) != (b != 0)) },
	}
	all := map[string]function{"select": selectOp}
	for name, f := range pairs {
		all[name] = func(c *call) error {
			x, y, out := c.in("x"), c.in("y"), c.out[0]
			sx, sy := broadcastStrides(x.shape(), out.shape()), broadcastStrides(y.shape(), out.shape())
			each(out.shape(), func(at []int, i int) {
				out.Values[i] = float32(f(float64(x.Values[offset(at, sx)]), float64(y.Values[offset(at, sy)])))
			})
			return nil
		}
	}
	return all
}

// selectOp takes a where cond is true, and b elsewhere.
func selectOp(c *call) error {
	cond, a, b, out := c.in("cond"), c.in("a"), c.in("b"), c.out[0]
	sc := broadcastStrides(cond.shape(), out.shape())
	sa, sb := broadcastStrides(a.shape(), out.shape()), broadcastStrides(b.shape(), out.shape())
	each(out.shape(), func(at []int, i int) {
		if cond.Values[offset(at, sc)] != 0 {
			out.Values[i] = a.Values[offset(at, sa)]
		} else {
			out.Values[i] = b.Values[offset(at, sb)]
		}
	})
	return nil
}
