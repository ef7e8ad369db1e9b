package graph

// validateContent refuses reads of what is undefined: of a transient without an
// earlier write that overlaps, and of what an attachment has discarded since it
// was written. Documents may hold the latter: a plan for it is as good as any.
func (c *compilation) validateContent() {
	g := c.g
	w := contents{latest: make([]int32, len(g.resources))}
	for i := range g.passes {
		p := &g.passes[i]
		for _, a := range g.accessesOf(p) {
			if a.write {
				continue
			}
			what, cure := "is read", "make the resource Persistent"
			if a.attachment {
				what, cure = "is kept as an attachment", "clear it"
			}
			switch found, discarded := w.find(&a); {
			case discarded && a.frame == 0 && !g.document:
				c.fault(p, a.resource, "%s, and an earlier pass discarded that part of it: leave out Discard there, or declare a pass between them that writes it", what)
			case !found && !g.resources[a.resource].lifetime.carries():
				c.fault(p, a.resource, "%s, and no earlier pass writes that part of it: declare the pass that writes it before this one, or %s", what, cure)
			}
		}
		// A texture with depth and stencil may be discarded as one of the two and
		// stored as the other.
		w.push(g.accessesOf(p), true)
		w.push(g.accessesOf(p), false)
	}
}

// contents lists what was written, by resource, the latest first.
type contents struct {
	list   []written
	latest []int32 // by resource: index + 1
}

type written struct {
	part    box
	discard bool
	before  int32 // index + 1
}

func (w *contents) push(accesses []access, discard bool) {
	for _, a := range accesses {
		if a.write && a.discard == discard {
			w.list = append(w.list, written{a.part, discard, w.latest[a.resource]})
			w.latest[a.resource] = int32(len(w.list))
		}
	}
}

// find looks for the latest write that overlaps what is read, or for the
// discard that covers all of it.
func (w *contents) find(a *access) (found, discarded bool) {
	for i := w.latest[a.resource]; i > 0; i = w.list[i-1].before {
		x := &w.list[i-1]
		switch {
		case x.discard && x.part.contains(a.part):
			return true, true
		case x.part.overlaps(a.part):
			return true, false
		}
	}
	return false, false
}
