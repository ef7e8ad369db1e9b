package barriers

import (
	"slices"

	"weft/metal"
)

// way is how a stage can be reached: not at all, or by chains. need holds the
// labels that all these chains share, sorted, less those known as needed.
type way struct {
	open bool
	need []label
}

// or joins two ways: only what both need is needed still.
func (w way) or(x way) way {
	switch {
	case !x.open || w.open && len(w.need) == 0:
		return w
	case !w.open || len(x.need) == 0:
		return x
	}
	var both []label
	for _, l := range w.need {
		if _, ok := slices.BinarySearch(x.need, l); ok {
			both = append(both, l)
		}
	}
	return way{true, both}
}

// over continues a way over something that is needed from here on.
func (j *judge) over(w way, barrier, what int) way {
	l := labelOf(barrier, what)
	if !w.open || j.needed[l] {
		return w
	}
	i, has := slices.BinarySearch(w.need, l)
	if has {
		return w
	}
	need := make([]label, 0, len(w.need)+1)
	need = append(append(append(need, w.need[:i]...), l), w.need[i:]...)
	return way{true, need}
}

// walk starts at one stage of one pass and goes along the queue, frame after
// frame, noting which work is bound to come after. It shows each clash, sorted
// by pass, with the way that leads to it.
func (j *judge) walk(from int, s metal.Stages, flush bool, frames int, list []clash, show func(clash, way)) {
	var (
		past [slots]way // to stages of encoders before this one
		here [slots]way // to stages of this encoder so far
		hold [slots]way // to stages of this and all later encoders
		wait [slots]way // to stages of this encoder from here on
		next [slots]way // to stages of all later encoders
	)
	here[slot(s)] = way{open: true}
	var wanted metal.Stages
	for i := range list {
		wanted |= list[i].stage
	}
	for frame, p := 0, from; ; p++ {
		if p == len(j.passes) {
			frame, p = frame+1, 0
		}
		q := &j.passes[p]
		if frame > 0 || p > from {
			if q.opens {
				for i := range slots {
					past[i] = past[i].or(here[i])
					hold[i] = hold[i].or(next[i])
				}
				here, wait, next = [slots]way{}, [slots]way{}, [slots]way{}
				if settled(wanted, &hold) {
					for _, c := range list {
						show(c, way{open: true})
					}
					return
				}
			}
			for _, n := range q.ahead {
				if j.barriers[n].Kind == Consumer {
					j.cross(n, flush, &past, nil, &wait)
				} else {
					j.cross(n, flush, &here, nil, &wait)
				}
			}
			for frame == frames && len(list) > 0 && list[0].to == p {
				i := slot(list[0].stage)
				show(list[0], hold[i].or(wait[i]))
				list = list[1:]
			}
			if len(list) == 0 {
				return
			}
			for i := range eachStage(q.runs) {
				here[i] = here[i].or(hold[i]).or(wait[i])
			}
		}
		for _, n := range q.behind {
			j.cross(n, flush, &past, &here, &next)
		}
	}
}

// settled says that all later work in these stages is reached, and that nothing
// is to be learnt from how.
func settled(stages metal.Stages, hold *[slots]way) bool {
	for i := range eachStage(stages) {
		if !hold[i].open || len(hold[i].need) > 0 {
			return false
		}
	}
	return true
}

// cross takes the ways to stages that barrier n waits for on to the stages that
// wait for it.
func (j *judge) cross(n int, flush bool, from, also, to *[slots]way) {
	b := &j.barriers[n]
	if flush && b.Visibility&metal.VisibilityDevice == 0 {
		return
	}
	var through way
	for i := range eachStage(b.After) {
		w := from[i]
		if also != nil {
			w = w.or(also[i])
		}
		through = through.or(j.over(w, n, afterStage+i))
	}
	if !through.open {
		return
	}
	through = j.over(through, n, wholeBarrier)
	if flush {
		through = j.over(through, n, itsVisibility)
	}
	for i := range eachStage(b.Before) {
		to[i] = to[i].or(j.over(through, n, beforeStage+i))
	}
}
