package barriers

import (
	"math/bits"

	"weft/metal"
)

// draft is a barrier while Derive works on it.
type draft struct {
	kind          Kind
	pass          int
	after, before metal.Stages
	device        bool
	gone          bool
}

// link is one step of a chain: barrier b made the stage before wait for after.
type link struct {
	barrier       int
	after, before metal.Stages
	previous      int // link, or -1 where the chain begins
}

// board holds the drafts at their places, and finds chains through them.
type board struct {
	t      *timeline
	drafts []draft
	ahead  [][]int // consumer and intra drafts that stand before each pass
	behind [][]int // producer drafts that stand after each pass

	links []link // made by the last call of chain

	// The link by which chain reached or held each stage, by bit number.
	far, near, held, own, due [64]int
}

func newBoard(t *timeline) *board {
	return &board{t: t, ahead: make([][]int, len(t.runs)), behind: make([][]int, len(t.runs))}
}

// put adds a draft at its place and returns its number.
func (b *board) put(d draft) int {
	b.drafts = append(b.drafts, d)
	n := len(b.drafts) - 1
	place := b.place(d.kind, d.pass)
	*place = append(*place, n)
	return n
}

func (b *board) place(kind Kind, pass int) *[]int {
	if kind == Producer {
		return &b.behind[pass]
	}
	return &b.ahead[pass]
}

// move takes a draft to another place.
func (b *board) move(n int, kind Kind, pass int) {
	d := &b.drafts[n]
	old := b.place(d.kind, d.pass)
	for i, m := range *old {
		if m == n {
			*old = append((*old)[:i], (*old)[i+1:]...)
			break
		}
	}
	d.kind, d.pass = kind, pass
	place := b.place(kind, pass)
	*place = append(*place, n)
}

// chain says whether a chain of drafts orders the conflict, with a flush on
// every link if it needs one. It follows what waits for the first access in
// encoding order: a set of stages that wait in encoders before this one (far),
// in this encoder (near), that are held back in this encoder and all later ones
// (held), in this one alone (own), and from the next one on (due). What is held
// and runs waits, too. The returned index leads through b.links, from the last
// link to the first.
func (b *board) chain(c *conflict) (last int, ok bool) {
	var far, held, own, due metal.Stages
	b.links = b.links[:0]
	t := b.t
	near := c.a
	b.near[bits.TrailingZeros64(uint64(c.a))] = -1
	for p, frame := c.from, 0; ; {
		for _, n := range b.behind[p] {
			d := &b.drafts[n]
			if d.gone || c.flush && !d.device {
				continue
			}
			if s := d.after & near; s != 0 {
				due = b.hold(due, &b.due, n, lowest(s), &b.near)
			} else if s := d.after & far; s != 0 {
				due = b.hold(due, &b.due, n, lowest(s), &b.far)
			}
		}
		if p == t.last[t.encoder[p]] {
			far = adopt(far, &b.far, near, &b.near)
			held = adopt(held, &b.held, due, &b.due)
			near, own, due = 0, 0, 0
			if held&c.b != 0 {
				return b.held[bits.TrailingZeros64(uint64(c.b))], true
			}
		}
		if p++; p == len(t.runs) {
			p, frame = 0, frame+1
		}
		for _, n := range b.ahead[p] {
			d := &b.drafts[n]
			if d.gone || c.flush && !d.device {
				continue
			}
			if d.kind == Consumer {
				if s := d.after & far; s != 0 {
					own = b.hold(own, &b.own, n, lowest(s), &b.far)
				}
			} else if s := d.after & near; s != 0 {
				own = b.hold(own, &b.own, n, lowest(s), &b.near)
			}
		}
		if p == c.to && frame == c.frames {
			if own&c.b != 0 {
				return b.own[bits.TrailingZeros64(uint64(c.b))], true
			}
			return -1, false
		}
		near = adopt(near, &b.near, held&t.runs[p], &b.held)
		near = adopt(near, &b.near, own&t.runs[p], &b.own)
	}
}

// hold adds the stages that draft n holds back, for it waits for stage after.
func (b *board) hold(set metal.Stages, by *[64]int, n int, after metal.Stages, reached *[64]int) metal.Stages {
	for s := b.drafts[n].before &^ set; s != 0; s &= s - 1 {
		one := lowest(s)
		by[bits.TrailingZeros64(uint64(one))] = len(b.links)
		b.links = append(b.links, link{n, after, one, reached[bits.TrailingZeros64(uint64(after))]})
	}
	return set | b.drafts[n].before
}

// adopt adds stages to a set, with the links that lead to them.
func adopt(set metal.Stages, by *[64]int, more metal.Stages, from *[64]int) metal.Stages {
	for s := more &^ set; s != 0; s &= s - 1 {
		i := bits.TrailingZeros64(uint64(s))
		by[i] = from[i]
	}
	return set | more
}
