package barriers

import (
	"math/bits"

	"weft/metal"
)

// The model queue: a third opinion, slow and obvious, that shares no code with
// Derive or Check. It unrolls some frames into events, writes down for each
// event which others each barrier makes it wait for, and plays schedules.

type modelEvent struct {
	frame, pass int
	stage       metal.Stages
}

type modelQueue struct {
	f      *Frame
	events []modelEvent
	known  [][]modelConflict // of each event of the first frame, once asked for
}

// modelConflict is how an event conflicts with a later one.
type modelConflict struct {
	Hazard
	later int
}

// modelPair is one conflict that a schedule can get wrong.
type modelPair struct {
	Hazard
	unflushed bool
}

func newModelQueue(f *Frame, frames int) *modelQueue {
	q := &modelQueue{f: f}
	for frame := 0; frame < frames; frame++ {
		for p := range f.Passes {
			runs := f.Passes[p].Runs
			for _, a := range f.Accesses {
				if a.Pass == p {
					runs |= modelStages(a)
				}
			}
			for i := 0; i < 63; i++ {
				if s := metal.Stages(1) << i; runs&s != 0 {
					q.events = append(q.events, modelEvent{frame, p, s})
				}
			}
		}
	}
	return q
}

func modelStages(a Access) metal.Stages {
	if a.Stages&metal.StageTile != 0 {
		return a.Stages | metal.StageFragment
	}
	return a.Stages
}

func modelFrames(f *Frame) int {
	frames := 3
	for _, r := range f.Resources {
		frames = max(frames, 3+r.History)
	}
	return frames
}

// waits says whether one of the barriers makes event v wait for event u.
func (q *modelQueue) waits(barriers []Barrier, u, v modelEvent, flush bool) bool {
	encoders := len(q.f.Encoders)
	eu := u.frame*encoders + q.f.Passes[u.pass].Encoder
	ev := v.frame*encoders + q.f.Passes[v.pass].Encoder
	for _, b := range barriers {
		if flush && b.Visibility != metal.VisibilityDevice || b.After&u.stage == 0 || b.Before&v.stage == 0 {
			continue
		}
		home := q.f.Passes[b.Pass].Encoder
		switch b.Kind {
		case Consumer: // the barrier of v's own frame
			if home == q.f.Passes[v.pass].Encoder && v.pass >= b.Pass && eu < ev {
				return true
			}
		case Producer: // one of any frame between
			for frame := u.frame; frame <= v.frame; frame++ {
				eb := frame*encoders + home
				if (eu < eb || eu == eb && u.pass <= b.Pass) && eb < ev {
					return true
				}
			}
		case Intra:
			if home == q.f.Passes[v.pass].Encoder && eu == ev && u.pass < b.Pass && v.pass >= b.Pass {
				return true
			}
		}
	}
	return false
}

// graph writes down what each event waits for, as indices.
func (q *modelQueue) graph(barriers []Barrier, flush bool) [][]int {
	g := make([][]int, len(q.events))
	for v := range q.events {
		for u := range v {
			if q.waits(barriers, q.events[u], q.events[v], flush) {
				g[v] = append(g[v], u)
			}
		}
	}
	return g
}

// delayed plays the schedule that holds event u back for as long as anything
// else can run, and returns which events ran without it.
func delayed(graph [][]int, u int) []bool {
	ran := make([]bool, len(graph))
	for progress := true; progress; {
		progress = false
		for v := range graph {
			if v == u || ran[v] {
				continue
			}
			ready := true
			for _, w := range graph[v] {
				ready = ready && ran[w]
			}
			if ready {
				ran[v], progress = true, true
			}
		}
	}
	return ran
}

// conflicts lists how two events conflict.
func (q *modelQueue) conflicts(u, v modelEvent) []Hazard {
	var list []Hazard
	seen := map[Hazard]bool{}
	for _, a := range q.f.Accesses {
		if a.Pass != u.pass || modelStages(a)&u.stage == 0 {
			continue
		}
		for _, b := range q.f.Accesses {
			if b.Pass != v.pass || modelStages(b)&v.stage == 0 || !a.Write && !b.Write {
				continue
			}
			if u.frame == v.frame && u.pass == v.pass || !q.sameMemory(a, b, u.frame, v.frame) {
				continue
			}
			h := Hazard{
				From: u.pass, To: v.pass, Frames: v.frame - u.frame, FromStages: u.stage, ToStages: v.stage,
				Resource: b.Resource, FromResource: a.Resource, Aliasing: a.Resource != b.Resource,
			}
			switch {
			case a.Write && b.Write:
				h.Kind = WriteAfterWrite
			case a.Write:
				h.Kind = ReadAfterWrite
			default:
				h.Kind = WriteAfterRead
			}
			if !seen[h] {
				seen[h] = true
				list = append(list, h)
			}
		}
	}
	return list
}

