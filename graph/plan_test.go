package graph

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/barriers"
)

// compileOnly compiles without a device and returns what the phases worked on.
func compileOnly(t require.TestingT, g *Graph, option ...Option) *compilation {
	p, err := g.Plan(option...)
	require.NoError(t, err)
	return p.c
}

// Every plan passes the check that shares no code with what made it.
func TestPlansPassTheCheck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawFrame(t, 9)
		for _, o := range [][]Option{nil, {PreferMemory()}} {
			c := compileOnly(t, r.build(asIs), o...)
			report := barriers.Check(&c.frame, c.derived)
			if !report.OK() {
				t.Fatalf("%s\n%s", c.plan, report.String())
			}
		}
	})
}

// What shares memory is never live together, and without a preference for memory
// the frame needs no barrier for it.
func TestMemoryNeverOverlapsWhileLive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawFrame(t, 12)
		for _, o := range [][]Option{nil, {PreferMemory()}} {
			c := compileOnly(t, r.build(asIs), o...)
			for i := range c.blocks {
				a := &c.blocks[i]
				require.Zero(t, a.offset%256)
				for j := range i {
					b := &c.blocks[j]
					if a.heap != b.heap || a.offset >= b.offset+b.size || b.offset >= a.offset+a.size {
						continue
					}
					require.True(t, a.shared && b.shared)
					for p := range c.frame.Passes {
						live := func(x *block) bool { return int(x.first) <= p && p <= int(x.last) }
						require.False(t, live(a) && live(b), "%d and %d are live at pass %d\n%s", i, j, p, c.plan)
					}
				}
			}
			m := c.plan.Memory()
			require.GreaterOrEqual(t, m.Peak, m.LiveLowerBound)
			require.LessOrEqual(t, m.Peak, m.WithoutAliasing)
		}
	})
}

func TestSharedMemoryCostsNoBarrier(t *testing.T) {
	shared, cases := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		cases++
		r := drawFrame(t, 12)
		c := compileOnly(t, r.build(asIs))
		alone := c.frame
		alone.Resources = append([]barriers.Resource(nil), alone.Resources...)
		for i := range alone.Resources {
			if alone.Resources[i].Memory.Size > 0 {
				alone.Resources[i].Memory = barriers.Placement{}
			}
		}
		for i := range c.blocks {
			if c.blocks[i].shared {
				shared++
			}
		}
		report := barriers.Check(&alone, c.derived)
		require.True(t, report.OK(), "%s\n%s", c.plan, report.String())
	})
	require.Greater(t, shared, cases/10, "hardly a graph shared memory: the test is empty")
}

func TestRenamingChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawFrame(t, 9)
		renamed := compileOnly(t, r.build(func(s string) string { return s + "~" })).plan.String()
		require.Equal(t, compileOnly(t, r.build(asIs)).plan.String(), strings.ReplaceAll(renamed, "~", ""))
	})
}

// A pass whose results nobody reads changes nothing but the list of culled.
func TestDeadPassChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawGraph(t, 9)
		want := compileOnly(t, r.build(asIs)).plan
		written := make([][]Part, len(r.resources))
		at := rapid.IntRange(0, len(r.passes)).Draw(t, "at")
		for _, p := range r.passes[:at] {
			for _, a := range p.accesses {
				if a.write {
					written[a.resource] = append(written[a.resource], Part{})
				}
			}
		}
		dead := randomPass{name: "dead", kind: Compute}
		for i, res := range r.resources {
			if written[i] != nil || res.lifetime.carries() {
				dead.accesses = append(dead.accesses, randomAccess{resource: i, stage: Compute.mainStage()})
			}
		}
		r.passes = append(r.passes[:at:at], append([]randomPass{dead}, r.passes[at:]...)...)
		got := compileOnly(t, r.build(asIs)).plan
		require.Equal(t, want.Encoders(), got.Encoders())
		require.Equal(t, want.Barriers(), got.Barriers())
		require.Equal(t, want.Memory(), got.Memory())
		require.Len(t, got.Culled(), len(want.Culled())+1)
	})
}

// Ten layers of ten passes need one barrier between two layers and one between
// two frames.
func TestLayeredPlan(t *testing.T) {
	g := New()
	layers(10, 10, 3).declare(g)
	p, err := g.Plan()
	require.NoError(t, err)
	t.Logf("%d barriers, %d of %d textures", len(p.Barriers()), p.Memory().Peak/p.Memory().Heaps[0].Placements[0].Size, 100)
	require.Len(t, p.Barriers(), 10)
}
