package coreml

import (
	"math"
	"slices"
)

// maxFolded is how many elements a value may have that is computed while types
// are inferred. Shapes have a few; tables of weights are not for here.
const maxFolded = 4096

// fold computes an operation on small constants, and the shape of anything. It
// returns nothing for an operation that it does not compute. The operation's
// outputs have their static types.
func fold(op *Op, types func(string) (Type, bool)) []*Tensor {
	for _, v := range op.Outputs {
		if v.Type.Elements() > maxFolded {
			return nil
		}
	}
	f := &folding{op: op, types: types}
	compute := folds[op.Type]
	if compute == nil {
		return nil
	}
	values := compute(f)
	if f.unknown || len(values) != len(op.Outputs) {
		return nil
	}
	out := make([]*Tensor, len(values))
	for i, v := range op.Outputs {
		if out[i] = tensorOf(v.Type, values[i]); out[i] == nil {
			return nil
		}
	}
	return out
}

// folding is one operation being computed.
type folding struct {
	op      *Op
	types   func(string) (Type, bool)
	unknown bool // it read what is not known
}

// folds computes operations: the values of each output.
var folds = map[string]func(*folding) [][]float64{
	"shape": func(f *folding) [][]float64 {
		c := call{op: f.op, types: f.types}
		return [][]float64{floatsOf(c.typeOf("x").Shape)}
	},
	"cast": copied, "identity": copied, "reshape": copied, "squeeze": copied, "expand_dims": copied,
	"floor": each(math.Floor), "ceil": each(math.Ceil), "round": each(math.RoundToEven),
	"abs": each(math.Abs), "sqrt": each(math.Sqrt), "square": each(func(v float64) float64 { return v * v }),
	"logical_not": each(func(v float64) float64 { return 1 - v }),
	"add":         pairs(func(x, y float64) float64 { return x + y }),
	"sub":         pairs(func(x, y float64) float64 { return x - y }),
	"mul":         pairs(func(x, y float64) float64 { return x * y }),
	"real_div":    pairs(func(x, y float64) float64 { return x / y }),
	"floor_div":   pairs(func(x, y float64) float64 { return math.Floor(x / y) }),
	// As in Python, the result has the sign of y.
	"mod":           pairs(func(x, y float64) float64 { return x - y*math.Floor(x/y) }),
	"pow":           pairs(math.Pow),
	"maximum":       pairs(func(x, y float64) float64 { return max(x, y) }),
	"minimum":       pairs(func(x, y float64) float64 { return min(x, y) }),
	"equal":         pairs(truth(func(x, y float64) bool { return x == y })),
	"not_equal":     pairs(truth(func(x, y float64) bool { return x != y })),
	"greater":       pairs(truth(func(x, y float64) bool { return x > y })),
	"greater_equal": pairs(truth(func(x, y float64) bool { return x >= y })),
	"less":          pairs(truth(func(x, y float64) bool { return x < y })),
	"less_equal":    pairs(truth(func(x, y float64) bool { return x <= y })),
	"logical_and":   pairs(truth(func(x, y float64) bool { return x != 0 && y != 0 })),
	"logical_or":    pairs(truth(func(x, y float64) bool { return x != 0 || y != 0 })),
	"logical_xor":   pairs(truth(func(x, y float64) bool { return (x != 0) != (y != 0) })),
	"reduce_prod":   reduced1(func(x, y float64) float64 { return x * y }),
	"reduce_sum":    reduced1(func(x, y float64) float64 { return x + y }),
	"reduce_max":    reduced1(func(x, y float64) float64 { return max(x, y) }),
	"reduce_min":    reduced1(func(x, y float64) float64 { return min(x, y) }),
	"select":        foldSelect,
	"concat":        foldConcat, "stack": foldConcat,
	"gather":         foldGather,
	"slice_by_index": foldSlice, "slice_by_size": foldSlice,
	"split": foldSplit, "tile": foldTile,
	"range_1d": foldRange,
}

