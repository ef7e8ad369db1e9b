package coreml_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"

	"weft/coreml"
	"weft/coreml/mil"
)

const (
	modelPath   = "Data/com.apple.CoreML/model.mlmodel"
	weightsPath = "Data/com.apple.CoreML/weights/weight.bin"
)

// small is a package with one convolution, whose weights are in weight.bin.
func small(t testing.TB) *coreml.Package {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, 2, 4, 4)
	w := b.Const("w", mil.Floats(coreml.Float32, []int{3, 2, 3, 3}, make([]float32, 54)))
	y := b.Op("conv", "conv_0", mil.Args{"x": x, "weight": w, "pad_type": "same"})
	b.Output(b.Op("relu", "y", mil.Args{"x": y}))
	p, err := b.Package()
	require.NoError(t, err)
	return p
}

// folder is the files of a package, to be broken and opened.
func folder(t testing.TB, p *coreml.Package) fstest.MapFS {
	files, err := mil.Encode(p)
	require.NoError(t, err)
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	return fsys
}

// modelOf is a Model message with one field of its type set.
func modelOf(number protowire.Number) []byte {
	m := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), 5)
	return protowire.AppendBytes(protowire.AppendTag(m, number, protowire.BytesType), nil)
}

func TestOpenErrors(t *testing.T) {
	le := binary.LittleEndian
	lfs := []byte("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n")
	for _, test := range []struct {
		name  string
		spoil func(f fstest.MapFS)
		want  string
	}{
		{"no manifest", func(f fstest.MapFS) { delete(f, "Manifest.json") }, "no Manifest.json"},
		{"compiled", func(f fstest.MapFS) {
			delete(f, "Manifest.json")
			f["coremldata.bin"] = &fstest.MapFile{}
		}, "compiled model (.mlmodelc)"},
		{"manifest is not JSON", func(f fstest.MapFS) { f["Manifest.json"].Data = []byte("{") }, "Manifest.json"},
		{"no root", func(f fstest.MapFS) { f["Manifest.json"].Data = []byte("{}") }, "no rootModelIdentifier"},
		{"root is not listed", func(f fstest.MapFS) {
			f["Manifest.json"].Data = []byte(`{"rootModelIdentifier":"A","itemInfoEntries":{}}`)
		}, "no such entry"},
		{"path leaves the package", func(f fstest.MapFS) {
			f["Manifest.json"].Data = []byte(`{"rootModelIdentifier":"A","itemInfoEntries":{"A":{"path":"../../x"}}}`)
		}, "not one inside the package"},
		{"no model file", func(f fstest.MapFS) { delete(f, modelPath) }, "the package has no such file"},
		{"model is an LFS pointer", func(f fstest.MapFS) { f[modelPath].Data = lfs }, "Git-LFS pointer"},
		{"weights are an LFS pointer", func(f fstest.MapFS) { f[weightsPath].Data = lfs }, "Git-LFS pointer"},
		{"manifest is an LFS pointer", func(f fstest.MapFS) { f["Manifest.json"].Data = lfs }, "Git-LFS pointer"},
		{"no weights file", func(f fstest.MapFS) { delete(f, weightsPath) }, "has no such file"},
		{"empty weights", func(f fstest.MapFS) { f[weightsPath].Data = nil }, "header of 64 bytes"},
		{"blob v1", func(f fstest.MapFS) { le.PutUint32(f[weightsPath].Data[4:], 1) }, "version 1"},
		{"blob v3", func(f fstest.MapFS) { le.PutUint32(f[weightsPath].Data[4:], 3) }, "version 3"},
		{"weights cut off", func(f fstest.MapFS) { f[weightsPath].Data = f[weightsPath].Data[:200] }, "out of range"},
		{"weights end before the metadata", func(f fstest.MapFS) { f[weightsPath].Data = f[weightsPath].Data[:100] }, "out of range"},
		{"no sentinel", func(f fstest.MapFS) { f[weightsPath].Data[64] = 0 }, "no blob at offset 64"},
		{"unknown blob type", func(f fstest.MapFS) { le.PutUint32(f[weightsPath].Data[68:], 99) }, "unknown type 99"},
		{"other blob type", func(f fstest.MapFS) { le.PutUint32(f[weightsPath].Data[68:], 14) }, "holds int32"},
		{"blob size", func(f fstest.MapFS) { le.PutUint64(f[weightsPath].Data[72:], 8) }, "needs 216"},
		{"blob size overflows", func(f fstest.MapFS) { le.PutUint64(f[weightsPath].Data[72:], ^uint64(0)-16) }, "out of range"},
		{"data offset", func(f fstest.MapFS) { le.PutUint64(f[weightsPath].Data[80:], 1<<40) }, "out of range"},
		{"truncated model", func(f fstest.MapFS) { f[modelPath].Data = f[modelPath].Data[:50] }, "truncated protobuf"},
		{"empty model", func(f fstest.MapFS) { f[modelPath].Data = nil }, "no ML Program"},
		{"neural network", func(f fstest.MapFS) { f[modelPath].Data = modelOf(500) }, `convert_to="mlprogram"`},
		{"classifier", func(f fstest.MapFS) { f[modelPath].Data = modelOf(403) }, "neuralNetworkClassifier"},
		{"pipeline", func(f fstest.MapFS) { f[modelPath].Data = modelOf(202) }, "pipeline of several models"},
		{"trees", func(f fstest.MapFS) { f[modelPath].Data = modelOf(302) }, "treeEnsembleRegressor"},
		{"no functions", func(f fstest.MapFS) { f[modelPath].Data = modelOf(502) }, `no function "main"`},
		{"model is a folder", func(f fstest.MapFS) {
			delete(f, modelPath)
			f[modelPath+"/x"] = &fstest.MapFile{}
		}, "is not a file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := folder(t, small(t))
			_, err := coreml.Open(f)
			require.NoError(t, err, "before it is broken")
			test.spoil(f)
			_, err = coreml.Open(f)
			require.ErrorContains(t, err, test.want)
			require.True(t, strings.HasPrefix(err.Error(), "coreml: "), err.Error())
		})
	}
}

