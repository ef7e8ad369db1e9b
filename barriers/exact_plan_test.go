package barriers

import (
	"cmp"
	"slices"
)

// puzzlePlan is a set of elementary barriers, written out.
type puzzlePlan struct {
	next []eventSet // by event: what a barrier puts after it, narrow reading
	wait []eventSet // by event: what it waits for: wide reading, its pass, conflicts
}

func (z *puzzle) newPlan() *puzzlePlan {
	p := &puzzlePlan{next: make([]eventSet, len(z.events)), wait: slices.Clone(z.inner)}
	for u := range z.after {
		for v := range z.after[u].all {
			p.wait[v].add(u)
		}
	}
	return p
}

// bound is the makespan if each event waited for those it conflicts with alone.
func (z *puzzle) bound() float64 { return z.ends(z.newPlan(), make([]float64, len(z.events))) }

func (p *puzzlePlan) clone() *puzzlePlan {
	return &puzzlePlan{slices.Clone(p.next), slices.Clone(p.wait)}
}

func (z *puzzle) put(p *puzzlePlan, x elementary) {
	place := &z.places[x.place]
	for u := range z.within[x.after].all {
		s := place.orders[u].and(&z.within[x.before])
		p.next[u].or(&s)
	}
	for v := range z.within[x.before].all {
		s := place.delays[v].and(&z.within[x.after])
		p.wait[v].or(&s)
	}
}

// ends says when each event ends, and the last.
func (z *puzzle) ends(p *puzzlePlan, end []float64) (last float64) {
	for v := range z.events {
		var start float64
		for u := range p.wait[v].all {
			start = max(start, end[u])
		}
		end[v] = start + z.cost[v]
		last = max(last, end[v])
	}
	return last
}

// endsWith is ends with one more barrier.
func (z *puzzle) endsWith(p *puzzlePlan, x elementary, before []float64, end []float64) (last float64) {
	late := false
	for v := range z.events {
		wait := p.wait[v]
		if z.stage[v] == x.before {
			more := z.places[x.place].delays[v].and(&z.within[x.after])
			if !late {
				for u := range more.all {
					late = late || end[u] > before[v]-z.cost[v]
				}
			}
			wait.or(&more)
		}
		if !late {
			end[v] = before[v]
		} else {
			var start float64
			for u := range wait.all {
				start = max(start, end[u])
			}
			end[v] = start + z.cost[v]
		}
		last = max(last, end[v])
	}
	return last
}

func byPass(x, y Barrier) int { return cmp.Compare(x.Pass, y.Pass) }
