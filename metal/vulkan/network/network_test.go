package network_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"math"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/coreml/reference"
	"weft/metal/vulkan/network"
)

// tb is what *testing.T, *testing.B and *rapid.T have.
type tb interface {
	require.TestingT
	Helper()
	Logf(format string, args ...any)
}

// TestMain keeps the number of random cases small, unless it is given: a
// driver on the CPU takes up to seconds for each new shader.
func TestMain(m *testing.M) {
	few := flag.Lookup("rapid.checks")
	if err := few.Value.Set("6"); err != nil {
		panic(err)
	}
	m.Run()
}

// validate runs the SPIR-V validator over every kernel of a plan, each once in
// a test run.
var validated = map[string]bool{}

func validate(t tb, plan *network.Plan) {
	t.Helper()
	validator, err := exec.LookPath("spirv-val")
	require.NoError(t, err, "spirv-val is missing: install Debian's spirv-tools (make setup)")
	for _, k := range plan.Kernels {
		raw := make([]byte, 4*len(k.Words))
		for i, w := range k.Words {
			binary.LittleEndian.PutUint32(raw[4*i:], w)
		}
		if validated[string(raw)] {
			continue
		}
		validated[string(raw)] = true
		check := exec.Command(validator, "--target-env", "vulkan1.3", "-")
		check.Stdin = bytes.NewReader(raw)
		out, err := check.CombinedOutput()
		require.NoError(t, err, "%s: %s", k.Label, out)
	}
}

// program builds a program and specializes it.
func program(t tb, build func(b *mil.Builder)) *coreml.Program {
	t.Helper()
	b := mil.NewBuilder("CoreML7")
	build(b)
	pkg, err := b.Package()
	require.NoError(t, err)
	p, err := pkg.Program.Specialize(nil)
	require.NoError(t, err)
	return p
}

// noise is numbers from -1 to 1, the same for the same seed.
func noise(n int, seed uint32) []float32 {
	out := make([]float32, n)
	x := seed*2654435761 + 12345
	for i := range out {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		out[i] = float32(x>>8)/float32(1<<23) - 1
	}
	return out
}

// compare runs a program on the GPU and by the reference and compares every
// output: the difference may be tolerance times the largest number of the
// output, at least 1.
func compare(t tb, p *coreml.Program, inputs map[string][]float32, tolerance float64) *network.Plan {
	t.Helper()
	g := device(t)
	plan, err := network.Compile(p, g.limits)
	require.NoError(t, err)
	validate(t, plan)
	checkPlan(t, plan)
	l := g.load(t, plan)
	defer l.close()
	for i, in := range plan.Inputs {
		write(in, l.tensors[network.FromInput][i].bytes, inputs[in.Name])
		inputs[in.Name] = read(in, l.tensors[network.FromInput][i].bytes) // rounded as stored
	}
	want, err := reference.Run(p, inputs, reference.Options{})
	require.NoError(t, err)
	for range 2 { // the second time over what the first left in the heap
		l.run(t)
		for i, out := range plan.Outputs {
			close(t, out.Name, want[out.Name].Values, read(out, l.tensors[network.FromOutput][i].bytes), tolerance)
		}
	}
	return plan
}

// close compares two lists of numbers.
func close(t tb, name string, want, have []float32, tolerance float64) {
	t.Helper()
	require.Len(t, have, len(want), name)
	scale := 1.0
	for _, w := range want {
		scale = max(scale, math.Abs(float64(w)))
	}
	worst, at := 0.0, 0
	for i := range want {
		d := math.Abs(float64(want[i]) - float64(have[i]))
		if math.IsNaN(d) {
			d = math.Inf(1)
		}
		if d > worst {
			worst, at = d, i
		}
	}
	require.LessOrEqual(t, worst, tolerance*scale, "%s: element %d of %d is %g, the reference has %g (range %g)", name, at, len(want), have[at], want[at], scale)
}

// checkPlan checks what holds for every plan: live intermediates lie apart.
func checkPlan(t tb, plan *network.Plan) {
	t.Helper()
	for i, a := range plan.Intermediates {
		require.LessOrEqual(t, a.Offset+a.Size, plan.IntermediatesHeapSize)
		for _, b := range plan.Intermediates[:i] {
			together := a.First <= b.Last && b.First <= a.Last
			require.False(t, together && a.Offset < b.Offset+b.Size && b.Offset < a.Offset+a.Size, "%v and %v overlap", a, b)
		}
	}
}
