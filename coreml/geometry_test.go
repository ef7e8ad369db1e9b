package coreml_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
)

// TestGrid takes the places from the tables in coremltools' description of
// resize_bilinear: an input of extent 2, resized to 5 and 6.
func TestGrid(t *testing.T) {
	for _, test := range []struct {
		mode string
		want []float64
	}{
		{"UNALIGN_CORNERS", []float64{0, 0.1, 0.5, 0.9, 1}},
		{"STRICT_ALIGN_CORNERS", []float64{0, 0.25, 0.5, 0.75, 1}},
		{"ALIGN_CORNERS", []float64{0, 0.25, 0.5, 0.75, 1}},
		{"DEFAULT", []float64{0, 0.4, 0.8, 1, 1}},
		{"OFFSET_CORNERS", []float64{0.1, 0.3, 0.5, 0.7, 0.9}},
		{"DEFAULT", []float64{0, 1. / 3, 2. / 3, 1, 1, 1}},
		{"OFFSET_CORNERS", []float64{1. / 12, 0.25, 5. / 12, 7. / 12, 0.75, 11. / 12}},
	} {
		op := &coreml.Op{Type: "resize_bilinear", Inputs: map[string][]coreml.Arg{
			"sampling_mode": {{Value: mil.Text(test.mode)}},
		}}
		g, err := op.Grid(2, len(test.want))
		require.NoError(t, err)
		for i, want := range test.want {
			require.InDelta(t, want, g.At(i), 1e-9, "%s %d", test.mode, i)
		}
	}
	// One output: at the middle for ALIGN_CORNERS, else at the start.
	for mode, want := range map[string]float64{"ALIGN_CORNERS": 2, "STRICT_ALIGN_CORNERS": 0, "DEFAULT": 0} {
		op := &coreml.Op{Type: "resize_bilinear", Inputs: map[string][]coreml.Arg{"sampling_mode": {{Value: mil.Text(mode)}}}}
		g, err := op.Grid(5, 1)
		require.NoError(t, err)
		require.Equal(t, want, g.At(0), mode)
	}
}
