package barriers

import (
	"math/bits"

	"weft/metal"
)

// slotSet is a set of stages in 10 bits. MTLStages uses bits 0 to 4 and 26 to
// 30; no other stage ever runs, so no other counts.
type slotSet uint16

const slotCount = 10

const highSlots slotSet = 31 << 5

func slotsOf(s metal.Stages) slotSet { return slotSet(s&31) | slotSet(s>>21)&highSlots }

func (s slotSet) stages() metal.Stages {
	return metal.Stages(s&31) | metal.Stages(s&highSlots)<<21
}

func (s slotSet) lowest() slotSet { return s & -s }

func (s slotSet) index() int { return bits.TrailingZeros16(uint16(s)) }

func (s slotSet) count() int { return bits.OnesCount16(uint16(s)) }

// gate is a barrier as walks meet it. Stages that have nothing to do there are
// left out: those that never run, or not in what the barrier holds back.
type gate struct {
	kind          Kind
	device        bool
	after, before slotSet
}

// queue is a frame and its legal barriers in the order in which a walk meets
// them.
type queue struct {
	passes []queued
	gates  []gate  // by barrier
	ahead  []int32 // barriers before passes, by pass
	behind []int32 // barriers after passes, by pass
	named  slotSet // stages that barriers wait for: a walk ends in all others
}

type queued struct {
	encoder              int32
	opens                bool // first of its encoder
	runs                 slotSet
	aheadFrom, aheadTo   int32 // into queue.ahead
	behindFrom, behindTo int32 // into queue.behind
}

// newQueue lays out a frame and those barriers that are legal.
func newQueue(f *Frame, barriers []Barrier, legal []bool) *queue {
	q := &queue{passes: make([]queued, len(f.Passes)), gates: make([]gate, len(barriers))}
	for i := range f.Passes {
		p := &f.Passes[i]
		q.passes[i] = queued{
			encoder: int32(p.Encoder), opens: i == 0 || f.Passes[i-1].Encoder != p.Encoder, runs: slotsOf(p.Runs),
		}
	}
	var everywhere slotSet
	for i := range f.Accesses {
		q.passes[f.Accesses[i].Pass].runs |= slotsOf(withTile(f.Accesses[i].Stages))
	}
	rest := make([]slotSet, len(f.Passes)+1) // what runs from a pass to the end of its encoder
	for i := len(q.passes) - 1; i >= 0; i-- {
		everywhere |= q.passes[i].runs
		rest[i] = q.passes[i].runs
		if i+1 < len(q.passes) && !q.passes[i+1].opens {
			rest[i] |= rest[i+1]
		}
	}
	for n := range barriers {
		if !legal[n] {
			continue
		}
		b, p := &barriers[n], &q.passes[barriers[n].Pass]
		held := rest[b.Pass]
		if b.Kind == Producer {
			held = everywhere
			p.behindTo++
		} else {
			p.aheadTo++
		}
		q.gates[n] = gate{b.Kind, b.Visibility&metal.VisibilityDevice != 0, slotsOf(b.After) & everywhere, slotsOf(b.Before) & held}
		q.named |= q.gates[n].after
	}
	ahead, behind := int32(0), int32(0)
	for i := range q.passes {
		p := &q.passes[i]
		p.aheadFrom, p.behindFrom = ahead, behind
		ahead, behind = ahead+p.aheadTo, behind+p.behindTo
		p.aheadTo, p.behindTo = p.aheadFrom, p.behindFrom
	}
	q.ahead, q.behind = make([]int32, ahead), make([]int32, behind)
	for n := range barriers {
		switch p := barriers[n].Pass; {
		case !legal[n]:
		case barriers[n].Kind == Producer:
			q.behind[q.passes[p].behindTo] = int32(n)
			q.passes[p].behindTo++
		default:
			q.ahead[q.passes[p].aheadTo] = int32(n)
			q.passes[p].aheadTo++
		}
	}
	return q
}

// withTile widens an access in tile to tile and fragment.
func withTile(s metal.Stages) metal.Stages {
	if s&metal.StageTile == metal.StageTile {
		return s | metal.StageFragment
	}
	return s
}

// gatesAhead and gatesBehind list the barriers before and after a pass.
func (q *queue) gatesAhead(p int) []int32 {
	return q.ahead[q.passes[p].aheadFrom:q.passes[p].aheadTo]
}

func (q *queue) gatesBehind(p int) []int32 {
	return q.behind[q.passes[p].behindFrom:q.passes[p].behindTo]
}

// walk is what one event is known to come before, at one point of the queue.
type walk struct {
	past  slotSet // stages of earlier encoders, in which some work waits for it
	here  slotSet // the same of this encoder, so far
	hold  slotSet // stages whose work from this encoder on, of all encoders, waits
	wait  slotSet // stages whose work of this encoder waits from here on
	next  slotSet // stages whose work waits from the next encoder on
	flush bool    // over barriers with device visibility alone
	crowd int32   // which events walk this way
}

// open enters the next encoder.
func (w *walk) open() {
	w.past |= w.here
	w.hold |= w.next
	w.here, w.wait, w.next = 0, 0, 0
}

// bound is the set of stages whose work at this point comes after the start.
func (w *walk) bound() slotSet { return w.hold | w.wait }

// run passes the work of a pass.
func (w *walk) run(runs slotSet) { w.here |= w.bound() & runs }

// cross passes a barrier.
func (w *walk) cross(g *gate) {
	if w.flush && !g.device {
		return
	}
	switch g.kind {
	case Consumer:
		if g.after&w.past != 0 {
			w.wait |= g.before &^ w.hold
		}
	case Intra:
		if g.after&w.here != 0 {
			w.wait |= g.before &^ w.hold
		}
	case Producer:
		if g.after&(w.past|w.here) != 0 {
			w.next |= g.before &^ w.hold
		}
	}
}

// state packs what decides how the walk goes on.
func (w *walk) state() uint64 {
	s := uint64(w.past) | uint64(w.here)<<10 | uint64(w.hold)<<20 | uint64(w.wait)<<30 | uint64(w.next)<<40
	if w.flush {
		s |= 1 << 50
	}
	return s
}
