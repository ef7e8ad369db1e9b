package barriers

// bounding computes a lower bound for the makespan.
type bounding struct {
	sources []int32 // of each need: the work that it waits for
	next    []int32 // by frames: the first need not looked at in this frame
	cursor  []int32
	ends    []ended // of all work, in as many frames as needs reach back
}

// ended is when some work and all before it in its stage has ended: in all
// encoders, and in its own alone.
type ended struct{ all, own float64 }

// bound returns a time that no barriers can beat. Whatever orders a stage after
// one of an earlier encoder begins with a barrier between encoders, and that
// waits for all earlier work in the stage; inside an encoder it waits for the
// encoder's work at least.
func (e *estimate) bound(needs []need) float64 {
	t := e.t
	e.sources = resize(e.sources, len(needs))
	e.next, e.cursor = resize(e.next, t.history+3), resize(e.cursor, t.history+3)
	for k := range e.next {
		e.next[k] = int32(len(needs))
	}
	for i := len(needs) - 1; i >= 0; i-- {
		c := &needs[i]
		e.next[c.frames] = int32(i)
		s := e.starts[c.from]
		for e.work[s].stage != c.a {
			s++
		}
		e.sources[i] = s
	}
	ring := t.history + 2
	e.ends = resize(e.ends, ring*len(e.work))
	var far, near times
	for frame := range e.frames {
		now := e.ends[frame%ring*len(e.work):][:len(e.work)]
		e.boundFrame(frame, ring, needs, now, &far, &near)
	}
	return far.latest(1<<stageCount - 1)
}

func (e *estimate) boundFrame(frame, ring int, needs []need, now []ended, far, near *times) {
	t := e.t
	cursor := e.cursor
	reach := min(frame, t.history+1)
	copy(cursor, e.next[:reach+1])
	for p := range t.runs {
		var start times
		for k := range reach + 1 {
			i := cursor[k]
			for ; int(i) < len(needs) && needs[i].to == int32(p) && needs[i].frames == int32(k); i++ {
				c := &needs[i]
				end := &e.ends[(frame-k)%ring*len(e.work)+int(e.sources[i])]
				until := end.own
				if t.outward(c.from)>>c.a&1 != 0 {
					until = end.all
				}
				start[c.b] = max(start[c.b], until)
			}
			cursor[k] = i
		}
		var objectEnd, geometryEnd float64
		for i := e.starts[p]; i < e.starts[p+1]; i++ {
			w := &e.work[i]
			s := w.stage
			end := starting(s, start[s], objectEnd, geometryEnd) + w.time
			ending(s, end, &objectEnd, &geometryEnd)
			near[s] = max(near[s], end)
			now[i] = ended{max(far[s], near[s]), near[s]}
		}
		if int32(p) == t.last[t.encoder[p]] {
			for i := range far {
				far[i] = max(far[i], near[i])
			}
			*near = times{}
		}
	}
}
