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
	var (
		t timeline
		b board
		e estimate
	)
	t.load(f)
	b.reset(&t)
	for _, x := range barriers {
		if x.Pass >= 0 && x.Pass < len(f.Passes) {
			b.put(draft{kind: x.Kind, pass: int32(x.Pass), after: pack(x.After), before: pack(x.Before)})
		}
	}
	e.load(&t)
	return e.length(&b)
}

// estimate computes the length of a frame for boards of drafts.
type estimate struct {
	t      *timeline
	frames int
	work   []work  // of all passes, in the order in which stages start
	starts []int32 // of each pass, and the end: where its work begins

	bounding
}

// work is one stage of one pass.
type work struct {
	time  float64
	stage uint8 // its number
}

// times holds a time for each stage.
type times [stageCount]float64

// The numbers of the render stages; each starts after those that it waits for
// if they start in this order. The other stages wait for none.
const (
	vertexStage   = 0
	fragmentStage = 1
	objectStage   = 3
	meshStage     = 4
)

var startOrder = [...]set{1<<vertexStage | 1<<objectStage, 1 << meshStage, ^set(0)}

var defaultCosts = func() (c times) {
	for i := range c {
		c[i] = DefaultCost((set(1) << i).unpack())
	}
	return c
}()

func (e *estimate) load(t *timeline) {
	e.t, e.frames = t, 3+t.history
	e.work, e.starts = e.work[:0], resize(e.starts, len(t.runs)+1)
	for p := range t.runs {
		e.starts[p] = int32(len(e.work))
		rest, given := t.runs[p], t.frame.Passes[p].Cost
		for _, first := range startOrder {
			for s := rest & first; s != 0; s &= s - 1 {
				w := work{defaultCosts[s.index()], uint8(s.index())}
				for i := range given {
					if given[i].Stage == s.lowest().unpack() {
						w.time = given[i].Time
					}
				}
				e.work = append(e.work, w)
			}
			rest &^= first
		}
	}
	e.starts[len(t.runs)] = int32(len(e.work))
}

// length returns the makespan of the frames with these drafts.
func (e *estimate) length(b *board) float64 {
	// When stages end: in encoders before this one, in this one. Until when they
	// are held back: in this and later encoders, in this one, from the next on.
	var far, near, held, own, due times
	t := e.t
	for range e.frames {
		for p := range t.runs {
			for n := b.ahead[p]; n >= 0; n = b.drafts[n].next {
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
			for n := b.behind[p]; n >= 0; n = b.drafts[n].next {
				if d := &b.drafts[n]; !d.gone {
					due.raise(d.before, max(near.latest(d.after), far.latest(d.after)))
				}
			}
			if int32(p) == t.last[t.encoder[p]] {
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
	for _, w := range e.work[e.starts[p]:e.starts[p+1]] {
		i := w.stage
		end := starting(i, max(held[i], own[i]), objectEnd, geometryEnd) + w.time
		ending(i, end, &objectEnd, &geometryEnd)
		near[i] = max(near[i], end)
	}
}

// starting is when a stage starts that barriers let start at some time, given
// when the stages of its pass that it waits for have ended.
func starting(stage uint8, start, objectEnd, geometryEnd float64) float64 {
	switch stage {
	case meshStage:
		return max(start, objectEnd)
	case fragmentStage:
		return max(start, geometryEnd)
	}
	return start
}

func ending(stage uint8, end float64, objectEnd, geometryEnd *float64) {
	switch stage {
	case objectStage:
		*objectEnd = end
		*geometryEnd = max(*geometryEnd, end)
	case vertexStage, meshStage:
		*geometryEnd = max(*geometryEnd, end)
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
