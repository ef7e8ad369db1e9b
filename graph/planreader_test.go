package graph

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A plan that is written reads as the same plan.
func TestPlanSurvivesItsDocument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawFrame(t, 9)
		p, err := r.build(asIs).Plan()
		require.NoError(t, err)
		var out bytes.Buffer
		require.NoError(t, p.WriteJSON(&out))
		d, err := ReadPlan(&out)
		require.NoError(t, err)
		if diff := cmp.Diff(p.Document(), d, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Heap{}, "Class")); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Plans are data from strangers, too: whatever they hold, and whatever the graph
// is, reading and judging them ends in a verdict or an error.
func FuzzVerify(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(f, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		in, _, _ := strings.Cut(string(data), "\n----\n")
		g, err := ReadJSON(strings.NewReader(in))
		if err != nil {
			continue
		}
		p, err := g.Plan()
		if err != nil {
			continue
		}
		plan, err := p.MarshalJSON()
		require.NoError(f, err)
		f.Add(in, string(plan))
	}
	f.Fuzz(func(t *testing.T, in, plan string) {
		g, err := ReadJSON(strings.NewReader(in))
		if err != nil || len(g.passes) > 50 {
			return
		}
		d, err := ReadPlan(strings.NewReader(plan))
		if err != nil {
			return
		}
		for _, prefer := range []Preference{AnyPreference, TimePreference, MemoryPreference} {
			if v, err := g.Verify(d, prefer); err == nil {
				_ = fmt.Sprint(v.Findings, v.Unjudged)
			}
		}
	})
}
