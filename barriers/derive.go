package barriers

import (
	"cmp"
	"slices"

	"weft/metal"
)

// Derive returns barriers that order every conflicting pair of accesses of the
// frame, in this and all later frames, and none that could go (the package
// comment says how and why). They are sorted by place. The same frame always
// gets the same barriers.
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
	b.meetAll(hazards)
	r := newReduction(b, hazards)
	r.reduce()
	r.improve(newEstimate(f, t))
	r.reduce()
	r.narrow()
	return r.barriers()
}

// meetAll places drafts until every conflict is met. It stabs intervals: a
// conflict that no chain orders yet gets a barrier at the last point that can
// help, just before its second access, where most later conflicts can use it
// too.
func (b *board) meetAll(conflicts []conflict) {
	for i := range conflicts {
		if _, ok := b.chain(&conflicts[i]); !ok {
			b.add(&conflicts[i])
		}
	}
}

// add places a barrier that meets one conflict, or widens the one there.
func (b *board) add(c *conflict) {
	t := b.t
	e := t.encoder[c.to]
	kind, pass := Consumer, c.to
	switch {
	case c.frames == 0 && t.encoder[c.from] == e:
		kind = Intra
	case t.first[e] == c.to:
		kind, pass = t.boundary(c.to)
	}
	wanted := draft{kind: kind, pass: pass, after: c.a, before: c.b, device: c.flush}
	for _, n := range *b.place(wanted) {
		if d := &b.drafts[n]; d.kind == kind && d.after == c.a {
			*d = d.with(&wanted)
			return
		}
	}
	b.put(wanted)
}

// boundary is the place before the encoder that a pass begins. A barrier after
// the whole encoder before is as late as one ahead of the pass, and serves all
// encoders.
func (t *timeline) boundary(pass int) (Kind, int) {
	return Producer, (pass + len(t.runs) - 1) % len(t.runs)
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
			After: d.after.unpack(), Before: d.before.unpack(), Because: r.reasons(n),
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
