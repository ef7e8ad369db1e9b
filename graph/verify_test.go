package graph

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/barriers"
)

func documentOf(t require.TestingT, g *Graph, option ...Option) *PlanDocument {
	p, err := g.Plan(option...)
	require.NoError(t, err)
	return p.Document()
}

func verify(t require.TestingT, g *Graph, d *PlanDocument, prefer Preference) *Verdict {
	v, err := g.Verify(d, prefer)
	require.NoError(t, err)
	return v
}

// Nothing is wrong with the planner's own plans.
func TestPlansVerify(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawFrame(t, 10)
		for prefer, option := range map[Preference][]Option{TimePreference: nil, MemoryPreference: {PreferMemory()}} {
			g := r.build(asIs)
			v := verify(t, g, documentOf(t, g, option...), prefer)
			require.Empty(t, v.Findings)
			require.Empty(t, v.Unjudged)
			require.LessOrEqual(t, v.Bound, v.Makespan)
		}
	})
}

func TestVerifyRefusesTheGraph(t *testing.T) {
	g := New()
	g.Add(&testPass{declare: func(d *Declaration) { d.Name("a") }})
	_, err := g.Verify(&PlanDocument{}, AnyPreference)
	assert.ErrorContains(t, err, `pass "a": has no kind`)
}

// What must run is what the slow rule keeps.
func TestMustRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawGraph(t, 14)
		g := r.build(asIs)
		require.Equal(t, keptSlowly(g), g.mustRun())
	})
}

// A shuffled plan is out of order exactly where two overlapping accesses, one a
// write, have changed places.
func TestOrderFaults(t *testing.T) {
	seen := 0
	rapid.Check(t, func(t *rapid.T) {
		r := drawGraph(t, 10)
		g := r.build(asIs)
		v := &verifier{g: g, d: &PlanDocument{}, verdict: &Verdict{}}
		all := rapid.Permutation(indices(len(g.passes))).Draw(t, "order")
		for _, i := range all[:rapid.IntRange(0, len(all)).Draw(t, "kept")] {
			p := &g.passes[i]
			kind := p.kind
			if kind == Blit {
				kind = Compute
			}
			v.d.Encoders = append(v.d.Encoders, Encoder{kind, []string{p.name}})
		}
		v.readEncoders()
		require.Empty(t, v.verdict.Findings)
		v.judgeOrder()
		var want []string // passes that run before one that they must follow
		for j := range g.passes {
			for _, b := range g.accessesOf(&g.passes[j]) {
				wrong := false
				for i := range j {
					for _, a := range g.accessesOf(&g.passes[i]) {
						wrong = wrong || a.resource == b.resource && a.frame == 0 && b.frame == 0 && (a.write || b.write) &&
							g.boxOf(&a).overlaps(g.boxOf(&b)) && v.position[j] >= 0 && v.position[i] > v.position[j]
					}
				}
				if wrong {
					want = append(want, fmt.Sprintf("pass %q runs before", g.passes[j].name))
				}
			}
		}
		require.Len(t, v.verdict.Findings, len(want))
		for i, f := range v.verdict.Findings {
			require.Contains(t, f.Problem, want[i])
		}
		seen += len(want)
	})
	require.Positive(t, seen)
}

