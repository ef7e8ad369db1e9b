//go:build !windows

package apple

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
)

// fakeTools puts programs into a folder that say they are on a Mac, with a
// builder that copies the manifest.
func fakeTools(t *testing.T, system string) string {
	t.Helper()
	bin := t.TempDir()
	for name, script := range map[string]string{
		"uname": "echo " + system,
		"xcrun": `[ "$1" = --find ] && exit; shift; while [ $# -gt 1 ]; do case $1 in -ml) in=$2;; -o) out=$2;; esac; shift 2; done; mkdir "$out" && cp "$in/Manifest.json" "$out/manifest.json"`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
	return bin
}

func makeModels(t *testing.T, dir, system string) (string, error) {
	t.Helper()
	makefile, err := filepath.Abs(filepath.Join("..", "..", "Makefile"))
	require.NoError(t, err)
	cmd := exec.Command("make", "-f", makefile, "models")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+fakeTools(t, system)+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// What make models notes of a package, with macOS's shasum, is what the driver
// works out, and a changed package is told from the one that was compiled.
func TestMakeModelsNotesWhatItWasMadeOf(t *testing.T) {
	if _, err := exec.LookPath("shasum"); err != nil {
		t.Skip("shasum, which macOS has, is not here")
	}
	dir := t.TempDir()
	source := filepath.Join(dir, "models", "a network.mlpackage")
	for name, text := range map[string]string{"Manifest.json": "{}", "Data/b.bin": "b", "Data/a/weights.bin": "w", "Data/a.txt": "a"} {
		path := filepath.Join(source, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	for range 2 { // and again over what is there
		out, err := makeModels(t, dir, "Darwin")
		require.NoError(t, err, out)
	}
	n := metal.Network{Name: "a", Package: os.DirFS(source), Compiled: filepath.Join(dir, "models", "a network.mtlpackage")}
	require.FileExists(t, filepath.Join(n.Compiled, "manifest.json"))
	require.NoError(t, compiled(&n))

	require.NoError(t, os.WriteFile(filepath.Join(source, "Data", "a.txt"), []byte("b"), 0o644))
	err := compiled(&n)
	assert.ErrorContains(t, err, n.Compiled+" was made of another .mlpackage")
	assert.ErrorContains(t, err, `run "make models" on a Mac`)
	require.NoError(t, os.RemoveAll(n.Compiled))
	assert.ErrorContains(t, compiled(&n), n.Compiled+" is missing: run \"make models\"")
}

func TestMakeModelsNeedsAMac(t *testing.T) {
	out, err := makeModels(t, t.TempDir(), "Linux")
	assert.Error(t, err)
	assert.Contains(t, out, "runs on macOS only, and this is Linux")
}
