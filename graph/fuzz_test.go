package graph

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/barriers"
)

// addGraphs gives the fuzzer the graphs of the goldens and of frames like
// those of engines.
func addGraphs(f *testing.F, add func(in string)) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(f, err)
	frames, err := filepath.Glob("testdata/frames/*.json")
	require.NoError(f, err)
	files = append(files, frames...)
	require.NotEmpty(f, files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		in, _, _ := strings.Cut(string(data), "\n----\n")
		add(in)
	}
}

// Documents are data from strangers: whatever they hold, reading and planning
// them ends in an error or in a plan that the judges of barriers and of plans
// accept, in either preference.
func FuzzReadJSON(f *testing.F) {
	addGraphs(f, func(in string) { f.Add(in) })
	f.Fuzz(func(t *testing.T, in string) {
		if g, err := ReadJSON(strings.NewReader(in)); err == nil && len(g.passes) <= 50 {
			judgePlans(t, g)
		}
	})
}

// So does planning any graph that code declares.
func FuzzPlan(f *testing.F) {
	for _, seed := range []string{"", "draw, compute, copy, infer", strings.Repeat("\x07\x03\xff\x01\x80", 200)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		r := drawFrame(t, 12)
		judgePlans(t, r.build(asIs))
	}))
}

// judgePlans plans a graph, in either preference, and has the plans judged.
func judgePlans(t require.TestingT, g *Graph) {
	for prefer, option := range map[Preference][]Option{TimePreference: nil, MemoryPreference: {PreferMemory()}} {
		p, err := g.Plan(option...)
		if err != nil {
			continue
		}
		frame, list := p.Judged()
		report := barriers.Check(frame, list)
		require.True(t, report.OK(), "%v", &report)
		_, _, _ = p.String(), p.Explained(), p.DOT()
		var out, in bytes.Buffer
		require.NoError(t, p.WriteJSON(&out))
		written := out.String()
		document, err := ReadPlan(&out)
		require.NoError(t, err)
		verdict, err := g.Verify(document, prefer)
		require.NoError(t, err)
		require.Empty(t, verdict.Findings, "%s", written)
		require.NoError(t, g.WriteJSON(&in))
		again, err := ReadJSON(&in)
		require.NoError(t, err)
		p, err = again.Plan(option...)
		require.NoError(t, err)
		require.NoError(t, p.WriteJSON(&out))
		require.Equal(t, written, out.String(), "a graph written is the graph read")
	}
}

// So are plans: whatever they hold, reading and judging them ends in an error or
// in a verdict.
func FuzzReadPlan(f *testing.F) {
	addGraphs(f, func(in string) {
		g, err := ReadJSON(strings.NewReader(in))
		if err != nil {
			return
		}
		p, err := g.Plan()
		if err != nil {
			return
		}
		var out strings.Builder
		require.NoError(f, p.WriteJSON(&out))
		f.Add(in, out.String())
	})
	f.Fuzz(func(t *testing.T, in, plan string) {
		g, err := ReadJSON(strings.NewReader(in))
		if err != nil || len(g.passes) > 50 {
			return
		}
		document, err := ReadPlan(strings.NewReader(plan))
		if err != nil {
			return
		}
		for _, prefer := range []Preference{AnyPreference, TimePreference, MemoryPreference} {
			if verdict, err := g.Verify(document, prefer); err == nil {
				for _, finding := range verdict.Findings {
					_, _ = io.WriteString(io.Discard, finding.String())
				}
			}
		}
	})
}
