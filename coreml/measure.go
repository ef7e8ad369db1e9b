package coreml

import "strings"

// Measures are figures of a specialized program.
type Measures struct {
	// Parameters counts the numbers of the floating-point constants that have a
	// dimension, compressed ones as many as they unfold to.
	Parameters int64
	// WeightBytes is the size of all constants as they are stored.
	WeightBytes int64
	// MultiplyAdds are those of convolutions and matrix products in one run;
	// transposed convolutions count every tap of every input.
	MultiplyAdds int64
	// ValueBytes is the size of all values that operations compute, but
	// constants; LiveBytes of those that have to be kept at one time, in the
	// program's order, without the program's outputs.
	ValueBytes, LiveBytes int64
}

// Measure counts what a specialized program holds and does. Values of unknown
// type, as [Program.Examine] may leave, count nothing.
func (p *Program) Measure() Measures {
	var m Measures
	m.constants(p)
	types := p.Variables()
	ends := map[string]int{}
	for i := range p.Ops {
		for _, args := range p.Ops[i].Inputs {
			for _, a := range args {
				ends[a.Name] = i
			}
		}
	}
	for _, name := range p.Outputs {
		delete(ends, name)
	}
	live := int64(0)
	dying := make([]int64, len(p.Ops))
	for i := range p.Ops {
		op := &p.Ops[i]
		if strings.HasPrefix(op.Type, "constexpr_") {
			continue
		}
		m.MultiplyAdds += op.multiplyAdds(types)
		for _, v := range op.Outputs {
			size := int64(max(v.Type.Bytes(), 0))
			m.ValueBytes += size
			if end, read := ends[v.Name]; read {
				live += size
				dying[end] += size
			}
		}
		m.LiveBytes = max(m.LiveBytes, live)
		live -= dying[i]
	}
	return m
}

// constants counts what the program holds.
func (m *Measures) constants(p *Program) {
	compressed := map[*Tensor]bool{}
	seen := map[*Tensor]bool{}
	store := func(t *Tensor) {
		if t == nil || seen[t] || t.Type.DataType == String {
			return
		}
		seen[t] = true
		m.WeightBytes += int64(t.Type.Bytes())
		if !compressed[t] && t.Type.DataType.IsFloat() && t.Type.Rank() > 0 {
			m.Parameters += int64(t.Type.Elements())
		}
	}
	for i := range p.Ops {
		op := &p.Ops[i]
		if !strings.HasPrefix(op.Type, "constexpr_") {
			continue
		}
		for _, args := range op.Inputs {
			for _, a := range args {
				compressed[a.Value] = true
			}
		}
		for _, t := range op.Attributes {
			compressed[t] = true
			store(t)
		}
		m.Parameters += int64(max(op.Output().Type.Elements(), 0))
	}
	for _, t := range p.Constants {
		store(t)
	}
	for i := range p.Ops {
		for _, args := range p.Ops[i].Inputs {
			for _, a := range args {
				store(a.Value)
			}
		}
	}
}

// multiplyAdds is the work of a convolution or product.
func (o *Op) multiplyAdds(types map[string]Type) int64 {
	shape := func(param string) []int {
		if args := o.Inputs[param]; len(args) == 1 {
			if args[0].Value != nil {
				return args[0].Value.Type.Shape
			}
			return types[args[0].Name].Shape
		}
		return nil
	}
	count := func(shape []int) int64 { return max(0, int64(Type{Shape: shape}.Elements())) }
	x, w, out := shape("x"), shape("weight"), count(o.Output().Type.Shape)
	switch o.Type {
	case "conv":
		if len(w) > 1 {
			return out * count(w[1:])
		}
	case "conv_transpose":
		if len(w) > 1 && len(x) > 1 {
			return count(x) * count(w[1:])
		}
	case "linear":
		if len(w) == 2 {
			return out * int64(w[1])
		}
	case "matmul":
		if n := len(x); n > 0 {
			k := x[n-1]
			if o.Bool("transpose_x", false) && n > 1 {
				k = x[n-2]
			}
			return out * int64(k)
		}
	case "scaled_dot_product_attention":
		q, k := shape("query"), shape("key")
		if n := len(q); n > 1 && len(k) == n {
			pairs := out / int64(o.Output().Type.Shape[n-1]) * int64(k[n-2])
			return pairs * int64(q[n-1]+o.Output().Type.Shape[n-1])
		}
	case "einsum":
		if values := o.Inputs["values"]; len(values) == 2 {
			if x := types[values[0].Name].Shape; len(x) > 0 {
				return out * int64(x[len(x)-1])
			}
		}
	}
	return 0
}