func copied(f *folding) [][]float64 { return [][]float64{f.in("x").values} }

func each(of func(float64) float64) func(*folding) [][]float64 {
	return func(f *folding) [][]float64 {
		x := f.in("x").values
		for i, v := range x {
			x[i] = of(v)
		}
		return [][]float64{x}
	}
}

func truth(of func(x, y float64) bool) func(x, y float64) float64 {
	return func(x, y float64) float64 {
		if of(x, y) {
			return 1
		}
		return 0
	}
}

func pairs(of func(x, y float64) float64) func(*folding) [][]float64 {
	return func(f *folding) [][]float64 {
		x, y, shape := f.in("x"), f.in("y"), f.op.Output().Type.Shape
		out := make([]float64, Type{Shape: shape}.Elements())
		for i := range out {
			if f.unknown {
				break
			}
			out[i] = of(x.at(i, shape), y.at(i, shape))
		}
		return [][]float64{out}
	}
}

func foldSelect(f *folding) [][]float64 {
	cond, a, b, shape := f.in("cond"), f.in("a"), f.in("b"), f.op.Output().Type.Shape
	out := make([]float64, Type{Shape: shape}.Elements())
	for i := range out {
		switch {
		case f.unknown:
			return nil
		case cond.at(i, shape) != 0:
			out[i] = a.at(i, shape)
		default:
			out[i] = b.at(i, shape)
		}
	}
	return [][]float64{out}
}

// list is a value of at most one dimension, which is all that shapes are made
// of. Others are left to where weights are folded.
func (f *folding) list(param string) []float64 {
	n := f.in(param)
	f.unknown = f.unknown || len(n.shape) > 1
	return n.values
}

func reduced1(of func(x, y float64) float64) func(*folding) [][]float64 {
	return func(f *folding) [][]float64 {
		x := f.list("x")
		if f.unknown {
			return nil
		}
		sum := x[0]
		for _, v := range x[1:] {
			sum = of(sum, v)
		}
		return [][]float64{{sum}}
	}
}

func foldConcat(f *folding) [][]float64 {
	var out []float64
	for _, n := range f.all("values") {
		f.unknown = f.unknown || f.op.Output().Type.Rank() != 1
		out = append(out, n.values...)
	}
	return [][]float64{out}
}

func foldGather(f *folding) [][]float64 {
	x, indices := f.list("x"), f.in("indices").values
	out := make([]float64, len(indices))
	for i, at := range indices {
		if at < 0 {
			at += float64(len(x))
		}
		if f.unknown || at < 0 || at >= float64(len(x)) {
			return nil
		}
		out[i] = x[int(at)]
	}
	return [][]float64{out}
}

func foldSlice(f *folding) [][]float64 {
	x := f.list("x")
	s, err := f.op.Slice([]int{len(x)})
	if f.unknown || err != nil {
		return nil
	}
	var out []float64
	for i := range s.Size[0] {
		out = append(out, x[s.Begin[0]+i*s.Stride[0]])
	}
	return [][]float64{out}
}

func foldSplit(f *folding) [][]float64 {
	x := f.list("x")
	if f.unknown {
		return nil
	}
	var out [][]float64
	for _, v := range f.op.Outputs {
		n := v.Type.Elements()
		out, x = append(out, x[:n]), x[n:]
	}
	return out
}

func foldTile(f *folding) [][]float64 {
	x := f.list("x")
	if f.unknown || len(x) == 0 {
		return nil
	}
	return [][]float64{slices.Repeat(x, f.op.Output().Type.Elements()/len(x))}
}

func foldRange(f *folding) [][]float64 {
	start, step := f.list("start"), f.list("step")
	if f.unknown {
		return nil
	}
	out := make([]float64, f.op.Output().Type.Elements())
	for i := range out {
		out[i] = start[0] + float64(i)*step[0]
	}
	return [][]float64{out}
}
