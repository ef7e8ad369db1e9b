package barriers

import "fmt"

// Unfounded is a reason of a barrier that is none: with that barrier alone taken
// away in every frame, the hazard is as it was.
type Unfounded struct {
	Barrier int // index into what CheckReasons was given
	Reason  int // index into that barrier's Because
	Why     string

	frame    *Frame
	barriers []Barrier
}

// String says which reason is none and why.
func (u Unfounded) String() string {
	return fmt.Sprintf("%s: reason %d: %s", describe(u.frame, u.barriers, u.Barrier), u.Reason, u.Why)
}

// CheckReasons judges the Because of each barrier: each must be a conflict of
// the frame that is ordered and flushed as it must be, and would not be if this
// barrier alone were taken away. It returns those that are not.
//
// A plan may leave out what it does not know: stages that are 0 stand for any,
// and with Aliasing a FromResource of -1 for any other in the same memory. A
// reason holds if it does for one pair of such stages. Frames reaches up to 2
// plus the largest history. Where Check calls the frame invalid or a barrier
// illegal, no reason of it is judged.
func CheckReasons(f *Frame, barriers []Barrier) []Unfounded {
	if f.Validate() != nil {
		return nil
	}
	legal := make([]bool, len(barriers))
	for n := range barriers {
		legal[n] = illegal(f, &barriers[n]) == ""
	}
	c := &claims{queue: newQueue(f, barriers, legal), byBarrier: make([][]int32, len(barriers)), byPass: make([][]int32, len(f.Passes))}
	c.rivals.queue = c.queue
	clashes := newClashes(f, few)
	var reasons []Unfounded
	last := 0
	for n := range barriers {
		for i := range barriers[n].Because {
			h := &barriers[n].Because[i]
			if !legal[n] {
				continue
			}
			u := Unfounded{Barrier: n, Reason: i, frame: f, barriers: barriers}
			if u.Why = unknown(f, h, clashes.reach+1); u.Why == "" {
				c.strands(clashes, h, n, int32(len(reasons)))
				last = max(last, h.Frames)
			}
			reasons = append(reasons, u)
		}
	}
	c.founded = make([]bool, len(reasons))
	c.crowds.march(c.queue, last, c)
	var list []Unfounded
	for i, u := range reasons {
		if c.founded[i] {
			continue
		}
		if h := &barriers[u.Barrier].Because[u.Reason]; u.Why == "" {
			u.Why = fmt.Sprintf("without the barrier it is as it is with it: %s", h.describe(f))
		}
		list = append(list, u)
	}
	return list
}

// unknown says why a hazard cannot be one of the frame, or "".
func unknown(f *Frame, h *Hazard, frames int) string {
	switch {
	case h.From < 0 || h.From >= len(f.Passes):
		return fmt.Sprintf("no pass %d: the frame has %d", h.From, len(f.Passes))
	case h.To < 0 || h.To >= len(f.Passes):
		return fmt.Sprintf("no pass %d: the frame has %d", h.To, len(f.Passes))
	case h.Resource < 0 || h.Resource >= len(f.Resources):
		return fmt.Sprintf("no resource %d: the frame has %d", h.Resource, len(f.Resources))
	case h.FromResource >= len(f.Resources) || h.FromResource < 0 && (!h.Aliasing || h.FromResource != -1):
		return fmt.Sprintf("no resource %d: the frame has %d", h.FromResource, len(f.Resources))
	case h.Frames < 0 || h.Frames > frames:
		return fmt.Sprintf("%d frames apart: from 0 to %d are judged", h.Frames, frames)
	case h.Kind > WriteAfterWrite:
		return fmt.Sprintf("hazard %d is none of readAfterWrite, writeAfterRead, writeAfterWrite", h.Kind)
	}
	return ""
}

// describe words the hazard also where FromResource is left out.
func (h Hazard) describe(f *Frame) string {
	if h.FromResource < 0 {
		h.FromResource, h.Aliasing = h.Resource, false
		return h.Describe(f) + " (shared memory)"
	}
	return h.Describe(f)
}