func indices(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// Placements that are moved at random overlap where two blocks that are live at
// one pass have a byte in common, and nowhere else.
func TestOverlaps(t *testing.T) {
	seen := 0
	rapid.Check(t, func(t *rapid.T) {
		r := drawPipeline(t, 12)
		g := r.build(asIs)
		d := documentOf(t, g)
		if len(d.Memory.Heaps) == 0 || d.Memory.Heaps[0].Kind != TransientHeap {
			t.Skip("nothing is placed")
		}
		h := &d.Memory.Heaps[0]
		for i := range h.Placements {
			h.Placements[i].Offset = 256 * rapid.IntRange(0, h.Size/256).Draw(t, "offset")
		}
		h.Size *= 3
		v := verify(t, g, d, AnyPreference)
		lives := make(map[string]map[string]bool)
		for i := range g.passes {
			for _, a := range g.accessesOf(&g.passes[i]) {
				name := g.resources[a.resource].name
				if lives[name] == nil {
					lives[name] = map[string]bool{}
				}
				lives[name][g.passes[i].name] = true
			}
		}
		var order []string
		for _, e := range d.Encoders {
			order = append(order, e.Passes...)
		}
		live := func(resource string, at int) bool {
			before, after := false, false
			for i, pass := range order {
				before = before || i <= at && lives[resource][pass]
				after = after || i >= at && lives[resource][pass]
			}
			return before && after
		}
		overlap := false
		for i, a := range h.Placements {
			for _, b := range h.Placements[:i] {
				if a.Offset >= b.Offset+b.Size || b.Offset >= a.Offset+a.Size {
					continue
				}
				for at := range order {
					overlap = overlap || live(a.Resource, at) && live(b.Resource, at)
				}
			}
		}
		found := false
		for _, f := range v.Findings {
			found = found || strings.Contains(f.Problem, "overlap and are both live")
		}
		require.Equal(t, overlap, found, "%v", v.Findings)
		if overlap {
			seen++
		}
	})
	require.Positive(t, seen)
}

// A reason holds exactly if barriers.Check, which shares no code with the search
// for it, objects when the barrier is gone.
func TestReasons(t *testing.T) {
	hold, fail := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := drawFrame(t, 7)
		g := r.build(asIs)
		v := &verifier{g: g, d: documentOf(t, g, PreferMemory()), verdict: &Verdict{}}
		v.readEncoders()
		v.lower()
		v.judgeMemory()
		v.judgeBarriers()
		require.Empty(t, v.verdict.Findings)
		if len(v.list) == 0 {
			t.Skip("no barriers")
		}
		n := rapid.IntRange(0, len(v.list)-1).Draw(t, "without")
		rest := append(append([]barriers.Barrier{}, v.list[:n]...), v.list[n+1:]...)
		broken := map[Because]bool{}
		for _, x := range barriers.Check(&v.frame, rest).Unordered {
			broken[Because{
				Resource: v.frame.Resources[x.Resource].Name, From: v.name(x.From), To: v.name(x.To),
				Hazard: Hazard(x.Kind) + ReadAfterWrite, Aliasing: x.Aliasing, Frames: x.Frames,
			}] = true
		}
		q := newQueue(&v.frame, v.list)
		for from := range v.order {
			for to := range v.order {
				for _, resource := range v.frame.Resources {
					for frames := range 4 {
						for _, aliasing := range []bool{false, true} {
							for _, hazard := range []Hazard{ReadAfterWrite, WriteAfterRead, WriteAfterWrite} {
								w := Because{resource.Name, v.name(from), v.name(to), hazard, aliasing, frames}
								holds := v.judgeReason(q, n, &w) == ""
								require.Equal(t, broken[w], holds, "%v", w)
								if holds {
									hold++
								} else {
									fail++
								}
							}
						}
					}
				}
			}
		}
	})
	t.Logf("%d reasons held, %d did not", hold, fail)
	require.Positive(t, hold)
	require.Positive(t, fail)
}

// Noted numbers are found again, in one dimension and two.
func TestSpans(t *testing.T) {
	type note struct {
		part   box
		number int32
	}
	rapid.Check(t, func(t *rapid.T) {
		draw := func() box {
			a, b := rapid.IntRange(0, 9).Draw(t, "a"), rapid.IntRange(0, 3).Draw(t, "b")
			return box{a, a + rapid.IntRange(1, 5).Draw(t, "as"), b, b + rapid.IntRange(1, 3).Draw(t, "bs")}
		}
		parts := make([]box, rapid.IntRange(1, 12).Draw(t, "parts"))
		for i := range parts {
			parts[i] = draw()
			if rapid.Bool().Draw(t, "turn") {
				p := parts[i]
				parts[i] = box{p.b0, p.b1, p.a0, p.a1}
			}
		}
		s := newSpans(parts)
		var notes []note
		for range 20 {
			part := rapid.SampledFrom(parts).Draw(t, "part")
			want := int32(-1)
			for _, n := range notes {
				if n.part.overlaps(part) {
					want = max(want, n.number)
				}
			}
			require.Equal(t, want, s.most(part))
			if rapid.Bool().Draw(t, "note") {
				n := note{part, int32(rapid.IntRange(0, 9).Draw(t, "number"))}
				s.note(n.part, n.number)
				notes = append(notes, n)
			}
		}
	})
}
