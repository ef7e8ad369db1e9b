package reference_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/fixtures"
	"weft/coreml/reference"
)

// TestFixtures runs what coremltools makes of PyTorch modules, and compares
// with what PyTorch gives. Both compute in 32 bits, and differ in the order of
// sums, and, where the package is fp16, by constants that the converter
// computes and rounds to halves.
func TestFixtures(t *testing.T) {
	for _, name := range fixtures.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := fixtures.Open(name)
			require.NoError(t, err)
			for _, c := range f.Cases {
				program, err := f.Package.Specialize(c.Shapes())
				require.NoError(t, err)
				if !f.Half { // it asks for each half that it has
					compare(t, program, c, reference.Options{Half: true}, 1e-5)
					continue
				}
				compare(t, program, c, reference.Options{}, 1e-3)
				compare(t, program, c, reference.Options{Half: true}, 1e-2)
			}
		})
	}
}

// compare runs a case of a fixture. The difference may be tolerance times the
// largest number of the output, at least 1.
func compare(t *testing.T, program *coreml.Program, c fixtures.Case, options reference.Options, tolerance float64) {
	t.Helper()
	got, err := reference.Run(program, c.Values(), options)
	require.NoError(t, err)
	require.Len(t, got, len(c.Outputs))
	for output, want := range c.Outputs {
		require.Contains(t, got, output)
		have := got[output]
		require.Equal(t, want.Shape, append([]int{}, have.Type.Shape...), output)
		worst, scale := 0.0, 1.0
		for i, w := range want.Values {
			scale = max(scale, math.Abs(float64(w)))
			worst = max(worst, math.Abs(float64(w)-float64(have.Values[i]))) // NaN if any is
		}
		require.True(t, worst <= tolerance*scale, "%s: worst difference %g, range %g, %+v", output, worst, scale, options)
	}
}
