package graph

import (
	"math/bits"

	"weft/barriers"
	"weft/metal"
)

// stageCount is how many stages encoders own; stageIndex numbers them.
const stageCount = 9

func stageIndex(one metal.Stages) int {
	i := bits.TrailingZeros64(uint64(one))
	if i >= 27 {
		return i - 22 // dispatch, blit, accelerationStructure, machineLearning
	}
	return i
}

func stageAt(i int) metal.Stages {
	if i >= 5 {
		return metal.StageDispatch << (i - 5)
	}
	return 1 << i
}

// stageMask packs a set of stages into the bits of stageIndex.
func stageMask(s metal.Stages) uint32 { return uint32(s)&0x1f | uint32(s>>22)&0x1e0 }

// clock says which earlier work of each tracked stage is known to be done. It is
// a vector clock (Fidge, Mattern) with a stage in the place of a process: queue
// barriers wait for a stage of all earlier encoders, so that one number mostly
// says it.
type clock [stageCount]done

// done is the work of one stage that is done: all of it up to a position of the
// timeline, and stretches of it further on.
type done struct {
	upTo      int32 // -1: none
	stretches int32 // the first, in clocks.stretches; 0: none
}

// stretch is the work of one encoder from its start: all that a barrier inside
// the encoder waits for.
type stretch struct {
	first, last int32
	next        int32 // another one, of an earlier encoder; 0: none
}

// maxStretches bounds a list of stretches. Those of encoders longer ago are
// forgotten, which errs on the side of unordered.
const maxStretches = 8

// clocks is a walk over the queue: it keeps what barriers order before the work
// of each stage. The positions of a first frame are from 0, those of a second
// one go on from there.
type clocks struct {
	tracked   [stageCount]int32 // where a stage stands in a clock
	stages    int               // how many are tracked
	stretches []stretch         // shared by all clocks; [0] is none

	run  [stageCount]clock // joined over the stage's work in earlier encoders
	hold [stageCount]clock // what holds the stage's work in this and later encoders
	wait [stageCount]clock // what else holds it from here on in this encoder
	here [stageCount]clock // the waits of the stage's work in this encoder
	next [stageCount]clock // what will hold it in later encoders
	open [stageCount]clock // hold and wait joined; see at
	held clock             // what a barrier waits for

	// Sets of stages whose clocks above hold something.
	waits, heres, nexts uint32
	ran                 uint32 // stages that ran in this encoder
	carried             uint32 // stages whose run has their hold
	missing             uint32 // stages whose here has not their wait
	opened              uint32 // stages whose open is up to date
	first               int32  // where this encoder starts
}

// start begins a walk that tracks a set of stages: only their work can be asked
// for.
func (w *clocks) start(track uint32) {
	w.stages = 0
	for rest := track; rest != 0; rest &= rest - 1 {
		w.tracked[bits.TrailingZeros32(rest)] = int32(w.stages)
		w.stages++
	}
	for s := range stageCount {
		if track>>s&1 == 0 {
			w.tracked[s] = -1
		}
		w.run[s], w.hold[s] = never, never
	}
	w.waits, w.heres, w.nexts, w.ran, w.missing, w.opened, w.first = 0, 0, 0, 0, 0, 0, 0
	w.carried = 1<<stageCount - 1
}

var never = clock{{-1, 0}, {-1, 0}, {-1, 0}, {-1, 0}, {-1, 0}, {-1, 0}, {-1, 0}, {-1, 0}, {-1, 0}}

