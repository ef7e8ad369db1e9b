package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// document is a plan or a graph to be edited: what json makes of it.
type document map[string]any

func readDocument(t *testing.T, file string) document {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var d document
	require.NoError(t, json.Unmarshal(data, &d))
	return d
}

func (d document) list(key string) []document {
	var out []document
	for _, x := range d[key].([]any) {
		if added, ok := x.(document); ok {
			out = append(out, added)
		} else {
			out = append(out, x.(map[string]any))
		}
	}
	return out
}

func (d document) encoder(n int) document { return d.list("encoders")[n] }
func (d document) barrier(n int) document { return d.list("barriers")[n] }
func (d document) memory() document       { return d["memory"].(map[string]any) }
func (d document) heap(n int) document    { return d.memory().list("heaps")[n] }
func (d document) place(heap, n int) document {
	return d.heap(heap).list("placements")[n]
}
func (d document) add(key string, x any)    { d[key] = append(d[key].([]any), x) }
func (d document) drop(key string, n int)   { l := d[key].([]any); d[key] = append(l[:n:n], l[n+1:]...) }
func (d document) set(key string, x ...any) { d[key] = append([]any{}, x...) }

func (d document) barrierOf(kind string, encoder int, pass, after, before string, visibility ...any) document {
	b := document{
		"kind": kind, "encoder": encoder, "after": []any{after}, "before": []any{before}, "visibility": append([]any{}, visibility...),
		"because": []any{document{"resource": "packed", "from": "pack", "to": "denoise", "hazard": "readAfterWrite", "frames": 0}},
	}
	if kind == "producer" {
		b["after_pass"] = pass
	} else {
		b["before_pass"] = pass
	}
	return b
}

