package barriers

import (
	"slices"

	"weft/metal"
)

// Explain returns the barriers with the reasons that they have in this frame:
// Because is set anew, as Derive sets it. Barriers that Derive made for one
// frame can so be explained in another, such as the same passes with memory
// shared where that needs no further barrier. A frame that Validate refuses
// gets nil.
func Explain(f *Frame, list []Barrier) []Barrier {
	if f.Validate() != nil {
		return nil
	}
	var (
		t timeline
		h hazardFinder
		b board
		r reduction
	)
	t.load(f)
	h.find(&t, true)
	b.reset(&t)
	for _, x := range list {
		b.put(draft{kind: x.Kind, pass: int32(x.Pass), after: pack(x.After), before: pack(x.Before), device: x.Visibility&metal.VisibilityDevice != 0})
	}
	r.load(&b, h.needs, false)
	r.count()
	out := slices.Clone(list)
	for n := range out {
		out[n].Because = r.reasons(int32(n), h.causes)
	}
	return out
}
