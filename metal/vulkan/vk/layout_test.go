package vk

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const golden = "testdata/layout.golden"

// TestLayout compares the sizes and offsets of the Go structures with those a C
// compiler gave, kept in testdata.
func TestLayout(t *testing.T) {
	text, err := os.ReadFile(golden)
	require.NoError(t, err)
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	have := goLayout()
	for i := range min(len(want), len(have)) {
		require.Equal(t, want[i], have[i])
	}
	require.Len(t, have, len(want))
}

// TestGoldenLayout compiles the same question in C and compares with the kept
// answer. WEFT_UPDATE=1 writes it.
func TestGoldenLayout(t *testing.T) {
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Fatal("no C compiler here: run make setup")
	}
	exe := filepath.Join(t.TempDir(), "layout")
	out, err := exec.Command(cc, "-o", exe, "testdata/zlayout.c").CombinedOutput()
	require.NoError(t, err, "%s\n(the headers come with libvulkan-dev: run `make setup`)", out)
	have, err := exec.Command(exe).Output()
	require.NoError(t, err)
	if os.Getenv("WEFT_UPDATE") != "" {
		require.NoError(t, os.WriteFile(golden, have, 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), string(have))
}