// Each fault is put once into a plan that is right, and the check reports it.
func TestFaultsAreReported(t *testing.T) {
	for _, c := range []struct {
		want string
		edit func(p document)
	}{
		// Barriers.
		{
			"unordered: pack, dispatch -> denoise, machineLearning: packed, readAfterWrite, the same frame",
			func(p document) { p.drop("barriers", 2) },
		},
		{
			"unordered: pack, dispatch -> resolve, dispatch: accum, writeAfterRead, 1 frame apart",
			func(p document) { p.drop("barriers", 2) },
		},
		{
			"unordered: present, fragment -> resolve, dispatch: accum, writeAfterRead, 2 frames apart",
			func(p document) { p.drop("barriers", 4) },
		},
		{
			"unordered: denoise, machineLearning -> upscale, machineLearning: upscale.scratch, writeAfterWrite, the same frame, aliasing: denoise.scratch has the same memory",
			func(p document) { p.drop("barriers", 3) },
		},
		{
			"unflushed: pack, dispatch -> denoise, machineLearning: packed, readAfterWrite, the same frame",
			func(p document) { p.barrier(2).set("visibility") },
		},
		{
			"superfluous: barrier 7 (consumer before present in encoder 5, vertex -> vertex, execution only): nothing needs it",
			func(p document) { p.add("barriers", p.barrierOf("consumer", 5, "present", "vertex", "vertex")) },
		},
		{
			"superfluous: barrier 2 (producer after pack in encoder 1, dispatch|blit -> machineLearning, device): nothing needs to wait for blit",
			func(p document) { p.barrier(2).set("after", "dispatch", "blit") },
		},
		{
			"superfluous: barrier 2 (producer after pack in encoder 1, dispatch -> vertex|machineLearning, device): nothing needs vertex to wait",
			func(p document) { p.barrier(2).set("before", "machineLearning", "vertex") },
		},
		{
			"barrier: barrier 1 (intra after halve before pack in encoder 1, vertex -> dispatch, device): its encoder does not own vertex",
			func(p document) { p.barrier(1).set("after", "vertex") },
		},
		{"inside an encoder nothing may wait for fragment or tile on a tile-based device", func(p document) {
			b := p.barrierOf("intra", 0, "decals", "fragment", "fragment", "device")
			b["after_pass"] = "scene"
			p.add("barriers", b)
		}},
		{`the graph has no pass "half"`, func(p document) { p.barrier(0)["before_pass"] = "half" }},
		{`pass "debug" is in no encoder`, func(p document) { p.barrier(0)["before_pass"] = "debug" }},
		{`pass "pack" is in encoder 1`, func(p document) { p.barrier(2)["encoder"] = 2 }},
		{"there is no encoder 6: the plan has 6", func(p document) { p.barrier(2)["encoder"] = 6 }},
		{"a consumer or intra barrier has a before_pass", func(p document) { delete(p.barrier(0), "before_pass") }},
		{"a producer barrier has none", func(p document) { p.barrier(2)["before_pass"] = "denoise" }},
		{"a producer or intra barrier has an after_pass", func(p document) { delete(p.barrier(1), "after_pass") }},
		{
			`"pack" and "halve" are no neighbors in one encoder, in this order`,
			func(p document) { p.barrier(1)["after_pass"], p.barrier(1)["before_pass"] = "pack", "halve" },
		},
		{
			`"decals" and "halve" are no neighbors`,
			func(p document) { p.barrier(1)["after_pass"], p.barrier(1)["before_pass"] = "decals", "halve" },
		},
		{"after and before name at least one stage each", func(p document) { p.barrier(1).set("after") }},

		// Memory.
		{
			`memory: heap 0: "color" and "packed" overlap and are both live at pass "pack"`,
			func(p document) { p.place(0, 2)["offset"] = 0 },
		},
		{
			`memory: heap 0: "packed" lies at offset 61441, which is no multiple of 256`,
			func(p document) { p.place(0, 2)["offset"] = 61441 },
		},
		{`memory: heap 0: "packed" has 49151 bytes: it needs 49152`, func(p document) { p.place(0, 2)["size"] = 49151 }},
		{
			`memory: heap 0: "packed" at offset 245760 with 49152 bytes does not lie inside the heap's 245760`,
			func(p document) { p.place(0, 2)["offset"] = 245760 },
		},
		{`memory: "packed" has no place in any heap: it needs 49152 bytes`, func(p document) { p.heap(0).drop("placements", 2) }},
		{
			`memory: heap 0: "packed" is placed twice`,
			func(p document) {
				p.heap(0).add("placements", document{"resource": "packed", "offset": 0, "size": 49152})
			},
		},
		{
			`memory: heap 0: "accum" is placed: it is not transient`,
			func(p document) {
				p.heap(0).add("placements", document{"resource": "accum", "offset": 0, "size": 196608})
			},
		},
		{
			`memory: heap 0: "unused" is placed: no pass of the plan uses it`,
			func(p document) {
				p.heap(0).add("placements", document{"resource": "unused", "offset": 0, "size": 512})
			},
		},
		{
			`memory: heap 0: the frame has no resource "water"`,
			func(p document) { p.heap(0).add("placements", document{"resource": "water", "offset": 0, "size": 512}) },
		},
		{
			`memory: heap 1: "upscale.scratch" lies at offset 256: a pass gets its whole scratch heap`,
			func(p document) { p.place(1, 1)["offset"] = 256 },
		},
		{`memory: heap 1: "upscale.scratch" lies in a heap of kind "transient"`, func(p document) { p.heap(1)["kind"] = "transient" }},
		{
			`memory: heap 0: "bins" lies in a heap of kind scratch, which holds nothing but scratch`,
			func(p document) { p.heap(0)["kind"] = "scratch" },
		},
		{"memory: heap 1: size 200193 is no multiple of 256", func(p document) { p.heap(1)["size"] = 200193 }},
		{"memory: peak is 445953: the heaps have 445952 bytes together", func(p document) { p.memory()["peak"] = 445953 }},
		{"memory: live_lower_bound is 0: in this order at most 445952 bytes are live at one pass", func(p document) { p.memory()["live_lower_bound"] = 0 }},
		{"memory: without_aliasing is 1: all transients and scratches have 682240 bytes together", func(p document) { p.memory()["without_aliasing"] = 1 }},

		// Order and encoders.
		{
			`order: pass "expose" runs before "resolve", which is declared earlier: both touch "accum"`,
			func(p document) { p.encoder(4).set("passes", "expose", "resolve") },
		},
		{`encoder: pass "expose" is in no encoder, but the frame needs it`, func(p document) { p.encoder(4).set("passes", "resolve") }},
		{`encoder: encoder 5: pass "expose" comes twice`, func(p document) { p.encoder(5).set("passes", "expose", "present") }},
		{`encoder: encoder 5: the graph has no pass "scenery"`, func(p document) { p.encoder(5).set("passes", "present", "scenery") }},
		{`encoder: encoder 4: pass "resolve" is a compute pass: a render encoder cannot encode it`, func(p document) { p.encoder(4)["kind"] = "render" }},
		{
			`encoder: encoder 2: "upscale" follows "denoise": a machineLearning encoder holds one pass`,
			func(p document) { p.encoder(2).set("passes", "denoise", "upscale"); p.drop("encoders", 3) },
		},
		{
			`encoder: encoder 5: "present" has other attachments than "decals"`,
			func(p document) { p.encoder(0).set("passes", "scene"); p.encoder(5).set("passes", "present", "decals") },
		},
		{
			`encoder: encoder 0: "scene" follows "decals" and does not load its attachment "color"`,
			func(p document) { p.encoder(0).set("passes", "decals", "scene") },
		},
		{"encoder: encoder 6 holds no pass", func(p document) { p.add("encoders", document{"kind": "compute", "passes": []any{}}) }},

		// Culling.
		{`culled: pass "debug" is neither in an encoder nor listed as culled`, func(p document) { p.set("culled") }},
		{
			`culled: pass "debug" runs, but nothing that the frame needs comes of it`,
			func(p document) { p.set("culled"); p.encoder(4).set("passes", "resolve", "expose", "debug") },
		},
		{
			`culled: pass "expose" is culled, but the frame needs it`,
			func(p document) { p.set("culled", "debug", "expose"); p.encoder(4).set("passes", "resolve") },
		},
		{`culled: pass "expose" is listed as culled and is in encoder 4`, func(p document) { p.set("culled", "debug", "expose") }},
		{`culled: pass "debug" is listed twice`, func(p document) { p.set("culled", "debug", "debug") }},
		{`culled: the graph has no pass "ghost"`, func(p document) { p.set("culled", "debug", "ghost") }},

		// Reasons.
		{
			"because: barrier 0 (consumer before halve in encoder 1, fragment -> blit, device): because is empty",
			func(p document) { p.barrier(0).set("because") },
		},
		{
			"because[0], color: decals -> halve, write after write: there is no such hazard",
			func(p document) { p.barrier(0).list("because")[0]["hazard"] = "writeAfterWrite" },
		},
		{
			"because[0], color: decals -> halve, read after write of 3 frames before: there is no such hazard",
			func(p document) { p.barrier(0).list("because")[0]["frames"] = 3 },
		},
		{
			"because[0], clean: denoise -> upscale, read after write: is met without this barrier, too",
			func(p document) { p.barrier(0)["because"] = p.barrier(3)["because"] },
		},
		{
			`because[0], color: ghost -> halve, read after write: the graph has no pass "ghost"`,
			func(p document) { p.barrier(0).list("because")[0]["from"] = "ghost" },
		},
		{
			`because[0], water: decals -> halve, read after write: the frame has no resource "water"`,
			func(p document) { p.barrier(0).list("because")[0]["resource"] = "water" },
		},
		{
			"because[0], color: decals -> halve, read after write in shared memory: there is no such hazard",
			func(p document) { p.barrier(0).list("because")[0]["aliasing"] = true },
		},
	} {
		plan := readDocument(t, planFile)
		c.edit(plan)
		status, stdout := checkEdited(t, plan)
		assert.Equal(t, 1, status, c.want)
		assert.Contains(t, stdout, c.want)
		assert.Contains(t, stdout, "findings: ")
	}
	status, stdout := checkEdited(t, readDocument(t, planFile))
	assert.Zero(t, status, stdout)
	assert.Contains(t, stdout, "nothing is wrong")
}

