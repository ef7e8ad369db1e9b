package barriers

// fewer takes away one draft after another, if others can take over what it
// does: made wider, they must leave the frame no longer.
func (m *improvement) fewer() {
	m.best = keep(m.best, m.b)
	if len(m.best) < 2 || len(m.e.t.runs) > joinable {
		return
	}
	m.load(m.b, m.e, m.needs)
	m.sort()
	m.effort, m.early = patience, false
	for m.one() || m.two() {
		m.r.load(m.b, m.needs, true)
		m.r.reduce()
		m.best = keep(m.best, m.b)
	}
	m.put(m.best)
	m.r.load(m.b, m.needs, true)
	m.r.reduce()
}

// one takes away one draft; the board has the others then.
func (m *improvement) one() bool {
	for n := range m.best {
		m.trial = append(m.trial[:0], m.best[:n]...)
		m.trial = append(m.trial, m.best[n+1:]...)
		m.put(m.trial)
		if m.effort > 0 && m.takeOver(0) {
			return true
		}
	}
	return false
}

// two takes away two drafts and puts down one.
func (m *improvement) two() bool {
	for n := range m.best {
		for k := range n {
			m.trial = append(m.trial[:0], m.best[:k]...)
			m.trial = append(m.trial, m.best[k+1:n]...)
			m.trial = append(m.trial, m.best[n+1:]...)
			for try := 0; try < most && m.effort > 0; try++ {
				m.put(m.trial)
				m.tried = try
				if m.takeOver(1) {
					return true
				}
				if m.tried >= 0 {
					break // no such way
				}
			}
		}
	}
	return false
}

// joinable is how many passes a frame may have in which drafts take over from
// each other.
const joinable = 48

// takeOver meets all needs by the drafts that are there, made wider, and so many
// new ones.
func (m *improvement) takeOver(fresh int) bool {
	for _, i := range m.order {
		c := &m.needs[i]
		if _, ok := m.b.chain(c); ok || m.wider(c) {
			continue
		}
		if fresh == 0 || !m.fresh(c) {
			return false
		}
		fresh--
	}
	return true
}

// fresh meets a need by a new draft, of those that cost nothing the one that is
// next to be tried.
func (m *improvement) fresh(c *need) bool {
	m.measure()
	m.spread.find(m.b, c)
	m.options = m.options[:0]
	m.router.single()
	for i := range m.options {
		if m.router.length+m.options[i].longer > m.length+epsilon {
			break
		}
		d := m.options[i].steps[0].draft()
		n := m.b.put(d)
		if m.estimate() <= m.length+epsilon {
			if m.tried == 0 {
				m.tried = -1
				return true
			}
			m.tried--
		}
		m.b.take(int(n))
	}
	return false
}

// wider meets a need by a draft made wider, the one that needs the fewest stages
// more.
func (m *improvement) wider(c *need) bool {
	b := m.b
	m.spread.find(b, c)
	for extra := 1; extra <= 2; extra++ {
		for i := range m.spread.sites {
			x := &m.spread.sites[i]
			at := draft{kind: x.kind, pass: x.pass}
			for n := *b.place(&at); n >= 0; n = b.drafts[n].next {
				d := &b.drafts[n]
				if d.kind != x.kind || d.gone || !m.widerBy(d, x, extra) {
					continue
				}
				return true
			}
		}
	}
	return false
}

func (m *improvement) widerBy(d *draft, x *site, extra int) bool {
	was := *d
	for a := x.cover; a != 0; a &= a - 1 {
		for b := x.lead; b != 0; b &= b - 1 {
			more := 0
			if d.after&a.lowest() == 0 {
				more++
			}
			if d.before&b.lowest() == 0 {
				more++
			}
			if max(more, 1) != extra {
				continue
			}
			d.after, d.before, d.device = d.after|a.lowest(), d.before|b.lowest(), true
			if m.estimate() <= m.length+epsilon {
				return true
			}
			d.after, d.before, d.device = was.after, was.before, was.device
		}
	}
	return false
}
