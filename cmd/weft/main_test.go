package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// weft runs a command line.
func weft(stdin string, args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	status = run(args, strings.NewReader(stdin), &out, &errs)
	return status, out.String(), errs.String()
}

const (
	frameFile = "testdata/frame.json"
	planFile  = "testdata/plan.json"
)

func TestUsage(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		want   string // on standard error
	}{
		{"", 2, "weft plan [flags] GRAPH.json"},
		{"paint", 2, `there is no command "paint": use plan, check, model or run`},
		{"plan", 2, "0 files given: give GRAPH.json"},
		{"plan a b", 2, "2 files given: give GRAPH.json"},
		{"plan -prefer speed a", 2, `invalid value "speed" for flag -prefer: use time or memory`},
		{"plan -format yaml a", 2, "use json or text or dot"},
		{"plan -fast a", 2, "flag provided but not defined: -fast"},
		{"plan -h", 0, "-format json"},
		{"plan -why a", 2, "-why is for text: add -format text"},
		{"check a", 2, "1 files given: give GRAPH.json and PLAN.json"},
		{"check -h", 0, "-prefer time"},
		{"check -prefer both a b", 2, "use time or memory"},
		{"check - -", 1, "standard input can be read once"},
		{"plan none.json", 1, "none.json: no such file"},
		{"check " + frameFile + " none.json", 1, "none.json: no such file"},
	} {
		status, stdout, stderr := weft(`{"version": 1}`, strings.Fields(c.args)...)
		assert.Equal(t, c.status, status, c.args)
		assert.Contains(t, stderr, c.want, c.args)
		assert.Empty(t, stdout, c.args)
	}
	for _, word := range []string{"-h", "help"} {
		status, stdout, _ := weft("", word)
		assert.Zero(t, status)
		assert.Equal(t, usage, stdout)
	}
}

func TestBadDocuments(t *testing.T) {
	plan, err := os.ReadFile(planFile)
	require.NoError(t, err)
	for _, c := range []struct{ document, want string }{
		{
			`{"version": 1, "passes": [{"name": "a", "kind": "paint"}]}`,
			`weft: standard input: line 1: passes[0].kind: "paint": use render, compute, blit, machineLearning`,
		},
		{"{\"version\": 1,\n\"size\": 3}", "weft: standard input: line 2: size: unknown key: use version, name, resources, passes"},
		{
			`{"version": 1, "resources": [{"name": "x", "kind": "buffer", "size": 4}], "passes": [
			{"name": "a", "kind": "compute", "sideEffect": true, "reads": [{"resource": "x", "stage": "dispatch"}]},
			{"name": "a", "kind": "compute"}]}`,
			"weft: standard input: line 3: pass \"a\": is declared twice, first at line 2: give each pass a name of its own\n" +
				`weft: standard input: line 2: pass "a": resource "x": is read, and no earlier pass writes`,
		},
		{"nonsense", "weft: standard input: line 1: document: invalid character"},
	} {
		for _, args := range [][]string{{"plan", "-"}, {"plan", "-format", "text", "-"}, {"check", "-", planFile}} {
			status, stdout, stderr := weft(c.document, args...)
			assert.Equal(t, 1, status)
			assert.Contains(t, stderr, c.want)
			assert.Empty(t, stdout)
		}
	}
	for _, c := range []struct{ from, to, want string }{
		{`"version": 1`, `"version": 2`, "standard input: line 1: version: 2: must be a whole number from 1 to 1"},
		{`"culled": ["debug"],`, ``, "document: the plan has no culled"},
		{`"culled"`, `"dropped"`, "line 44: dropped: unknown key: use version, encoders, barriers, culled, memory"},
		{`"kind": "compute"`, `"kind": "blit"`, `line 4: encoders[1].kind: "blit": use render, compute, machineLearning`},
		{`["denoise"]`, `"denoise"`, "encoders[2].passes: must be an array, is a string"},
		{`["denoise"]}`, `["denoise"], "passes": []}`, "encoders[2].passes: comes twice"},
		{`"kind": "consumer"`, `"kind": "fence"`, `barriers[0].kind: "fence": use consumer, producer, intra`},
		{`"encoder": 1`, `"encoder": -1`, "barriers[0].encoder: -1: must be a whole number from 0"},
		{`"after": ["fragment"]`, `"after": ["pixel"]`, `barriers[0].after[0]: "pixel": use vertex, object, mesh, fragment, tile, dispatch`},
		{`"after": ["fragment"]`, `"after": ["fragment", "fragment"]`, `barriers[0].after[1]: "fragment" comes twice`},
		{`["device"]`, `["all"]`, `barriers[0].visibility[0]: "all": use device`},
		{`, "visibility": ["device"]`, ``, "barriers[0]: a barrier has no visibility"},
		{`"readAfterWrite"`, `"raw"`, `barriers[0].because[0].hazard: "raw": use readAfterWrite, writeAfterRead, writeAfterWrite`},
		{`"frames": 0`, `"frames": 99`, "barriers[0].because[0].frames: 99: must be a whole number from 0 to 17"},
		{`, "frames": 0`, ``, "barriers[0].because[0]: a reason has no frames"},
		{`"aliasing": true`, `"aliasing": 1`, "barriers[0].because[1].aliasing: must be true or false, is a number"},
		{`"offset": 0`, `"offset": 0.5`, "memory.heaps[0].placements[0].offset: 0.5: must be a whole number"},
		{`"resource": "depth", `, ``, "memory.heaps[0].placements[1]: a placement has no resource"},
		{`"peak": 445952, `, ``, "memory: memory has no peak"},
		{`682240}}`, `682240}} {}`, "something follows the document"},
		{`682240}}`, `682240`, "ends too early"},
	} {
		require.Contains(t, string(plan), c.from)
		status, stdout, stderr := weft(strings.Replace(string(plan), c.from, c.to, 1), "check", frameFile, "-")
		assert.Equal(t, 1, status)
		assert.Contains(t, stderr, c.want)
		assert.Contains(t, stderr, "weft: standard input: line")
		assert.Empty(t, stdout)
	}
}

