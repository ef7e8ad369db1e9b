package standin

import (
	"weft/barriers"
	"weft/metal"
)

// fence is an MTLFence.
type fence struct {
	object *object
	metal  metal.Fence
	queue  *queue // whose work updates it
}

// fencing is an update of a fence or a wait for it, encoded before command
// number at.
type fencing struct {
	fence  *fence
	update bool
	at     int
	stages metal.Stages
}

func (m *machine) newFence(c *call) {
	f := &fence{}
	var err error
	if f.metal, err = m.device.NewFence(""); err != nil {
		c.fault("%v", err)
		return
	}
	f.object = c.create("MTLFence", f)
}

func (m *machine) fencing(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	f, ok := c.object(0).state.(*fence)
	if !ok {
		return
	}
	p := e.pass
	what, update := "beforeEncoderStages", c.selector() == "updateFence:afterEncoderStages:"
	if update {
		what = "afterEncoderStages"
	}
	set, ok := e.ownStages(c, what, c.word(1))
	if !ok {
		return
	}
	for _, u := range p.fences {
		if u.fence == f && u.update && !update {
			c.fault("%s is updated by this encoder, and an update may be put off to its end: wait first", f.object)
			return
		}
	}
	e.needs(c, f.object)
	p.fences = append(p.fences, fencing{f, update, len(p.commands), set})
	p.cut = len(p.commands)
	if update {
		e.metal.UpdateFence(f.metal, set)
	} else {
		e.metal.WaitForFence(f.metal, set)
	}
}

// fenced reports whether each fence that buffers wait for is updated before, on
// this queue.
func (q *queue) fenced(c *call, buffers []*commandBuffer) bool {
	first := map[*fence]bool{}
	for _, b := range buffers {
		for _, p := range b.recording.passes {
			for _, u := range p.fences {
				switch f := u.fence; {
				case f.queue != nil && f.queue != q:
					c.fault("%s: %s orders the work of %s, and this is %s: use a shared event between queues", p.encoder, f.object, f.queue.object, q.object)
					return false
				case u.update:
					first[f] = true
				case f.queue == nil && !first[f]:
					c.fault("%s waits for %s, which no encoder before it updates: it would order nothing", p.encoder, f.object)
					return false
				}
			}
		}
	}
	for f := range first {
		f.queue = q
	}
	return true
}

// link says that what runs in some passes of a history comes before what runs in
// others: [from[0], from[1]) in the stages after, [to[0], to[1]) in before.
type link struct {
	from, to      [2]int
	after, before metal.Stages
	flushes       bool
}

// fence notes the fences of a pass whose commands are the passes of the history
// from first on, those of its encoder up to end.
func (h *history) fence(p *pass, first, end int) {
	for _, u := range p.fences {
		if u.update {
			h.updates[u.fence] = link{from: [2]int{first, first + u.at}, after: u.stages, flushes: true}
		} else if l, ok := h.updates[u.fence]; ok {
			l.to, l.before = [2]int{first + u.at, end}, u.stages
			h.links = append(h.links, l)
		}
	}
}

// link is a barrier as one: package barriers knows no fences.
func (h *history) link(b *barriers.Barrier) link {
	n := len(h.frame.Passes)
	start, end := n, n
	for i, p := range h.frame.Passes {
		if p.Encoder == b.Encoder {
			start = min(start, i)
		} else if p.Encoder > b.Encoder {
			end = min(end, i)
		}
	}
	l := link{after: b.After, before: b.Before, flushes: b.Visibility&metal.VisibilityDevice != 0}
	switch b.Kind {
	case barriers.Consumer:
		l.from, l.to = [2]int{0, start}, [2]int{b.Pass, end}
	case barriers.Producer:
		l.from, l.to = [2]int{0, b.Pass + 1}, [2]int{end, n}
	case barriers.Intra:
		l.from, l.to = [2]int{start, b.Pass}, [2]int{b.Pass, end}
	}
	return l
}

// ordered reports whether fences, with barriers, meet a hazard that barriers
// alone do not: whether a chain of them leads from the one access to the other,
// each link from a stage that runs where the one before ends.
func (h *history) ordered(u *barriers.Hazard) bool {
	if len(h.links) == 0 {
		return false
	}
	links := h.links
	for i := range h.barriers {
		links = append(links, h.link(&h.barriers[i]))
	}
	reached := make([]metal.Stages, len(h.frame.Passes))
	reached[u.From] = u.FromStages
	for again := true; again; {
		again = false
		for _, l := range links {
			if u.Kind != barriers.WriteAfterRead && !l.flushes || !l.follows(reached) {
				continue
			}
			for i := l.to[0]; i < l.to[1]; i++ {
				if more := h.frame.Passes[i].Runs & l.before &^ reached[i]; more != 0 {
					reached[i] |= more
					again = true
				}
			}
		}
	}
	return u.ToStages&^reached[u.To] == 0
}

// follows reports whether the link begins where something was reached.
func (l *link) follows(reached []metal.Stages) bool {
	for i := l.from[0]; i < l.from[1]; i++ {
		if reached[i]&l.after != 0 {
			return true
		}
	}
	return false
}
