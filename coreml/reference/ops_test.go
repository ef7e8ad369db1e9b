package reference_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/coreml/reference"
)

// value is a value in ops.json.
type value struct {
	Type   string
	Shape  []int
	Values []float32
	Text   string
}

func (v value) tensor(t *testing.T) *coreml.Tensor {
	if v.Type == "string" {
		return mil.Text(v.Text)
	}
	kind, ok := coreml.ParseDataType(v.Type)
	require.True(t, ok, v.Type)
	if kind.IsFloat() {
		return mil.Floats(kind, v.Shape, v.Values)
	}
	ints := make([]int, len(v.Values))
	for i, f := range v.Values {
		ints[i] = int(f)
	}
	return mil.Ints(kind, v.Shape, ints)
}

// TestOps compares small cases with what coremltools and ONNX Runtime give;
// testdata/ops.py writes them. Types are compared too, inferred here and
// there.
func TestOps(t *testing.T) {
	data, err := os.ReadFile("testdata/ops.json")
	require.NoError(t, err)
	var cases []struct {
		Op, Opset string
		Args      map[string][]value
		Outputs   []value
	}
	require.NoError(t, json.Unmarshal(data, &cases))
	require.Greater(t, len(cases), 200)
	for i, c := range cases {
		t.Run(fmt.Sprintf("%s_%d", c.Op, i), func(t *testing.T) {
			b := mil.NewBuilder(c.Opset)
			args := mil.Args{}
			inputs := map[string][]float32{}
			for name, values := range c.Args {
				if name == "values" {
					var list []mil.Value
					for k, v := range values {
						kind, _ := coreml.ParseDataType(v.Type)
						input := fmt.Sprint("in", k)
						list = append(list, b.Input(input, kind, v.Shape...))
						inputs[input] = v.Values
					}
					args[name] = list
					continue
				}
				args[name] = values[0].tensor(t)
				if name == "x" { // a variable, as in a network
					kind, _ := coreml.ParseDataType(values[0].Type)
					args[name] = b.Input("in", kind, values[0].Shape...)
					inputs["in"] = values[0].Values
				}
			}
			if len(inputs) == 0 { // a program has an input, used or not
				b.Input("unused", coreml.Float32, 1)
				inputs["unused"] = []float32{0}
			}
			outputs := b.Ops(c.Op, nil, args)
			for _, y := range outputs {
				b.Output(y)
			}
			p, err := b.Package()
			require.NoError(t, err)
			program, err := p.Specialize(nil)
			require.NoError(t, err)
			got, err := reference.Run(program, inputs, reference.Options{})
			require.NoError(t, err)
			require.Len(t, outputs, len(c.Outputs))
			for k, want := range c.Outputs {
				y := got[outputs[k].Name()]
				require.Equal(t, want.Type+" "+coreml.FormatShape(want.Shape), y.Type.String())
				require.InDeltaSlice(t, want.Values, y.Values, 2e-5)
			}
		})
	}
}
