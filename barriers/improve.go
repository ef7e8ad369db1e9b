package barriers

import (
	"cmp"
	"slices"
)

// improvement looks for drafts with which the frame is shorter.
type improvement struct {
	router
	r      *reduction
	best   []draft
	length float64 // of the frames with the best drafts
	trial  []draft
	tried  int // of the ways to put down one draft for two: how many to pass over; -1 when one was taken
	plans  branches
	order  []int32 // needs, those with little room first
}

// searchable is how many passes a frame may have that improve searches: each need
// is then tried at each place between its passes.
const searchable = 64

// patience is how much effort each half of the search may cost, and pains how much
// the search of a small frame may cost besides: in passes looked at.
const (
	patience = 100_000
	pains    = 5 * patience
)

// start meets each need where it costs least, and writes the drafts on the
// reduction's board if that makes the frames shorter.
func (m *improvement) start(r *reduction, e *estimate, bound float64) {
	if m.begin(r, e, bound) {
		m.effort, m.early = patience, false
		m.again(nil)
		m.finish()
	}
}

// shorten makes the frames shorter, if a search finds how, in the same way. It
// goes on from start if that was called before.
func (m *improvement) shorten(r *reduction, e *estimate, bound float64, started bool) {
	if !m.begin(r, e, bound) {
		return
	}
	for half := range 2 {
		if half > 0 && m.effort > 0 {
			break // all was tried
		}
		m.effort = patience
		for _, m.early = range [...]bool{false, true} {
			if !started {
				m.again(nil)
			}
			started = false
			for m.reroute(bound) {
			}
		}
	}
	if m.length > bound+epsilon && len(m.e.t.runs) <= small {
		m.effort = pains
		m.branch(bound)
	}
	m.finish()
}

// thin makes the drafts fewer, as long as the frames get no longer.
func (m *improvement) thin(r *reduction, e *estimate) {
	m.look(r, e)
	if m.join() {
		m.r.load(m.b, m.needs, true)
		m.r.reduce()
	}
	m.fewer()
}

// look takes the drafts on the reduction's board for the best.
func (m *improvement) look(r *reduction, e *estimate) {
	m.r, m.b, m.e, m.needs = r, r.b, e, r.needs
	m.length = e.forward(r.b, nil)
}

// begin prepares a search. Bound is a length that cannot be beaten; it reports
// whether there is anything to gain.
func (m *improvement) begin(r *reduction, e *estimate, bound float64) bool {
	m.look(r, e)
	if m.length <= bound+epsilon {
		return false
	}
	m.best = keep(m.best, r.b)
	m.load(r.b, e, r.needs)
	m.sort()
	return true
}

// finish puts down the best drafts found.
func (m *improvement) finish() {
	m.put(m.best)
	m.r.load(m.b, m.needs, true)
}

// keep copies the drafts of a board that are not gone.
func keep(to []draft, b *board) []draft {
	to = to[:0]
	for i := range b.drafts {
		if !b.drafts[i].gone {
			to = append(to, b.drafts[i])
		}
	}
	return to
}

// put starts the board anew with some drafts.
func (m *improvement) put(drafts []draft) {
	m.b.reset(m.e.t)
	for _, d := range drafts {
		m.b.put(d)
	}
}

// sort lists the needs by how much lies between their passes.
func (m *improvement) sort() {
	passes := int32(len(m.e.t.runs))
	m.order = m.order[:0]
	for i := range m.needs {
		m.order = append(m.order, int32(i))
	}
	room := func(i int32) int32 { c := &m.needs[i]; return c.frames*passes + c.to - c.from }
	slices.SortFunc(m.order, func(x, y int32) int { return cmp.Or(cmp.Compare(room(x), room(y)), cmp.Compare(x, y)) })
}

// again meets all needs that some drafts leave, each where it costs least, and
// takes away what that makes superfluous. It keeps the result if it is better
// than the best so far.
func (m *improvement) again(drafts []draft) bool {
	m.put(drafts)
	m.measure()
	for _, i := range m.order {
		m.route(&m.needs[i])
	}
	m.r.load(m.b, m.needs, true)
	m.r.reduce()
	length := m.e.forward(m.b, nil)
	if length > m.length-epsilon {
		return false
	}
	m.best, m.length = keep(m.best, m.b), length
	return true
}

// reroute takes away one draft after another of those that make the frame
// longer, and meets the needs that this leaves in other ways.
func (m *improvement) reroute(bound float64) bool {
	better := false
	for n := 0; n < len(m.best) && m.length > bound+epsilon && m.effort > 0; n++ {
		m.trial = append(m.trial[:0], m.best[:n]...)
		m.trial = append(m.trial, m.best[n+1:]...)
		m.put(m.trial)
		if m.estimate() < m.length-epsilon && m.again(m.trial) {
			better, n = true, -1
		}
	}
	return better
}
