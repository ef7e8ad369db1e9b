package barriers

import (
	"cmp"
	"fmt"
	"slices"

	"weft/metal"
)

// Check judges any barriers for a frame, whoever made them: it reports every
// conflicting pair that they leave unordered or unflushed, in one frame or from
// frame to frame, all that could go, and barriers that Metal does not allow. A
// consumer barrier is credited for its own encoder only.
//
// It shares no code with Derive. Derive reasons about a few direct hazards and
// single chains; Check goes through every pair of accesses, and for each
// follows what all chains have in common.
func Check(f *Frame, barriers []Barrier) Report {
	var report Report
	if err := f.Validate(); err != nil {
		report.Invalid = err
		return report
	}
	j := newJudge(f, barriers)
	legal := make([]bool, len(barriers))
	for n := range barriers {
		if why := j.illegal(&barriers[n]); why != "" {
			report.Illegal = append(report.Illegal, Illegal{n, why, f, barriers})
			continue
		}
		legal[n] = true
		j.encode(n)
	}
	report.Unordered = j.run()
	slices.SortStableFunc(report.Unordered, func(x, y Unordered) int {
		return cmp.Or(cmp.Compare(x.Frames, y.Frames), cmp.Compare(x.To, y.To), cmp.Compare(x.From, y.From))
	})
	for n := range barriers {
		if legal[n] {
			report.Superfluous = append(report.Superfluous, j.spare(n)...)
		}
	}
	return report
}

// illegal says why Metal refuses a barrier, or "".
func (j *judge) illegal(b *Barrier) string {
	switch {
	case b.Kind > Intra:
		return fmt.Sprintf("kind %d is none of consumer, producer, intra", b.Kind)
	case b.Pass < 0 || b.Pass >= len(j.passes):
		return fmt.Sprintf("the frame has passes 0 to %d", len(j.passes)-1)
	case b.Encoder != j.passes[b.Pass].encoder:
		return fmt.Sprintf("its encoder is %d, but that pass is in encoder %d", b.Encoder, j.passes[b.Pass].encoder)
	case b.Visibility&^metal.VisibilityDevice != 0:
		return fmt.Sprintf("visibility %v: only device or none is ever needed here", b.Visibility)
	}
	if b.Kind != Intra {
		return ""
	}
	owns := j.passes[b.Pass].owns
	switch {
	case j.passes[b.Pass].opens:
		return "no work of the encoder comes before its first pass"
	case (b.After|b.Before)&^owns != 0:
		return fmt.Sprintf("its encoder does not own %v, and inside an encoder only its own stages (%v) may be named", (b.After|b.Before)&^owns, owns)
	case b.After&(metal.StageFragment|metal.StageTile) != 0:
		return "inside an encoder nothing may wait for fragment or tile on a tile-based device: split the encoder"
	}
	return ""
}

// spare lists what of barrier n no conflict needed.
func (j *judge) spare(n int) []Superfluous {
	find := Superfluous{Barrier: n, frame: j.frame, barriers: j.barriers}
	if !j.needed[labelOf(n, wholeBarrier)] {
		return []Superfluous{find}
	}
	// Stages that nobody knows never run.
	b := &j.barriers[n]
	after, before := b.After&^known, b.Before&^known
	for i, s := range eachStage(b.After) {
		if !j.needed[labelOf(n, afterStage+i)] {
			after |= s
		}
	}
	for i, s := range eachStage(b.Before) {
		if !j.needed[labelOf(n, beforeStage+i)] {
			before |= s
		}
	}
	var list []Superfluous
	if after != 0 {
		list = append(list, find)
		list[len(list)-1].After = after
	}
	if before != 0 {
		list = append(list, find)
		list[len(list)-1].Before = before
	}
	if b.Visibility != 0 && !j.needed[labelOf(n, itsVisibility)] {
		list = append(list, find)
		list[len(list)-1].Visibility = true
	}
	return list
}
