package barriers

import (
	"cmp"
	"slices"
)

// reduction takes away what a board of drafts can spare. It keeps for each
// conflict one chain that orders it; taking something away can only break the
// conflicts whose chain uses it.
type reduction struct {
	b         *board
	conflicts []conflict
	chains    [][]link // of each conflict
	users     [][]int  // of each draft: conflicts whose chain used it once
}

func newReduction(b *board, conflicts []conflict) *reduction {
	r := &reduction{b: b, conflicts: conflicts, chains: make([][]link, len(conflicts))}
	r.refresh()
	return r
}

// refresh finds all chains anew.
func (r *reduction) refresh() {
	r.users = make([][]int, len(r.b.drafts))
	for i := range r.conflicts {
		r.find(i)
	}
}

// find looks for a chain that orders conflict i as the drafts now are.
func (r *reduction) find(i int) bool {
	last, ok := r.b.chain(&r.conflicts[i])
	if !ok {
		return false
	}
	r.chains[i] = r.chains[i][:0]
	for ; last >= 0; last = r.b.links[last].previous {
		l := r.b.links[last]
		r.chains[i] = append(r.chains[i], l)
		r.users[l.barrier] = append(r.users[l.barrier], i)
	}
	return true
}

// stand says whether every conflict whose chain lost something is still ordered,
// now that draft n has changed. A chain found meanwhile also holds when the
// change is undone, for changes here only ever take order away.
func (r *reduction) stand(n int, lost func(*conflict, link) bool) bool {
	for _, i := range r.users[n] {
		c := &r.conflicts[i]
		uses := func(l link) bool { return l.barrier == n && lost(c, l) }
		if slices.ContainsFunc(r.chains[i], uses) && !r.find(i) {
			return false
		}
	}
	return true
}

func all(*conflict, link) bool { return true }

// reduce takes away every draft, stage and flush that can go. What cannot go at
// its turn cannot go later either, when less is left, so one round is enough.
func (r *reduction) reduce() {
	for n := range r.b.drafts {
		d := &r.b.drafts[n]
		if d.gone {
			continue
		}
		d.gone = true
		if r.stand(n, all) {
			continue
		}
		d.gone = false
	}
	for n := range r.b.drafts {
		d := &r.b.drafts[n]
		if d.gone {
			continue
		}
		for s := d.before; s != 0; s &= s - 1 {
			one := lowest(s)
			d.before &^= one
			if !r.stand(n, func(_ *conflict, l link) bool { return l.before == one }) {
				d.before |= one
			}
		}
		for s := d.after; s != 0; s &= s - 1 {
			one := lowest(s)
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
}

// narrow moves drafts to where they hold less: a producer that only the next
// encoder needs becomes a consumer there, a consumer moves towards its
// encoder's end and a producer towards its start. Each move leaves a part of
// the order there was, so what could not go before cannot go after it.
func (r *reduction) narrow() {
	t := r.b.t
	for n := range r.b.drafts {
		d := &r.b.drafts[n]
		if d.gone {
			continue
		}
		if d.kind == Producer && d.pass == t.last[t.encoder[d.pass]] {
			r.try(n, Consumer, (d.pass+1)%len(t.runs))
		}
		switch d.kind {
		case Consumer:
			for d.pass < t.last[t.encoder[d.pass]] && r.try(n, Consumer, d.pass+1) {
			}
		case Producer:
			for d.pass > t.first[t.encoder[d.pass]] && r.try(n, Producer, d.pass-1) {
			}
		}
	}
}

// try moves draft n and says whether all conflicts stay ordered; if not, it
// moves it back.
func (r *reduction) try(n int, kind Kind, pass int) bool {
	d := r.b.drafts[n]
	r.b.move(n, kind, pass)
	if r.stand(n, all) {
		return true
	}
	r.b.move(n, d.kind, d.pass)
	return false
}

// reasons lists the hazards that only draft n orders, one for each pair of
// passes, resource and kind.
func (r *reduction) reasons(n int) []Hazard {
	r.b.drafts[n].gone = true
	var list []Hazard
	slices.Sort(r.users[n])
	for _, i := range slices.Compact(r.users[n]) {
		c := &r.conflicts[i]
		if !slices.ContainsFunc(r.chains[i], func(l link) bool { return l.barrier == n }) {
			continue
		}
		if _, ok := r.b.chain(c); !ok {
			list = append(list, c.hazard())
		}
	}
	r.b.drafts[n].gone = false
	slices.SortStableFunc(list, compareHazards)
	out := list[:0]
	for _, h := range list {
		if k := len(out) - 1; k >= 0 && compareHazards(out[k], h) == 0 {
			out[k].FromStages |= h.FromStages
			out[k].ToStages |= h.ToStages
			continue
		}
		out = append(out, h)
	}
	return out
}

func (c *conflict) hazard() Hazard {
	return Hazard{
		Kind: c.kind, From: c.from, To: c.to, Frames: c.frames,
		FromStages: c.a, ToStages: c.b,
		Resource: c.resource, FromResource: c.source, Aliasing: c.resource != c.source,
	}
}

func compareHazards(x, y Hazard) int {
	return cmp.Or(cmp.Compare(x.Frames, y.Frames), cmp.Compare(x.To, y.To),
		cmp.Compare(x.From, y.From), cmp.Compare(x.Resource, y.Resource),
		cmp.Compare(x.FromResource, y.FromResource), cmp.Compare(x.Kind, y.Kind))
}
