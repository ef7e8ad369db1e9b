package barriers

// Makespan estimates how long 3 + the largest history frames take together, in
// the unit of the costs: each stage of each pass starts when its barriers let
// it, in their wider reading (a consumer barrier also holds all later
// encoders); fragment starts after the same pass's vertex, object and mesh,
// mesh after object; the device has room for everything at once. Barriers that
// stand nowhere in the frame count for nothing.
func Makespan(f *Frame, barriers []Barrier) float64 {
	if len(f.Passes) == 0 || f.Validate() != nil {
		return 0
	}
	t := newTimeline(f)
	b := newBoard(t)
	for _, x := range barriers {
		if x.Pass >= 0 && x.Pass < len(f.Passes) {
			b.put(draft{kind: x.Kind, pass: x.Pass, after: pack(x.After), before: pack(x.Before)})
		}
	}
	return newEstimate(f, t).length(b)
}

// estimate computes the length of a frame for boards of drafts.
type estimate struct {
	t      *timeline
	frames int
	cost   [][]stageTime // of each pass, in the order in which stages start
}

type stageTime struct {
	stage set // one
	time  float64
}

// times holds a time for each stage.
type times [stageCount]float64

// The render stages in packed form; each starts after those that it waits for
// if they start in this order. The other stages wait for none.
const (
	vertex set = 1 << 0
	object set = 1 << 3
	mesh   set = 1 << 4
)

func newEstimate(f *Frame, t *timeline) *estimate {
	e := &estimate{t: t, frames: 3 + t.history, cost: make([][]stageTime, len(f.Passes))}
	for p := range f.Passes {
		rest := t.runs[p]
		for _, first := range []set{vertex | object, mesh, ^set(0)} {
			for s := rest & first; s != 0; s &= s - 1 {
				c := stageTime{s.lowest(), DefaultCost(s.lowest().unpack())}
				for _, given := range f.Passes[p].Cost {
					if given.Stage == c.stage.unpack() {
						c.time = given.Time
					}
				}
				e.cost[p] = append(e.cost[p], c)
			}
			rest &^= first
		}
	}
	return e
}

// length returns the makespan of the frames with these drafts.
func (e *estimate) length(b *board) float64 {
	// When stages end: in encoders before this one, in this one. Until when they
	// are held back: in this and later encoders, in this one, from the next on.
	var far, near, held, own, due times
	for range e.frames {
		for p := range e.t.runs {
			for _, n := range b.ahead[p] {
				if d := &b.drafts[n]; d.gone {
					continue
				} else if d.kind == Consumer {
					until := far.latest(d.after)
					own.raise(d.before, until)
					due.raise(d.before, until)
				} else {
					own.raise(d.before, near.latest(d.after))
				}
			}
			e.run(p, &held, &own, &near)
			for _, n := range b.behind[p] {
				if d := &b.drafts[n]; !d.gone {
					due.raise(d.before, max(near.latest(d.after), far.latest(d.after)))
				}
			}
			if p == e.t.last[e.t.encoder[p]] {
				for i := range far {
					far[i] = max(far[i], near[i])
					held[i] = max(held[i], due[i])
				}
				near, own, due = times{}, times{}, times{}
			}
		}
	}
	return far.latest(1<<stageCount - 1)
}

// run lets one pass run.
func (e *estimate) run(p int, held, own, near *times) {
	var objectEnd, geometryEnd float64
	for _, c := range e.cost[p] {
		i := c.stage.index()
		start := max(held[i], own[i])
		switch c.stage {
		case mesh:
			start = max(start, objectEnd)
		case fragment:
			start = max(start, geometryEnd)
		}
		end := start + c.time
		switch c.stage {
		case object:
			objectEnd = end
			geometryEnd = max(geometryEnd, end)
		case vertex, mesh:
			geometryEnd = max(geometryEnd, end)
		}
		near[i] = max(near[i], end)
	}
}

// latest returns the latest of the times of some stages.
func (t *times) latest(stages set) float64 {
	var latest float64
	for s := stages; s != 0; s &= s - 1 {
		latest = max(latest, t[s.index()])
	}
	return latest
}

// raise makes the times of some stages at least as late as until.
func (t *times) raise(stages set, until float64) {
	for s := stages; s != 0; s &= s - 1 {
		t[s.index()] = max(t[s.index()], until)
	}
}
