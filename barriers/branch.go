package barriers

import (
	"cmp"
	"slices"
)

// branches is a search through all plans of a small frame that are shorter than
// the best one known. They are built of parts, which other plans only join.
//
// A plan is in reach as long as the parts put down, and what needs ask, leave
// the frames short enough. Of the parts that go on from what is bound to come
// after the first event of an unmet need, or that lead to what the second is
// bound to come after, at least one is in each such plan: they are a cut. The
// search tries each part of the smallest cut and leaves out those it has tried.
type branches struct {
	parts   []part
	lengths []float64 // of the frames with one part more
	levels  []*level
	most    board   // what is put down and all that is undecided
	open    []int32 // needs that the drafts at hand leave unmet
	look    spread
	useful  [Intra + 1][][stageCount]set // drafts noted, by kind, pass and stage that they cover: what they hold back
	waits   waits
}

// What the search knows of a part.
const (
	undecided = iota
	down      // it is part of the plan
	out       // with it no plan is short enough, or it helps with nothing
	searched  // all plans with it have been looked at
)

// level is where the search stands with so many parts chosen.
type level struct {
	state  []uint8 // of each part
	drafts []draft
	cut    []int32 // parts
	some   []int32
}

// small is how many passes a frame may have that is searched like this, so that
// a word has a bit for each of its works: a pass has 5 at most.
const small = 12

// branch looks for shorter frames than the best ones.
func (m *improvement) branch(bound float64) {
	s := &m.plans
	length := m.length
	s.parts = m.parts(s.parts[:0])
	s.lengths = resize(s.lengths, len(s.parts))
	for kind := range s.useful {
		s.useful[kind] = resize(s.useful[kind], len(m.e.t.runs))
	}
	clear(s.level(0).state)
	m.put(nil)
	m.visit(0, bound)
	if m.length < length {
		m.put(m.best)
		m.r.load(m.b, m.needs, true)
		m.r.reduce()
		m.best = keep(m.best, m.b)
	}
}

func (s *branches) level(n int) *level {
	for len(s.levels) <= n {
		s.levels = append(s.levels, &level{})
	}
	l := s.levels[n]
	l.state = resize(l.state, len(s.parts))
	return l
}

// visit goes on from the drafts on the board, the shortest frames first.
func (m *improvement) visit(depth int, bound float64) {
	s := &m.plans
	l := s.level(depth)
	if !m.takeFree(l) || !m.rule(l) {
		return
	}
	if len(s.open) == 0 {
		m.best, m.length = keep(m.best, m.b), m.router.length
		return
	}
	m.cut(l)
	l.drafts = keep(l.drafts, m.b)
	slices.SortFunc(l.cut, func(x, y int32) int {
		return cmp.Or(cmp.Compare(s.lengths[x], s.lengths[y]), cmp.Compare(x, y))
	})
	for _, i := range l.cut {
		l.state[i] = down
		copy(s.level(depth+1).state, l.state)
		m.put(l.drafts)
		m.b.widen(s.parts[i].draft())
		m.visit(depth+1, bound)
		if m.effort < 0 || m.length <= bound+epsilon {
			return
		}
		l.state[i] = searched
	}
}

// takeFree puts down all parts that cost nothing, whatever else comes: what they
// hold back waits for what they cover already. If one of them was searched
// before, so was everything here, and it says false.
func (m *improvement) takeFree(l *level) bool {
	s := &m.plans
	s.waits.find(m.e, m.b, m.needs)
	m.effort -= m.e.frames * len(m.e.t.runs)
	for i := range s.parts {
		x := &s.parts[i]
		if l.state[i] == down || l.state[i] == out || !s.waits.free(m.e, x) {
			continue
		}
		if l.state[i] == searched {
			return false
		}
		l.state[i] = down
		m.b.widen(x.draft())
	}
	return true
}

// rule rules out the parts with which the frames would be too long, and those
// that help with no unmet need. It says false if there is no plan to be found.
func (m *improvement) rule(l *level) bool {
	s := &m.plans
	m.measure()
	length, limit := m.router.length, m.length-epsilon
	if length > limit {
		return false
	}
	for i := range s.parts {
		if l.state[i] == undecided && length+m.longer(&s.parts[i].step) > limit {
			l.state[i] = out
		}
	}
	m.listOpen()
	if !m.reach(l) {
		return false
	}
	s.clear()
	for _, i := range s.open {
		s.look.between(&s.most, &s.most, &m.needs[i])
		s.note(anyway)
	}
	kept := len(m.b.drafts)
	for i := range s.parts {
		if l.state[i] != undecided {
			continue
		}
		if !s.noted(&s.parts[i].step) {
			l.state[i] = out
			continue
		}
		m.b.put(s.parts[i].draft())
		if s.lengths[i] = m.estimate(); s.lengths[i] > limit {
			l.state[i] = out
		}
		m.b.take(kept)
	}
	return m.reach(l)
}

// listOpen lists the needs that the drafts on the board leave unmet.
func (m *improvement) listOpen() {
	s := &m.plans
	s.open = s.open[:0]
	for _, i := range m.order {
		if _, ok := m.b.chain(&m.needs[i]); !ok {
			s.open = append(s.open, i)
		}
	}
}

// reach puts all that is undecided on a board beside the drafts, and says whether
// that meets all needs.
func (m *improvement) reach(l *level) bool {
	s := &m.plans
	s.most.reset(m.e.t)
	for _, d := range m.b.drafts {
		s.most.put(d)
	}
	for i := range s.parts {
		if l.state[i] == undecided {
			s.most.widen(s.parts[i].draft())
		}
	}
	for _, i := range s.open {
		if _, ok := s.most.chain(&m.needs[i]); !ok {
			return false
		}
	}
	return true
}

// cut lists the parts of the smallest cut.
func (m *improvement) cut(l *level) {
	s := &m.plans
	for n, i := range s.open {
		for way := range anyway {
			s.clear()
			if way == onward {
				s.look.between(m.b, &s.most, &m.needs[i])
			} else {
				s.look.between(&s.most, m.b, &m.needs[i])
			}
			s.note(way)
			l.some = l.some[:0]
			for p := range s.parts {
				if l.state[p] == undecided && s.noted(&s.parts[p].step) {
					l.some = append(l.some, int32(p))
				}
			}
			if n+way == 0 || len(l.some) < len(l.cut) {
				l.cut, l.some = l.some, l.cut
			}
		}
	}
}

// Which drafts at the sites of a need are noted.
const (
	onward   = iota // those that hold back what others do not, from the first event on
	backward        // those that cover what others do not, from the second event on
	anyway          // all
)

// note notes drafts that help with a need.
func (s *branches) note(way int) {
	for i := range s.look.sites {
		x := &s.look.sites[i]
		cover, lead := x.cover, x.lead
		switch way {
		case onward:
			lead &^= x.held
		case backward:
			cover &^= x.waited
		}
		for a := cover; a != 0; a &= a - 1 {
			s.useful[x.kind][x.pass][a.index()] |= lead
		}
	}
}

func (s *branches) noted(x *step) bool { return s.useful[x.kind][x.pass][x.after]>>x.before&1 != 0 }

func (s *branches) clear() {
	for kind := range s.useful {
		clear(s.useful[kind])
	}
}
