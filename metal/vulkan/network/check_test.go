package network_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/metal/vulkan/network"
)

func TestCheck(t *testing.T) {
	picture := coreml.Type{DataType: coreml.Float32, Shape: []int{1, 4, 4, 4}}
	op := func(kind, from, to string, given coreml.Type) coreml.Op {
		return coreml.Op{
			Type: kind, Name: to + ".op", Inputs: map[string][]coreml.Arg{"x": {{Name: from}}},
			Outputs: []coreml.Variable{{Name: to, Type: given}},
		}
	}
	words := coreml.Type{DataType: coreml.String, Shape: []int{2}} // what no kernel computes
	p := &coreml.Program{
		Inputs: []coreml.Variable{{Name: "x", Type: picture}}, Outputs: []string{"d"},
		Ops: []coreml.Op{
			op("warp", "x", "a", picture),
			op("relu", "a", "b", picture),
			op("read", "b", "c", words),
			op("fold", "c", "d", picture), // says nothing: its operand is not known
			op("weft", "d", "e", picture),
		},
	}
	var refused []string
	_, errs := network.Check(p, generous)
	for _, err := range errs {
		var r *coreml.Refusal
		require.ErrorAs(t, err, &r)
		refused = append(refused, r.Op.Type)
		assert.ErrorContains(t, err, `.op" (output `)
	}
	assert.Equal(t, []string{"warp", "read", "weft"}, refused)
	_, err := network.Compile(p, generous)
	assert.ErrorContains(t, err, `operation 0, warp "a.op" (output a: fp32 [1, 4, 4, 4]): there is no kernel for it`)

	p.Ops = p.Ops[1:2]
	p.Ops[0].Inputs["x"][0].Name = "x"
	p.Outputs = []string{"b"}
	plan, errs := network.Check(p, generous)
	assert.Empty(t, errs)
	assert.Len(t, plan.Dispatches, 1)
	small := generous
	small.MaxTexelBufferElements = 1
	p.Ops[0].Type = "conv"
	weight := mil.Floats(coreml.Float32, []int{4, 4, 3, 3}, make([]float32, 144))
	p.Ops[0].Inputs["weight"] = []coreml.Arg{{Value: weight}}
	p.Ops[0].Inputs["pad_type"] = []coreml.Arg{{Value: mil.Text("same")}}
	_, errs = network.Check(p, small)
	require.Len(t, errs, 1, "an error of a later phase")
	assert.ErrorContains(t, errs[0], "maxTexelBufferElements")
}