func TestBrokenBytes(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"@model_path/weights", "@model_path/../../x", "not a path below @model_path"},
		{"@model_path/weights", "/tmp/another_folder", "not a path below @model_path"},
		{"\x12\x07CoreML7", "\x12\x07CoreMLx", `its operation set is "CoreMLx", but it is written only for ["CoreML7"]`},
	} {
		f := folder(t, small(t))
		require.Contains(t, string(f[modelPath].Data), test.old)
		f[modelPath].Data = bytes.Replace(f[modelPath].Data, []byte(test.old), []byte(test.new), 1)
		_, err := coreml.Open(f)
		require.ErrorContains(t, err, test.want)
	}
}

// TestBrokenNames writes programs whose names do not fit together.
func TestBrokenNames(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(p *coreml.Package)
		want  string
	}{
		{"read before it is defined", func(p *coreml.Package) {
			ops := p.Program.Ops
			ops[0], ops[1] = ops[1], ops[0]
		}, `reads "conv_0", which nothing before it defines`},
		{"defined twice", func(p *coreml.Package) { p.Program.Ops[1].Outputs[0].Name = "conv_0" }, `defines "conv_0", which is defined before`},
		{"no name", func(p *coreml.Package) { p.Program.Ops[1].Outputs[0].Name = "" }, "without a name"},
		{"no output", func(p *coreml.Package) { p.Program.Ops[1].Outputs = nil }, "it has no output"},
		{"returns the unknown", func(p *coreml.Package) { p.Program.Outputs = []string{"z"} }, `returns "z"`},
		{"returns nothing", func(p *coreml.Package) { p.Program.Outputs = nil }, "returns nothing"},
		{"input is not the program's", func(p *coreml.Package) { p.Inputs[0].Name = "picture" }, `an input "picture"`},
		{"input is not described", func(p *coreml.Package) { p.Inputs = nil }, "describes 0 inputs"},
		{"output is not the program's", func(p *coreml.Package) { p.Outputs[0].Name = "q" }, `an output "q"`},
		{"an image of rank 3", func(p *coreml.Package) {
			p.Inputs[0].Kind, p.Inputs[0].ColorSpace = coreml.ImageFeature, coreml.RGB
			p.Program.Inputs[0].Type.Shape = []int{1, 2, 4}
		}, "an image is [1, C, H, W]"},
		{"extent too large", func(p *coreml.Package) { p.Program.Inputs[0].Type.Shape[3] = 1 << 40 }, "an extent of 1099511627776"},
		{"too many elements", func(p *coreml.Package) { p.Program.Inputs[0].Type.Shape = []int{1 << 30, 1 << 30, 1, 1} }, "more than 2^40 elements"},
		{"too many dimensions", func(p *coreml.Package) { p.Program.Inputs[0].Type.Shape = make([]int, 17) }, "17 dimensions"},
		{"unknown type", func(p *coreml.Package) { p.Program.Inputs[0].Type.DataType = 99 }, "unknown data type 99"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := small(t)
			test.spoil(p)
			_, err := coreml.Open(folder(t, p))
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestOpenDirErrors(t *testing.T) {
	dir := t.TempDir()
	_, err := coreml.OpenDir(filepath.Join(dir, "none.mlpackage"))
	require.ErrorIs(t, err, os.ErrNotExist)
	file := filepath.Join(dir, "a.mlmodel")
	require.NoError(t, os.WriteFile(file, modelOf(500), 0o600))
	_, err = coreml.OpenDir(file)
	require.ErrorContains(t, err, "a.mlmodel: the model is a neuralNetwork")
	require.NoError(t, os.WriteFile(file, folder(t, small(t))[modelPath].Data, 0o600))
	_, err = coreml.OpenDir(file)
	require.ErrorContains(t, err, "single model file")
	require.NoError(t, mil.WriteDir(filepath.Join(dir, "a.mlpackage"), small(t)))
	p, err := coreml.OpenDir(filepath.Join(dir, "a.mlpackage"))
	require.NoError(t, err)
	require.Equal(t, "conv", p.Program.Ops[0].Type)
}

// TestReadModel reads a program without its weights.
func TestReadModel(t *testing.T) {
	f := folder(t, small(t))
	p, err := coreml.ReadModel(f[modelPath].Data)
	require.NoError(t, err)
	w := p.Program.Constants["w"]
	require.True(t, w.Missing())
	_, err = w.Float32s()
	require.ErrorContains(t, err, "was not read")
	s, err := p.Specialize(nil)
	require.NoError(t, err)
	require.Equal(t, "y: fp32 [1, 3, 4, 4]", s.Ops[1].Output().String())
}

// TestWeightsAreNotCopied checks that constants are slices of one buffer.
func TestWeightsAreNotCopied(t *testing.T) {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, 1, 4, 4)
	b.Const("a", mil.Floats(coreml.Float32, []int{16}, make([]float32, 16)))
	b.Const("b", mil.Floats(coreml.Float32, []int{16}, make([]float32, 16)))
	b.Output(b.Op("relu", "y", mil.Args{"x": x}))
	p, err := b.Package()
	require.NoError(t, err)
	got, err := coreml.Open(folder(t, p))
	require.NoError(t, err)
	first, second := got.Program.Constants["a"], got.Program.Constants["b"]
	require.Equal(t, len(first.Data), cap(first.Data), "a slice that grows must not reach the next weights")
	require.Less(t, first.Offset, second.Offset)
}

func FuzzOpen(f *testing.F) {
	files := folder(f, small(f))
	f.Add(files[modelPath].Data, files[weightsPath].Data)
	f.Add(modelOf(500), []byte("version https://git-lfs"))
	f.Fuzz(func(t *testing.T, model, weights []byte) {
		fsys := fstest.MapFS{
			"Manifest.json": files["Manifest.json"],
			modelPath:       &fstest.MapFile{Data: model},
			weightsPath:     &fstest.MapFile{Data: weights},
		}
		p, err := coreml.Open(fsys)
		if err != nil {
			return
		}
		checkPackage(t, p)
		// What could be read can be specialized, or says why not.
		s, err := p.Specialize(nil)
		if err != nil {
			return
		}
		for _, op := range s.Ops {
			for _, v := range op.Outputs {
				require.True(t, v.Type.Static())
			}
		}
	})
}

// checkPackage checks what a package that was read promises.
func checkPackage(t *testing.T, p *coreml.Package) {
	defined := map[string]bool{}
	for _, v := range p.Program.Inputs {
		defined[v.Name] = true
	}
	for name, c := range p.Program.Constants {
		defined[name] = true
		require.True(t, c.Type.DataType == coreml.String || len(c.Data) == c.Type.Bytes())
	}
	for i := range p.Program.Ops {
		op := &p.Program.Ops[i]
		for _, args := range op.Inputs {
			for _, a := range args {
				require.True(t, a.Value != nil || defined[a.Name])
			}
		}
		require.NotEmpty(t, op.Outputs)
		for _, v := range op.Outputs {
			defined[v.Name] = true
		}
	}
	for _, name := range p.Program.Outputs {
		require.True(t, defined[name])
	}
}
