package barriers

import "math"

// begun is when some work itself, and the earliest of it and all after it in its stage,
// may start at the latest: in all encoders, and in its own alone.
type begun struct{ self, all, own float64 }

// slack is how late everything may start under some drafts and needs without
// making the frames longer, the mirror of estimate.forward.
type slack struct {
	starts []begun // of all work of each frame
	byFrom []int32 // needs by the pass that they wait for
	firsts []int32 // of each pass, and the end: where its needs begin in byFrom
}

// load sorts the needs.
func (s *slack) load(t *timeline, needs []need) {
	s.firsts = resize(s.firsts, len(t.runs)+2)
	clear(s.firsts)
	for i := range needs {
		s.firsts[needs[i].from+2]++
	}
	for p := 2; p < len(s.firsts); p++ {
		s.firsts[p] += s.firsts[p-1]
	}
	s.byFrom = resize(s.byFrom, len(needs))
	for i := range needs {
		at := &s.firsts[needs[i].from+1]
		s.byFrom[*at] = int32(i)
		*at++
	}
}

// backward finds the latest starts for frames of a length, going through them
// from their end.
func (s *slack) backward(e *estimate, b *board, needs []need, length float64) {
	t := e.t
	s.starts = resize(s.starts, e.frames*len(e.work))
	// The earliest start of what comes after, by stage: in later encoders, in
	// this one. Until when work may last: here and in earlier encoders, in this
	// one alone, from the one before on.
	far, near, all, own, due := forever, forever, forever, forever, forever
	for frame := e.frames - 1; frame >= 0; frame-- {
		now := s.starts[frame*len(e.work):]
		for p := len(t.runs) - 1; p >= 0; p-- {
			if int32(p) == t.last[t.encoder[p]] {
				for i := range far {
					far[i] = min(far[i], near[i])
					all[i] = min(all[i], due[i])
				}
				near, own, due = forever, forever, forever
			}
			for n := b.behind[p]; n >= 0; n = b.drafts[n].next {
				if d := &b.drafts[n]; !d.gone {
					// Work of this encoder after p is not covered: it was passed already.
					all.lower(d.after, far.earliest(d.before))
				}
			}
			for _, i := range s.byFrom[s.firsts[p]:s.firsts[p+1]] {
				c := &needs[i]
				later := frame + int(c.frames)
				if later >= e.frames {
					continue
				}
				until := s.starts[later*len(e.work)+int(e.find(c.to, c.b))].self
				if t.outward(int32(p))>>c.a&1 != 0 {
					all[c.a] = min(all[c.a], until)
				} else {
					own[c.a] = min(own[c.a], until)
				}
			}
			fragmentStart, meshStart := math.Inf(1), math.Inf(1)
			for i := e.starts[p+1] - 1; i >= e.starts[p]; i-- {
				w := &e.work[i]
				until := min(length, all[w.stage], own[w.stage])
				switch w.stage {
				case objectStage:
					until = min(until, meshStart, fragmentStart)
				case vertexStage, meshStage:
					until = min(until, fragmentStart)
				}
				start := until - w.time
				switch w.stage {
				case fragmentStage:
					fragmentStart = start
				case meshStage:
					meshStart = start
				}
				near[w.stage] = min(near[w.stage], start)
				now[i] = begun{start, min(far[w.stage], near[w.stage]), near[w.stage]}
			}
			for n := b.ahead[p]; n >= 0; n = b.drafts[n].next {
				if d := &b.drafts[n]; d.gone {
					continue
				} else if d.kind == Consumer {
					due.lower(d.after, min(near.earliest(d.before), far.earliest(d.before)))
				} else {
					own.lower(d.after, near.earliest(d.before))
				}
			}
		}
	}
}

var forever = func() (t times) {
	for i := range t {
		t[i] = math.Inf(1)
	}
	return t
}()

func (t *times) earliest(stages set) float64 {
	earliest := math.Inf(1)
	for s := stages; s != 0; s &= s - 1 {
		earliest = min(earliest, t[s.index()])
	}
	return earliest
}

func (t *times) lower(stages set, until float64) {
	for s := stages; s != 0; s &= s - 1 {
		t[s.index()] = min(t[s.index()], until)
	}
}
