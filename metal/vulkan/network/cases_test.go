package network_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
)

// opCase is a case of the reference's table of operations.
type opCase struct {
	Op, Opset string
	Args      map[string][]caseValue
	Outputs   []caseValue
}

type caseValue struct {
	Type   string
	Shape  []int
	Values []float32
	Text   string
}

func (v caseValue) kind() coreml.DataType {
	kind, _ := coreml.ParseDataType(v.Type)
	return kind
}

func (v caseValue) tensor() *coreml.Tensor {
	if v.Type == "string" {
		return mil.Text(v.Text)
	}
	if v.kind().IsFloat() {
		return mil.Floats(v.kind(), v.Shape, v.Values)
	}
	ints := make([]int, len(v.Values))
	for i, f := range v.Values {
		ints[i] = int(f)
	}
	return mil.Ints(v.kind(), v.Shape, ints)
}

// variable makes the value an input of the program: of type fp32 or int32, and
// cast where it is of another.
func (v caseValue) variable(b *mil.Builder, name string, inputs map[string][]float32) mil.Value {
	kind := coreml.Int32
	if v.kind().IsFloat() {
		kind = coreml.Float32
	}
	inputs[name] = slices.Clone(v.Values)
	in := b.Input(name, kind, v.Shape...)
	if kind == v.kind() {
		return in
	}
	return b.Op("cast", "", mil.Args{"x": in, "dtype": v.Type})
}

// computed are the parameters that a network may compute, beside x.
var computed = []string{"y", "cond", "a", "b", "query", "key", "value", "attn_mask"}

// TestCases runs the reference's table of operations.
func TestCases(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "coreml", "reference", "testdata", "ops.json"))
	require.NoError(t, err)
	var cases []opCase
	require.NoError(t, json.Unmarshal(data, &cases))
	for i, c := range cases {
		if strings.HasPrefix(c.Op, "constexpr_") {
			continue // computed when the program is compiled
		}
		t.Run(fmt.Sprintf("%s_%d", c.Op, i), func(t *testing.T) { c.run(t) })
	}
}

func (c opCase) run(t *testing.T) {
	inputs := map[string][]float32{}
	p := program(t, func(b *mil.Builder) {
		args := mil.Args{}
		for _, name := range slices.Sorted(maps.Keys(c.Args)) {
			values := c.Args[name]
			switch {
			case name == "values":
				var list []mil.Value
				for k, v := range values {
					list = append(list, v.variable(b, fmt.Sprint("in", k), inputs))
				}
				args[name] = list
			case name == "x", slices.Contains(computed, name) && values[0].Type != "string" && c.Op != "fill" && c.Op != "fill_like":
				args[name] = values[0].variable(b, name, inputs)
			default:
				args[name] = values[0].tensor()
			}
		}
		if len(inputs) == 0 {
			b.Input("unused", coreml.Float32, 1)
			inputs["unused"] = []float32{0}
		}
		for _, y := range b.Ops(c.Op, nil, args) {
			switch kind := b.Type(y).DataType; {
			case kind == coreml.Float16, kind == coreml.Float32, kind == coreml.Int32:
			case kind.IsFloat():
				y = b.Op("cast", "", mil.Args{"x": y, "dtype": "fp32"})
			default:
				y = b.Op("cast", "", mil.Args{"x": y, "dtype": "int32"})
			}
			b.Output(y)
		}
	})
	compare(t, p, inputs, 3e-5)
}
