package barriers

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

// TestCheckAgreesWithModel compares Check and the model queue on many pairs of a
// frame and barriers, one half right and one half broken on purpose.
func TestCheckAgreesWithModel(t *testing.T) {
	frames := 10_000
	if testing.Short() {
		frames = 500
	}
	pairs, insufficient, superfluous := 0, 0, 0
	count := func(f *Frame, barriers []Barrier) (bad bool) {
		lacks, spares := agree(t, f, barriers)
		pairs++
		if lacks {
			insufficient++
		}
		if spares {
			superfluous++
		}
		return lacks || spares
	}
	features, wrong := map[string]int{}, 0
	for i := range frames {
		d := dice(rand.New(rand.NewPCG(1, uint64(i))).IntN)
		f := randomFrame(d, 1+d(6))
		right := Derive(f)
		if i%4 == 0 {
			right = strip(t, f, append(everything(f), randomBarrier(d, f), randomBarrier(d, f)))
		}
		require.False(t, count(f, right), "%v", dump(f, right))
		bad := broken(d, f, right)
		for tries := 0; tries < 4 && func() bool { r := Check(f, bad); return r.OK() }(); tries++ {
			bad = broken(d, f, bad)
		}
		if i%8 == 0 {
			bad = []Barrier{randomBarrier(d, f), randomBarrier(d, f), randomBarrier(d, f)}
		}
		if count(f, bad) {
			wrong++
		}
		for _, name := range featuresOf(f, right) {
			features[name]++
		}
	}
	t.Logf("%d pairs, %d of them wrong: %d insufficient, %d with something superfluous", pairs, wrong, insufficient, superfluous)
	t.Logf("frames with %v", features)
	require.GreaterOrEqual(t, pairs, 2*frames)
	require.GreaterOrEqual(t, wrong, pairs*45/100)
	require.GreaterOrEqual(t, insufficient, pairs*25/100)
	require.GreaterOrEqual(t, superfluous, pairs*15/100)
	for name, n := range features {
		require.GreaterOrEqual(t, n, frames/100, name)
	}
	require.Len(t, features, 27)
}

// agree holds Check against the model, and says whether something is unordered
// and whether something is superfluous.
func agree(t *testing.T, f *Frame, barriers []Barrier) (lacks, spares bool) {
	t.Helper()
	report := Check(f, barriers)
	require.Empty(t, report.Illegal, "%v\n%v", dump(f, barriers), &report)
	require.Zero(t, report.Omitted)
	q := newModelQueue(f, modelFrames(f))
	want, far := map[modelPair]bool{}, 0
	for pair := range q.judge(barriers) {
		if q.near(pair.Hazard) {
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
	wantSpares, gotSpares := q.spares(barriers), map[spare]bool{}
	for _, s := range report.Superfluous {
		addSpares(gotSpares, s)
	}
	require.Equal(t, wantSpares, gotSpares, "%v", dump(f, barriers))
	return len(want) > 0, len(wantSpares) > 0
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

// everything returns barriers between all passes for all stages that may be
// named there, with flushes: enough for any frame that can be ordered.
func everything(f *Frame) []Barrier {
	const all = metal.RenderStages | metal.ComputeStages | metal.MachineLearningStages
	var list []Barrier
	for p := range f.Passes {
		b := Barrier{Kind: Consumer, Pass: p, Encoder: f.Passes[p].Encoder, After: all, Before: all, Visibility: metal.VisibilityDevice}
		if p > 0 && f.Passes[p-1].Encoder == b.Encoder {
			owns := f.Encoders[b.Encoder].Kind.Owns()
			b.Kind, b.After, b.Before = Intra, owns&^(metal.StageFragment|metal.StageTile), owns
		}
		list = append(list, b)
	}
	return list
}

// strip takes away what Check calls superfluous, one thing after the other. What
// is left is enough and irredundant, and no work of Derive.
func strip(t *testing.T, f *Frame, barriers []Barrier) []Barrier {
	for {
		report := Check(f, barriers)
		require.Empty(t, report.Unordered, "%v", dump(f, barriers))
		if len(report.Superfluous) == 0 {
			return barriers
		}
		s := report.Superfluous[len(report.Superfluous)-1]
		b := &barriers[s.Barrier]
		switch {
		case s.Visibility:
			b.Visibility = 0
		case s.After != 0:
			b.After &^= s.After & -s.After
		case s.Before != 0:
			b.Before &^= s.Before & -s.Before
		default:
			barriers = append(barriers[:s.Barrier], barriers[s.Barrier+1:]...)
		}
	}
}

// TestModelAgreesWithEverySchedule holds the model's one schedule a conflict
// against all schedules that there are, on frames of at most ten events.
func TestModelAgreesWithEverySchedule(t *testing.T) {
	frames := 2000
	if testing.Short() {
		frames = 200
	}
	compared, insufficient := 0, 0
	for i := 0; compared < frames; i++ {
		d := dice(rand.New(rand.NewPCG(2, uint64(i))).IntN)
		f := randomFrame(d, 1+d(4))
		q := newModelQueue(f, 1+d(3))
		if len(q.events) > 10 {
			continue
		}
		barriers := broken(d, f, Derive(f))
		want := q.judgeByEverySchedule(barriers)
		require.Equal(t, want, q.judge(barriers), "%v", dump(f, barriers))
		compared++
		if len(want) > 0 {
			insufficient++
		}
	}
	require.Greater(t, insufficient, frames/10)
	t.Logf("%d frames, %d of them insufficient", compared, insufficient)
}
