package barriers

import (
	"cmp"
	"slices"
)

// reasons lists the direct hazards that only draft n orders, one for each pair
// of passes, resource and kind.
func (r *reduction) reasons(n int32, causes []cause) []Hazard {
	var list []Hazard
	before := int32(-1)
	for u := r.heads[n]; u >= 0; u = r.users[u].next {
		if i := r.users[u].need; i != before && r.lost(i, n) {
			list = append(list, r.needs[i].hazard(&causes[i]))
			before = i
		}
	}
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

// lost says whether need i, whose certificate uses draft n, has no chain
// without it.
func (r *reduction) lost(i, n int32) bool {
	c, d := &r.needs[i], &r.b.drafts[n]
	one, two, all := r.between(c)
	total, intra := two.all-one.all+all.all, two.intra-one.intra+all.intra
	if r.certs[i].draft == n && (total == 1 || d.kind == Intra && intra == 1 || d.kind != Intra && total-intra == 1) {
		return true
	}
	d.gone = true
	_, ok := r.b.chain(c)
	d.gone = false
	r.b.overview.widened(d)
	return !ok
}

func (c *need) hazard(why *cause) Hazard {
	return Hazard{
		Kind: why.kind, From: int(c.from), To: int(c.to), Frames: int(c.frames),
		FromStages: (set(1) << c.a).unpack(), ToStages: (set(1) << c.b).unpack(),
		Resource: int(why.resource), FromResource: int(why.source), Aliasing: why.resource != why.source,
	}
}

func compareHazards(x, y Hazard) int {
	return cmp.Or(cmp.Compare(x.Frames, y.Frames), cmp.Compare(x.To, y.To),
		cmp.Compare(x.From, y.From), cmp.Compare(x.Resource, y.Resource),
		cmp.Compare(x.FromResource, y.FromResource), cmp.Compare(x.Kind, y.Kind))
}
