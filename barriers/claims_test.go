package barriers

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

// TestCheckReasonsAgreesWithModel gives each barrier all conflicts of its frame
// as reasons and compares those that are with what breaks in the model queue.
func TestCheckReasonsAgreesWithModel(t *testing.T) {
	frames := 300
	if testing.Short() {
		frames = 60
	}
	founded, unfounded := 0, 0
	for i := range frames {
		d := dice(rand.New(rand.NewPCG(6, uint64(i))).IntN)
		f := randomFrame(d, 1+d(6))
		barriers := Derive(f)
		for range d(3) {
			barriers = broken(d, f, barriers)
		}
		q := newModelQueue(f, modelFrames(f))
		var conflicts []Hazard
		for pair := range q.judge(nil) {
			conflicts = append(conflicts, pair.Hazard)
		}
		judged := append([]Barrier(nil), barriers...)
		for n := range judged {
			judged[n].Because = conflicts
		}
		got := map[int]map[Hazard]bool{}
		for n := range judged {
			got[n] = map[Hazard]bool{}
			for _, h := range conflicts {
				got[n][h] = true
			}
		}
		for _, u := range CheckReasons(f, judged) {
			delete(got[u.Barrier], conflicts[u.Reason])
		}
		before := wrong(q, barriers)
		for n := range barriers {
			want := map[Hazard]bool{}
			for h := range wrong(q, append(append([]Barrier(nil), barriers[:n]...), barriers[n+1:]...)) {
				if !before[h] {
					want[h] = true
				}
			}
			require.Equal(t, want, got[n], "%d: barrier %d\n%v", i, n, dump(f, barriers))
			founded, unfounded = founded+len(want), unfounded+len(conflicts)-len(want)
		}
	}
	t.Logf("%d reasons that are, %d that are none", founded, unfounded)
	require.Greater(t, founded, frames)
	require.Greater(t, unfounded, frames)
}

// wrong lists what is unordered or unflushed.
func wrong(q *modelQueue, barriers []Barrier) map[Hazard]bool {
	found := map[Hazard]bool{}
	for pair := range q.judge(barriers) {
		found[pair.Hazard] = true
	}
	return found
}

// TestReasonsOfDerive: what Derive says that its barriers are for holds, also
// without stages, as plans leave them out.
func TestReasonsOfDerive(t *testing.T) {
	for i := range 300 {
		d := dice(rand.New(rand.NewPCG(8, uint64(i))).IntN)
		f := randomFrame(d, 1+d(12))
		barriers := Derive(f)
		require.Empty(t, CheckReasons(f, barriers), "%v", dump(f, barriers))
		for n := range barriers {
			for k := range barriers[n].Because {
				h := &barriers[n].Because[k]
				h.FromStages, h.ToStages = 0, 0
				if h.Aliasing {
					h.FromResource = -1
				}
			}
		}
		require.Empty(t, CheckReasons(f, barriers), "%v", dump(f, barriers))
	}
}

func TestCheckReasonsSaysWhy(t *testing.T) {
	cases := map[string]struct {
		change func(*Hazard)
		want   string
	}{
		"right":     {func(*Hazard) {}, ""},
		"kind":      {func(h *Hazard) { h.Kind = WriteAfterWrite }, "without the barrier it is as it is with it"},
		"no kind":   {func(h *Hazard) { h.Kind = 9 }, "hazard 9 is none of"},
		"pass":      {func(h *Hazard) { h.From = 2 }, "no pass 2: the frame has 2"},
		"other way": {func(h *Hazard) { h.From, h.To = 1, 0 }, "without the barrier it is as it is with it"},
		"resource":  {func(h *Hazard) { h.Resource = -1 }, "no resource -1"},
		"source":    {func(h *Hazard) { h.FromResource = -1 }, "no resource -1"},
		"aliasing":  {func(h *Hazard) { h.Aliasing, h.FromResource = true, -1 }, "without the barrier it is as it is with it"},
		"stage":     {func(h *Hazard) { h.FromStages = metal.StageVertex }, "without the barrier it is as it is with it"},
		"frames":    {func(h *Hazard) { h.Frames = 1 }, "without the barrier it is as it is with it"},
		"too far":   {func(h *Hazard) { h.Frames = 9 }, "9 frames apart: from 0 to 2 are judged"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := right()
			b.Because = []Hazard{{Kind: ReadAfterWrite, From: 0, To: 1}}
			c.change(&b.Because[0])
			list := CheckReasons(twoPasses(), []Barrier{b})
			if c.want == "" {
				require.Empty(t, list)
				return
			}
			require.Len(t, list, 1)
			require.Contains(t, list[0].String(), "barrier 0 (consumer before blur: fragment -> dispatch, device): reason 0: ")
			require.Contains(t, list[0].String(), c.want)
		})
	}
}

func BenchmarkCheckReasons(b *testing.B) {
	for name, shape := range longPlans {
		p := shape(100_000)
		reasons := reasonsAt(p.f, p.barriers)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				CheckReasons(p.f, reasons)
			}
		})
	}
}

// reasonsAt gives each barrier six reasons, good or bad: all kinds of hazard that
// the resource of the pass before its own may have there, in this frame and the
// next.
func reasonsAt(f *Frame, barriers []Barrier) []Barrier {
	list := append([]Barrier(nil), barriers...)
	for n := range list {
		h := Hazard{From: max(list[n].Pass-1, 0), To: list[n].Pass}
		h.Resource = h.From % len(f.Resources)
		h.FromResource = h.Resource
		for h.Kind = ReadAfterWrite; h.Kind <= WriteAfterWrite; h.Kind++ {
			for h.Frames = range 2 {
				list[n].Because = append(list[n].Because, h)
			}
		}
	}
	return list
}
