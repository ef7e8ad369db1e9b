package barriers

// draft is a barrier while Derive works on it.
type draft struct {
	kind          Kind
	pass          int32
	after, before set
	device        bool
	gone          bool
	next          int32 // at the same place, or -1
}

// with is the draft that does what two at one place do, and perhaps more.
func (d *draft) with(other *draft) draft {
	both := *d
	both.after |= other.after
	both.before |= other.before
	both.device = both.device || other.device
	return both
}

// link is one step of a chain: a barrier made stage before wait for stage after
// (one each).
type link struct {
	draft         int32
	previous      int32 // link, or -1 where the chain begins
	after, before set
}

// board holds the drafts at their places, and finds chains through them.
type board struct {
	t      *timeline
	drafts []draft
	ahead  []int32 // of each pass: the first consumer or intra draft that stands before it, or -1
	behind []int32 // of each pass: the first producer draft that stands after it, or -1

	links []link // made by the last call of chain

	overview overview

	// The link by which chain reached or held each stage.
	far, near, held, own, due [stageCount]int32
}

func (b *board) reset(t *timeline) {
	b.t, b.drafts, b.overview.built = t, b.drafts[:0], false
	b.ahead, b.behind = resize(b.ahead, len(t.runs)), resize(b.behind, len(t.runs))
	for p := range b.ahead {
		b.ahead[p], b.behind[p] = -1, -1
	}
}

// put adds a draft at its place and returns its number.
func (b *board) put(d draft) int32 {
	n := int32(len(b.drafts))
	head := b.place(&d)
	d.next = *head
	*head = n
	b.drafts = append(b.drafts, d)
	b.overview.widened(&d)
	return n
}

// place returns the head of the list of drafts that stand where d does, and
// perhaps of other kinds.
func (b *board) place(d *draft) *int32 {
	if d.kind == Producer {
		return &b.behind[d.pass]
	}
	return &b.ahead[d.pass]
}

// head and tail return the first draft ahead of, and behind, a pass. A nil board
// has none.
func (b *board) head(p int) int32 {
	if b == nil {
		return -1
	}
	return b.ahead[p]
}

func (b *board) tail(p int) int32 {
	if b == nil {
		return -1
	}
	return b.behind[p]
}

// move takes a draft to another place.
func (b *board) move(n int32, kind Kind, pass int32) {
	d := &b.drafts[n]
	at := b.place(d)
	for *at != n {
		at = &b.drafts[*at].next
	}
	*at = d.next
	b.overview.built = false
	d.kind, d.pass = kind, pass
	head := b.place(d)
	d.next = *head
	*head = n
}

// patient is how many passes a walk takes before it looks for what it can skip.
const patient = 2 * fan

// long says whether walks look at the overview. The search, which changes drafts
// in ways that the overview does not hear of, is for other frames.
func (b *board) long() bool { return len(b.t.runs) > searchable }

// chain says whether a chain of drafts brings about a need, with a flush on
// every link if that is needed. It follows what waits for the first access in
// encoding order: sets of stages that wait in encoders before this one (far),
// in this encoder (near), that are held back in this encoder and all later ones
// (held), in this one alone (own), and from the next one on (due). What is held
// and runs waits, too. The returned index leads through b.links, from the last
// link to the first.
func (b *board) chain(c *need) (last int32, ok bool) {
	var far, held, own, due set
	b.links = b.links[:0]
	t := b.t
	near, wanted := set(1)<<c.a, set(1)<<c.b
	b.near[c.a] = -1
	walked, looked, flush := 0, int32(-1), 0
	if c.flush {
		flush = 1
	}
	for p, frame := c.from, int32(0); ; {
		for n := b.behind[p]; n >= 0; n = b.drafts[n].next {
			d := &b.drafts[n]
			if d.gone || c.flush && !d.device || d.before&^due == 0 {
				continue
			}
			if s := d.after & near; s != 0 {
				due = b.hold(due, &b.due, n, s.lowest(), &b.near)
			} else if s := d.after & far; s != 0 {
				due = b.hold(due, &b.due, n, s.lowest(), &b.far)
			}
		}
		if p == t.last[t.encoder[p]] {
			far = adopt(far, &b.far, near, &b.near)
			held = adopt(held, &b.held, due, &b.due)
			near, own, due = 0, 0, 0
			if held&wanted != 0 {
				return b.held[c.b], true
			}
		}
		if p++; int(p) == len(t.runs) {
			p, frame = 0, frame+1
		}
		if walked++; walked > patient && b.long() {
			if !b.overview.built {
				b.overview.build(b)
			}
			last := int32(len(t.runs) - 1)
			if frame == c.frames {
				last = c.to
			}
			if e := t.encoder[p]; p&(fan-1) == 0 && p != t.first[e] {
				p = b.overview.next(p, min(last, t.last[e]), &front{
					flush: flush, far: far, near: near, fresh: (held | own) &^ near, known: held | own, due: due | held,
				})
			} else if p>>fanShift != looked && p == t.first[e] {
				p = max(p, t.first[t.encoder[b.overview.next(p, t.first[t.encoder[last]], &front{
					flush: flush, far: far, near: far, fresh: held &^ far, known: held | far, due: held,
				})]])
				looked = p >> fanShift
			}
		}
		for n := b.ahead[p]; n >= 0; n = b.drafts[n].next {
			d := &b.drafts[n]
			if d.gone || c.flush && !d.device || d.before&^own == 0 {
				continue
			}
			if d.kind == Consumer {
				if s := d.after & far; s != 0 {
					own = b.hold(own, &b.own, n, s.lowest(), &b.far)
				}
			} else if s := d.after & near; s != 0 {
				own = b.hold(own, &b.own, n, s.lowest(), &b.near)
			}
		}
		if p == c.to && frame == c.frames {
			if own&wanted != 0 {
				return b.own[c.b], true
			}
			return -1, false
		}
		if more := (held | own) & t.runs[p] &^ near; more != 0 {
			near = adopt(near, &b.near, held&t.runs[p], &b.held)
			near = adopt(near, &b.near, own&t.runs[p], &b.own)
		}
	}
}

// hold adds the stages that draft n holds back, for it waits for stage after.
func (b *board) hold(stages set, by *[stageCount]int32, n int32, after set, reached *[stageCount]int32) set {
	for s := b.drafts[n].before &^ stages; s != 0; s &= s - 1 {
		by[s.index()] = int32(len(b.links))
		b.links = append(b.links, link{n, reached[after.index()], after, s.lowest()})
	}
	return stages | b.drafts[n].before
}

// adopt adds stages to a set, with the links that lead to them.
func adopt(stages set, by *[stageCount]int32, more set, from *[stageCount]int32) set {
	for s := more &^ stages; s != 0; s &= s - 1 {
		by[s.index()] = from[s.index()]
	}
	return stages | more
}
