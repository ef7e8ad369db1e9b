package weft_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The README's program is what a newcomer types first: it runs as it stands.
func TestTheProgramInTheREADMERuns(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, program, found := strings.Cut(string(text), "```go\n")
	require.True(t, found)
	program, _, found = strings.Cut(program, "```")
	require.True(t, found)

	// Inside the module, so that it finds weft; out/ is not kept.
	require.NoError(t, os.MkdirAll("out", 0o755))
	dir, err := os.MkdirTemp("out", "readme-")
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o600))
	out, err := exec.Command("go", "run", "./"+filepath.ToSlash(dir)).CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Contains(t, string(out), "machineLearning waits for")
	assert.Contains(t, string(out), "upscale")
}
