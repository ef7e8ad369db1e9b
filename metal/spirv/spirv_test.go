package spirv_test

import (
	_ "embed"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/metal"
	"weft/metal/spirv"
)

//go:embed testdata/everything.comp.spv
var everything []byte

//go:embed testdata/triangle.vert.spv
var triangle []byte

func TestReflectCompute(t *testing.T) {
	m, err := spirv.Reflect(everything)
	require.NoError(t, err)
	assert.Equal(t, metal.StageDispatch, m.Stage)
	assert.Equal(t, metal.Size{Width: 8, Height: 4, Depth: 2}, m.Threads)
	got := map[string]spirv.Resource{}
	for _, r := range m.Resources {
		got[r.Name] = r
	}
	want := []spirv.Resource{
		{Name: "source", Set: 0, Binding: 0, Kind: spirv.StorageBuffer, Size: 64, Used: true, Reads: true},
		{Name: "target", Set: 0, Binding: 3, Kind: spirv.StorageBuffer, Used: true, Writes: true},
		{Name: "unused", Set: 0, Binding: 4, Kind: spirv.StorageBuffer, Size: 64},
		{Name: "constants", Set: 0, Binding: 5, Kind: spirv.UniformBuffer, Size: 28, Used: true, Reads: true},
		{Name: "Counters", Set: 0, Binding: 6, Kind: spirv.StorageBuffer, Size: 16, Used: true, Reads: true, Writes: true},
		{Name: "image", Set: 1, Binding: 0, Kind: spirv.SampledImage, Image: spirv.Image{Dim: spirv.Dim2D, Arrayed: true}, Used: true, Reads: true},
		{Name: "result", Set: 1, Binding: 1, Kind: spirv.StorageImage, Image: spirv.Image{Dim: spirv.Dim2D}, Used: true, Writes: true},
		{Name: "volume", Set: 1, Binding: 2, Kind: spirv.StorageImage, Image: spirv.Image{Dim: spirv.Dim3D, Integer: true}, Used: true, Reads: true, Writes: true},
		{Name: "linear", Set: 2, Binding: 7, Kind: spirv.Sampler, Used: true, Reads: true},
	}
	for _, w := range want {
		w.Count = 1
		assert.Equal(t, w, got[w.Name], w.Name)
		delete(got, w.Name)
	}
	delete(got, "unused") // compilers may drop it
	assert.Empty(t, got)
}

func TestReflectVertex(t *testing.T) {
	m, err := spirv.Reflect(triangle)
	require.NoError(t, err)
	assert.Equal(t, metal.StageVertex, m.Stage)
	assert.Equal(t, metal.Size{}, m.Threads)
	assert.ElementsMatch(t, []int{0, 2}, m.Outputs)
	assert.Empty(t, m.Inputs)
	require.Len(t, m.Resources, 1)
	assert.Equal(t, "Vertices", m.Resources[0].Name)
	assert.False(t, m.Resources[0].Writes)
}

// What moves is what was asked to move, and nothing else of the module.
func TestRebindMovesEveryResource(t *testing.T) {
	before, err := spirv.Reflect(everything)
	require.NoError(t, err)
	moved, err := spirv.Rebind(everything, func(r spirv.Resource) (int, int) {
		return 3 - r.Set, 10*r.Set + r.Binding
	})
	require.NoError(t, err)
	after, err := spirv.Reflect(moved)
	require.NoError(t, err)
	for i := range before.Resources {
		r := &before.Resources[i]
		r.Set, r.Binding = 3-r.Set, 10*r.Set+r.Binding
	}
	assert.Equal(t, before, after)
	back, err := spirv.Rebind(moved, func(r spirv.Resource) (int, int) {
		return 3 - r.Set, r.Binding - 10*(3-r.Set)
	})
	require.NoError(t, err)
	assert.Equal(t, everything, back)

	_, err = spirv.Rebind(everything, func(spirv.Resource) (int, int) { return -1, 0 })
	assert.ErrorContains(t, err, "set -1")
}

func TestReflectRefuses(t *testing.T) {
	renamed := append([]byte(nil), triangle...)
	for i := range renamed[:len(renamed)-4] {
		if string(renamed[i:i+5]) == "main\x00" {
			copy(renamed[i:], "draw")
			break
		}
	}
	bigEndian := append([]byte(nil), triangle...)
	binary.BigEndian.PutUint32(bigEndian, 0x07230203)
	for name, c := range map[string]struct {
		code []byte
		want string
	}{
		"nothing":           {nil, "0 bytes"},
		"half a word":       {triangle[:len(triangle)-2], "words of 4"},
		"another order":     {bigEndian, "little-endian"},
		"cut off":           {triangle[:24], "that are left"},
		"another entry":     {renamed, `no entry point is called "main", only [draw]`},
		"header and no end": {triangle[:20], "no entry point"},
	} {
		_, err := spirv.Reflect(c.code)
		assert.ErrorContains(t, err, c.want, name)
	}
}

// Whatever the words are, there is an answer and no panic.
func TestBrokenModulesDoNotPanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := append([]byte(nil), rapid.SampledFrom([][]byte{everything, triangle}).Draw(t, "module")...)
		for range rapid.IntRange(1, 8).Draw(t, "breaks") {
			at := rapid.IntRange(0, len(code)/4-1).Draw(t, "word")
			binary.LittleEndian.PutUint32(code[4*at:], rapid.OneOf(rapid.Uint32(), rapid.Uint32Range(0, 64)).Draw(t, "value"))
		}
		if m, err := spirv.Reflect(code); err == nil {
			require.NotNil(t, m)
		}
		_, _ = spirv.Rebind(code, func(r spirv.Resource) (int, int) { return r.Set, r.Binding })
	})
}
