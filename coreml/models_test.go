package coreml_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/coreml"
)

// TestPrograms reads programs made by others, most without their weights, and
// checks every type in them against what is inferred here.
func TestPrograms(t *testing.T) {
	dir := os.Getenv("WEFT_MODELS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "models")
	}
	refused := map[string]string{
		"yolov8n": "pipeline of several models",
		"AuraSR":  "the operation random_normal is not known",
	}
	files, err := filepath.Glob(filepath.Join(dir, "programs", "*.mlmodel"))
	require.NoError(t, err)
	packages, err := filepath.Glob(filepath.Join(dir, "*.mlpackage"))
	require.NoError(t, err)
	if len(files)+len(packages) == 0 {
		t.Skipf("there are no packages at %s; set WEFT_MODELS", dir)
	}
	for _, path := range append(files, packages...) {
		name, _, _ := strings.Cut(filepath.Base(path), ".")
		t.Run(name, func(t *testing.T) {
			var p *coreml.Package
			var err error
			if filepath.Ext(path) == ".mlpackage" {
				p, err = coreml.OpenDir(path)
			} else {
				var data []byte
				data, err = os.ReadFile(path)
				require.NoError(t, err)
				p, err = coreml.ReadModel(data)
			}
			var s *coreml.Program
			if err == nil {
				s, err = p.Specialize(nil)
			}
			if want := refused[name]; want != "" {
				require.ErrorContains(t, err, want)
				return
			}
			require.NoError(t, err)
			require.Len(t, s.Ops, len(p.Program.Ops))
		})
	}
}
