package barriers

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func rapidDice(t *rapid.T) dice {
	return func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "d") }
}

func TestDeriveIsSufficientAndIrredundant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapidDice(t)
		f := randomFrame(d, 1+d(7))
		require.NoError(t, f.Validate())
		barriers := Derive(f)
		report := Check(f, barriers)
		require.True(t, report.OK(), "%v\n%v", dump(f, barriers), &report)
		q := newModelQueue(f, modelFrames(f))
		require.Empty(t, q.judge(barriers), "%v", dump(f, barriers))
		require.Empty(t, q.spares(barriers), "%v", dump(f, barriers))
		for _, b := range barriers {
			require.NotEmpty(t, b.Because)
		}
		require.Equal(t, barriers, Derive(f), "the same frame gets the same barriers")
	})
}

// TestCheckAgreesWithModel compares Check and the model queue on many frames,
// each with barriers that are right, broken in one or two places, or arbitrary.
func TestCheckAgreesWithModel(t *testing.T) {
	frames := 4000
	if testing.Short() {
		frames = 200
	}
	seed := uint64(1)
	pairs, faulty := 0, 0
	for i := range frames {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		d := dice(r.IntN)
		f := randomFrame(d, 1+d(6))
		barriers := Derive(f)
		agree(t, f, barriers)
		report := Check(f, barriers)
		require.True(t, report.OK(), "%v\n%v", dump(f, barriers), &report)
		pairs++
		for range 3 {
			bad := broken(d, f, barriers)
			if d.chance(30) {
				bad = broken(d, f, bad)
			}
			if agree(t, f, bad) {
				faulty++
			}
			pairs++
		}
		var any []Barrier
		for range 1 + d(4) {
			any = append(any, randomBarrier(d, f))
		}
		agree(t, f, any)
		pairs++
	}
	t.Logf("%d pairs, %d of the broken ones insufficient", pairs, faulty)
}

// agree holds Check against the model and says whether something is unordered.
func agree(t *testing.T, f *Frame, barriers []Barrier) bool {
	t.Helper()
	report := Check(f, barriers)
	require.Empty(t, report.Illegal, "%v\n%v", dump(f, barriers), &report)
	q := newModelQueue(f, modelFrames(f))
	want, far := map[modelPair]bool{}, 0
	for pair := range q.judge(barriers) {
		h := f.Resources[pair.Resource].History
		if pair.Frames <= 1+h {
			want[pair] = true
		} else {
			far++
		}
	}
	if len(want) == 0 {
		require.Zero(t, far, "hazards that reach further than 1 + history follow from nearer ones\n%v", dump(f, barriers))
	}
	got := map[modelPair]bool{}
	for _, u := range report.Unordered {
		got[modelPair{u.Hazard, u.Unflushed}] = true
	}
	require.Equal(t, want, got, "%v", dump(f, barriers))
	if len(want) == 0 {
		// With something unordered, far pairs, which Check leaves out, could
		// still depend on a barrier.
		spares := map[spare]bool{}
		for _, s := range report.Superfluous {
			addSpares(spares, s)
		}
		require.Equal(t, q.spares(barriers), spares, "%v", dump(f, barriers))
	}
	return len(want) > 0
}

func addSpares(to map[spare]bool, s Superfluous) {
	switch {
	case s.Visibility:
		to[spare{barrier: s.Barrier, visibility: true}] = true
	case s.After == 0 && s.Before == 0:
		to[spare{barrier: s.Barrier, whole: true}] = true
	}
	for rest := s.After; rest != 0; rest &= rest - 1 {
		to[spare{barrier: s.Barrier, after: rest & -rest}] = true
	}
	for rest := s.Before; rest != 0; rest &= rest - 1 {
		to[spare{barrier: s.Barrier, before: rest & -rest}] = true
	}
}

// TestModelAgreesWithEverySchedule holds the model's one schedule a conflict
// against all schedules that there are, on frames of at most ten events.
func TestModelAgreesWithEverySchedule(t *testing.T) {
	compared := 0
	for i := 0; compared < 400; i++ {
		r := rand.New(rand.NewPCG(2, uint64(i)))
		d := dice(r.IntN)
		f := randomFrame(d, 1+d(3))
		q := newModelQueue(f, 1+d(3))
		if len(q.events) > 10 {
			continue
		}
		barriers := broken(d, f, Derive(f))
		require.Equal(t, q.judgeByEverySchedule(barriers), q.judge(barriers), "%v", dump(f, barriers))
		compared++
	}
}

// dump shows a frame and its barriers in full.
func dump(f *Frame, barriers []Barrier) string {
	s := ""
	for _, p := range f.Passes {
		s += fmt.Sprintf("%s encoder %d (%v) runs %v\n", p.Name, p.Encoder, f.Encoders[p.Encoder].Kind, p.Runs)
	}
	for _, r := range f.Resources {
		s += fmt.Sprintf("%+v\n", r)
	}
	for _, a := range f.Accesses {
		s += fmt.Sprintf("%+v\n", a)
	}
	for n := range barriers {
		s += describe(f, barriers, n) + "\n"
	}
	return s
}
