package barriers

import (
	"cmp"
	"slices"

	"weft/metal"
)

const (
	partFree     = iota // to be decided
	partChosen          // in the plan
	partTooLong         // with it no plan is shorter than the best
	partSearched        // all plans with it have been looked at
)

// shortestSearch looks for the shortest plan.
type shortestSearch struct {
	*puzzle
	best   float64 // what is to be beaten
	found  []elementary
	nodes  int
	limit  int
	ok     bool // found is better
	gaveUp bool
}

// exactly returns the shortest makespan below a given one, with the barriers
// that have it; without any if there is none.
func (z *puzzle) exactly(below float64, limit int) *shortestSearch {
	s := &shortestSearch{puzzle: z, best: below, limit: limit}
	s.visit(z.newPlan(), make([]uint8, len(z.parts)))
	return s
}

func (s *shortestSearch) visit(p *puzzlePlan, state []uint8) {
	end, with := make([]float64, len(s.events)), make([]float64, len(s.events))
	for {
		if s.nodes++; s.nodes > s.limit {
			s.gaveUp = true
			return
		}
		length := s.ends(p, end)
		if length >= s.best-1e-9 {
			return
		}
		if !s.takeFree(p, state) {
			return
		}
		lengths := make([]float64, len(s.parts))
		most := p.clone()
		for i, x := range s.parts {
			if state[i] == partFree {
				if lengths[i] = s.endsWith(p, x, end, with); lengths[i] >= s.best-1e-9 {
					state[i] = partTooLong
				} else {
					s.put(most, x)
				}
			}
		}
		reach, reachable := closure(p.next), closure(most.next)
		open := slices.DeleteFunc(slices.Clone(s.pairs), func(c [2]int) bool { return reach[c[0]].has(c[1]) })
		if len(open) == 0 {
			s.best, s.found, s.ok = length, nil, true
			for i, x := range s.parts {
				if state[i] == partChosen {
					s.found = append(s.found, x)
				}
			}
			return
		}
		var cut []int
		for _, c := range open {
			if !reachable[c[0]].has(c[1]) {
				return
			}
			for _, backward := range []bool{false, true} {
				if list := s.cut(s.parts, c, state, reach, reachable, backward); cut == nil || len(list) < len(cut) {
					cut = list
				}
			}
		}
		if len(cut) == 1 {
			state[cut[0]] = partChosen
			s.put(p, s.parts[cut[0]])
			continue
		}
		slices.SortStableFunc(cut, func(i, j int) int { return cmp.Compare(lengths[i], lengths[j]) })
		for _, i := range cut {
			q, mine := p.clone(), slices.Clone(state)
			mine[i] = partChosen
			s.put(q, s.parts[i])
			s.visit(q, mine)
			state[i] = partSearched
			if s.gaveUp {
				return
			}
		}
		return
	}
}

// takeFree takes all barriers that delay nothing, whatever else comes: who they
// make wait, waits for other reasons. If one of them was searched already, so
// was everything here, and it says false.
func (s *shortestSearch) takeFree(p *puzzlePlan, state []uint8) bool {
	all := ancestors(p.wait)
	for i, x := range s.parts {
		if state[i] == partChosen || state[i] == partTooLong {
			continue
		}
		costs := false
		for v := range s.within[x.before].all {
			if delays := s.places[x.place].delays[v].and(&s.within[x.after]); !delays.in(&all[v]) {
				costs = true
				break
			}
		}
		if costs {
			continue
		}
		if state[i] == partSearched {
			return false
		}
		state[i] = partChosen
		s.put(p, x)
	}
	return true
}

// cut lists undecided barriers of which at least one is in each plan that orders
// the conflict: those that lead from what is bound to come after its first event
// to what is not yet, or into what its second is bound to come after.
func (z *puzzle) cut(parts []elementary, c [2]int, state []uint8, reach, reachable []eventSet, backward bool) []int {
	// Links that count lead from one of these to one of those.
	var from, to eventSet
	for w := range z.events {
		starts := w == c[0] || reachable[c[0]].has(w)
		leads := w == c[1] || reachable[w].has(c[1])
		if backward {
			behind := w == c[1] || reach[w].has(c[1])
			if starts && !behind {
				from.add(w)
			}
			if behind {
				to.add(w)
			}
		} else {
			ahead := w == c[0] || reach[c[0]].has(w)
			if ahead {
				from.add(w)
			}
			if leads && !ahead {
				to.add(w)
			}
		}
	}
	var list []int
	for i, x := range parts {
		if state[i] != partFree {
			continue
		}
		goal := to.and(&z.within[x.before])
		sources := from.and(&z.within[x.after])
		for u := range sources.all {
			if hit := z.places[x.place].orders[u].and(&goal); !hit.empty() {
				list = append(list, i)
				break
			}
		}
	}
	return list
}

// barriers joins elementary barriers into those of a readable plan, and takes
// away what is not needed.
func (s *shortestSearch) barriers() []Barrier {
	parts := slices.Clone(s.found)
	enough := func(parts []elementary) bool {
		p := s.newPlan()
		for _, x := range parts {
			s.put(p, x)
		}
		reach := closure(p.next)
		return !slices.ContainsFunc(s.pairs, func(c [2]int) bool { return !reach[c[0]].has(c[1]) })
	}
	for i := 0; i < len(parts); {
		if less := slices.Delete(slices.Clone(parts), i, i+1); enough(less) {
			parts = less
		} else {
			i++
		}
	}
	var list []Barrier
	join := func(same func(x, y *Barrier) bool) {
		var joined []Barrier
		for _, b := range list {
			if i := slices.IndexFunc(joined, func(x Barrier) bool {
				return x.Kind == b.Kind && x.Pass == b.Pass && same(&x, &b)
			}); i >= 0 {
				joined[i].After |= b.After
				joined[i].Before |= b.Before
			} else {
				joined = append(joined, b)
			}
		}
		list = joined
	}
	for _, x := range parts {
		place := &s.places[x.place]
		list = append(list, Barrier{
			Kind: place.kind, Pass: place.pass, Encoder: s.f.Passes[place.pass].Encoder,
			After: 1 << x.after, Before: 1 << x.before, Visibility: metal.VisibilityDevice,
		})
	}
	join(func(x, y *Barrier) bool { return x.After == y.After })
	join(func(x, y *Barrier) bool { return x.Before == y.Before })
	slices.SortStableFunc(list, byPass)
	return list
}
