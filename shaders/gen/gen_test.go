package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
	conformance "weft/metal/metaltest/shaders"
	"weft/shaders"
)

// packages are the folders that the generator fills, and what they list.
var packages = map[string][]metal.Function{"..": shaders.All(), "../../metal/metaltest/shaders": conformance.All()}

// TestCommitted makes everything again and compares it with what is committed.
func TestCommitted(t *testing.T) {
	for folder := range packages {
		fresh := t.TempDir()
		require.NoError(t, generate(folder, fresh))
		want := files(t, fresh)
		got := files(t, folder)
		for path, content := range want {
			require.Contains(t, got, path, "run: make shaders")
			require.Equal(t, content, got[path], "%s is out of date: run make shaders", path)
		}
		for path := range got {
			require.Contains(t, want, path, "%s has no source any more: run make shaders", path)
		}
	}
}

// files reads what generate writes.
func files(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !(path == "zfunctions.go" || strings.HasPrefix(path, "spirv/") || strings.HasPrefix(path, "msl/")) {
			return err
		}
		content, err := os.ReadFile(filepath.Join(root, path))
		all[path] = string(content)
		return err
	})
	require.NoError(t, err)
	return all
}

// TestFunctions holds what programs get, the embedded values, against the
// convention.
func TestFunctions(t *testing.T) {
	for folder, functions := range packages {
		names, err := sources(folder)
		require.NoError(t, err)
		require.Len(t, functions, len(names))
		for i, f := range functions {
			require.Equal(t, names[i], f.Name)
			m, declared, err := reflect(f.SPIRV)
			require.NoError(t, err, f.Name)
			require.Equal(t, f.Stage, m.Stage, f.Name)
			bound, err := parseMSL(f.MSL)
			require.NoError(t, err, f.Name)
			require.Equal(t, declared, bound, f.Name)
			require.Equal(t, m.Threads, f.Threads, f.Name)
			require.Equal(t, f.Stage == metal.StageDispatch, f.Threads != metal.Size{}, f.Name)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct{ declare, body, problem string }{
		"push constants":   {"layout(push_constant) uniform P { float x; } p;", "s.x = p.x;", "push constants"},
		"combined sampler": {"layout(set=1,binding=0) uniform sampler2D c;", "s.x = textureLod(c, vec2(0), 0.).x;", "combined sampler"},
		"wrong set":        {"layout(set=0,binding=1) uniform texture2D c; layout(set=2,binding=0) uniform sampler l;", "s.x = textureLod(sampler2D(c, l), vec2(0), 0.).x;", "texture(1), is in descriptor set 0, which holds buffers"},
		"set 3":            {"layout(set=3,binding=1) buffer B { float x; } b;", "s.x = b.x;", "descriptor set 3"},
		"high index":       {"layout(set=0,binding=31) buffer B { float x; } b;", "s.x = b.x;", "the highest index of a buffer is 30"},
		"same index":       {"layout(set=0,binding=0) buffer B { float y; } b;", "s.x = b.y;", "buffer(0) is declared twice"},
		"array":            {"layout(set=0,binding=1) buffer B { float x; } b[2];", "s.x = b[1].x;", "b is an array of resources"},
		"texture array":    {"layout(set=1,binding=1) uniform texture2D c[2]; layout(set=2,binding=0) uniform sampler l;", "s.x = textureLod(sampler2D(c[1], l), vec2(0), 0.).x;", "an array of resources"},
		"length":           {"layout(set=0,binding=1) buffer B { float x[]; } b;", "s.x = float(b.x.length());", "length() of a runtime array"},
		"syntax":           {"", "s.x = ;", "bad.comp"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			source := "#version 450\nlayout(local_size_x=4) in;\nlayout(set=0,binding=0) buffer S { float x; } s;\n" + c.declare + "\nvoid main() { " + c.body + " }\n"
			require.NoError(t, os.WriteFile(filepath.Join(dir, "bad.comp"), []byte(source), 0o644))
			require.ErrorContains(t, generate(dir, dir), c.problem)
		})
	}
}

func TestThreads(t *testing.T) {
	dir := t.TempDir()
	source := "#version 450\nlayout(local_size_x=16, local_size_y=2, local_size_z=3) in;\nlayout(set=0,binding=7) buffer S { float x; } s;\nvoid main() { s.x = 1; }\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "three_d.comp"), []byte(source), 0o644))
	require.NoError(t, generate(dir, dir))
	out, err := os.ReadFile(filepath.Join(dir, "zfunctions.go"))
	require.NoError(t, err)
	require.Contains(t, string(out), "var ThreeDComp = metal.Function{")
	require.Contains(t, string(out), "metal.Size{Width: 16, Height: 2, Depth: 3}")

	// A source that is gone takes its results along.
	require.NoError(t, os.Rename(filepath.Join(dir, "three_d.comp"), filepath.Join(dir, "other.comp")))
	require.NoError(t, generate(dir, dir))
	require.NoFileExists(t, filepath.Join(dir, "msl/three_d.comp.metal"))
	require.FileExists(t, filepath.Join(dir, "msl/other.comp.metal"))
}
