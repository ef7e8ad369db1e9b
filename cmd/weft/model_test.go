package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
)

const upscalePackage = "../../models/upscale.mlpackage"

// ofModel runs weft model -format json.
func ofModel(t *testing.T, args ...string) *modelReport {
	t.Helper()
	status, stdout, stderr := weft("", append([]string{"model", "-format", "json"}, args...)...)
	require.Zero(t, status, stderr)
	var r modelReport
	require.NoError(t, json.Unmarshal([]byte(stdout), &r))
	return &r
}

func (r *modelReport) counts() map[string]int {
	m := map[string]int{}
	for _, c := range r.Operations {
		m[c.Type] = c.Count
	}
	return m
}

func TestModel(t *testing.T) {
	r := ofModel(t, upscalePackage)
	assert.Equal(t, "upscale.mlpackage", r.Package)
	assert.Equal(t, []featureReport{{Name: "color", Kind: "multi-array", DataType: "fp16", Shape: []int{1, 3, 360, 640}, Extents: "[1, 3, 16..2048, 16..2048]"}}, r.Inputs)
	assert.Equal(t, []int{1, 3, 720, 1280}, r.Outputs[0].Shape)
	assert.EqualValues(t, 24592, r.Parameters, "as models/README.md has it")
	assert.Equal(t, map[string]int{"conv": 8, "prelu": 7, "add": 1, "clip": 1, "pad": 1, "pixel_shuffle": 1, "upsample_bilinear": 1}, r.counts())
	assert.Positive(t, *r.Scratch)
	assert.InEpsilon(t, r.ScratchBound, *r.Scratch, 0.1)
	assert.Empty(t, r.Refused)
	// The work and the values go by the pixels.
	small := ofModel(t, upscalePackage, "-shape", "1x3x90x160")
	assert.InEpsilon(t, r.MultiplyAdds, 16*small.MultiplyAdds, 0.1, "but for the edges, which it computes, too")
	assert.Less(t, *small.Scratch, *r.Scratch)
	_, text, _ := weft("", "model", "-shape", "color=1x3x90x160", upscalePackage)
	assert.Contains(t, text, "  color: fp16 [1, 3, 90, 160]; takes [1, 3, 16..2048, 16..2048]\n")
	assert.Contains(t, text, "parameters: 24,592 in 48.4 KiB\n")
	for _, c := range []struct{ args, want string }{
		{"-shape 1x3x8x8", `upscale.mlpackage: the input "color": it does not take the shape [1, 3, 8, 8]; it takes [1, 3, 16..2048, 16..2048]`},
		{"-shape x=1x3x8x8", `there is no input "x"`},
		{"-shape color=1x3x8x8 -shape 1x3x8x8", `the input "color" has two shapes`},
		{"-shape 1x3x0x8", `"1x3x0x8" is no shape`},
		{"-shape 1xthree", `is no shape: give extents of at least 1, outermost first, such as 1x3x360x640`},
	} {
		status, stdout, stderr := weft("", append(strings.Fields("model "+c.args), upscalePackage)...)
		assert.NotZero(t, status)
		assert.Empty(t, stdout)
		assert.Contains(t, stderr, c.want)
	}
}

// What does not run is listed whole: each operation, its place and why.
func TestModelListsWhatIsRefused(t *testing.T) {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, 3, 8, 8)
	y := b.Op("relu", "y", mil.Args{"x": x})
	b.Output(b.Op("relu", "z", mil.Args{"x": y}))
	p, err := b.Package()
	require.NoError(t, err)
	p.Program.Ops[0].Type = "warp"
	p.Program.Ops[1].Type = "bend"
	dir := filepath.Join(t.TempDir(), "odd.mlpackage")
	require.NoError(t, mil.WriteDir(dir, p))
	r := ofModel(t, dir)
	assert.Nil(t, r.Scratch)
	assert.Equal(t, []refused{
		{0, "warp", "y", "y: fp32 [1, 3, 8, 8]", "the operation warp is not known; the program is written in the operation set CoreML7"},
		{1, "bend", "z", "z: fp32 [1, 3, 8, 8]", "the operation bend is not known; the program is written in the operation set CoreML7"},
	}, r.Refused)
	_, text, _ := weft("", "model", dir)
	assert.Contains(t, text, "does not run: 2 refused\n  the operation warp is not known; the program is written in the operation set CoreML7:\n    operation 0, warp \"y\" (output y: fp32 [1, 3, 8, 8])\n")
	status, _, stderr := weft("", "model", t.TempDir())
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, "not a Core ML package: there is no Manifest.json at its root")
}

// modelsDir is where packages made by others lie: beside the project, or in
// WEFT_MODELS.
func modelsDir(t *testing.T) string {
	dir := os.Getenv("WEFT_MODELS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "models")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("there are no packages of others at %s; set WEFT_MODELS", dir)
	}
	return dir
}

// TestModelOfOthers reads every program there is, most without weights.
func TestModelOfOthers(t *testing.T) {
	dir := modelsDir(t)
	for _, c := range []struct {
		name       string
		operations int
		some       map[string]int
		parameters int64
		gflop      float64
		refused    []string // types
	}{
		{"EDSR_4x", 141, map[string]int{"conv": 71, "pixel_shuffle": 2}, 43_089_947, 412, nil},
		{"BiSeNet", 123, map[string]int{"conv": 56, "reduce_argmax": 1}, 3_350_350, 12.3, nil},
		{"SwinIR_4x", 952, map[string]int{"linear": 144, "layer_norm": 73, "matmul": 72}, 12_012_843, 134, nil},
		{"nima", 59, map[string]int{"conv": 27, "linear": 1}, 3_206_282, 1.14, nil},
		{"places365", 50, map[string]int{"conv": 20, "max_pool": 1}, 11_358_957, 3.63, nil},
		{"AuraSR", 870, map[string]int{"constexpr_affine_dequantize": 177, "random_normal": 1}, 0, 0, []string{"random_normal"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "AuraSR" && testing.Short() {
				t.Skip("its 600 million parameters take seconds")
			}
			r := ofModel(t, filepath.Join(dir, "programs", c.name+".model.mlmodel"))
			total := 0
			for _, n := range r.counts() {
				total += n
			}
			assert.Equal(t, c.operations, total)
			assert.Subset(t, r.counts(), c.some)
			if c.parameters > 0 {
				assert.Equal(t, c.parameters, r.Parameters)
				assert.InEpsilon(t, c.gflop, 2e-9*float64(r.MultiplyAdds), 0.01)
			}
			assert.Contains(t, r.Incomplete, "without @model_path/weights/weight.bin")
			var types []string
			for _, x := range r.Refused {
				types = append(types, x.Type)
			}
			assert.Equal(t, c.refused, types)
			assert.Equal(t, c.refused == nil, r.Scratch != nil)
		})
	}
	status, _, stderr := weft("", "model", filepath.Join(dir, "programs", "yolov8n.model.mlmodel"))
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, "the model is a pipeline of several models (mlProgram, nonMaximumSuppression)")
	assert.Contains(t, stderr, `convert the network with coremltools and convert_to="mlprogram"`)
}