func (q *modelQueue) sameMemory(a, b Access, frameA, frameB int) bool {
	ra, rb := q.f.Resources[a.Resource], q.f.Resources[b.Resource]
	if a.Resource != b.Resource {
		ma, mb := ra.Memory, rb.Memory
		return ma.Size > 0 && mb.Size > 0 && ma.Heap == mb.Heap &&
			ma.Offset < mb.Offset+mb.Size && mb.Offset < ma.Offset+ma.Size
	}
	if ra.Lifetime == Fresh && frameA != frameB {
		return false
	}
	copies := ra.History + 1
	if (frameA+a.Frame+copies)%copies != (frameB+b.Frame+copies)%copies {
		return false
	}
	sameEncoder := frameA == frameB && q.f.Passes[a.Pass].Encoder == q.f.Passes[b.Pass].Encoder
	if a.Attachment && b.Attachment && sameEncoder {
		return false
	}
	overlap := func(x, y Range) bool {
		return x == Range{} || y == Range{} || max(x.First, y.First) < min(x.End, y.End)
	}
	return overlap(a.Part.Mips, b.Part.Mips) && overlap(a.Part.Layers, b.Part.Layers) && overlap(a.Part.Bytes, b.Part.Bytes)
}

// judge returns the conflicts that begin in the first frame and that some
// schedule breaks.
func (q *modelQueue) judge(barriers []Barrier) map[modelPair]bool {
	found := map[modelPair]bool{}
	executed, flushed := q.graph(barriers, false), q.graph(barriers, true)
	for u, from := range q.events {
		if from.frame > 0 {
			break
		}
		var free, unflushed []bool // ran before u: at all, as far as flushes tell
		for _, c := range q.conflictsOf(u) {
			if free == nil {
				free, unflushed = delayed(executed, u), delayed(flushed, u)
			}
			if free[c.later] {
				found[modelPair{c.Hazard, false}] = true
			} else if c.Kind != WriteAfterRead && unflushed[c.later] {
				found[modelPair{c.Hazard, true}] = true
			}
		}
	}
	return found
}

// conflictsOf lists the conflicts that begin in event u.
func (q *modelQueue) conflictsOf(u int) []modelConflict {
	for len(q.known) <= u {
		list := []modelConflict{}
		first := len(q.known)
		for v := first + 1; v < len(q.events); v++ {
			for _, h := range q.conflicts(q.events[first], q.events[v]) {
				list = append(list, modelConflict{h, v})
			}
		}
		q.known = append(q.known, list)
	}
	return q.known[u]
}

// judgeByEverySchedule does the same by visiting every state that any schedule
// of the events can be in.
func (q *modelQueue) judgeByEverySchedule(barriers []Barrier) map[modelPair]bool {
	found := map[modelPair]bool{}
	early := func(graph [][]int) (pairs [][]bool) { // v can run before u
		n := len(graph)
		pairs = make([][]bool, n)
		for u := range pairs {
			pairs[u] = make([]bool, n)
		}
		needs := make([]uint, n)
		for v, list := range graph {
			for _, u := range list {
				needs[v] |= 1 << u
			}
		}
		seen := make([]bool, 1<<n)
		states := []uint{0}
		for len(states) > 0 {
			done := states[len(states)-1]
			states = states[:len(states)-1]
			if seen[done] {
				continue
			}
			seen[done] = true
			for u := range n {
				for v := range n {
					if done>>v&1 == 1 && done>>u&1 == 0 {
						pairs[u][v] = true
					}
				}
			}
			for v := range n {
				if done>>v&1 == 0 && needs[v]&^done == 0 {
					states = append(states, done|1<<v)
				}
			}
		}
		return pairs
	}
	free, unflushed := early(q.graph(barriers, false)), early(q.graph(barriers, true))
	for u, from := range q.events {
		for v := u + 1; v < len(q.events) && from.frame == 0; v++ {
			for _, h := range q.conflicts(from, q.events[v]) {
				if free[u][v] {
					found[modelPair{h, false}] = true
				} else if h.Kind != WriteAfterRead && unflushed[u][v] {
					found[modelPair{h, true}] = true
				}
			}
		}
	}
	return found
}

// spares lists by the model what could go: it takes each away and looks whether
// more breaks than without.
func (q *modelQueue) spares(barriers []Barrier) map[spare]bool {
	whole := q.broken(barriers)
	found := map[spare]bool{}
	try := func(s spare, change func(*Barrier)) {
		less := append([]Barrier(nil), barriers...)
		change(&less[s.barrier])
		if q.broken(less) == whole {
			found[s] = true
		}
	}
	for n, b := range barriers {
		try(spare{barrier: n, whole: true}, func(b *Barrier) { b.After = 0 })
		if found[spare{barrier: n, whole: true}] {
			continue
		}
		for rest := uint64(b.After); rest != 0; rest &= rest - 1 {
			one := metal.Stages(1) << bits.TrailingZeros64(rest)
			try(spare{barrier: n, after: one}, func(b *Barrier) { b.After &^= one })
		}
		for rest := uint64(b.Before); rest != 0; rest &= rest - 1 {
			one := metal.Stages(1) << bits.TrailingZeros64(rest)
			try(spare{barrier: n, before: one}, func(b *Barrier) { b.Before &^= one })
		}
		if b.Visibility == metal.VisibilityDevice {
			try(spare{barrier: n, visibility: true}, func(b *Barrier) { b.Visibility = 0 })
		}
	}
	return found
}

// broken counts the pairs that are not as they should be, as far as hazards
// reach.
func (q *modelQueue) broken(barriers []Barrier) int {
	count := 0
	for pair := range q.judge(barriers) {
		if q.near(pair.Hazard) {
			count++
		}
	}
	return count
}

// near says whether a hazard spans no more frames than the copies of its
// resource take to come back. Those that span more follow from these.
func (q *modelQueue) near(h Hazard) bool { return h.Frames <= 1+q.f.Resources[h.Resource].History }

type spare struct {
	barrier           int
	whole, visibility bool
	after, before     metal.Stages
}
