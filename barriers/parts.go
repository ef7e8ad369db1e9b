package barriers

import "slices"

// part is a draft from one stage to one stage, of which plans are made.
type part struct {
	step
	covered, held int32 // the last work of the frame that it covers, the first that it holds back
}

// parts lists all but those that do no more than another one.
func (r *router) parts(parts []part) []part {
	t := r.e.t
	var all set
	for _, runs := range t.runs {
		all |= runs
	}
	for _, kind := range [...]Kind{Producer, Consumer, Intra} {
		for p := range int32(len(t.runs)) {
			if !t.stands(kind, p) {
				continue
			}
			after, before := all, all
			if kind == Intra {
				owns := t.frame.Encoders[t.encoder[p]].Kind.owns()
				after, before = all&owns&^(fragment|tile), all&owns
			}
			for a := after; a != 0; a &= a - 1 {
				for b := before; b != 0; b &= b - 1 {
					x := part{step: step{kind, p, uint8(a.index()), uint8(b.index())}}
					x.covered, x.held = r.ends(&x.step)
					if r.orders(&x) && !slices.ContainsFunc(parts, x.within) {
						parts = append(parts, x)
					}
				}
			}
		}
	}
	return parts
}

// orders says whether what a part holds back for sure, and what it covers, run.
func (r *router) orders(x *part) bool {
	t, e := r.e.t, r.e
	first, end := e.starts[t.first[t.encoder[x.pass]]], e.starts[t.last[t.encoder[x.pass]]+1]
	return x.kind == Producer || 0 <= x.held && x.held < end && (x.kind == Consumer || x.covered >= first)
}

// within says that a part orders no more than another one, and delays as much.
func (x *part) within(y part) bool {
	return x.after == y.after && x.before == y.before && x.covered == y.covered && x.held == y.held &&
		(x.kind == y.kind || x.kind == Consumer && y.kind == Producer)
}
