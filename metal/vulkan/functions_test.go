package vulkan

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

// function reads a shader of testdata, compiled from the source beside it.
func function(t testing.TB, name string) metal.Function {
	code, err := os.ReadFile(filepath.Join("testdata", name+".spv"))
	require.NoError(t, err)
	f := metal.Function{Name: name, SPIRV: code}
	switch filepath.Ext(name) {
	case ".comp":
		f.Stage = metal.StageDispatch
	case ".vert":
		f.Stage = metal.StageVertex
	case ".frag":
		f.Stage = metal.StageFragment
	}
	return f
}

// TestFunctionsAreCurrent compiles the sources of testdata again and compares.
func TestFunctionsAreCurrent(t *testing.T) {
	glslang, err := exec.LookPath("glslangValidator")
	require.NoError(t, err, "the test shaders cannot be compiled again: run `make setup`, which installs glslang-tools")
	files, err := filepath.Glob("testdata/*.spv")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		out := filepath.Join(t.TempDir(), "x.spv")
		text, err := exec.Command(glslang, "-V", "--target-env", "vulkan1.3", "-o", out, strings.TrimSuffix(f, ".spv")).CombinedOutput()
		require.NoError(t, err, string(text))
		want, err := os.ReadFile(out)
		require.NoError(t, err)
		have, err := os.ReadFile(f)
		require.NoError(t, err)
		require.Equal(t, want, have, "%s is not what its source compiles to", f)
	}
}
