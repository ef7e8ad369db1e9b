package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/demos/upscale/picture"
)

// Every mistake of a user's is one line that names what is wrong, exit code 2,
// and nothing written.
func TestMistakesAreSaidInOneLine(t *testing.T) {
	dir := t.TempDir()
	small := filepath.Join(dir, "small.png")
	require.NoError(t, picture.Save(small, gradient(8, 40)))
	photo := filepath.Join(dir, "photo.png")
	require.NoError(t, picture.Save(photo, gradient(40, 30)))
	text := filepath.Join(dir, "text.png")
	require.NoError(t, os.WriteFile(text, []byte("no picture"), 0o600))
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	empty := filepath.Join(dir, "empty.mlpackage")
	require.NoError(t, os.Mkdir(empty, 0o700))
	other := filepath.Join(dir, "other.mlpackage")
	b := mil.NewBuilder("CoreML7")
	b.Output(b.Op("relu", "y", mil.Args{"x": b.Input("x", coreml.Float16, 1, 3, 8, 8)}))
	pkg, err := b.Package()
	require.NoError(t, err)
	require.NoError(t, mil.WriteDir(other, pkg))
	big := filepath.Join(dir, "big.png")

	for _, test := range []struct {
		args string
		want string
	}{
		{"-frame 3", "-frame"},
		{"-frames many", "many"},
		{"-frames 0", "-frames is 0: it must be from 1 to 10000"},
		{"-width 100", "-width is 100: it must be from 176 to 1024"},
		{"-height 5000", "-height is 5000: it must be from 176 to 1024"},
		{"photo.png", `"photo.png" is not a flag`},
		{"-device abacus -out " + dir + "/out", "abacus"},
		{"-model " + dir + "/none.mlpackage -out " + dir + "/out", "none.mlpackage: there is no such folder"},
		{"-model " + file + " -out " + dir + "/out", "an .mlpackage is a folder"},
		{"-in " + photo + " -model " + empty + " -out " + big, "Manifest.json"},
		{"-model " + empty + " -out " + dir + "/out", "Manifest.json"},
		{"-model " + other + " -out " + dir + "/out", "has inputs x and outputs y: it must have one input, color, and one output, upscaled"},
		{"-out " + file + "/deeper", "cannot make the folder"},
		{"-device record -out " + dir + "/out", "-device record draws nothing"},
		{"-in " + dir + " -out " + big, "it is not a file"},
		{"-in " + photo, "-out must name the PNG file"},
		{"-in " + photo + " -out big.jpg", "-out must name the PNG file"},
		{"-in " + photo + " -frames 3 -out " + big, "-frames is for drawing the scene"},
		{"-in " + dir + "/none.png -out " + big, "none.png"},
		{"-in " + text + " -out " + big, "give a PNG or a JPEG"},
		{"-in " + small + " -out " + big, "8x40: sides must be from 16 to 1024"},
		{"-in " + photo + " -out " + dir + "/none/big.png", "there is no folder"},
	} {
		var out, errs bytes.Buffer
		assert.Equal(t, exitUser, run(strings.Fields(test.args), &out, &errs), test.args)
		assert.Contains(t, errs.String(), test.want, test.args)
		assert.Equal(t, 1, strings.Count(errs.String(), "\n"), "%s: %q", test.args, errs.String())
		assert.Empty(t, out.String(), test.args)
	}
	var out, errs bytes.Buffer
	assert.Equal(t, exitUser, run([]string{"-in", "", "-out", big}, &out, &errs))
	assert.Contains(t, errs.String(), "-in is empty")
	assert.NoFileExists(t, big)
	assert.NoDirExists(t, filepath.Join(dir, "out"))
}

func TestHelpExplainsTheFlags(t *testing.T) {
	var out, errs bytes.Buffer
	assert.Equal(t, exitOK, run([]string{"-h"}, &out, &errs))
	assert.Empty(t, errs.String())
	for _, name := range []string{"-frames", "-width", "-height", "-device", "-seed", "-in", "-out", "-model"} {
		assert.Contains(t, out.String(), name+" ")
	}
}
