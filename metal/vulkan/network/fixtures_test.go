package network_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/fixtures"
	"weft/metal/vulkan/network"
)

// refusedFixtures are those that do not run, with the reason in the words of
// the error.
var refusedFixtures = map[string]string{}

// TestFixtures runs what coremltools makes of PyTorch modules, and compares
// with what PyTorch gives. With -short, it runs every eighth.
func TestFixtures(t *testing.T) {
	names := fixtures.Names()
	for name := range refusedFixtures {
		require.Contains(t, names, name, "there is no such fixture any more")
	}
	for i, name := range names {
		if testing.Short() && i%8 != 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			f, err := fixtures.Open(name)
			require.NoError(t, err)
			for _, c := range f.Cases {
				runFixture(t, f.Package, c, refusedFixtures[name])
			}
		})
	}
}

// runFixture runs a case of a package. Where there is a reason, the package
// must be refused for it.
func runFixture(t *testing.T, pkg *coreml.Package, c fixtures.Case, refused string) {
	t.Helper()
	g := device(t)
	var plan *network.Plan
	program, err := pkg.Specialize(c.Shapes())
	if err == nil {
		plan, err = network.Compile(program, g.limits)
	}
	if refused != "" {
		require.Error(t, err, "it runs now: take it off refusedFixtures")
		require.ErrorContains(t, err, refused)
		return
	}
	require.NoError(t, err)
	validate(t, plan)
	checkPlan(t, plan)
	l := g.load(t, plan)
	defer l.close()
	for i, in := range plan.Inputs {
		write(in, l.tensors[network.FromInput][i].bytes, c.Inputs[in.Name].Values)
	}
	l.run(t)
	require.Len(t, plan.Outputs, len(c.Outputs))
	for i, out := range plan.Outputs {
		close(t, out.Name, c.Outputs[out.Name].Values, read(out, l.tensors[network.FromOutput][i].bytes), rounding(program))
	}
}

// rounding is how much results may differ: by the rounding of halves where
// the program has any.
func rounding(program *coreml.Program) float64 {
	for _, op := range program.Ops {
		if op.Output().Type.DataType == coreml.Float16 {
			return 1e-2
		}
	}
	return 1e-4
}
