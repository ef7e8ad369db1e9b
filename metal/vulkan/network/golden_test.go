package network_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/metal/vulkan/network"
)

// modelsDir is where packages made by others lie: beside the project, or in
// WEFT_MODELS.
func modelsDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("WEFT_MODELS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "models")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the packages to compare with are not at %s; set WEFT_MODELS", dir)
	}
	return dir
}

func readFloats(t testing.TB, path string) []float32 {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	out := make([]float32, len(data)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return out
}

// openModel specializes a package to the shapes of its golden inputs.
func openModel(t testing.TB, name string) (program *coreml.Program, inputs, outputs map[string][]float32) {
	t.Helper()
	dir := modelsDir(t)
	p, err := coreml.OpenDir(filepath.Join(dir, name+".mlpackage"))
	require.NoError(t, err)
	golden := filepath.Join(dir, "golden", name)
	var meta struct{ Inputs, Outputs map[string][]int }
	data, err := os.ReadFile(filepath.Join(golden, "meta.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &meta))
	program, err = p.Specialize(meta.Inputs)
	require.NoError(t, err)
	inputs, outputs = map[string][]float32{}, map[string][]float32{}
	for name := range meta.Inputs {
		inputs[name] = readFloats(t, filepath.Join(golden, "in_"+name+".f32"))
	}
	for name := range meta.Outputs {
		outputs[name] = readFloats(t, filepath.Join(golden, "out_"+name+".f32"))
	}
	return program, inputs, outputs
}

// goldens are the packages that run, with what is 255 in the range of their
// output; 0 where it is no picture.
var goldens = map[string]float64{"SRGAN_4x": 255, "yunet": 0, "RealESRGAN_x4v3_tensor": 1, "realcugan-up2x-no-denoise": 255}

// TestGolden runs packages and compares with what an independent translation
// gave in 32-bit floats. The packages compute in halves, so pictures may
// differ by 2 of 255 and everything by 1% of its range.
func TestGolden(t *testing.T) {
	for name, scale := range goldens {
		t.Run(name, func(t *testing.T) {
			program, inputs, want := openModel(t, name)
			g := device(t)
			limits := g.limits
			limits.FloatHeapSize = 64 << 20
			plan, err := network.Compile(program, limits)
			require.NoError(t, err)
			validate(t, plan)
			checkPlan(t, plan)
			l := g.load(t, plan)
			defer l.close()
			for i, in := range plan.Inputs {
				write(in, l.tensors[network.FromInput][i].bytes, inputs[in.Name])
			}
			took := l.run(t)
			if took < time.Second {
				took = l.run(t) // without compiling
			}
			for i, out := range plan.Outputs {
				have := read(out, l.tensors[network.FromOutput][i].bytes)
				lo, hi := math.Inf(1), math.Inf(-1)
				worst := 0.0
				for i, w := range want[out.Name] {
					lo, hi = min(lo, float64(w)), max(hi, float64(w))
					worst = max(worst, math.Abs(float64(w)-float64(have[i])))
				}
				allowed := 0.01 * (hi - lo)
				if scale > 0 {
					allowed = min(allowed, 2.0/255*scale)
				}
				// The golden sigmoids are multiples of 2^-24; a half near
				// zero is one of 2^-24, too.
				allowed = max(allowed, 0x1p-22)
				t.Logf("%s: worst difference %.3g, allowed %.3g; %d kernels, %d dispatches, heap %d KiB, %v, %.1f GFLOP/s", out.Name, worst, allowed,
					len(plan.Kernels), len(plan.Dispatches), plan.IntermediatesHeapSize>>10, took, 2*float64(plan.MultiplyAdds)/float64(took.Nanoseconds()))
				require.LessOrEqual(t, worst, allowed)
			}
		})
	}
}
