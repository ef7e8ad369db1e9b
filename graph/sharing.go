package graph

import (
	"math/bits"

	"weft/metal"
)

// sharing knows which blocks the derived barriers order: whose memory another
// may take at no cost. It keeps its slices from one compilation to the next.
//
// Two blocks that lie in one place cost nothing if every use of the one is
// ordered before every use of the other that it conflicts with, and every use of
// the other before those of the one in the next frame. Where the first of two
// uses writes, the order must be by barriers that flush.
type sharing struct {
	clocks

	passes  int32   // of the frame
	owner   []int32 // by resource: its block, or -1
	touched uint32  // stages in which blocks are used

	// By block and tracked stage: the last position of its reads and writes, -1
	// for none.
	reads, writes []int32
	// By block and tracked stage: what is ordered before all its writes, and
	// before all its accesses with memory flushed.
	ready, flushed []done
	// By block: whether the pass that uses it first writes all of it, so that the
	// others come after that.
	whole []bool

	// Kinds of blocks are by the stages that use them; the last kind is all that
	// are too many to tell apart. By block and kind: which position a block of the
	// kind may be used last at and surely is before; beyond which it surely is not.
	kind        []uint8 // by block
	kinds       int
	kindOf      [1 << stageCount]uint8 // by set of stages, 1 + kind
	early, late []int32
	after       []int32 // by block: what all kinds have in common of early

	uses    []int32 // accesses by block, see usesOf
	useEnds []int32
}

// learn finds the order of the blocks under the derived barriers.
func (c *compilation) learn() {
	s, f := &c.sharing, &c.frame
	s.passes = int32(len(f.Passes))
	s.owner = filled(s.owner, len(f.Resources), -1)
	for i := range c.blocks {
		s.owner[c.blocks[i].resource] = int32(i)
	}
	s.uses, s.touched, s.stretches = s.uses[:0], 0, append(s.stretches[:0], stretch{})
	for i := range c.blocks {
		s.touched |= stageMask(c.lives[c.blocks[i].resource].stages)
	}
	stages, n := bits.OnesCount32(s.touched), len(c.blocks)
	s.reads, s.writes = filled(s.reads, n*stages, -1), filled(s.writes, n*stages, -1)
	s.ready = filled(s.ready, n*stages, done{1<<31 - 1, 0})
	s.flushed = filled(s.flushed, n*stages, done{1<<31 - 1, 0})
	s.whole = zeroed(s.whole, n)
	flushes := true
	for i := range c.derived {
		flushes = flushes && c.derived[i].Visibility&metal.VisibilityDevice != 0
	}
	if !flushes {
		c.walk(true, false)
	}
	c.walk(flushes, true)
	s.tellApart(n)
}

// maxKinds is how many kinds of blocks are told apart.
const maxKinds = 8

// tellApart finds the kinds of n blocks, and what is early and late for each.
func (s *sharing) tellApart(n int) {
	var sets [maxKinds]uint32
	s.kind, s.kindOf, s.kinds = zeroed(s.kind, n), [1 << stageCount]uint8{}, 0
	for b := range s.kind {
		set := s.busyStages(int32(b))
		if s.kindOf[set] == 0 {
			s.kinds = min(s.kinds+1, maxKinds)
			s.kindOf[set] = uint8(s.kinds)
			sets[s.kinds-1] |= set
		}
		s.kind[b] = s.kindOf[set] - 1
	}
	s.early, s.late = zeroed(s.early, n*s.kinds), zeroed(s.late, n*s.kinds)
	s.after = zeroed(s.after, n)
	for b := range n {
		least := int32(1<<31 - 1)
		for k := range s.kinds {
			early, late := int32(1<<31-1), int32(-1)
			for i, rest := b*s.stages, s.touched; rest != 0; i, rest = i+1, rest&(rest-1) {
				if sets[k]&rest&-rest == 0 {
					continue
				}
				early = min(early, s.ready[i].upTo, s.flushed[i].upTo)
				if late = max(late, s.ready[i].upTo); s.ready[i].stretches|s.flushed[i].stretches != 0 {
					late = 1<<31 - 1
				}
			}
			s.early[b*s.kinds+k], s.late[b*s.kinds+k] = early, late
			least = min(least, early)
		}
		s.after[b] = least
	}
}

// busyStages is the set of tracked stages in which a block is used.
func (s *sharing) busyStages(b int32) (set uint32) {
	if s.stages == 1 {
		return s.touched
	}
	at := int(b) * s.stages
	for rest := s.touched; rest != 0; rest &= rest - 1 {
		if max(s.reads[at], s.writes[at]) >= 0 {
			set |= rest & -rest
		}
		at++
	}
	return set
}

// walk goes over two frames, by all barriers or by those that flush. In the
// second it notes what the clocks say of the blocks' accesses: what is flushed
// before them, ordered before their writes, or both if all barriers flush.
func (c *compilation) walk(flushed, ready bool) {
	s, f := &c.sharing, &c.frame
	w := &s.clocks
	w.start(s.touched)
	n := len(f.Passes)
	for frame := range 2 {
		encoder, scratch, rest := -1, len(c.g.resources), c.derived
		for i := range n {
			position := int32(frame*n + i)
			p := &f.Passes[i]
			if p.Encoder != encoder {
				encoder = p.Encoder
				w.encoder(position)
			}
			rest = w.barriers(rest, i, false, ready, position)
			if frame == 1 {
				list := c.g.accessesOf(c.pass(i))
				for j := range list {
					a := &list[j]
					b := s.owner[a.resource]
					switch {
					case b < 0:
					case a.write || !s.whole[b] || c.blocks[b].user == int32(i):
						s.note(&c.blocks[b], b, a, int32(i), flushed, ready)
					case ready: // most accesses
						for rest := stageMask(a.stages); rest != 0; rest &= rest - 1 {
							s.reads[int(b)*s.stages+int(s.tracked[bits.TrailingZeros32(rest)])] = int32(i)
						}
					}
				}
				if c.scratch[c.order[i]] > 0 {
					b := s.owner[scratch]
					s.note(&c.blocks[b], b, &access{stages: metal.StageMachineLearning, part: -1, write: true}, int32(i), flushed, ready)
					scratch++
				}
			}
			w.work(stageMask(p.Runs))
			rest = w.barriers(rest, i, true, ready, position)
		}
	}
}

// note takes in one access to a block, by the pass at a position.
func (s *sharing) note(b *block, index int32, a *access, position int32, flushed, ready bool) {
	base := int(index) * s.stages
	opens := !s.whole[index] || position == b.user
	if a.write && position == b.user && a.whole() {
		s.whole[index] = true
	}
	for rest := stageMask(a.stages); rest != 0; rest &= rest - 1 {
		stage := bits.TrailingZeros32(rest)
		at := base + int(s.tracked[stage])
		switch {
		case !ready:
		case a.write:
			s.writes[at] = position
		default:
			s.reads[at] = position
		}
		if !opens {
			continue
		}
		k := s.at(stage)
		if flushed {
			s.meet(s.flushed[base:base+s.stages], k)
		}
		if ready && a.write {
			s.meet(s.ready[base:base+s.stages], k)
		}
	}
}

func (s *sharing) meet(to []done, k *clock) {
	for i := range to {
		if to[i].stretches|k[i].stretches == 0 {
			to[i].upTo = min(to[i].upTo, k[i].upTo)
		} else {
			to[i] = s.both(to[i], k[i])
		}
	}
}
