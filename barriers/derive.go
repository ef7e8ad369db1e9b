package barriers

import (
	"cmp"
	"slices"

	"weft/metal"
)

// Derive returns barriers that order every conflicting pair of accesses of the
// frame, in this and all later frames, and none that could go (doc.go says how
// and why). They are sorted by place. The same frame always gets the same
// barriers.
//
// Two conflicts no barrier can order, so whoever fills encoders must not make
// them: a fragment or tile access and a later pass of the same encoder, unless
// both accesses are to attachments. Check names them. A frame that Validate
// refuses gets nil.
func Derive(f *Frame) []Barrier {
	if len(f.Passes) == 0 || f.Validate() != nil {
		return nil
	}
	t := newTimeline(f)
	hazards := findHazards(f, t)
	b := newBoard(t)
	met := b.meetAll(hazards)
	r := newReduction(b, met)
	r.reduce()
	if b.merge(f) {
		r.refresh()
		r.reduce()
	}
	r.narrow()
	return r.barriers()
}

// meetAll places drafts until every conflict is met that barriers can meet, and
// returns those. It stabs intervals: a conflict that no chain orders yet gets a
// barrier at the last point that can help, just before its second access,
// where most later conflicts can use it too.
func (b *board) meetAll(conflicts []conflict) []conflict {
	met := conflicts[:0:0]
	for i := range conflicts {
		c := &conflicts[i]
		if _, ok := b.chain(c); ok || b.add(c) {
			met = append(met, *c)
		}
	}
	return met
}

// add places a barrier that meets one conflict, or widens the one there.
func (b *board) add(c *conflict) bool {
	t := b.t
	e := t.encoder[c.to]
	kind, pass := Consumer, c.to
	switch {
	case c.frames == 0 && t.encoder[c.from] == e:
		if c.a&(metal.StageFragment|metal.StageTile) != 0 {
			return false
		}
		kind = Intra
	case t.first[e] == c.to:
		// After all of the encoder before is as late, and serves all encoders.
		kind, pass = Producer, (c.to+len(t.runs)-1)%len(t.runs)
	}
	for _, n := range *b.place(kind, pass) {
		if d := &b.drafts[n]; d.kind == kind && d.after == c.a {
			d.before |= c.b
			d.device = d.device || c.flush
			return true
		}
	}
	b.put(draft{kind: kind, pass: pass, after: c.a, before: c.b, device: c.flush})
	return true
}

// merge joins drafts that stand at one place: those with the same stages on one
// side, and others where the frame gets no slower. It says whether it did.
func (b *board) merge(f *Frame) bool {
	estimate := newEstimate(f, b.t)
	length := -1.0 // of the frame as it is, once known
	merged := false
	for p := range b.t.runs {
		for _, place := range [][]int{b.ahead[p], b.behind[p]} {
			for i, n := range place {
				for _, m := range place[i+1:] {
					x, y := &b.drafts[n], &b.drafts[m]
					if x.gone || y.gone || x.kind != y.kind {
						continue
					}
					if length < 0 {
						length = estimate.length(b)
					}
					oldX, oldY := *x, *y
					x.after |= y.after
					x.before |= y.before
					x.device = x.device || y.device
					y.gone = true
					if now := estimate.length(b); now > length {
						*x, *y = oldX, oldY
						continue
					}
					merged = true
				}
			}
		}
	}
	return merged
}

// barriers returns the drafts that stay, with their reasons, sorted by place.
func (r *reduction) barriers() []Barrier {
	var list []Barrier
	for n := range r.b.drafts {
		d := &r.b.drafts[n]
		if d.gone {
			continue
		}
		out := Barrier{
			Kind: d.kind, Encoder: r.b.t.encoder[d.pass], Pass: d.pass,
			After: d.after, Before: d.before, Because: r.reasons(n),
		}
		if d.device {
			out.Visibility = metal.VisibilityDevice
		}
		list = append(list, out)
	}
	slices.SortFunc(list, func(x, y Barrier) int {
		return cmp.Or(cmp.Compare(x.place(), y.place()), cmp.Compare(x.Kind, y.Kind),
			cmp.Compare(x.After, y.After), cmp.Compare(x.Before, y.Before))
	})
	return list
}

// place numbers the gaps before and after passes.
func (b *Barrier) place() int {
	if b.Kind == Producer {
		return 2*b.Pass + 1
	}
	return 2 * b.Pass
}
