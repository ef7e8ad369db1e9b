package coreml_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/coreml/reference"
)

// TestEveryOperationIsImplemented checks that what is known can be run.
func TestEveryOperationIsImplemented(t *testing.T) {
	for _, name := range coreml.Operations() {
		require.True(t, reference.Known(name), name)
	}
}

// TestAnythingGoes puts together operations with parameters at random, most
// of them senseless. None may panic, and whatever types are accepted, the
// reference has to be able to run, and give finite or infinite numbers as
// many as the types say.
func TestAnythingGoes(t *testing.T) {
	accepted := map[string]int{}
	check := func(t *rapid.T) {
		opType := rapid.SampledFrom(coreml.Operations()).Draw(t, "op")
		g := generator{t: t, shape: rapid.SliceOfN(rapid.IntRange(1, 6), 0, 5).Draw(t, "shape")}
		op := g.operation(opType)
		program := &coreml.Program{Inputs: g.inputs}
		types, err := op.Infer(func(name string) (coreml.Type, bool) {
			v, ok := program.Variable(name)
			return v.Type, ok
		})
		if err != nil {
			return
		}
		total := 0
		for i, typ := range types {
			v := coreml.Variable{Name: fmt.Sprint("out", i), Type: typ}
			op.Outputs = append(op.Outputs, v)
			program.Outputs = append(program.Outputs, v.Name)
			total += typ.Elements()
		}
		if total > 1<<16 {
			return
		}
		accepted[opType]++
		program.Ops = []coreml.Op{op}
		_, err = program.Specialize(nil)
		require.NoError(t, err)
		out, err := reference.Run(program, g.values, reference.Options{Half: rapid.Bool().Draw(t, "half")})
		if err != nil { // indices that are computed, and data that is compressed, can be out of range
			require.Contains(t, []string{
				"gather", "gather_along_axis", "gather_nd", "scatter", "scatter_along_axis", "scatter_nd",
				"constexpr_sparse_to_dense", "constexpr_lut_to_dense", "constexpr_lut_to_sparse", "constexpr_sparse_blockwise_shift_scale",
			}, opType, err)
			return
		}
		for i, typ := range types {
			require.Len(t, out[program.Outputs[i]].Values, typ.Elements())
		}
	}
	for range 30 { // rapid's default of 100 is few for so many operations
		rapid.Check(t, check)
	}
	require.Greater(t, len(accepted), len(coreml.Operations())/2, "the generator draws too few that make sense")
}

// generator draws the parameters of an operation.
type generator struct {
	t      *rapid.T
	shape  []int // that most of its values have
	inputs []coreml.Variable
	values map[string][]float32
}

func (g *generator) operation(opType string) coreml.Op {
	op := coreml.Op{Type: opType, Name: "op", Inputs: map[string][]coreml.Arg{}, Attributes: map[string]*coreml.Tensor{}}
	g.values = map[string][]float32{}
	for _, p := range coreml.Parameters(opType) {
		if p.Optional && rapid.Bool().Draw(g.t, p.Name+" is left out") {
			continue
		}
		n := 1
		if p.Kind == "many" {
			n = rapid.IntRange(1, 3).Draw(g.t, "values")
		}
		for i := range n {
			var a coreml.Arg
			if p.Constant {
				a.Value = g.constant(p)
			} else {
				a = g.variable(fmt.Sprint(p.Name, i), p)
			}
			op.Inputs[p.Name] = append(op.Inputs[p.Name], a)
		}
	}
	return op
}

// number draws what extents, axes, strides and the like are drawn from.
func (g *generator) number(label string) int {
	return rapid.OneOf(rapid.IntRange(1, 3), rapid.IntRange(-7, 7), rapid.SampledFrom([]int{1 << 30, 1<<31 - 1, -1 << 31})).Draw(g.t, label)
}

func (g *generator) constant(p coreml.Parameter) *coreml.Tensor {
	list := func() []int {
		n := rapid.OneOf(rapid.Just(len(g.shape)), rapid.Just(max(0, len(g.shape)-2)), rapid.IntRange(0, 10)).Draw(g.t, "length")
		v := make([]int, n)
		for i := range v {
			v[i] = g.number(p.Name)
		}
		return v
	}
	switch p.Kind {
	case "int":
		return mil.Ints(coreml.Int32, []int{}, []int{g.number(p.Name)})
	case "ints":
		v := list()
		return mil.Ints(coreml.Int32, []int{len(v)}, v)
	case "bool":
		return mil.Ints(coreml.Bool, []int{}, []int{rapid.IntRange(0, 1).Draw(g.t, p.Name)})
	case "bools":
		v := list()
		for i := range v {
			v[i] &= 1
		}
		return mil.Ints(coreml.Bool, []int{len(v)}, v)
	case "number":
		return mil.Floats(coreml.Float32, []int{}, []float32{rapid.SampledFrom([]float32{0, 1, 2, 0.5, 1.5, -1, 1e30}).Draw(g.t, p.Name)})
	case "choice":
		return mil.Text(rapid.SampledFrom(append(p.Choices, "other")).Draw(g.t, p.Name))
	case "string":
		return mil.Text(rapid.SampledFrom([]string{"fp16", "int32", "uint8", "bool", "string", "nchw,nwhu->nchu", "abc,bcd->abd"}).Draw(g.t, p.Name))
	}
	typ := g.typeOf(p)
	return mil.Ints(coreml.UInt8, typ.Shape, make([]int, typ.Elements()))
}

func (g *generator) typeOf(p coreml.Parameter) coreml.Type {
	kinds := map[string][]coreml.DataType{
		"any": {coreml.Float32, coreml.Int32, coreml.Bool}, "num": {coreml.Float32, coreml.Int32},
		"many": {coreml.Float32}, "float": {coreml.Float32, coreml.Float16}, "index": {coreml.Int32},
		"truth": {coreml.Bool}, "tensor": {coreml.UInt8},
	}[p.Kind]
	shape := rapid.OneOf(
		rapid.Just(g.shape),
		rapid.Just(g.shape[min(1, len(g.shape)):min(2, len(g.shape))]), // a list of the channels
		rapid.SliceOfN(rapid.IntRange(1, 6), 0, 5),
	).Draw(g.t, "shape of "+p.Name)
	return coreml.Type{DataType: rapid.SampledFrom(kinds).Draw(g.t, "type of "+p.Name), Shape: shape}
}

func (g *generator) variable(name string, p coreml.Parameter) coreml.Arg {
	typ := g.typeOf(p)
	g.inputs = append(g.inputs, coreml.Variable{Name: name, Type: typ})
	values := make([]float32, typ.Elements())
	for i := range values {
		values[i] = float32((i*7)%5 - 2)
	}
	g.values[name] = values
	return coreml.Arg{Name: name}
}
