package barriers

import "slices"

// draft is a barrier while Derive works on it.
type draft struct {
	kind          Kind
	pass          int
	after, before set
	device        bool
	gone          bool
}

// link is one step of a chain: a barrier made one stage wait for another.
type link struct {
	barrier       int
	after, before set // one stage each
	previous      int // link, or -1 where the chain begins
}

// board holds the drafts at their places, and finds chains through them.
type board struct {
	t      *timeline
	drafts []draft
	ahead  [][]int // consumer and intra drafts that stand before each pass
	behind [][]int // producer drafts that stand after each pass

	links []link // made by the last call of chain

	// The link by which chain reached or held each stage.
	far, near, held, own, due [stageCount]int
}

func newBoard(t *timeline) *board {
	return &board{t: t, ahead: make([][]int, len(t.runs)), behind: make([][]int, len(t.runs))}
}

// put adds a draft at its place.
func (b *board) put(d draft) {
	b.drafts = append(b.drafts, d)
	place := b.place(d)
	*place = append(*place, len(b.drafts)-1)
}

// place returns the drafts that stand where d does, and perhaps of other kinds.
func (b *board) place(d draft) *[]int {
	if d.kind == Producer {
		return &b.behind[d.pass]
	}
	return &b.ahead[d.pass]
}

// move takes a draft to the place of another.
func (b *board) move(n int, to draft) {
	d := &b.drafts[n]
	old := b.place(*d)
	*old = slices.DeleteFunc(*old, func(m int) bool { return m == n })
	d.kind, d.pass = to.kind, to.pass
	place := b.place(*d)
	*place = append(*place, n)
}

// chain says whether a chain of drafts orders the conflict, with a flush on
// every link if it needs one. It follows what waits for the first access in
// encoding order: sets of stages that wait in encoders before this one (far),
// in this encoder (near), that are held back in this encoder and all later ones
// (held), in this one alone (own), and from the next one on (due). What is held
// and runs waits, too. The returned index leads through b.links, from the last
// link to the first.
func (b *board) chain(c *conflict) (last int, ok bool) {
	var far, held, own, due set
	b.links = b.links[:0]
	t := b.t
	near := c.a
	b.near[c.a.index()] = -1
	for p, frame := c.from, 0; ; {
		for _, n := range b.behind[p] {
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
			if held&c.b != 0 {
				return b.held[c.b.index()], true
			}
		}
		if p++; p == len(t.runs) {
			p, frame = 0, frame+1
		}
		for _, n := range b.ahead[p] {
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
			if own&c.b != 0 {
				return b.own[c.b.index()], true
			}
			return -1, false
		}
		near = adopt(near, &b.near, held&t.runs[p], &b.held)
		near = adopt(near, &b.near, own&t.runs[p], &b.own)
	}
}

// hold adds the stages that draft n holds back, for it waits for stage after.
func (b *board) hold(stages set, by *[stageCount]int, n int, after set, reached *[stageCount]int) set {
	for s := b.drafts[n].before &^ stages; s != 0; s &= s - 1 {
		by[s.index()] = len(b.links)
		b.links = append(b.links, link{n, after, s.lowest(), reached[after.index()]})
	}
	return stages | b.drafts[n].before
}

// adopt adds stages to a set, with the links that lead to them.
func adopt(stages set, by *[stageCount]int, more set, from *[stageCount]int) set {
	for s := more &^ stages; s != 0; s &= s - 1 {
		by[s.index()] = from[s.index()]
	}
	return stages | more
}