func checkEdited(t *testing.T, plan document, flags ...string) (status int, stdout string) {
	data, err := json.Marshal(plan)
	require.NoError(t, err)
	status, stdout, stderr := weft(string(data), append(append([]string{"check"}, flags...), frameFile, "-")...)
	require.Empty(t, stderr)
	return status, stdout
}

// With a preference a plan is held to its rule about memory.
func TestPreference(t *testing.T) {
	shared := readDocument(t, planFile)
	shared.place(0, 5)["offset"] = 0 // bins, in the memory of color
	b := shared.barrierOf("consumer", 0, "scene", "fragment", "fragment")
	b["because"] = []any{document{"resource": "color", "from": "present", "to": "scene", "hazard": "writeAfterRead", "aliasing": true, "frames": 1}}
	shared.add("barriers", b)
	shared.barrier(6).drop("because", 2) // barrier 7 does that, too
	status, stdout := checkEdited(t, shared)
	assert.Zero(t, status, stdout)
	status, stdout = checkEdited(t, shared, "-prefer", "memory")
	assert.Zero(t, status, stdout)
	status, stdout = checkEdited(t, shared, "-prefer", "time")
	assert.Equal(t, 1, status)
	assert.Contains(t, stdout, "memory: shared memory costs time: barrier 7 (consumer before scene")

	b.set("visibility", "device")
	status, stdout = checkEdited(t, shared)
	assert.Equal(t, 1, status)
	assert.Contains(t, stdout, "superfluous: barrier 7 (consumer before scene in encoder 0, fragment -> fragment, device): nothing needs its flush")

	large := readDocument(t, planFile)
	large.heap(0)["size"], large.memory()["peak"] = 1024000, 1224192
	status, stdout = checkEdited(t, large, "-prefer", "time")
	assert.Zero(t, status, stdout)
	status, stdout = checkEdited(t, large, "-prefer", "memory")
	assert.Equal(t, 1, status)
	assert.Contains(t, stdout, "memory: peak is 1224192: first fit places the same in 445952 bytes")
}

