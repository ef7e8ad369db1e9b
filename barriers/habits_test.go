package barriers_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/barriers"
	"weft/graph"
	"weft/metal"
)

// Frames like those of engines, planned, beside the shortest that any barriers
// make of the same order and memory, and beside two habits of engines:
//
//   - one barrier for each edge: ahead of the pass that depends, with the stages
//     of that dependency alone;
//   - all stages between passes: at each end of an encoder, and inside compute
//     encoders after each pass, everything waits for everything.
//
// Both are sufficient. The plan is to be never slower than either, and faster
// than the second on at least four frames of five.
func TestHabitsOfEngines(t *testing.T) {
	var out strings.Builder
	out.WriteString("Makespans of 3 + the largest history frames, in ms. Ratios: to the shortest; of the habits, to the plan.\n\n")
	row := "%-18s %6v %8v | %8v %8v | %8v %6v %8v | %8v %8v %6v | %8v %8v %6v\n"
	fmt.Fprintf(&out, row, "frame", "passes", "encoders", "barriers", "makespan", "shortest", "ratio", "bound",
		"per edge", "makespan", "ratio", "all", "makespan", "ratio")
	frames, faster, ratios := planFrames(t), 0, 0.0
	for _, p := range frames {
		frame, derived := p.Judged()
		time := sufficient(t, p.Name(), frame, derived)
		edges, all := edgeHabit(frame), allStagesHabit(frame)
		edgeTime, allTime := sufficient(t, p.Name(), frame, edges), sufficient(t, p.Name(), frame, all)
		const rounding = 1 + 1e-9
		assert.LessOrEqual(t, time, edgeTime*rounding, "%s is slower than one barrier for each edge", p.Name())
		assert.LessOrEqual(t, time, allTime*rounding, "%s is slower than all stages between passes", p.Name())
		if time*rounding < allTime {
			faster++
		}
		shortest, found := barriers.Shortest(frame, time)
		assert.True(t, found, "%s: the search gave up", p.Name())
		assert.LessOrEqual(t, time, 1.1*shortest, p.Name())
		ratios += time / shortest
		bound := barriers.LongestWay(frame)
		assert.LessOrEqual(t, bound, shortest*rounding, p.Name())
		fmt.Fprintf(&out, row, p.Name(), len(frame.Passes), len(frame.Encoders), len(derived), ms(time), ms(shortest), ms(time/shortest), ms(bound),
			len(edges), ms(edgeTime), ms(edgeTime/time), len(all), ms(allTime), ms(allTime/time))
	}
	assert.GreaterOrEqual(t, 5*faster, 4*len(frames), "faster than all stages between passes")
	assert.LessOrEqual(t, ratios, 1.01*float64(len(frames)), "how much longer than the shortest, on average")
	golden(t, frameFolder+"habits.txt", out.String())
}

const frameFolder = "../graph/testdata/frames/"

func planFrames(t *testing.T) []*graph.Plan {
	files, err := filepath.Glob(frameFolder + "*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var plans []*graph.Plan
	for _, file := range files {
		in, err := os.Open(file)
		require.NoError(t, err)
		g, err := graph.ReadJSON(in)
		require.NoError(t, in.Close())
		require.NoError(t, err, file)
		p, err := g.Plan()
		require.NoError(t, err, file)
		plans = append(plans, p)
	}
	return plans
}

// sufficient sees to it that nothing is left unordered, and returns the makespan.
func sufficient(t *testing.T, name string, f *barriers.Frame, list []barriers.Barrier) float64 {
	report := barriers.Check(f, list)
	require.Empty(t, report.Illegal, name)
	if len(report.Unordered) > 0 {
		t.Fatalf("%s: %d unordered, the first: %v", name, len(report.Unordered), report.Unordered[0])
	}
	return barriers.Makespan(f, list)
}

// edgeHabit has a barrier for each direct dependency, those that are the same
// once.
func edgeHabit(f *barriers.Frame) []barriers.Barrier {
	conflicts := barriers.Check(f, nil).Unordered
	type edge struct{ from, to, frames, resource, source int }
	var order []edge
	edges := map[edge]barriers.Barrier{}
	for _, c := range conflicts {
		if slices.ContainsFunc(conflicts, func(first barriers.Unordered) bool { return between(first, c, conflicts) }) {
			continue
		}
		key := edge{c.From, c.To, c.Frames, c.Resource, c.FromResource}
		b, seen := edges[key]
		if !seen {
			order = append(order, key)
			b = barriers.Barrier{Kind: barriers.Consumer, Encoder: f.Passes[c.To].Encoder, Pass: c.To}
			if c.Frames == 0 && f.Passes[c.From].Encoder == b.Encoder {
				b.Kind = barriers.Intra
			}
		}
		b.After, b.Before = b.After|c.FromStages, b.Before|c.ToStages
		if c.Kind != barriers.WriteAfterRead {
			b.Visibility = metal.VisibilityDevice
		}
		edges[key] = b
	}
	var list []barriers.Barrier
	for _, key := range order {
		b := edges[key]
		if !slices.ContainsFunc(list, func(x barriers.Barrier) bool {
			return x.Kind == b.Kind && x.Pass == b.Pass && x.After == b.After && x.Before == b.Before && x.Visibility == b.Visibility
		}) {
			list = append(list, b)
		}
	}
	return list
}

// between reports whether first leads from where c starts to a write that c ends
// after, so that c is no direct dependency.
func between(first, c barriers.Unordered, conflicts []barriers.Unordered) bool {
	return first.From == c.From && first.FromStages == c.FromStages && first.FromResource == c.FromResource &&
		first.Kind != barriers.ReadAfterWrite && first.Frames <= c.Frames && (first.To != c.To || first.Frames != c.Frames) &&
		slices.ContainsFunc(conflicts, func(second barriers.Unordered) bool {
			return second.From == first.To && second.FromStages == first.ToStages && second.FromResource == first.Resource &&
				second.Kind != barriers.WriteAfterRead && second.Frames == c.Frames-first.Frames &&
				second.To == c.To && second.ToStages == c.ToStages && second.Resource == c.Resource
		})
}

// allStagesHabit lets everything wait for everything between passes.
func allStagesHabit(f *barriers.Frame) []barriers.Barrier {
	const all = metal.RenderStages | metal.ComputeStages | metal.MachineLearningStages
	var list []barriers.Barrier
	for i := range f.Passes {
		b := barriers.Barrier{
			Kind: barriers.Producer, Encoder: f.Passes[i].Encoder, Pass: i,
			After: all, Before: all, Visibility: metal.VisibilityDevice,
		}
		if i+1 < len(f.Passes) && f.Passes[i+1].Encoder == b.Encoder {
			if f.Encoders[b.Encoder].Kind != barriers.ComputeEncoder {
				continue // Metal orders the attachments of merged passes
			}
			owned := barriers.ComputeEncoder.Owns()
			b.Kind, b.Pass, b.After, b.Before = barriers.Intra, i+1, owned, owned
		}
		list = append(list, b)
	}
	return list
}

// golden compares with a file, or writes it.
func golden(t *testing.T, file, got string) {
	t.Log("\n" + got)
	if *barriers.Update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

func ms(x float64) string { return fmt.Sprintf("%.3f", x) }
