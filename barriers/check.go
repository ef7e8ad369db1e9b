package barriers

import (
	"fmt"

	"weft/metal"
)

// Check judges any barriers for a frame, whoever made them: it reports the
// conflicting pairs that they leave unordered or unflushed, in one frame or from
// frame to frame, all that could go, and barriers that Metal does not allow. A
// consumer barrier is credited for its own encoder only.
//
// It shares no code with Derive, nor its method: Derive reasons about a few
// direct hazards, Check about every pair of accesses, near or far. It takes time
// linear in the frame where barriers are as dense as plans have them.
func Check(f *Frame, barriers []Barrier) Report {
	return check(f, barriers, limits{few: few, found: maxFound, patience: maxPatience})
}

func check(f *Frame, barriers []Barrier, limits limits) Report {
	var report Report
	if err := f.Validate(); err != nil {
		report.Invalid = err
		return report
	}
	legal := make([]bool, len(barriers))
	for n := range barriers {
		if why := illegal(f, &barriers[n]); why != "" {
			report.Illegal = append(report.Illegal, Illegal{n, why, f, barriers})
			continue
		}
		legal[n] = true
	}
	j := newJudge(f, barriers, legal, limits)
	j.crowds.march(j.queue, j.reach, j)
	report.Unordered, report.Omitted = j.listed(), j.omitted
	for n := range barriers {
		if legal[n] {
			report.Superfluous = append(report.Superfluous, j.spare(n, barriers)...)
		}
	}
	return report
}

// illegal says why Metal refuses a barrier, or "".
func illegal(f *Frame, b *Barrier) string {
	switch {
	case b.Kind > Intra:
		return fmt.Sprintf("kind %d is none of consumer, producer, intra", b.Kind)
	case b.Pass < 0 || b.Pass >= len(f.Passes):
		return fmt.Sprintf("the frame has passes 0 to %d", len(f.Passes)-1)
	case b.Encoder != f.Passes[b.Pass].Encoder:
		return fmt.Sprintf("its encoder is %d, but that pass is in encoder %d", b.Encoder, f.Passes[b.Pass].Encoder)
	case b.Visibility&^metal.VisibilityDevice != 0:
		return fmt.Sprintf("visibility %v: only device or none is ever needed here", b.Visibility)
	}
	if b.Kind != Intra {
		return ""
	}
	owns := f.Encoders[b.Encoder].Kind.Owns()
	switch {
	case b.Pass == 0 || f.Passes[b.Pass-1].Encoder != b.Encoder:
		return "no work of the encoder comes before its first pass"
	case (b.After|b.Before)&^owns != 0:
		return fmt.Sprintf("its encoder does not own %v, and inside an encoder only its own stages (%v) may be named", (b.After|b.Before)&^owns, owns)
	case b.After&(metal.StageFragment|metal.StageTile) != 0:
		return "inside an encoder nothing may wait for fragment or tile on a tile-based device: split the encoder"
	}
	return ""
}

// spare lists what of barrier n no conflict needed.
func (j *judge) spare(n int, barriers []Barrier) []Superfluous {
	find, b, v := Superfluous{Barrier: n, frame: j.frame, barriers: barriers}, &barriers[n], &j.verdicts[n]
	if !v.whole {
		return []Superfluous{find}
	}
	var list []Superfluous
	if after := b.After &^ v.after.stages(); after != 0 {
		list = append(list, find)
		list[len(list)-1].After = after
	}
	if before := b.Before &^ v.before.stages(); before != 0 {
		list = append(list, find)
		list[len(list)-1].Before = before
	}
	if b.Visibility != 0 && !v.visibility {
		list = append(list, find)
		list[len(list)-1].Visibility = true
	}
	return list
}