// An encoder resolves when it ends: a pass before the last may not, unless the
// last does the same.
func TestResolvesInOneEncoder(t *testing.T) {
	graph := `{"version": 1, "resources": [
		{"name": "samples", "kind": "texture", "format": "rgba8Unorm", "width": 8, "height": 8, "samples": 4, "lifetime": "persistent"},
		{"name": "pixels", "kind": "texture", "format": "rgba8Unorm", "width": 8, "height": 8, "lifetime": "imported", "fresh": true}],
	 "passes": [
		{"name": "a", "kind": "render", "attachments": [{"resource": "samples", "load": "clear", "resolve": "pixels"}]},
		{"name": "b", "kind": "render", "attachments": [{"resource": "samples", "load": "load"LATER}]}]}`
	plan := `{"version": 1, "encoders": [{"kind": "render", "passes": ["a", "b"]}],
	 "barriers": [{"kind": "consumer", "encoder": 0, "before_pass": "a", "after": ["fragment"], "before": ["fragment"], "visibility": ["device"],
		"because": [{"resource": "samples", "from": "b", "to": "a", "hazard": "writeAfterWrite", "frames": 1}]}],
	 "culled": [], "memory": {"heaps": [], "peak": 0, "live_lower_bound": 0, "without_aliasing": 0}}`
	file := filepath.Join(t.TempDir(), "plan.json")
	require.NoError(t, os.WriteFile(file, []byte(plan), 0o600))
	status, stdout, stderr := weft(strings.Replace(graph, "LATER", "", 1), "check", "-", file)
	assert.Equal(t, 1, status, stderr)
	assert.Contains(t, stdout, `encoder: encoder 0: "a" resolves its attachment "samples", and "b" does not`)
	status, stdout, stderr = weft(strings.Replace(graph, "LATER", `, "resolve": "pixels"`, 1), "check", "-", file)
	assert.Zero(t, status, stdout+stderr)
}
