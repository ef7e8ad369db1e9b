package barriers

import (
	"math/bits"

	"weft/metal"
)

// judge holds a frame and its legal barriers as Check looks at them.
type judge struct {
	frame    *Frame
	passes   []judgedPass
	barriers []Barrier
	needed   []bool // by label: some conflict cannot do without it
}

type judgedPass struct {
	encoder       int
	owns, runs    metal.Stages
	opens, closes bool // first, last of its encoder
	accesses      []*Access
	ahead         []int // consumer and intra barriers before it
	behind        []int // producer barriers after it
}

// A label is something that could be taken away: a barrier, its visibility, or
// one stage of its After or Before.
type label int

const (
	wholeBarrier  = 0
	itsVisibility = 1
	afterStage    = 2
	beforeStage   = afterStage + slots
	labels        = beforeStage + slots // of each barrier
)

func labelOf(barrier, what int) label { return label(barrier*labels + what) }

// slots is how many stages Metal has. Only they can run, so only they count.
const slots = 10

// slot numbers the stages from 0. MTLStages uses bits 0 to 4 and 26 to 30.
func slot(s metal.Stages) int {
	i := bits.TrailingZeros64(uint64(s))
	if i > 4 {
		return i - 21
	}
	return i
}

const known = metal.RenderStages | metal.StageResourceState | metal.ComputeStages | metal.MachineLearningStages

// eachStage yields the known stages of a set one by one, with their slots.
func eachStage(set metal.Stages) func(func(int, metal.Stages) bool) {
	return func(yield func(int, metal.Stages) bool) {
		for rest := uint64(set & known); rest != 0; {
			s := metal.Stages(1) << bits.TrailingZeros64(rest)
			rest &^= uint64(s)
			if !yield(slot(s), s) {
				return
			}
		}
	}
}

func newJudge(f *Frame, barriers []Barrier) *judge {
	j := &judge{
		frame: f, passes: make([]judgedPass, len(f.Passes)),
		barriers: barriers, needed: make([]bool, labels*len(barriers)),
	}
	for i := range f.Passes {
		p, q := &f.Passes[i], &j.passes[i]
		q.encoder, q.runs, q.owns = p.Encoder, p.Runs, f.Encoders[p.Encoder].Kind.Owns()
		q.opens = i == 0 || f.Passes[i-1].Encoder != p.Encoder
		q.closes = i == len(f.Passes)-1 || f.Passes[i+1].Encoder != p.Encoder
	}
	for i := range f.Accesses {
		a := &f.Accesses[i]
		q := &j.passes[a.Pass]
		q.accesses = append(q.accesses, a)
		q.runs |= withTile(a.Stages)
	}
	return j
}

// withTile widens an access in tile to tile and fragment.
func withTile(s metal.Stages) metal.Stages {
	if s&metal.StageTile == metal.StageTile {
		return s | metal.StageFragment
	}
	return s
}

func (j *judge) encode(n int) {
	p := &j.passes[j.barriers[n].Pass]
	if j.barriers[n].Kind == Producer {
		p.behind = append(p.behind, n)
	} else {
		p.ahead = append(p.ahead, n)
	}
}

// run goes through the conflicts that each stage of each pass has with what
// comes later. Those inside a frame come first: they span less, and what they
// prove needed the walks of the others do not carry along.
func (j *judge) run() []Unordered {
	var found []Unordered
	clashes := newClashes(j.frame)
	for frames := 0; frames <= clashes.reach; frames++ {
		for p := range j.passes {
			for _, s := range eachStage(j.passes[p].runs) {
				for _, writes := range []bool{false, true} {
					list := clashes.after(j.passes[p].accesses, s, writes, frames)
					if len(list) > 0 {
						found = append(found, j.hold(p, s, writes, frames, list)...)
					}
				}
			}
		}
	}
	return found
}

// hold walks from one access and returns the clashes that are not ordered as
// they should be. They are sorted by the pass that they lead to.
func (j *judge) hold(from int, s metal.Stages, writes bool, frames int, list []clash) []Unordered {
	var found []Unordered
	j.walk(from, s, writes, frames, list, func(c clash, w way) {
		for _, l := range w.need {
			j.needed[l] = true
		}
		if !w.open {
			found = append(found, Unordered{Hazard: c.hazard(from, s, writes, frames), frame: j.frame})
		}
	})
	if len(found) == 0 || !writes {
		return found
	}
	// Of what is not flushed, see what is ordered at least. What that order
	// needs is not needed: it was not enough.
	n := 0
	j.walk(from, s, false, frames, list, func(c clash, w way) {
		if n < len(found) && found[n].Hazard == c.hazard(from, s, writes, frames) {
			found[n].Unflushed = w.open
			n++
		}
	})
	return found
}
