package barriers

// fuse makes one draft of those at one place that wait for the same stages, or
// make the same stages wait: together they order what they did apart.
func (r *reduction) fuse() {
	b := r.b
	r.fused = resize(r.fused, len(b.drafts))
	any := false
	for n := range b.drafts {
		r.fused[n] = int32(n)
	}
	for n := range b.drafts {
		for again := !b.drafts[n].gone; again; {
			again = false
			d := &b.drafts[n]
			for m := *b.place(d); m >= 0; m = b.drafts[m].next {
				x := &b.drafts[m]
				if int(m) == n || x.gone || x.kind != d.kind || x.after != d.after && x.before != d.before {
					continue
				}
				*d = d.with(x)
				x.gone, r.fused[m], any, again = true, int32(n), true, true
			}
		}
	}
	if !any {
		return
	}
	b.overview.built = false
	final := func(n int32) int32 {
		for r.fused[n] != n {
			n = r.fused[n]
		}
		return n
	}
	for i := range r.certs {
		if c := &r.certs[i]; c.draft >= 0 {
			c.draft = final(c.draft)
		}
	}
	for i := range r.links {
		r.links[i].draft = final(r.links[i].draft)
	}
}

// join puts drafts together at one place as long as the frame gets no longer,
// and says whether there were any: each walks to earlier and to later places
// where all that it orders stays ordered, and looks whether another one stands
// there.
func (m *improvement) join() bool {
	any := false
	for n := range m.b.drafts {
		for !m.b.drafts[n].gone && m.joinOne(int32(n)) {
			any = true
		}
	}
	return any
}

func (m *improvement) joinOne(n int32) bool {
	passes := int32(len(m.e.t.runs))
	home := m.b.drafts[n].pass
	for _, way := range [...]int32{1, -1} {
		for i := range passes {
			p := (home + way*i + passes) % passes
			ahead, joined := m.joinAt(n, Consumer, p)
			behind := false
			if !joined {
				behind, joined = m.joinAt(n, Producer, p)
			}
			if joined {
				return true
			}
			if i > 0 && !ahead && !behind {
				break
			}
		}
	}
	return false
}

// joinAt joins draft n with another one ahead of, or behind, a pass. It also
// says whether draft n could stand there.
func (m *improvement) joinAt(n int32, kind Kind, p int32) (fits, joined bool) {
	b := m.b
	d := &b.drafts[n]
	if d.kind == Intra && kind == Consumer {
		kind = Intra
	}
	if (d.kind == Intra) != (kind == Intra) || !m.e.t.stands(kind, p) || !m.fits(n, kind, p) {
		return false, false
	}
	at := draft{kind: kind, pass: p}
	for i := *b.place(&at); i >= 0; i = b.drafts[i].next {
		other := &b.drafts[i]
		if i == n || other.gone || other.kind != kind {
			continue
		}
		was, kept := *d, *other
		*other = other.with(d)
		d.gone = true
		if m.e.forward(b, nil) <= m.length+epsilon && m.r.stand(n, wholeDraft) {
			return true, true
		}
		other.after, other.before, other.device = kept.after, kept.before, kept.device
		*d = was
	}
	return true, false
}

// fits says whether a draft could do at some place what it does for the needs
// that it meets alone.
func (m *improvement) fits(n int32, kind Kind, p int32) bool {
	t := m.e.t
	e := t.encoder[p]
	if kind == Intra && t.first[e] == p {
		return false
	}
	for u := m.r.heads[n]; u >= 0; u = m.r.users[u].next {
		i := m.r.users[u].need
		if m.r.certs[i].draft != n {
			continue
		}
		c := &m.needs[i]
		from, to := t.encoder[c.from], t.encoder[c.to]
		ok := false
		switch kind {
		case Intra:
			ok = c.frames == 0 && from == e && c.from < p && p <= c.to
		case Consumer:
			ok = to == e && p <= c.to && (c.frames > 0 || from < e)
		case Producer:
			after, before := p >= c.from, e < to
			ok = c.frames > 1 || c.frames == 1 && (after || before) || after && before
		}
		if !ok {
			return false
		}
	}
	return true
}
