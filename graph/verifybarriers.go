package graph

import (
	"fmt"
	"slices"

	"weft/barriers"
	"weft/metal"
)

// judgeBarriers judges the barriers by barriers.Check, and says how long the
// frame takes with them.
func (v *verifier) judgeBarriers() {
	for n := range v.d.Barriers {
		b, problem := v.barrier(&v.d.Barriers[n])
		if problem != "" {
			v.find(FaultBarrier, "%s: %s", v.describe(n), problem)
			continue
		}
		v.list, v.nth = append(v.list, b), append(v.nth, n)
	}
	if v.misfit {
		v.verdict.Unjudged = append(v.verdict.Unjudged, "what the barriers order: first put each pass into an encoder of its kind")
		return
	}
	report := barriers.Check(&v.frame, v.list)
	if report.Invalid != nil {
		v.verdict.Unjudged = append(v.verdict.Unjudged, "what the barriers order: "+report.Invalid.Error())
		return
	}
	for _, x := range report.Illegal {
		v.find(FaultBarrier, "%s: %s", v.describe(v.nth[x.Barrier]), x.Why)
	}
	for _, x := range report.Unordered {
		fault := FaultUnordered
		if x.Unflushed {
			fault = FaultUnflushed
		}
		v.find(fault, "%s", v.conflict(&x.Hazard))
	}
	if report.Omitted > 0 {
		v.find(FaultUnordered, "and at least %d more pairs are not ordered or not flushed", report.Omitted)
	}
	for _, x := range report.Superfluous {
		v.find(FaultSuperfluous, "%s: %s", v.describe(v.nth[x.Barrier]), spare(&x))
	}
	if v.prefer == TimePreference && len(report.Superfluous) == 0 {
		v.judgePrice()
	}
	v.judgeReasons()
	var d barriers.Deriver
	d.Derive(&v.frame)
	v.verdict.Makespan, v.verdict.Derived, v.verdict.Bound = barriers.Makespan(&v.frame, v.list), d.Makespan(), d.Bound()
}

// barrier is a barrier of the plan as barriers.Check knows it, or what keeps it
// from being one.
func (v *verifier) barrier(b *Barrier) (out barriers.Barrier, problem string) {
	out = barriers.Barrier{After: b.After, Before: b.Before, Visibility: b.Visibility}
	at := b.BeforePass
	switch b.Kind {
	case Consumer:
		out.Kind = barriers.Consumer
	case Producer:
		out.Kind, at = barriers.Producer, b.AfterPass
	case Intra:
		out.Kind = barriers.Intra
	default:
		return out, "has no kind: use consumer, producer or intra"
	}
	switch {
	case (b.BeforePass == "") != (b.Kind == Producer):
		return out, "a consumer or intra barrier has a before_pass, and a producer barrier has none"
	case (b.AfterPass == "") != (b.Kind == Consumer):
		return out, "a producer or intra barrier has an after_pass, and a consumer barrier has none"
	case b.Encoder < 0 || b.Encoder >= len(v.d.Encoders):
		return out, fmt.Sprintf("there is no encoder %d: the plan has %d", b.Encoder, len(v.d.Encoders))
	case b.After == 0 || b.Before == 0:
		return out, "after and before name at least one stage each"
	case b.Visibility&^metal.VisibilityDevice != 0:
		return out, fmt.Sprintf("visibility %v: use device, or none for execution order only", b.Visibility)
	}
	position, problem := v.positionOf(at)
	if problem != "" {
		return out, problem
	}
	out.Encoder, out.Pass = int(v.encoderAt[position]), position
	if in := v.encoderOf[out.Encoder]; int(in) != b.Encoder {
		return out, fmt.Sprintf("pass %q is in encoder %d", at, in)
	}
	if b.Kind == Intra {
		switch before, problem := v.positionOf(b.AfterPass); {
		case problem != "":
			return out, problem
		case before != position-1 || v.encoderAt[before] != v.encoderAt[position]:
			return out, fmt.Sprintf("%q and %q are no neighbors in one encoder, in this order", b.AfterPass, b.BeforePass)
		}
	}
	return out, ""
}

func (v *verifier) positionOf(pass string) (position int, problem string) {
	i, ok := v.passes[pass]
	switch {
	case !ok:
		return -1, fmt.Sprintf("the graph has no pass %q", pass)
	case v.position[i] < 0:
		return -1, fmt.Sprintf("pass %q is in no encoder", pass)
	}
	return int(v.position[i]), ""
}

// describe names a barrier by its number and place.
func (v *verifier) describe(n int) string {
	b := &v.d.Barriers[n]
	where := ""
	if b.AfterPass != "" {
		where += " after " + b.AfterPass
	}
	if b.BeforePass != "" {
		where += " before " + b.BeforePass
	}
	flush := "execution only"
	if b.Visibility&metal.VisibilityDevice != 0 {
		flush = "device"
	}
	return fmt.Sprintf("barrier %d (%v%s in encoder %d, %v -> %v, %s)", n, b.Kind, where, b.Encoder, b.After, b.Before, flush)
}

// conflict writes a pair of accesses in a line.
func (v *verifier) conflict(h *barriers.Hazard) string {
	apart := "the same frame"
	switch h.Frames {
	case 0:
	case 1:
		apart = "1 frame apart"
	default:
		apart = fmt.Sprintf("%d frames apart", h.Frames)
	}
	s := fmt.Sprintf("%s, %v -> %s, %v: %s, %v, %s", v.name(h.From), h.FromStages, v.name(h.To), h.ToStages,
		v.frame.Resources[h.Resource].Name, h.Kind, apart)
	if h.Aliasing {
		s += fmt.Sprintf(", aliasing: %s has the same memory", v.frame.Resources[h.FromResource].Name)
	}
	return s
}

func spare(x *barriers.Superfluous) string {
	switch {
	case x.Visibility:
		return "nothing needs its flush: execution order is enough"
	case x.After != 0:
		return fmt.Sprintf("nothing needs to wait for %v", x.After)
	case x.Before != 0:
		return fmt.Sprintf("nothing needs %v to wait", x.Before)
	}
	return "nothing needs it"
}

// judgePrice: with a preference for time, memory is shared only where that costs
// nothing, so each barrier is needed even if nothing shares memory.
func (v *verifier) judgePrice() {
	apart := v.frame
	apart.Resources = slices.Clone(apart.Resources)
	for i := range apart.Resources {
		apart.Resources[i].Memory = barriers.Placement{}
	}
	report := barriers.Check(&apart, v.list)
	for _, x := range report.Superfluous {
		v.find(FaultMemory, "shared memory costs time: %s: only because of it: %s otherwise", v.describe(v.nth[x.Barrier]), spare(&x))
	}
}
