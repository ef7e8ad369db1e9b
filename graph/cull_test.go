package graph

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// keptSlowly is the rule of cull, read aloud: it grows the set of kept passes
// until nothing changes.
func keptSlowly(g *Graph) []bool {
	kept := make([]bool, len(g.passes))
	reads := func(p int, a *access) bool {
		for _, b := range g.accessesOf(&g.passes[p]) {
			if !b.write && b.frame == 0 && b.resource == a.resource && g.boxOf(&b).overlaps(g.boxOf(a)) {
				return true
			}
		}
		return false
	}
	covers := func(p int, a *access) bool {
		for _, b := range g.accessesOf(&g.passes[p]) {
			if b.write && b.resource == a.resource && g.boxOf(&b).contains(g.boxOf(a)) {
				return !reads(p, a)
			}
		}
		return false
	}
	needed := func(p int, a *access) bool {
		for q := p + 1; q < len(g.passes); q++ {
			if kept[q] && reads(q, a) {
				return true
			}
			if covers(q, a) {
				return false
			}
		}
		return g.resources[a.resource].lifetime.carries()
	}
	for changed := true; changed; {
		changed = false
		for p := range g.passes {
			keep := g.passes[p].sideEffect
			for _, a := range g.accessesOf(&g.passes[p]) {
				keep = keep || a.write && needed(p, &a)
			}
			if keep && !kept[p] {
				kept[p], changed = true, true
			}
		}
	}
	return kept
}

func TestCullKeepsWhatTheSlowRuleKeeps(t *testing.T) {
	culled := 0
	rapid.Check(t, func(t *rapid.T) {
		r := drawGraph(t, 14)
		g := r.build(asIs)
		c := compileOnly(t, g)
		require.Equal(t, keptSlowly(g), c.kept)
		culled += len(c.plan.Culled())
	})
	require.Positive(t, culled, "no pass was ever culled: the test is empty")
}
