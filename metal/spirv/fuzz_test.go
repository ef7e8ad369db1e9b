package spirv_test

import (
	"os"
	"path/filepath"
	"testing"

	"weft/metal/spirv"
)

// Whatever the words are, a module is read or refused, and one that is read can
// be bound anew and read again.
func FuzzReflect(f *testing.F) {
	seeds, err := filepath.Glob(filepath.Join("testdata", "*.spv"))
	if err != nil || len(seeds) == 0 {
		f.Fatal("no modules in testdata")
	}
	for _, path := range seeds {
		code, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(code)
		f.Add(code[:len(code)/2])
	}
	f.Fuzz(func(t *testing.T, code []byte) {
		m, err := spirv.Reflect(code)
		if err != nil {
			return
		}
		moved, err := spirv.Rebind(code, func(r spirv.Resource) (set, binding int) { return 1, r.Binding % 8 })
		if err != nil {
			return
		}
		again, err := spirv.Reflect(moved)
		if err != nil {
			t.Fatalf("a module that was bound anew is refused: %v", err)
		}
		if len(again.Resources) != len(m.Resources) {
			t.Fatalf("%d resources became %d", len(m.Resources), len(again.Resources))
		}
	})
}
