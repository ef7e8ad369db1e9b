package barriers

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

// slowMakespan lets every event of the model queue start when all that it waits
// for has ended, in the wider reading of consumer barriers.
func slowMakespan(f *Frame, barriers []Barrier) float64 {
	q := newModelQueue(f, modelFrames(f))
	position := func(e modelEvent) int { return e.frame*len(f.Encoders) + f.Passes[e.pass].Encoder }
	holds := func(u, v modelEvent) bool {
		for _, b := range barriers {
			if b.After&u.stage == 0 || b.Before&v.stage == 0 {
				continue
			}
			home := f.Passes[b.Pass].Encoder
			for frame := u.frame; frame <= v.frame; frame++ {
				at := frame*len(f.Encoders) + home
				switch b.Kind {
				case Consumer:
					if position(u) < at && (at < position(v) || at == position(v) && v.pass >= b.Pass) {
						return true
					}
				case Producer:
					if (position(u) < at || position(u) == at && u.pass <= b.Pass) && at < position(v) {
						return true
					}
				case Intra:
					if position(u) == at && position(v) == at && u.pass < b.Pass && v.pass >= b.Pass {
						return true
					}
				}
			}
		}
		if u.frame != v.frame || u.pass != v.pass {
			return false
		}
		geometry := metal.StageVertex | metal.StageObject | metal.StageMesh
		return v.stage == metal.StageFragment && u.stage&geometry != 0 || v.stage == metal.StageMesh && u.stage == metal.StageObject
	}
	end := make([]float64, len(q.events))
	var last float64
	for changed := true; changed; { // the stages of a pass are not listed in the order in which they start
		changed = false
		for v, to := range q.events {
			start := 0.0
			for u, from := range q.events {
				if holds(from, to) {
					start = max(start, end[u])
				}
			}
			cost := DefaultCost(to.stage)
			for _, c := range f.Passes[to.pass].Cost {
				if c.Stage == to.stage {
					cost = c.Time
				}
			}
			changed = changed || end[v] != start+cost
			end[v] = start + cost
			last = max(last, end[v])
		}
	}
	return last
}

func TestMakespanAgreesWithModel(t *testing.T) {
	for i := range 400 {
		d := dice(rand.New(rand.NewPCG(4, uint64(i))).IntN)
		f := randomFrame(d, 1+d(7))
		barriers := broken(d, f, Derive(f))
		require.InDelta(t, slowMakespan(f, barriers), Makespan(f, barriers), 1e-9, "%v", dump(f, barriers))
	}
}

// TestNeverSlowerThanHabits compares with what engines commonly do: all stages
// wait for all stages between any two encoders, or each hazard has a consumer
// barrier of its own.
func TestNeverSlowerThanHabits(t *testing.T) {
	var ours, full, edges float64
	for i := range 600 {
		d := dice(rand.New(rand.NewPCG(5, uint64(i))).IntN)
		f := randomFrame(d, 1+d(8))
		length := Makespan(f, Derive(f))
		ours += length
		everything := allStages(f)
		require.LessOrEqual(t, length, Makespan(f, everything)+1e-9, "%d: %v", i, dump(f, nil))
		full += Makespan(f, everything)
		each := perEdge(f)
		report := Check(f, each)
		require.True(t, report.Sufficient(), "%v", &report)
		edges += Makespan(f, each)
		require.LessOrEqual(t, length, Makespan(f, each)+1e-9, "%d: %v", i, dump(f, Derive(f)))
	}
	t.Logf("makespans together: %.0f; one consumer barrier for each hazard %.0f, all stages between encoders %.0f", ours, edges, full)
}

func allStages(f *Frame) []Barrier {
	var list []Barrier
	for p := range f.Passes {
		e := f.Passes[p].Encoder
		b := Barrier{Kind: Consumer, Encoder: e, Pass: p, After: metal.StageAll, Before: metal.StageAll, Visibility: metal.VisibilityDevice}
		if p > 0 && f.Passes[p-1].Encoder == e {
			owns := f.Encoders[e].Kind.Owns()
			b.Kind, b.After, b.Before = Intra, owns&^(metal.StageFragment|metal.StageTile), owns
		}
		list = append(list, b)
	}
	return list
}

func perEdge(f *Frame) []Barrier {
	var t timeline
	var h hazardFinder
	t.load(f)
	h.find(&t, true)
	var list []Barrier
	for _, c := range h.needs {
		b := Barrier{
			Kind: Consumer, Encoder: int(t.encoder[c.to]), Pass: int(c.to), Visibility: metal.VisibilityDevice,
			After: (set(1) << c.a).unpack(), Before: (set(1) << c.b).unpack(),
		}
		if c.frames == 0 && t.encoder[c.to] == t.encoder[c.from] {
			b.Kind = Intra
		}
		list = append(list, b)
	}
	return list
}
