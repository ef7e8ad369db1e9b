package barriers

// reach is what the certificates ask of a draft.
type reach struct {
	used, linked bool
	encoder      int32 // the one where all that wait for it are, or -1
	from         int32 // last pass of its encoder that it waits for
	to           int32 // first pass that waits for it
}

// narrow moves drafts to where they hold less: a producer that only the next
// encoder uses becomes a consumer there, a consumer moves down to the first pass
// that needs it and a producer up to the last that is waited for. Each
// certificate stays good, and each move leaves a part of the order there was, so
// what could not go before cannot go after it.
func (r *reduction) narrow() {
	t := r.b.t
	r.reaches = resize(r.reaches, len(r.b.drafts))
	for n := range r.reaches {
		r.reaches[n] = reach{from: -1}
	}
	for i := range r.certs {
		c := &r.certs[i]
		for _, l := range r.links[c.first:c.last] {
			r.reaches[l.draft].linked = true
		}
		if c.draft >= 0 {
			r.reaches[c.draft].add(t, &r.needs[i], r.b.drafts[c.draft].pass)
		}
	}
	for n := range r.b.drafts {
		d, x := &r.b.drafts[n], &r.reaches[n]
		if d.gone || x.linked || !x.used {
			continue
		}
		e := t.encoder[d.pass]
		switch {
		case d.kind == Consumer, d.kind == Producer && d.pass == t.last[e] && x.encoder == (e+1)%int32(len(t.first)):
			if !t.stands(Consumer, x.to) {
				x.to = t.first[t.encoder[x.to]]
			}
			r.b.move(int32(n), Consumer, x.to)
		case d.kind == Producer && t.stands(Producer, t.first[e]):
			r.b.move(int32(n), Producer, max(x.from, t.first[e]))
		}
	}
}

func (x *reach) add(t *timeline, c *need, pass int32) {
	e := t.encoder[c.to]
	switch {
	case !x.used:
		x.used, x.encoder, x.to = true, e, c.to
	case x.encoder != e:
		x.encoder = -1
	default:
		x.to = min(x.to, c.to)
	}
	// One that comes after the draft is waited for by that of a later frame.
	if c.from <= pass && t.encoder[c.from] == t.encoder[pass] {
		x.from = max(x.from, c.from)
	}
}
