package graph

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A plan stays what it is while its graph is reset and declared anew, and plans
// made in memory of released ones are those of a new graph.
func TestPlansOutliveTheirDeclarations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := New()
		var held []*Plan
		var want []string
		for range rapid.IntRange(1, 6).Draw(t, "frames") {
			r := drawFrame(t, 6)
			if rapid.Bool().Draw(t, "reset") {
				g.Reset()
				r.declare(g, asIs)
			}
			var option []Option
			if rapid.Bool().Draw(t, "memory") {
				option = append(option, PreferMemory())
			}
			plan, err := g.Plan(option...)
			require.NoError(t, err)
			fresh := New()
			*fresh = Graph{number: g.number, declarations: g.declarations}
			again, err := fresh.Plan(option...)
			require.NoError(t, err)
			if !slices.Contains(held, plan) { // it may be one that has not changed
				held, want = append(held, plan), append(want, again.Explained())
			}
			if i := rapid.IntRange(0, 2*len(held)).Draw(t, "release"); i < len(held) {
				require.Equal(t, want[i], held[i].Explained())
				held[i].Release()
				held, want = append(held[:i], held[i+1:]...), append(want[:i], want[i+1:]...)
			}
		}
		for i := range held {
			assert.Equal(t, want[i], held[i].Explained())
		}
	})
}