// encoder goes on to the encoder that starts at a position.
func (w *clocks) encoder(position int32) {
	for rest := w.heres; rest != 0; rest &= rest - 1 {
		s := bits.TrailingZeros32(rest)
		w.join(&w.run[s], &w.here[s])
	}
	for rest := w.ran &^ w.carried; rest != 0; rest &= rest - 1 {
		s := bits.TrailingZeros32(rest)
		w.join(&w.run[s], &w.hold[s])
	}
	w.carried |= w.ran
	for rest := w.nexts; rest != 0; rest &= rest - 1 {
		s := bits.TrailingZeros32(rest)
		w.join(&w.hold[s], &w.next[s])
	}
	w.carried &^= w.nexts
	w.opened &^= w.nexts | w.waits
	w.waits, w.heres, w.nexts, w.ran, w.missing = 0, 0, 0, 0, 0
	w.first = position
}

// barriers takes those before or behind a pass from the start of a list sorted by
// place, and applies all of them or those that flush.
func (w *clocks) barriers(list []barriers.Barrier, pass int, behind, all bool, position int32) []barriers.Barrier {
	for len(list) > 0 && list[0].Pass == pass && (list[0].Kind == barriers.Producer) == behind {
		if all || list[0].Visibility&metal.VisibilityDevice != 0 {
			w.barrier(&list[0], position)
		}
		list = list[1:]
	}
	return list
}

// barrier applies one at a position: before it, or behind it a producer.
func (w *clocks) barrier(b *barriers.Barrier, position int32) {
	held := &w.held
	for i := range w.stages {
		held[i] = done{upTo: -1}
	}
	for rest := stageMask(b.After); rest != 0; rest &= rest - 1 {
		s := bits.TrailingZeros32(rest)
		if b.Kind != barriers.Intra {
			w.join(held, &w.run[s])
		}
		if b.Kind != barriers.Consumer && w.ran>>s&1 != 0 {
			w.join(held, &w.hold[s])
			if w.heres>>s&1 != 0 {
				w.join(held, &w.here[s])
			}
		}
		at := w.tracked[s]
		switch {
		case at < 0:
		case b.Kind == barriers.Consumer:
			held[at].upTo = max(held[at].upTo, w.first-1)
		case b.Kind == barriers.Producer:
			held[at].upTo = max(held[at].upTo, position)
		case w.ran>>s&1 == 0:
		case held[at].upTo >= w.first-1:
			held[at].upTo = max(held[at].upTo, position-1)
		default:
			held[at] = w.either(held[at], w.stretch(w.first, position-1))
		}
	}
	set, to := &w.waits, &w.wait
	if b.Kind == barriers.Producer {
		set, to = &w.nexts, &w.next
	}
	before := stageMask(b.Before)
	for rest := before; rest != 0; rest &= rest - 1 {
		s := bits.TrailingZeros32(rest)
		if *set>>s&1 == 0 {
			copy(to[s][:w.stages], held[:])
		} else {
			w.join(&to[s], held)
		}
	}
	*set |= before
	if b.Kind != barriers.Producer {
		w.missing |= before
		w.opened &^= before
	}
}

// work notes that stages run at the position at hand.
func (w *clocks) work(runs uint32) {
	w.ran |= runs
	for rest := runs & w.missing; rest != 0; rest &= rest - 1 {
		s := bits.TrailingZeros32(rest)
		if w.heres>>s&1 == 0 {
			copy(w.here[s][:w.stages], w.wait[s][:])
		} else {
			w.join(&w.here[s], &w.wait[s])
		}
		w.heres |= 1 << s
		w.missing &^= 1 << s
	}
}

// at is the clock of a stage's work at the position at hand.
func (w *clocks) at(s int) *clock {
	switch {
	case w.waits>>s&1 == 0:
		return &w.hold[s]
	case w.opened>>s&1 == 0:
		copy(w.open[s][:w.stages], w.hold[s][:])
		w.join(&w.open[s], &w.wait[s])
		w.opened |= 1 << s
	}
	return &w.open[s]
}

func (w *clocks) join(to, from *clock) {
	for i, x := range from[:w.stages] {
		if y := &to[i]; y.stretches|x.stretches == 0 {
			y.upTo = max(y.upTo, x.upTo)
		} else {
			*y = w.either(*y, x)
		}
	}
}