// claims goes along the queue with the events that reasons begin with. At a
// barrier it looks ahead to where its reasons end.
type claims struct {
	*queue
	crowds    crowds
	rivals    rivals
	list      []strand
	byBarrier [][]int32 // strands
	byPass    [][]int32 // strands, by the pass that they begin in
	founded   []bool    // by reason
	open      []int32
}

// strand is what a reason comes to for one stage that it begins in.
type strand struct {
	reason, crowd int32 // crowd is -1 before it begins
	to, frames    int32
	first, last   slotSet // one stage; any of these
	flush         bool
}

// strands finds the stages between which a hazard is a conflict of the frame.
func (c *claims) strands(k *clashes, h *Hazard, barrier int, reason int32) {
	begins, ends := slotsOf(h.FromStages), slotsOf(h.ToStages)
	var to [slotCount]slotSet
	for _, a := range k.of(h.From) {
		if k.frame.Accesses[a].Write == (h.Kind == WriteAfterRead) {
			continue
		}
		for _, b := range k.of(h.To) {
			x, y := &k.frame.Accesses[a], &k.frame.Accesses[b]
			switch {
			case y.Write == (h.Kind == ReadAfterWrite) || y.Resource != h.Resource:
				continue
			case h.Aliasing != (x.Resource != y.Resource) || h.FromResource >= 0 && x.Resource != h.FromResource:
				continue
			case !k.same(a, b, h.Frames):
				continue
			}
			for rest := k.slots[a]; rest != 0; rest &= rest - 1 {
				if h.FromStages == 0 || begins&rest.lowest() != 0 {
					to[rest.lowest().index()] |= k.slots[b]
				}
			}
		}
	}
	for s := range to {
		if h.ToStages != 0 {
			to[s] &= ends
		}
		if to[s] == 0 {
			continue
		}
		n := int32(len(c.list))
		c.list = append(c.list, strand{
			reason: reason, crowd: -1, to: int32(h.To), frames: int32(h.Frames),
			first: 1 << s, last: to[s], flush: h.Kind != WriteAfterRead,
		})
		c.byBarrier[barrier] = append(c.byBarrier[barrier], n)
		c.byPass[h.From] = append(c.byPass[h.From], n)
	}
}

func (c *claims) begin(pass int) {
	for _, n := range c.byPass[pass] {
		x := &c.list[n]
		x.crowd = c.crowds.start(x.first&c.named, x.flush)
	}
}

func (c *claims) at(int, int) {}

func (c *claims) before(gates []int32, pass, frame int, behind bool) {
	for _, n := range gates {
		for _, flush := range [2]bool{true, false} {
			if len(c.byBarrier[n]) > 0 {
				c.lookAhead(n, flush, spot{gates, pass, frame, behind})
			}
		}
	}
}

// lookAhead finds the reasons of a barrier that are lost without it from a spot
// on.
func (c *claims) lookAhead(n int32, flush bool, at spot) {
	r := &c.rivals
	c.open, r.frames, r.end = c.open[:0], -1, 0
	for _, i := range c.byBarrier[n] {
		x := &c.list[i]
		frames, to := int(x.frames), int(x.to)
		if x.flush != flush || c.founded[x.reason] || x.crowd < 0 ||
			frames < at.frame || frames == at.frame && (to < at.pass || to == at.pass && at.behind) {
			continue // not this way, settled, to come, or past
		}
		x.crowd = c.crowds.find(x.crowd)
		c.open = append(c.open, i)
		if frames > r.frames || frames == r.frames && to > r.end {
			r.frames, r.end = frames, to
		}
	}
	if len(c.open) == 0 {
		return
	}
	r.n, r.less = n, gate{}
	r.part(c.crowds.walks, flush, at.gates)
	r.keep(func(x *rival) bool {
		for _, i := range c.open {
			if c.list[i].crowd == x.with.crowd {
				return true
			}
		}
		return false
	})
	if len(r.list) == 0 {
		return
	}
	r.follow(at.pass, at.frame, at.behind, func(pass, frame int) bool {
		for _, i := range c.open {
			x := &c.list[i]
			if int(x.to) == pass && int(x.frames) == frame && r.gainedBy(x.crowd)&x.last != 0 {
				c.founded[x.reason] = true
			}
		}
		return false
	})
}
