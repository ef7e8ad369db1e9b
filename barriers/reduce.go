package barriers

import "slices"

// reduction takes away what a board of drafts can spare. It keeps for each
// conflict one chain that orders it: a change to a draft can break only the
// conflicts whose chain uses it.
type reduction struct {
	b         *board
	conflicts []conflict
	chains    [][]link // of each conflict
	users     [][]int  // of each draft: conflicts whose chain used it once
	old       []oldChain
}

// oldChain is a chain as it was before a change that may be undone.
type oldChain struct {
	conflict int
	chain    []link
}

func newReduction(b *board, conflicts []conflict) *reduction {
	r := &reduction{
		b: b, conflicts: conflicts,
		chains: make([][]link, len(conflicts)), users: make([][]int, len(b.drafts)),
	}
	for i := range conflicts {
		r.find(i)
	}
	return r
}

// find looks for a chain that orders conflict i as the drafts now are.
func (r *reduction) find(i int) bool {
	last, ok := r.b.chain(&r.conflicts[i])
	if !ok {
		return false
	}
	var chain []link
	for ; last >= 0; last = r.b.links[last].previous {
		l := r.b.links[last]
		chain = append(chain, l)
		r.users[l.barrier] = append(r.users[l.barrier], i)
	}
	r.chains[i] = chain
	return true
}

// stand says whether every conflict whose chain lost something is still ordered,
// now that draft n has changed. If not, the chains are as before; the caller
// undoes the change.
func (r *reduction) stand(n int, lost func(*conflict, link) bool) bool {
	slices.Sort(r.users[n])
	r.users[n] = slices.Compact(r.users[n])
	users := r.users[n] // find adds to the end of it
	r.old = r.old[:0]
	for _, i := range users {
		c := &r.conflicts[i]
		uses := func(l link) bool { return l.barrier == n && lost(c, l) }
		if !slices.ContainsFunc(r.chains[i], uses) {
			continue
		}
		was := r.chains[i]
		if !r.find(i) {
			r.restore()
			return false
		}
		r.old = append(r.old, oldChain{i, was})
	}
	return true
}

// restore takes back the chains that the last stand replaced.
func (r *reduction) restore() {
	for _, o := range r.old {
		r.chains[o.conflict] = o.chain
	}
	r.old = r.old[:0]
}

func all(*conflict, link) bool { return true }

// reduce takes away every draft, stage and flush that can go. What cannot go at
// its turn cannot go later either, when less is left, so one round is enough.
func (r *reduction) reduce() {
	for n := range r.b.drafts {
		if d := &r.b.drafts[n]; !d.gone {
			d.gone = true
			d.gone = r.stand(n, all)
		}
	}
	for n := range r.b.drafts {
		if !r.b.drafts[n].gone {
			r.trim(n)
		}
	}
}

// trim takes away what a draft can spare.
func (r *reduction) trim(n int) {
	d := &r.b.drafts[n]
	for s := d.before; s != 0; s &= s - 1 {
		one := s.lowest()
		d.before &^= one
		if !r.stand(n, func(_ *conflict, l link) bool { return l.before == one }) {
			d.before |= one
		}
	}
	for s := d.after; s != 0; s &= s - 1 {
		one := s.lowest()
		d.after &^= one
		if !r.stand(n, func(_ *conflict, l link) bool { return l.after == one }) {
			d.after |= one
		}
	}
	if d.device {
		d.device = false
		d.device = !r.stand(n, func(c *conflict, _ link) bool { return c.flush })
	}
}

// narrow moves drafts to where they hold less: a producer that only the next
// encoder uses becomes a consumer there, a consumer moves towards its encoder's
// end and a producer towards its start. Each move leaves a part of the order
// there was, so what could not go before cannot go after it.
func (r *reduction) narrow() {
	t := r.b.t
	for n := range r.b.drafts {
		d := &r.b.drafts[n]
		if d.gone {
			continue
		}
		if d.kind == Producer && d.pass == t.last[t.encoder[d.pass]] {
			r.try(n, draft{kind: Consumer, pass: (d.pass + 1) % len(t.runs)})
		}
		switch d.kind {
		case Consumer:
			for d.pass < t.last[t.encoder[d.pass]] && r.try(n, draft{kind: Consumer, pass: d.pass + 1}) {
			}
		case Producer:
			for d.pass > t.first[t.encoder[d.pass]] && r.try(n, draft{kind: Producer, pass: d.pass - 1}) {
			}
		}
	}
}

// try moves draft n if all conflicts stay ordered, none by a longer chain: that
// would make barriers elsewhere answer for it.
func (r *reduction) try(n int, to draft) bool {
	d := r.b.drafts[n]
	r.b.move(n, to)
	if r.stand(n, all) {
		longer := func(o oldChain) bool { return len(r.chains[o.conflict]) > len(o.chain) }
		if !slices.ContainsFunc(r.old, longer) {
			return true
		}
		r.restore()
	}
	r.b.move(n, d)
	return false
}