// All that the frames of package graph hold is planned, and the plans are right,
// whatever is preferred.
func TestPlansCheckClean(t *testing.T) {
	frames, err := filepath.Glob("../../graph/testdata/frames/*.json")
	require.NoError(t, err)
	require.Greater(t, len(frames), 4)
	for _, file := range append(frames, frameFile, "testdata/upscale.json") {
		for _, prefer := range []string{"time", "memory"} {
			status, plan, stderr := weft("", "plan", "-prefer", prefer, file)
			require.Zero(t, status, "%s: %s", file, stderr)
			status, verdict, stderr := weft(plan, "check", "-prefer", prefer, file, "-")
			assert.Zero(t, status, "%s, %s: %s%s", file, prefer, verdict, stderr)
			assert.Contains(t, verdict, "nothing is wrong")
			assert.NotContains(t, verdict, "not judged")
			status, text, _ := weft("", "plan", file, "-prefer", prefer, "-format", "text")
			assert.Zero(t, status)
			assert.Contains(t, text, "encoder 0, ")
			assert.Contains(t, text, "memory ")
			status, dot, _ := weft("", "plan", file, "-prefer="+prefer, "-format=dot")
			assert.Zero(t, status)
			assert.True(t, strings.HasPrefix(dot, "digraph"), dot)
		}
	}
}

func TestWhy(t *testing.T) {
	_, text, _ := weft("", "plan", "-format", "text", frameFile)
	status, why, stderr := weft("", "plan", "-format", "text", "-why", frameFile)
	assert.Zero(t, status, stderr)
	more, found := strings.CutPrefix(why, text)
	assert.True(t, found, why)
	assert.NotContains(t, more, "culled", "nothing is said twice")
	assert.Contains(t, text, "culled debug: no kept pass reads what it writes: unused")
}

// A plan is written whole or not at all.
func TestOutput(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plan.json")
	_, want, _ := weft("", "plan", frameFile)
	for range 2 { // the second replaces the first
		status, stdout, stderr := weft("", "plan", "-o", file, frameFile)
		require.Zero(t, status, stderr)
		assert.Empty(t, stdout)
		got, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
	status, _, _ := weft("{", "plan", "-o", file, "-")
	assert.Equal(t, 1, status)
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, want, string(got), "a command that fails leaves the file as it was")
	status, _, stderr := weft("", "plan", "-o", filepath.Dir(file), frameFile)
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, filepath.Dir(file)+": is a directory")
	status, _, stderr = weft("", "plan", "-o", filepath.Join(filepath.Dir(file), "none", "plan.json"), frameFile)
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, "none")
	left, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	assert.Len(t, left, 1, "no half-written file stays behind")

	var errs bytes.Buffer
	assert.Equal(t, 1, run([]string{"plan", frameFile}, nil, full{}, &errs))
	assert.Contains(t, errs.String(), "no space left")
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }
