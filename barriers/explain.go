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
	t := newTimeline(f)
	hazards := findHazards(f, t)
	b := newBoard(t)
	for _, x := range list {
		b.put(draft{kind: x.Kind, pass: x.Pass, after: pack(x.After), before: pack(x.Before), device: x.Visibility&metal.VisibilityDevice != 0})
	}
	r := newReduction(b, hazards)
	out := slices.Clone(list)
	for n := range out {
		out[n].Because = r.reasons(n)
	}
	return out
}
