package barriers

// reduction takes away what a board of drafts can spare. For each need it keeps
// one chain, its certificate: a change to a draft can break only the needs whose
// certificate uses it.
type reduction struct {
	b     *board
	needs []need
	placer
	fused []int32 // of each draft: the one that it is part of

	certs   []certificate // of each need
	links   []link        // of certificates with several
	heads   []int32       // of each draft: the first of its users, or -1
	users   []user
	old     []oldCert
	proven  []proof // of each draft
	reaches []reach // of each draft

	witnesses
}

// certificate is how a need is met: by one draft alone, or by links.
type certificate struct {
	draft       int32 // -1: links
	first, last int32 // in reduction.links, last not included
}

// user is a need whose certificate used a draft once.
type user struct{ need, next int32 }

type oldCert struct {
	need int32
	cert certificate
}

// loss is what is taken from a draft: it breaks the links that use any of it.
type loss struct {
	after, before set
	flush         bool
}

var wholeDraft = loss{after: ^set(0), before: ^set(0)}

// load meets all needs, with new drafts where add says so.
func (r *reduction) load(b *board, needs []need, add bool) {
	r.b, r.needs = b, needs
	r.certs, r.links = resize(r.certs, len(needs)), r.links[:0]
	r.meet(b, needs, add, r.certify)
	if add {
		r.fuse()
	}
	r.heads, r.users = resize(r.heads, len(b.drafts)), r.users[:0]
	for n := range r.heads {
		r.heads[n] = -1
	}
	for i := len(needs) - 1; i >= 0; i-- { // near needs end up in front
		r.use(int32(i))
	}
}

// certify records how need i is met, if it is.
func (r *reduction) certify(i int, draft, chain int32) {
	c := certificate{draft: draft, first: int32(len(r.links))}
	if draft < 0 {
		for ; chain >= 0; chain = r.b.links[chain].previous {
			r.links = append(r.links, r.b.links[chain])
		}
	}
	c.last = int32(len(r.links))
	r.certs[i] = c
}

// use enters a need with the drafts of its certificate.
func (r *reduction) use(i int32) {
	enter := func(n int32) {
		r.users = append(r.users, user{i, r.heads[n]})
		r.heads[n] = int32(len(r.users) - 1)
	}
	c := &r.certs[i]
	if c.draft >= 0 {
		enter(c.draft)
	}
	for _, l := range r.links[c.first:c.last] {
		enter(l.draft)
	}
}

// breaks says whether the certificate of a need uses what draft n has lost.
func (r *reduction) breaks(i, n int32, lost loss) bool {
	c, x := &r.certs[i], &r.needs[i]
	if lost.flush && !x.flush {
		return false
	}
	hit := func(after, before set) bool {
		return lost.flush || lost.after&after != 0 || lost.before&before != 0
	}
	if c.draft >= 0 {
		return c.draft == n && hit(1<<x.a, 1<<x.b)
	}
	for _, l := range r.links[c.first:c.last] {
		if l.draft == n && hit(l.after, l.before) {
			return true
		}
	}
	return false
}

// stand says whether all needs whose certificate uses what draft n has lost are
// met in another way. If not, certificates are as before; the caller gives back
// what was lost.
func (r *reduction) stand(n int32, lost loss) bool {
	r.old = r.old[:0]
	for u := r.heads[n]; u >= 0; u = r.users[u].next {
		i := r.users[u].need
		if !r.breaks(i, n, lost) {
			continue
		}
		last, ok := r.b.chain(&r.needs[i])
		if !ok {
			for _, o := range r.old {
				r.certs[o.need] = o.cert
			}
			return false
		}
		r.old = append(r.old, oldCert{i, r.certs[i]})
		if l := &r.b.links[last]; l.previous < 0 {
			r.certs[i] = certificate{draft: l.draft}
		} else {
			r.certify(int(i), -1, last)
		}
	}
	for _, o := range r.old {
		r.use(o.need)
	}
	r.b.overview.shrunk(r.b, r.b.drafts[n].pass)
	return true
}

// reduce takes away every draft, stage and flush that can go. What cannot go at
// its turn cannot go later either, when less is left, so one round is enough,
// and what a witness proves needed is not tried.
func (r *reduction) reduce() {
	r.prove()
	for n := range r.b.drafts {
		d := &r.b.drafts[n]
		if d.gone || r.proven[n].whole {
			continue
		}
		d.gone = true
		if d.gone = r.stand(int32(n), wholeDraft); !d.gone {
			r.b.overview.widened(d)
		}
	}
	for n := range r.b.drafts {
		if d := &r.b.drafts[n]; !d.gone {
			r.trim(int32(n), d, r.proven[n])
		}
	}
}

// trim takes away what a draft can spare.
func (r *reduction) trim(n int32, d *draft, known proof) {
	for s := d.before &^ known.before; s != 0 && d.before&(d.before-1) != 0; s &= s - 1 {
		one := s.lowest()
		d.before &^= one
		if !r.stand(n, loss{before: one}) {
			d.before |= one
			r.b.overview.widened(d)
		}
	}
	for s := d.after &^ known.after; s != 0 && d.after&(d.after-1) != 0; s &= s - 1 {
		one := s.lowest()
		d.after &^= one
		if !r.stand(n, loss{after: one}) {
			d.after |= one
			r.b.overview.widened(d)
		}
	}
	if d.device && !known.flush {
		d.device = false
		if d.device = !r.stand(n, loss{flush: true}); d.device {
			r.b.overview.widened(d)
		}
	}
}
