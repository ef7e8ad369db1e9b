package coreml_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"

	"weft/coreml"
	"weft/coreml/mil"
)

// TestExamine looks at packages that cannot be run.
func TestExamine(t *testing.T) {
	files, err := mil.Encode(small(t))
	require.NoError(t, err)
	for _, test := range []struct {
		name  string
		spoil func(f fstest.MapFS)
		want  string // of Incomplete
		err   string
	}{
		{"whole", func(fstest.MapFS) {}, "", ""},
		{"no weights", func(f fstest.MapFS) { delete(f, weightsPath) }, "the package has no such file", ""},
		{"pointer", func(f fstest.MapFS) { f[weightsPath].Data = []byte("version https://git-lfs.github.com/spec/v1\n") }, "Git-LFS pointer of 43 bytes, not the file itself; fetch it with git lfs pull", ""},
		{"blob v1", func(f fstest.MapFS) { f[weightsPath].Data[4] = 1 }, "", "version 1, of neuralNetwork models"},
		{"compiled", func(f fstest.MapFS) {
			delete(f, "Manifest.json")
			f["model.mil"] = &fstest.MapFile{}
		}, "", "compiled model (.mlmodelc)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := fstest.MapFS{}
			for name, data := range files {
				f[name] = &fstest.MapFile{Data: append([]byte(nil), data...)}
			}
			test.spoil(f)
			dir := filepath.Join(t.TempDir(), "a.mlpackage")
			require.NoError(t, os.CopyFS(dir, f))
			p, err := coreml.ExamineFile(dir)
			if test.err != "" {
				require.ErrorContains(t, err, test.err)
				return
			}
			require.NoError(t, err)
			w := p.Program.Constants["w"]
			require.Equal(t, "fp32 [3, 2, 3, 3]", w.Type.String())
			if test.want == "" {
				assert.NoError(t, p.Incomplete)
				assert.False(t, w.Missing())
				return
			}
			assert.ErrorContains(t, p.Incomplete, test.want)
			assert.True(t, w.Missing())
			_, err = p.Specialize(nil)
			require.NoError(t, err)
			_, err = coreml.OpenDir(dir)
			assert.ErrorContains(t, err, test.want, "it is not to be run")
		})
	}
	path := filepath.Join(t.TempDir(), "model.mlmodel")
	require.NoError(t, os.WriteFile(path, files[modelPath], 0o600))
	p, err := coreml.ExamineFile(path)
	require.NoError(t, err)
	assert.EqualError(t, p.Incomplete, "the model file alone was read, without @model_path/weights/weight.bin")
}

func TestPipelineNamesItsParts(t *testing.T) {
	part := func(number protowire.Number) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), modelOf(number))
	}
	inside := func(number protowire.Number, content []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), content)
	}
	pipeline := append(part(502), part(610)...)
	for _, model := range [][]byte{inside(202, pipeline), inside(200, inside(1, pipeline))} {
		_, err := coreml.ReadModel(model)
		require.ErrorContains(t, err, "of several models (mlProgram, nonMaximumSuppression); only an ML Program can be read")
	}
	_, err := coreml.ReadModel(inside(202, []byte{0xff}))
	require.ErrorContains(t, err, "of several models; only")
}

// TestExtents fixes inputs of many shapes.
func TestExtents(t *testing.T) {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, 3, coreml.Dynamic, coreml.Dynamic)
	m := b.Input("m", coreml.Float32, 2)
	b.Output(b.Op("relu", "y", mil.Args{"x": x}))
	b.Output(b.Op("relu", "n", mil.Args{"x": m}))
	p, err := b.Package()
	require.NoError(t, err)
	in := &p.Inputs[0]
	in.Range = []coreml.Bounds{{Min: 1, Max: 1}, {Min: 3, Max: 3}, {Min: 16, Max: 64}, {Min: 8, Max: coreml.Dynamic}}
	in.Shape = []int{1, 3, 32, 32}
	assert.Equal(t, "[1, 3, 16..64, 8..]", in.Extents())
	_, err = p.Specialize(nil)
	assert.EqualError(t, err, `coreml: the input "x" is of the type fp32 [1, 3, ?, ?]: give the shape to run at; it takes [1, 3, 16..64, 8..], by default [1, 3, 32, 32]`)
	_, err = p.Specialize(map[string][]int{"x": {1, 3, 65, 8}})
	assert.EqualError(t, err, `coreml: the input "x": it does not take the shape [1, 3, 65, 8]; it takes [1, 3, 16..64, 8..]`)
	_, err = p.Shapes(map[string][]int{"z": {1}})
	assert.ErrorContains(t, err, `there is no input "z"`)
	all, err := p.Shapes(nil)
	require.NoError(t, err)
	assert.Equal(t, map[string][]int{"x": {1, 3, 32, 32}, "m": {2}}, all)
	all, err = p.Shapes(map[string][]int{"x": {1, 3, 16, 900}})
	require.NoError(t, err)
	s, err := p.Specialize(all)
	require.NoError(t, err)
	assert.Equal(t, "y: fp32 [1, 3, 16, 900]", s.Ops[0].Output().String())

	in.Range, in.Enumerated = nil, [][]int{{1, 3, 8, 8}, {1, 3, 16, 8}, {1, 3, 16, 16}}
	_, err = p.Specialize(map[string][]int{"x": {1, 3, 8, 16}})
	assert.ErrorContains(t, err, "it takes one of [1, 3, 8, 8], [1, 3, 16, 8] and [1, 3, 16, 16]")
	_, err = p.Specialize(map[string][]int{"x": {1, 3, 16, 8}})
	assert.NoError(t, err)
	_, err = p.Specialize(map[string][]int{"x": {1, 3, 16, 8}, "m": {3}})
	assert.ErrorContains(t, err, `the input "m": it does not take the shape [3]; it takes [2]`)
}

// TestExamineGoesOn lists every operation that is refused, and only those.
func TestExamineGoesOn(t *testing.T) {
	p := small(t).Program
	unknown := func(kind, from, to string, given coreml.Type) coreml.Op {
		return coreml.Op{
			Type: kind, Name: to, Inputs: map[string][]coreml.Arg{"x": {{Name: from}}},
			Outputs: []coreml.Variable{{Name: to, Type: given}},
		}
	}
	known := coreml.Type{DataType: coreml.Float32, Shape: []int{1, 3, 4, 4}}
	dynamic := coreml.Type{DataType: coreml.Float32, Shape: []int{1, coreml.Dynamic}}
	p.Ops = append(p.Ops, unknown("warp", "y", "a", known), unknown("relu", "a", "b", known),
		unknown("find", "b", "c", dynamic), unknown("turn", "c", "d", dynamic), unknown("bend", "b", "e", dynamic))
	s, refused, err := p.Examine(nil)
	require.NoError(t, err)
	require.Len(t, s.Ops, 7)
	var names []string
	for _, r := range refused {
		names = append(names, r.Op.Type)
	}
	assert.Equal(t, []string{"warp", "find", "bend"}, names, "what turn does is not known")
	assert.EqualError(t, refused[0], `warp "a" (output a: fp32 [1, 3, 4, 4]): the operation warp is not known; the program is written in the operation set CoreML7`)
	_, err = p.Specialize(nil)
	assert.ErrorContains(t, err, `coreml: operation 2, warp "a"`)
}
