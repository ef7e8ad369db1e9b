package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// shapes of large frames. Each pass writes a texture of its own.
var shapes = []struct {
	name  string
	reads func(i int) []int // of a pass: which passes' textures
}{
	{"chain", func(i int) []int { return []int{i - 1} }},
	{"layered", func(i int) []int { // layers of 100; three of the layer before
		first, at := i/100*100-100, i%100
		return []int{first + at, first + (at+1)%100, first + (at+2)%100}
	}},
	{"independent", func(int) []int { return nil }},
}

// writeGraph writes a frame of n passes, every tenth of which draws.
func writeGraph(w io.Writer, n int, reads func(int) []int) {
	fmt.Fprint(w, `{"version": 1, "resources": [`)
	for i := range n {
		fmt.Fprintf(w, "%s{\"name\": \"t%d\", \"kind\": \"texture\", \"format\": \"rgba8Unorm\", \"width\": 64, \"height\": 64}", comma(i), i)
	}
	fmt.Fprint(w, "],\n\"passes\": [")
	for i := range n {
		kind, stage := "compute", "dispatch"
		writes := fmt.Sprintf(`"writes": [{"resource": "t%d", "stage": "dispatch"}]`, i)
		if i%10 == 9 {
			kind, stage, writes = "render", "fragment", fmt.Sprintf(`"attachments": [{"resource": "t%d", "load": "clear"}]`, i)
		}
		fmt.Fprintf(w, `%s{"name": "p%d", "kind": "%s", "sideEffect": true, %s, "reads": [`, comma(i), i, kind, writes)
		first := true
		for _, r := range reads(i) {
			if r >= 0 {
				if !first {
					fmt.Fprint(w, ", ")
				}
				first = false
				fmt.Fprintf(w, `{"resource": "t%d", "stage": "%s"}`, r, stage)
			}
		}
		fmt.Fprint(w, "]}")
	}
	fmt.Fprintln(w, "]}")
}

func comma(i int) string {
	if i == 0 {
		return "\n"
	}
	return ",\n"
}

// A frame of hundreds of passes is planned and checked like any other. How
// long 100,000 take, `go test -bench Large ./cmd/weft` says.
func TestLargeFrames(t *testing.T) {
	for _, shape := range shapes {
		graph, plan := largeFrame(t, 500, shape.reads)
		status, _, stderr := weft("", "plan", "-o", plan, graph)
		require.Zero(t, status, stderr)
		status, verdict, _ := weft("", "check", graph, plan)
		require.Zero(t, status, verdict)
	}
}

func largeFrame(t testing.TB, n int, reads func(int) []int) (graph, plan string) {
	dir := t.TempDir()
	graph, plan = filepath.Join(dir, "graph.json"), filepath.Join(dir, "plan.json")
	var text bytes.Buffer
	writeGraph(&text, n, reads)
	require.NoError(t, os.WriteFile(graph, text.Bytes(), 0o600))
	return graph, plan
}

func BenchmarkLarge(b *testing.B) {
	for _, shape := range shapes {
		for _, n := range []int{10_000, 100_000} {
			graph, plan := largeFrame(b, n, shape.reads)
			b.Run(fmt.Sprintf("plan/%s/%d", shape.name, n), func(b *testing.B) {
				for b.Loop() {
					if status, _, stderr := weft("", "plan", "-o", plan, graph); status != 0 {
						b.Fatal(stderr)
					}
				}
			})
			b.Run(fmt.Sprintf("check/%s/%d", shape.name, n), func(b *testing.B) {
				for b.Loop() {
					if status, verdict, _ := weft("", "check", graph, plan); status != 0 {
						b.Fatal(verdict)
					}
				}
			})
		}
	}
}
