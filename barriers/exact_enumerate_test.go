package barriers

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

// everyBarrier lists all barriers of a frame that order something by themselves:
// of every kind, at every place, between every two sets of at most so many of
// the stages that run.
func everyBarrier(f *Frame, q *modelQueue, stages int) []Barrier {
	var run metal.Stages
	for _, e := range q.events {
		run |= e.stage
	}
	var sets []metal.Stages
	for s := run; s != 0; s = (s - 1) & run {
		if len(split(s)) <= stages {
			sets = append(sets, s)
		}
	}
	var list []Barrier
	for p := range f.Passes {
		for _, kind := range []Kind{Consumer, Producer, Intra} {
			for _, after := range sets {
				for _, before := range sets {
					b := Barrier{kind, f.Passes[p].Encoder, p, after, before, metal.VisibilityDevice, nil}
					report := Check(f, []Barrier{b})
					if len(report.Illegal) == 0 && ordersSomething(q, b) {
						list = append(list, b)
					}
				}
			}
		}
	}
	return list
}

func split(s metal.Stages) (list []metal.Stages) {
	for ; s != 0; s &= s - 1 {
		list = append(list, s&-s)
	}
	return list
}

func ordersSomething(q *modelQueue, b Barrier) bool {
	for v := range q.events {
		for u := range v {
			if q.waits([]Barrier{b}, q.events[u], q.events[v], false) {
				return true
			}
		}
	}
	return false
}

// shortestOf tries all sets of these barriers and returns, for each number of
// barriers up to the largest tried, the makespan of the shortest sufficient set.
// It tries larger and larger sets as long as there are not too many.
func shortestOf(f *Frame, q *modelQueue, list []Barrier, tooMany int) (bySize []float64) {
	var orders [][]uint64 // by barrier and event
	for _, b := range list {
		next := make([]uint64, len(q.events))
		for v := range q.events {
			for u := range v {
				if q.waits([]Barrier{b}, q.events[u], q.events[v], false) {
					next[u] |= 1 << v
				}
			}
		}
		orders = append(orders, next)
	}
	conflicts := make([]uint64, len(q.events))
	for u, from := range q.events {
		for v := u + 1; v < len(q.events) && from.frame == 0; v++ {
			if len(q.conflicts(from, q.events[v])) > 0 {
				conflicts[u] |= 1 << v
			}
		}
	}
	enough := func(set []int) bool {
		var reach [64]uint64
		for u := len(q.events) - 1; u >= 0; u-- {
			for _, n := range set {
				reach[u] |= orders[n][u]
			}
			for v := u + 1; v < len(q.events); v++ {
				if reach[u]>>v&1 != 0 {
					reach[u] |= reach[v]
				}
			}
			if conflicts[u]&^reach[u] != 0 {
				return false
			}
		}
		return true
	}
	sets := 1
	for size := 0; size <= len(list); size++ {
		if size > 0 {
			if sets = sets * (len(list) - size + 1) / size; sets > tooMany {
				break
			}
		}
		shortest := math.Inf(1)
		var choose func(set []int, from int)
		choose = func(set []int, from int) {
			if len(set) == size {
				if enough(set) {
					var barriers []Barrier
					for _, n := range set {
						barriers = append(barriers, list[n])
					}
					shortest = min(shortest, Makespan(f, barriers))
				}
				return
			}
			for n := from; n < len(list); n++ {
				choose(append(set, n), n+1)
			}
		}
		choose(nil, 0)
		bySize = append(bySize, shortest)
	}
	return bySize
}

// TestOptimumByEnumeration holds the exact solver against all small sets of
// barriers on tiny frames: none is shorter than what it calls the shortest, and
// where that needs no more barriers than were tried, one is as short. The same
// for the fewest barriers, at the shortest time and at a longer one.
func TestOptimumByEnumeration(t *testing.T) {
	wanted, tooMany := 200, 2000
	if *prove {
		wanted, tooMany = 1000, 20000
	}
	shortest, hard, fewest, many := 0, 0, 0, 0
	for i := 0; shortest < wanted || hard < wanted || many < wanted; i++ {
		d := dice(rand.New(rand.NewPCG(8, uint64(i))).IntN)
		f := randomFrame(d, 1+d(3))
		for p := range f.Passes {
			f.Passes[p].Runs = 0 // but what it accesses
		}
		q := newModelQueue(f, modelFrames(f))
		var run metal.Stages
		for _, e := range q.events {
			run |= e.stage
		}
		if len(q.events) > 64 || len(split(run)) > 3 {
			continue
		}
		z := newPuzzle(f)
		s := z.exactly(math.Inf(1), 20000)
		require.False(t, s.gaveUp)
		if len(s.found) == 0 {
			continue // nothing to order
		}
		parts := 0
		for _, b := range s.barriers() {
			parts += len(split(b.After)) * len(split(b.Before))
		}
		bySize := shortestOf(f, q, everyBarrier(f, q, 1), tooMany)
		best := math.Inf(1)
		for _, length := range bySize {
			best = min(best, length)
		}
		require.GreaterOrEqual(t, best, s.best, "%d: %v", i, dump(f, s.barriers()))
		if parts < len(bySize) {
			require.Equal(t, s.best, best, "%d: %v", i, dump(f, s.barriers()))
			shortest++
			if parts >= 2 {
				hard++
			}
		}
		bySize = shortestOf(f, q, everyBarrier(f, q, 10), tooMany)
		for _, length := range []float64{s.best, s.best + 2, s.best * 1.5} {
			least := 0
			for least < len(bySize) && bySize[least] > length {
				least++
			}
			c := z.fewest(least-1, length, 20000)
			require.False(t, c.ok, "%d: %v", i, dump(f, c.barriers()))
			if least < len(bySize) {
				require.True(t, z.fewest(least, length, 20000).ok, "%d: %d barriers\n%v", i, least, dump(f, nil))
				fewest++
				if least >= 2 {
					many++
				}
			}
		}
	}
	t.Logf("compared %d frames, %d of which need two or more; the fewest barriers of %d, %d of which need two or more", shortest, hard, fewest, many)
}
