package metaltest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The committed functions are what the compiler makes of their sources.
func TestFunctionsAreCurrent(t *testing.T) {
	compiler, err := exec.LookPath("glslangValidator")
	if err != nil {
		t.Fatal("glslangValidator is not installed: run make setup")
	}
	sources, err := filepath.Glob("testdata/*.[cvf]*")
	require.NoError(t, err)
	compared := 0
	for _, source := range sources {
		if strings.HasSuffix(source, ".spv") {
			continue
		}
		out := filepath.Join(t.TempDir(), "out.spv")
		text, err := exec.Command(compiler, "-V", "--target-env", "vulkan1.3", "-o", out, source).CombinedOutput()
		require.NoError(t, err, "%s", text)
		want, err := os.ReadFile(out)
		require.NoError(t, err)
		got, err := os.ReadFile(source + ".spv")
		require.NoError(t, err)
		assert.Equal(t, want, got, "%s.spv is stale: compile it anew", source)
		compared++
	}
	assert.GreaterOrEqual(t, compared, 8)
}
