package reference_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/reference"
)

// modelsDir is where packages made by others lie: beside the project, or in
// WEFT_MODELS.
func modelsDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("WEFT_MODELS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "models")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the packages to compare with are not at %s; set WEFT_MODELS", dir)
	}
	return dir
}

func readFloats(t *testing.T, path string) []float32 {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	out := make([]float32, len(data)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return out
}

// TestGolden runs packages and compares with what an independent translation
// gave. The packages declare fp16 and the golden outputs are fp32, so images
// may differ by 2 of 255, and every output by 1% of its range.
func TestGolden(t *testing.T) {
	dir := modelsDir(t)
	for _, test := range []struct {
		name  string
		slow  bool
		scale float64 // what is 255 in the output's own range; 0 for no image
	}{
		{name: "SRGAN_4x", scale: 255},
		{name: "RealESRGAN_x4v3_tensor", scale: 1},
		{name: "yunet"},
		{name: "realcugan-up2x-no-denoise", slow: true, scale: 255},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.slow && (testing.Short() || underRace) {
				t.Skip("too slow for -short and for the race detector")
			}
			p, err := coreml.OpenDir(filepath.Join(dir, test.name+".mlpackage"))
			require.NoError(t, err)
			program, err := p.Specialize(nil)
			require.NoError(t, err)
			golden := filepath.Join(dir, "golden", test.name)
			var meta struct {
				Inputs, Outputs map[string][]int
			}
			data, err := os.ReadFile(filepath.Join(golden, "meta.json"))
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(data, &meta))
			inputs := map[string][]float32{}
			for name := range meta.Inputs {
				inputs[name] = readFloats(t, filepath.Join(golden, "in_"+name+".f32"))
			}
			got, err := reference.Run(program, inputs, reference.Options{})
			require.NoError(t, err)
			require.NotEmpty(t, meta.Outputs)
			for name, shape := range meta.Outputs {
				want := readFloats(t, filepath.Join(golden, "out_"+name+".f32"))
				require.Equal(t, shape, got[name].Type.Shape)
				lo, hi := math.Inf(1), math.Inf(-1)
				for _, v := range want {
					lo, hi = min(lo, float64(v)), max(hi, float64(v))
				}
				allowed := 0.01 * (hi - lo)
				if test.scale > 0 {
					allowed = min(allowed, 2.0/255*test.scale)
				}
				// The golden sigmoids are multiples of 2^-24.
				allowed = max(allowed, 0x1p-22)
				worst := 0.0
				for i, v := range want {
					worst = max(worst, math.Abs(float64(v)-float64(got[name].Values[i])))
				}
				t.Logf("%s: worst difference %.3g, allowed %.3g, range %.3g", name, worst, allowed, hi-lo)
				require.LessOrEqual(t, worst, allowed, name)
			}
		})
	}
}
