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
	return e.forward(&b, nil)
}

// work is one stage of one pass.
type work struct {
	time  float64
	stage uint8 // its number
}

// The numbers of the render stages; each starts after those that it waits for
// if they start in this order. The other stages wait for none.
const (
	vertexStage   = 0
	fragmentStage = 1
	objectStage   = 3
	meshStage     = 4
)

var startOrder = [...]set{1<<vertexStage | 1<<objectStage, 1 << meshStage, ^set(0)}

// times holds a time for each stage.
type times [stageCount]float64

var defaultCosts = func() (c times) {
	for i := range c {
		c[i] = DefaultCost((set(1) << i).unpack())
	}
	return c
}()

// ended is when some work and all before it in its stage has ended: in all
// encoders, and in its own alone.
type ended struct{ all, own float64 }

// estimate computes the length of a frame for boards of drafts.
type estimate struct {
	t      *timeline
	frames int
	work   []work  // of all passes, in the order in which stages start
	starts []int32 // of each pass, and the end: where its work begins

	ends   []ended // of all work of each frame, by the last call of forward
	asked  []need  // what asks is of
	asks   []ask
	cursor []int32 // by frames: the first of asks that is not looked at yet
	heads  []int32 // by frames: the first of asks
}

// ask is what a need asks for: that a stage of a pass waits for some work so many
// frames before, and for all before it in that stage, in its encoder or in all.
type ask struct {
	to, work int32
	frames   int32
	stage    uint8
	own      bool
}

func (e *estimate) load(t *timeline) {
	e.t, e.frames = t, 3+t.history
	e.asked, e.asks, e.heads = nil, e.asks[:0], e.heads[:0]
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
	e.ends = resize(e.ends, e.frames*len(e.work))
}

// find returns the work of a pass in a stage.
func (e *estimate) find(pass int32, stage uint8) int32 {
	i := e.starts[pass]
	for e.work[i].stage != stage {
		i++
	}
	return i
}

// forward lets everything run as early as drafts let it, and returns when the
// last has ended. Given needs, it also waits for what they ask, whether a draft
// meets them or not: any barriers that meet a need make a stage wait for this
// much. For what orders a stage after one of an earlier encoder begins with a
// barrier between encoders, and that waits for all earlier work in the stage;
// inside an encoder it waits for the encoder's work at least. Without drafts (a nil
// board) the result is a time that no barriers can beat.
func (e *estimate) forward(b *board, needs []need) float64 {
	// When stages end: in encoders before this one, in this one. Until when they
	// are held back: in this and later encoders, in this one, from the next on.
	var far, near, held, own, due times
	t := e.t
	if needs != nil {
		e.read(needs)
	}
	for frame := range e.frames {
		now := e.ends[frame*len(e.work):]
		kinds := 0 // of needs, by frames
		if needs != nil {
			copy(e.cursor, e.heads)
			kinds = min(frame+1, len(e.heads))
		}
		for p := range t.runs {
			for n := b.head(p); n >= 0; n = b.drafts[n].next {
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
			var asked times
			for k := range kinds {
				e.ask(p, frame, k, &asked)
			}
			var objectEnd, geometryEnd float64
			for i := e.starts[p]; i < e.starts[p+1]; i++ {
				w := &e.work[i]
				s := w.stage
				end := max(held[s], own[s], asked[s])
				switch s {
				case meshStage:
					end = max(end, objectEnd)
				case fragmentStage:
					end = max(end, geometryEnd)
				}
				end += w.time
				switch s {
				case objectStage:
					objectEnd = end
					geometryEnd = max(geometryEnd, end)
				case vertexStage, meshStage:
					geometryEnd = max(geometryEnd, end)
				}
				near[s] = max(near[s], end)
				now[i] = ended{max(far[s], near[s]), near[s]}
			}
			for n := b.tail(p); n >= 0; n = b.drafts[n].next {
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

// read lists what needs ask for, unless they are those asked last.
func (e *estimate) read(needs []need) {
	if len(needs) == len(e.asked) && (len(needs) == 0 || &needs[0] == &e.asked[0]) {
		return
	}
	e.asked, e.heads, e.asks = needs, e.heads[:0], e.asks[:0]
	for i := range needs {
		c := &needs[i]
		for len(e.heads) <= int(c.frames) {
			e.heads = append(e.heads, int32(i))
		}
		e.asks = append(e.asks, ask{
			to: c.to, work: e.find(c.from, c.a), frames: c.frames, stage: c.b,
			own: e.t.outward(c.from)>>c.a&1 == 0,
		})
	}
	e.cursor = resize(e.cursor, len(e.heads))
}

// ask looks at the needs of a pass that span so many frames.
func (e *estimate) ask(p, frame, frames int, asked *times) {
	i := e.cursor[frames]
	for ; int(i) < len(e.asks); i++ {
		c := &e.asks[i]
		if int(c.to) != p || int(c.frames) != frames {
			break
		}
		end := &e.ends[(frame-frames)*len(e.work)+int(c.work)]
		until := end.all
		if c.own {
			until = end.own
		}
		asked[c.stage] = max(asked[c.stage], until)
	}
	e.cursor[frames] = i
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
