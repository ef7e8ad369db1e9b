package network

import (
	"fmt"
	"slices"

	"weft/coreml"
	"weft/metal/vulkan/network/spirv"
)

// Weights that the network is given or computes, where others are constants.
// Their numbers stand for them while the program is lowered: 1 for the first
// element, and 0 for what is always zero. What arranges constants arranges
// numbers too; a node before the convolution then puts the elements where their
// numbers have come to be.

// maxNumbered is the most elements whose numbers a float holds.
const maxNumbered = 1 << 24

// weight is a parameter of a convolution: its elements, or, with from, their
// numbers.
type weight struct {
	data  []float32
	shape []int
	from  *value
}

// weight returns a parameter's weight; that of none has no data.
func (l *lowering) weight(op *coreml.Op, param string) (weight, error) {
	if !op.Has(param) {
		return weight{}, nil
	}
	if t := op.Const(param); t != nil {
		data, err := l.floats(op, param)
		return weight{data: data, shape: t.Type.Shape}, err
	}
	v, err := l.operand(op, param)
	if err != nil {
		return weight{}, err
	}
	if v, err = l.picture(v); err != nil {
		return weight{}, err
	}
	if v.elements() > maxNumbered {
		return weight{}, fmt.Errorf("its parameter %s, %s, has %d elements; where it is no constant, it may have at most %d", param, v, v.elements(), maxNumbered)
	}
	w := weight{shape: v.dims, from: v, data: make([]float32, v.elements())}
	for i := range w.data {
		w.data[i] = float32(i + 1)
	}
	return w, nil
}

// inputs are the values that a convolution of x with the weight reads.
func (w weight) inputs(x *value) []*value {
	if w.from == nil {
		return []*value{x}
	}
	return []*value{x, w.from}
}

// bias is the step that adds one number a channel; none without data.
func (l *lowering) bias(op *coreml.Op, w weight) []step {
	if w.data == nil {
		return nil
	}
	other := channels(op.Name+".bias", w.data)
	if w.from != nil {
		n := l.between(op, &numbered{of: func() []float32 { return w.data }}, []*value{w.from}, other.shape)
		other = n.out
	}
	return []step{{op: "add", other: other}}
}

// orderWeights puts a node before each convolution whose weights are not
// constants, which brings them into the order that its shader reads.
func (n *network) orderWeights() {
	for i := 0; i < len(n.nodes); i++ {
		of := n.nodes[i]
		c, ok := of.core.(*conv)
		if !ok || len(of.in) == 1 {
			continue
		}
		shape := [4]int{1, 4, 1, len(c.pack(of)) / 4}
		out := &value{name: of.in[1].name + " in order", kind: coreml.Float32, dims: shape[:], shape: shape, input: -1, output: -1}
		out.from = &node{
			names: []string{out.name}, core: &numbered{func() []float32 { return c.pack(of) }}, in: []*value{of.in[1]},
			shuffle: [2]int{1, 1}, out: out,
		}
		n.nodes = slices.Insert(n.nodes, i, out.from)
		of.in[1] = out
		i++
	}
}

// numbered is the core that gives each element of its result, group by group,
// that element of its input that has its number; 0 where that is 0.
type numbered struct{ of func() []float32 }

func (o *numbered) label(*node) string { return "numbered" }

func (o *numbered) tile(*node) tile { return tile{1, 4, 1} }

func (o *numbered) reads(a area, in int) area { return nothing(a, in) }

func (o *numbered) compute(e *emitter) [][][]spirv.ID {
	in, out := e.node.in[0], e.node.out
	numbers := o.of()
	table := e.table(append(slices.Clone(numbers), make([]float32, roundUp(len(numbers), 4)-len(numbers))...))
	first := e.Mul(e.g[0], e.once(extentOf{out, 3}, out.shape[3]))
	return eachPixel(e, e.grid.tile, func(r, c int) spirv.ID {
		entry := e.ToInt(e.Fetch(table, e.Add(first, e.edge(e.x[c], out, 3))))
		var lanes [4]spirv.ID
		for lane := range lanes {
			number := e.Component(entry, lane)
			index := e.Max(e.Sub(number, e.IntConstant(1)), e.IntConstant(0))
			lanes[lane] = e.Select(e.Equal(number, e.IntConstant(0)), e.FloatConstant(0), e.readNumber(in, index))
		}
		return e.Compose(lanes[:]...)
	})
}

// readNumber reads an element by its place in row-major order.
func (e *emitter) readNumber(v *value, index spirv.ID) spirv.ID {
	var at [4]spirv.ID
	for d := 3; d > 0; d-- {
		extent := e.once(extentOf{v, d}, v.shape[d])
		rest := e.Div(index, extent)
		at[d], index = e.Sub(index, e.Mul(rest, extent)), rest
	}
	at[0] = index
	return e.readChannel(v, at)
}
