package graph

import (
	"fmt"

	"weft/barriers"
	"weft/metal"
)

// reasonWork bounds the search of judgeReasons, in passes looked at.
const reasonWork = 300_000_000

// judgeReasons: each reason of a barrier is a hazard that is unordered or
// unflushed if that barrier alone is taken away.
func (v *verifier) judgeReasons() {
	q := newQueue(&v.frame, v.list)
	unjudged := 0
	for i, n := range v.nth {
		b := &v.d.Barriers[n]
		if len(b.Because) == 0 {
			v.find(FaultBecause, "%s: because is empty: it lists the hazards that the barrier is there for", v.describe(n))
		}
		for k := range b.Because {
			if q.work > reasonWork {
				unjudged++
				continue
			}
			if problem := v.judgeReason(q, i, &b.Because[k]); problem != "" {
				v.find(FaultBecause, "%s: because[%d], %v: %s", v.describe(n), k, &b.Because[k], problem)
			}
		}
	}
	if unjudged > 0 {
		v.verdict.Unjudged = append(v.verdict.Unjudged, fmt.Sprintf("%s why barriers are there: that would take too long", count(unjudged, "reason")))
	}
}

// judgeReason says what is wrong with a reason of barrier n, or "".
func (v *verifier) judgeReason(q *queue, n int, w *Because) string {
	from, problem := v.positionOf(w.From)
	if problem != "" {
		return problem
	}
	to, problem := v.positionOf(w.To)
	if problem != "" {
		return problem
	}
	r, ok := v.resources[w.Resource]
	if !ok {
		return fmt.Sprintf("the frame has no resource %q", w.Resource)
	}
	found := false
	for _, a := range q.accessesOf(from) {
		var targets metal.Stages
		for _, b := range q.accessesOf(to) {
			if b.Resource == int(r) && v.isHazard(a, b, w) {
				targets |= b.Stages
			}
		}
		if targets == 0 {
			continue
		}
		found = true
		for s := a.Stages; s != 0; s &= s - 1 {
			if q.waiting(n, from, s&-s, w.Frames, to, a.Write)&targets != targets {
				return ""
			}
		}
	}
	if !found {
		return "there is no such hazard"
	}
	return "is met without this barrier, too"
}

// isHazard says whether two accesses are in conflict as the reason has it.
func (v *verifier) isHazard(a, b *barriers.Access, w *Because) bool {
	kind := WriteAfterWrite
	switch {
	case a.Write && !b.Write:
		kind = ReadAfterWrite
	case !a.Write && b.Write:
		kind = WriteAfterRead
	case !a.Write:
		return false
	}
	if kind != w.Hazard || w.Frames == 0 && a.Pass >= b.Pass {
		return false
	}
	x, y := &v.frame.Resources[a.Resource], &v.frame.Resources[b.Resource]
	if w.Aliasing {
		m, n := x.Memory, y.Memory
		return a.Resource != b.Resource && w.Frames < 2 && m.Size > 0 && n.Size > 0 &&
			m.Heap == n.Heap && m.Offset < n.Offset+n.Size && n.Offset < m.Offset+m.Size
	}
	switch {
	case a.Resource != b.Resource, w.Frames > 1+x.History, w.Frames > 0 && x.Lifetime == barriers.Fresh:
		return false
	case (w.Frames+b.Frame-a.Frame)%(1+x.History) != 0:
		return false // they are two copies
	case w.Frames == 0 && a.Attachment && b.Attachment && v.encoderAt[a.Pass] == v.encoderAt[b.Pass]:
		return false // Metal orders those
	}
	return meet(a.Part.Mips, b.Part.Mips) && meet(a.Part.Layers, b.Part.Layers) && meet(a.Part.Bytes, b.Part.Bytes)
}

func meet(x, y barriers.Range) bool {
	return x.Whole() || y.Whole() || x.First < y.End && y.First < x.End
}

// queue follows what barriers order, one event at a time.
type queue struct {
	frame    *barriers.Frame
	list     []barriers.Barrier
	accesses [][]*barriers.Access // by pass
	ahead    [][]int              // by pass: consumer and intra barriers
	behind   [][]int              // by pass: producer barriers
	work     int                  // passes looked at so far
}

func newQueue(f *barriers.Frame, list []barriers.Barrier) *queue {
	q := &queue{
		frame: f, list: list, accesses: make([][]*barriers.Access, len(f.Passes)),
		ahead: make([][]int, len(f.Passes)), behind: make([][]int, len(f.Passes)),
	}
	for i := range f.Accesses {
		a := &f.Accesses[i]
		q.accesses[a.Pass] = append(q.accesses[a.Pass], a)
	}
	for n := range list {
		side := q.ahead
		if list[n].Kind == barriers.Producer {
			side = q.behind
		}
		side[list[n].Pass] = append(side[list[n].Pass], n)
	}
	return q
}

func (q *queue) accessesOf(pass int) []*barriers.Access { return q.accesses[pass] }

// waiting is the set of stages that a pass, some frames after the work of
// another in one stage, cannot run before that work: by chains of barriers
// without number `without`, and of those that flush if flush is set.
func (q *queue) waiting(without, from int, stage metal.Stages, frames, to int, flush bool) metal.Stages {
	// Stages reached in encoders before this one and in this one; stages held
	// back in this and all later encoders, in this one, in all later ones.
	var past, hold, wait, next metal.Stages
	here := stage
	counts := func(n int) bool {
		return n != without && (!flush || q.list[n].Visibility&metal.VisibilityDevice != 0)
	}
	for frame, pass := 0, from; ; pass++ {
		q.work++
		if pass == len(q.frame.Passes) {
			frame, pass = frame+1, 0
		}
		if at := &q.frame.Passes[pass]; frame > 0 || pass > from {
			if pass == 0 || q.frame.Passes[pass-1].Encoder != at.Encoder {
				past, hold = past|here, hold|next
				here, wait, next = 0, 0, 0
			}
			for _, n := range q.ahead[pass] {
				reached := here
				if q.list[n].Kind == barriers.Consumer {
					reached = past
				}
				if counts(n) && reached&q.list[n].After != 0 {
					wait |= q.list[n].Before
				}
			}
			if frame == frames && pass == to {
				return hold | wait
			}
			here |= at.Runs & (hold | wait)
		}
		for _, n := range q.behind[pass] {
			if counts(n) && (past|here)&q.list[n].After != 0 {
				next |= q.list[n].Before
			}
		}
	}
}
