package graph

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A document that is refused is refused by name, place, and what is allowed.
func TestDocumentsRefused(t *testing.T) {
	resource := func(s string) string { return `{"version": 1, "resources": [` + s + `], "passes": []}` }
	pass := func(s string) string {
		return `{"version": 1, "resources": [
			{"name": "t", "kind": "texture", "format": "r8Unorm", "width": 4, "height": 4, "mips": 3},
			{"name": "b", "kind": "buffer", "size": 64, "lifetime": "persistent"}], "passes": [` + s + `]}`
	}
	for _, c := range []struct{ in, want string }{
		{``, "document: the document ends too early"},
		{`[]`, "document: must be an object, is an array"},
		{`{`, "ends too early"},
		{`{"version": 1} x`, "something follows"},
		{`{}`, "has no version: this is version 1"},
		{`{"version": 2}`, "version: 2: must be a whole number from 1 to 1"},
		{`{"version": 1, "version": 1}`, "version: comes twice"},
		{`{"version": 1, "colour": 1}`, "colour: unknown key: use version, name, resources, passes"},
		{`{"version": 1, "name": 3}`, "name: must be a string, is a number"},
		{"{\"version\": 1,\n\"resources\": [\n{}]}", "line 3: resources[0]: a resource has a name and a kind"},
		{resource(`{"name": "", "kind": "buffer"}`), "resources[0].name: must not be empty"},
		{resource(`{"name": "x", "kind": "picture"}`), `resources[0].kind: "picture": use texture, buffer, tensor`},
		{resource(`{"name": "x", "kind": "buffer"}`), `resources[0] "x": a buffer has a size in bytes`},
		{resource(`{"name": "x", "kind": "buffer", "size": 4, "width": 4}`), "width: a buffer has none"},
		{resource(`{"name": "x", "kind": "buffer", "size": 0}`), "size: 0: must be a whole number from 1 to 1099511627776"},
		{resource(`{"name": "x", "kind": "buffer", "size": 1.5}`), "size: 1.5: must be a whole number"},
		{resource(`{"name": "x", "kind": "buffer", "size": 99999999999999999999}`), "must be a whole number"},
		{resource(`{"name": "x", "kind": "buffer", "size": 4, "fresh": true}`), `add "lifetime": "imported"`},
		{resource(`{"name": "x", "kind": "buffer", "size": 4, "fresh": 1}`), "fresh: must be true or false, is a number"},
		{resource(`{"name": "x", "kind": "buffer", "size": 4, "lifetime": "imported", "history": 1}`), "history: of an imported resource"},
		{resource(`{"name": "x", "kind": "buffer", "size": 4, "history": 99}`), "history: 99: must be a whole number from 0 to 16"},
		{resource(`{"name": "x", "kind": "texture", "format": "rgb8", "width": 1, "height": 1}`), `no pixel format is called "rgb8"`},
		{resource(`{"name": "x", "kind": "texture", "format": "r8Unorm", "width": 1}`), "width and height must be at least 1"},
		{resource(`{"name": "x", "kind": "texture", "format": "r8Unorm", "width": 4, "height": 4, "mips": 4}`), "at most 3"},
		{resource(`{"name": "x", "kind": "tensor", "type": "float17", "dimensions": [1]}`), `no tensor type is called "float17"`},
		{resource(`{"name": "x", "kind": "tensor", "type": "float16", "dimensions": []}`), "0 dimensions"},
		{resource(`{"name": "x", "kind": "tensor", "type": "float16", "dimensions": [1073741824, 1073741824]}`), "at most 2^30"},
		{resource(`{"name": "x", "kind": "buffer", "size": 4}, {"name": "x", "kind": "buffer", "size": 4}`), `resources[1] "x": is declared twice`},
		{pass(`{"name": "p"}`), "passes[0]: a pass has a name and a kind"},
		{pass(`{"name": "p", "kind": "draw"}`), "passes[0].kind"},
		{pass(`{"name": "p", "kind": "compute", "reads": {}}`), "passes[0].reads: must be an array, is an object"},
		{pass(`{"name": "p", "kind": "compute", "reads": [{"resource": "b"}]}`), "passes[0].reads[0]: an access has a resource and a stage"},
		{pass(`{"name": "p", "kind": "compute", "reads": [{"resource": "b", "stage": "dispatch", "frame": 1}]}`), "frame: 1: must be a whole number from -16 to 0"},
		{pass(`{"name": "p", "kind": "compute", "writes": [{"resource": "b", "stage": "dispatch", "frame": -1}]}`), "writes[0].frame: unknown key"},
		{pass(`{"name": "p", "kind": "compute", "reads": [{"resource": "c", "stage": "dispatch"}]}`), `reads[0]: no resource is called "c"`},
		{pass(`{"name": "p", "kind": "compute", "reads": [{"resource": "b", "stage": "dispatch", "mips": [0, 1]}]}`), "mips and layers are parts of textures"},
		{pass(`{"name": "p", "kind": "compute", "reads": [{"resource": "b", "stage": "dispatch", "bytes": [0, 65]}]}`), "bytes [0, 65): must lie inside [0, 64)"},
		{pass(`{"name": "p", "kind": "compute", "reads": [{"resource": "b", "stage": "dispatch", "bytes": [4, 4]}]}`), "must be [first, end] with first < end"},
		{pass(`{"name": "p", "kind": "compute", "reads": [{"resource": "b", "stage": "dispatch", "bytes": [1, 2, 3]}]}`), "a range has two numbers"},
		{pass(`{"name": "p", "kind": "compute", "reads": [{"resource": "t", "stage": "dispatch", "bytes": [0, 1]}]}`), "bytes are parts of buffers and tensors"},
		{pass(`{"name": "p", "kind": "render", "attachments": [{"resource": "t"}]}`), "an attachment has a resource and a load"},
		{pass(`{"name": "p", "kind": "render", "attachments": [{"resource": "b", "load": "clear"}]}`), `"b" is a buffer: an attachment is a texture`},
		{pass(`{"name": "p", "kind": "render", "attachments": [{"resource": "t", "load": "clear", "resolve": "u"}]}`), `resolve: no resource is called "u"`},
		{pass(`{"name": "p", "kind": "render", "attachments": [{"resource": "t", "load": "clear", "mips": [3, 4]}]}`), "mips [3, 4): must lie inside [0, 3)"},
		{pass(`{"name": "p", "kind": "compute", "cost": {"dispatch": -1}}`), "cost.dispatch: -1: must be a number from 0 on"},
		{pass(`{"name": "p", "kind": "compute", "cost": {"dispatch": 1e999}}`), "must be a number from 0 on"},
		{pass(`{"name": "p", "kind": "compute", "sideEffect": null}`), "sideEffect: must be true or false, is null"},
	} {
		_, err := ReadJSON(strings.NewReader(c.in))
		assert.ErrorContains(t, err, c.want, c.in)
	}
}

// What is read is JSON: the reader, which is written for its errors and speed,
// takes nothing that encoding/json would not.
func TestReadDocumentsAreJSON(t *testing.T) {
	files, err := filepath.Glob("testdata/frames/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var whole [][]byte
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		whole = append(whole, data)
	}
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		data := bytes.Clone(rapid.SampledFrom(whole).Draw(t, "document"))
		at := rapid.IntRange(0, len(data)-1).Draw(t, "at")
		with := rapid.SampledFrom([]string{"", "", " ", "\n", ",", "0", "1", "-", ".", "e1", `"`, "\\", `\u0061`, "\\x", "a", "\xff", "\x01", "{", "}", "[", "]", ":", "null", "true"}).Draw(t, "with")
		data = append(data[:at:at], append([]byte(with), data[at+rapid.IntRange(0, 1).Draw(t, "gone"):]...)...)
		if _, err := ReadJSON(bytes.NewReader(data)); err == nil {
			taken++
			if !json.Valid(data) {
				t.Fatalf("took what is no JSON: %q for what was at %d", with, at)
			}
		}
	})
	assert.Positive(t, taken, "none was taken: the test is empty")
}
