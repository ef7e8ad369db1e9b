package barriers

import (
	"math/bits"

	"weft/metal"
)

// Makespan estimates how long 3 + the largest history frames take together, in
// the unit of the costs: each stage of each pass starts when its barriers let
// it, in their wider reading (a consumer barrier also holds all later
// encoders); fragment starts after the same pass's vertex, object and mesh,
// mesh after object; the device has room for everything at once.
func Makespan(f *Frame, barriers []Barrier) float64 {
	if len(f.Passes) == 0 || f.Validate() != nil {
		return 0
	}
	t := newTimeline(f)
	b := newBoard(t)
	for _, x := range barriers {
		if x.Pass >= 0 && x.Pass < len(f.Passes) {
			b.put(draft{kind: x.Kind, pass: x.Pass, after: x.After, before: x.Before})
		}
	}
	return newEstimate(f, t).length(b)
}

// estimate computes the length of a frame for boards of drafts.
type estimate struct {
	t      *timeline
	frames int
	cost   [][]stageTime // of each pass, in the order in which stages start

	// When the stages end, by bit number: in encoders before this one, in this
	// one; and until when stages are held back: in this and later encoders, in
	// this one, from the next one on.
	far, near, held, own, due [64]float64
}

type stageTime struct {
	bit  int
	time float64
}

// startOrder lists stages so that each comes after those it waits for.
var startOrder = [...]metal.Stages{
	metal.StageVertex, metal.StageObject, metal.StageMesh, metal.StageFragment, metal.StageTile,
	metal.StageDispatch, metal.StageBlit, metal.StageAccelerationStructure, metal.StageMachineLearning,
}

func newEstimate(f *Frame, t *timeline) *estimate {
	e := &estimate{t: t, frames: 3 + t.history, cost: make([][]stageTime, len(f.Passes))}
	for p := range f.Passes {
		for _, s := range startOrder {
			if t.runs[p]&s == 0 {
				continue
			}
			c := stageTime{bits.TrailingZeros64(uint64(s)), DefaultCost(s)}
			for _, given := range f.Passes[p].Cost {
				if given.Stage == s {
					c.time = given.Time
				}
			}
			e.cost[p] = append(e.cost[p], c)
		}
	}
	return e
}

// length returns the makespan of the frames with these drafts.
func (e *estimate) length(b *board) float64 {
	e.far, e.held = [64]float64{}, [64]float64{}
	e.near, e.own, e.due = [64]float64{}, [64]float64{}, [64]float64{}
	for range e.frames {
		for p := range e.t.runs {
			for _, n := range b.ahead[p] {
				if d := &b.drafts[n]; d.gone {
					continue
				} else if d.kind == Consumer {
					until := latest(&e.far, d.after)
					raise(&e.own, d.before, until)
					raise(&e.due, d.before, until)
				} else {
					raise(&e.own, d.before, latest(&e.near, d.after))
				}
			}
			e.run(p)
			for _, n := range b.behind[p] {
				if d := &b.drafts[n]; !d.gone {
					raise(&e.due, d.before, max(latest(&e.near, d.after), latest(&e.far, d.after)))
				}
			}
			if p == e.t.last[e.t.encoder[p]] {
				for i := range e.far {
					e.far[i] = max(e.far[i], e.near[i])
					e.held[i] = max(e.held[i], e.due[i])
				}
				e.near, e.own, e.due = [64]float64{}, [64]float64{}, [64]float64{}
			}
		}
	}
	return latest(&e.far, metal.StageAll)
}

// run lets one pass run.
func (e *estimate) run(p int) {
	var object, geometry float64 // when these stages of this pass end
	for _, c := range e.cost[p] {
		start := max(e.held[c.bit], e.own[c.bit])
		switch metal.Stages(1) << c.bit {
		case metal.StageMesh:
			start = max(start, object)
		case metal.StageFragment:
			start = max(start, geometry)
		}
		end := start + c.time
		switch metal.Stages(1) << c.bit {
		case metal.StageObject:
			object = end
			geometry = max(geometry, end)
		case metal.StageVertex, metal.StageMesh:
			geometry = max(geometry, end)
		}
		e.near[c.bit] = max(e.near[c.bit], end)
	}
}

// latest returns the latest of the times of a set of stages.
func latest(of *[64]float64, stages metal.Stages) float64 {
	var t float64
	for s := uint64(stages); s != 0; s &= s - 1 {
		t = max(t, of[bits.TrailingZeros64(s)])
	}
	return t
}

// raise makes the times of a set of stages at least t.
func raise(of *[64]float64, stages metal.Stages, t float64) {
	for s := uint64(stages); s != 0; s &= s - 1 {
		i := bits.TrailingZeros64(s)
		of[i] = max(of[i], t)
	}
}
