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

// clock says, for each stage, up to which position of the timeline work in that
// stage is known to be done; -1 for none. Queue barriers wait for a stage of all
// earlier encoders, so what is known done is always a prefix of the timeline,
// and one number says it (the vector clocks of Fidge and Mattern, with a stage
// in the place of a process).
type clock [stageCount]int32

func (c *clock) join(d *clock) {
	for s := range c {
		c[s] = max(c[s], d[s])
	}
}

var never = clock{-1, -1, -1, -1, -1, -1, -1, -1, -1}

// clocks is a walk over two frames of a plan: what barriers order before each
// stage of each pass of the second. It errs on the side of unordered.
type clocks struct {
	frame *barriers.Frame
	flush bool // count only barriers with device visibility

	run    [stageCount]clock // joined over the stage's work in earlier encoders
	here   [stageCount]clock // the same in this encoder
	open   [stageCount]clock // what holds the stage's work from here on, in this encoder
	later  [stageCount]clock // what holds it in later encoders
	past   clock             // the last position of each stage in earlier encoders
	latest clock             // the same with this encoder
}

// order calls visit for each pass and stage of the second frame with the clock
// of its work; positions of the first frame are from 0, of the second from
// len(frame.Passes).
func (w *clocks) order(list []barriers.Barrier, visit func(position int, stage int, c *clock)) {
	for s := range stageCount {
		w.run[s], w.here[s], w.open[s], w.later[s] = never, never, never, never
	}
	w.past, w.latest = never, never
	before, after := byPass(w.frame, list)
	n := len(w.frame.Passes)
	for position := range 2 * n {
		i := position % n
		p := &w.frame.Passes[i]
		if i == 0 || w.frame.Passes[i-1].Encoder != p.Encoder {
			w.nextEncoder()
		}
		for _, b := range before.of(i) {
			w.wait(&list[b], int32(position))
		}
		for rest := p.Runs; rest != 0; rest &= rest - 1 {
			s := stageIndex(rest & -rest)
			if position >= n {
				visit(i, s, &w.open[s])
			}
			w.here[s].join(&w.open[s])
			w.latest[s] = int32(position)
		}
		for _, b := range after.of(i) {
			w.signal(&list[b], int32(position))
		}
	}
}

func (w *clocks) nextEncoder() {
	for s := range stageCount {
		w.run[s].join(&w.here[s])
		w.here[s] = never
		w.open[s] = w.later[s]
	}
	w.past = w.latest
}

// wait applies a consumer or intra barrier before a position.
func (w *clocks) wait(b *barriers.Barrier, position int32) {
	if w.flush && b.Visibility&metal.VisibilityDevice == 0 {
		return
	}
	for to := b.Before; to != 0; to &= to - 1 {
		c := &w.open[stageIndex(to&-to)]
		for from := b.After; from != 0; from &= from - 1 {
			s := stageIndex(from & -from)
			if b.Kind == barriers.Consumer {
				c.join(&w.run[s])
				c[s] = max(c[s], w.past[s])
				continue
			}
			c.join(&w.here[s])
			if c[s] >= w.past[s] { // else what it orders is no prefix
				c[s] = max(c[s], position-1)
			}
		}
	}
}

// signal applies a producer barrier after a position.
func (w *clocks) signal(b *barriers.Barrier, position int32) {
	if w.flush && b.Visibility&metal.VisibilityDevice == 0 {
		return
	}
	for to := b.Before; to != 0; to &= to - 1 {
		c := &w.later[stageIndex(to&-to)]
		for from := b.After; from != 0; from &= from - 1 {
			s := stageIndex(from & -from)
			c.join(&w.run[s])
			c.join(&w.here[s])
			c[s] = max(c[s], position)
		}
	}
}

// lists are short lists of indices, one for each pass.
type lists struct{ start, items []int32 }

func (l *lists) of(i int) []int32 { return l.items[l.start[i]:l.start[i+1]] }

// byPass sorts barriers by the pass that they stand before or after.
func byPass(f *barriers.Frame, list []barriers.Barrier) (before, after lists) {
	isAfter := func(b *barriers.Barrier) bool { return b.Kind == barriers.Producer }
	pick := func(want bool) lists {
		l := lists{start: make([]int32, len(f.Passes)+2)}
		for i := range list {
			if isAfter(&list[i]) == want {
				l.start[list[i].Pass+2]++
			}
		}
		for i := 1; i < len(l.start); i++ {
			l.start[i] += l.start[i-1]
		}
		l.items = make([]int32, l.start[len(l.start)-1])
		for i := range list {
			if isAfter(&list[i]) == want {
				l.items[l.start[list[i].Pass+1]] = int32(i)
				l.start[list[i].Pass+1]++
			}
		}
		return l
	}
	return pick(false), pick(true)
}
