package spirv_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The committed modules are what glslangValidator makes of their sources:
// glslangValidator -V --target-env vulkan1.3 -o NAME.spv NAME.
func TestModulesAreCurrent(t *testing.T) {
	compiler, err := exec.LookPath("glslangValidator")
	if err != nil {
		t.Fatal("glslangValidator is not installed: run make setup")
	}
	for _, name := range []string{"everything.comp", "triangle.vert"} {
		out := filepath.Join(t.TempDir(), name)
		text, err := exec.Command(compiler, "-V", "--target-env", "vulkan1.3", "-o", out, filepath.Join("testdata", name)).CombinedOutput()
		require.NoError(t, err, "%s", text)
		want, err := os.ReadFile(out)
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join("testdata", name+".spv"))
		require.NoError(t, err)
		assert.Equal(t, want, got, "%s.spv is stale: compile it anew", name)
	}
}
