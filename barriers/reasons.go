package barriers

import (
	"cmp"
	"slices"
)

// reasons lists the direct hazards that only draft n orders, one for each pair
// of passes, resource and kind.
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
		FromStages: c.a.unpack(), ToStages: c.b.unpack(),
		Resource: c.resource, FromResource: c.source, Aliasing: c.resource != c.source,
	}
}

func compareHazards(x, y Hazard) int {
	return cmp.Or(cmp.Compare(x.Frames, y.Frames), cmp.Compare(x.To, y.To),
		cmp.Compare(x.From, y.From), cmp.Compare(x.Resource, y.Resource),
		cmp.Compare(x.FromResource, y.FromResource), cmp.Compare(x.Kind, y.Kind))
}
