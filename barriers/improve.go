package barriers

// farthest is how many places improve tries for a draft.
const farthest = 16

// improve moves each draft to the place where the frame is shortest, and joins
// drafts that meet at one place where that costs nothing.
func (r *reduction) improve(e *estimate) {
	length := e.length(r.b)
	for n := range r.b.drafts {
		if r.b.drafts[n].gone {
			continue
		}
		length = r.settle(n, e, length)
		for m := r.partner(n, e, length); m >= 0; m = r.partner(n, e, length) {
			d, other := &r.b.drafts[n], &r.b.drafts[m]
			*d = d.with(other)
			other.gone = true
			r.stand(m, all) // what used it uses n now
		}
	}
}

// settle tries earlier and earlier places for draft n until a conflict breaks,
// and takes the best. Of places that are equally good it takes the first where
// another draft can be joined, or else the latest; but one that serves all later
// encoders before one that serves its own.
func (r *reduction) settle(n int, e *estimate, length float64) float64 {
	d := &r.b.drafts[n]
	if d.kind == Intra || r.partner(n, e, length) >= 0 {
		return length
	}
	best := *d
	for range farthest {
		was := *d
		r.b.move(n, r.b.t.earlier(d))
		if !r.stand(n, all) {
			r.b.move(n, was)
			break
		}
		now := e.length(r.b)
		if now > length {
			continue
		}
		joins := r.partner(n, e, now) >= 0
		if now < length || joins || best.kind == Consumer && d.kind == Producer {
			best, length = *d, now
		}
		if joins {
			break
		}
	}
	if best != *d {
		r.b.move(n, best)
		r.stand(n, all)
	}
	return length
}

// partner returns a draft at the place of draft n with which it can be joined
// without making the frame longer, or -1.
func (r *reduction) partner(n int, e *estimate, length float64) int {
	d := &r.b.drafts[n]
	for _, m := range *r.b.place(*d) {
		other := &r.b.drafts[m]
		if m == n || other.gone || other.kind != d.kind {
			continue
		}
		was := *d
		*d = d.with(other)
		other.gone = true
		now := e.length(r.b)
		*d = was
		other.gone = false
		if now <= length {
			return m
		}
	}
	return -1
}

// with is the draft that does what two at one place do, and perhaps more.
func (d *draft) with(other *draft) draft {
	both := *d
	both.after |= other.after
	both.before |= other.before
	both.device = both.device || other.device
	return both
}

// earlier returns a draft moved to the next place that has less work before it.
// Ahead of an encoder's first pass stands, as a producer, what stands after the
// encoder before.
func (t *timeline) earlier(d *draft) draft {
	moved := *d
	first := t.first[t.encoder[d.pass]]
	switch {
	case d.kind == Producer && d.pass > first:
		moved.pass--
	case d.kind == Producer || d.pass == first+1 || d.pass == first:
		moved.kind, moved.pass = t.boundary(first)
	default:
		moved.pass--
	}
	return moved
}
