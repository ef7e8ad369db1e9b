//go:build unix

package main

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Pipes and devices are written to, and stay what they are; so do links.
func TestOutputToWhatIsNoFile(t *testing.T) {
	_, want, _ := weft("", "plan", frameFile)
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	got := make(chan string)
	go func() {
		var data []byte
		if f, err := os.Open(pipe); err == nil {
			data, _ = io.ReadAll(f)
			f.Close()
		}
		got <- string(data)
	}()
	status, _, stderr := weft("", "plan", "-o", pipe, frameFile)
	require.Zero(t, status, stderr)
	assert.Equal(t, want, <-got)
	info, err := os.Stat(pipe)
	require.NoError(t, err)
	assert.Equal(t, os.ModeNamedPipe, info.Mode().Type())

	file, link := filepath.Join(t.TempDir(), "plan.json"), filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.WriteFile(file, []byte("old"), 0o600))
	require.NoError(t, os.Symlink(file, link))
	status, _, stderr = weft("", "plan", "-o", link, frameFile)
	require.Zero(t, status, stderr)
	info, err = os.Lstat(link)
	require.NoError(t, err)
	assert.Equal(t, os.ModeSymlink, info.Mode().Type())
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, want, string(written))
	info, err = os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "the file keeps its permissions")
}
