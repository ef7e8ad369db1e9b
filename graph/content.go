package graph

// validateContent refuses reads of what is undefined: of a transient without an
// earlier write that overlaps, and of what an attachment has discarded since it
// was written. Documents may hold the latter: a plan for it is as good as any.
func (c *compilation) validateContent() {
	g := c.g
	w := &c.contents
	w.reset(len(g.resources))
	for i := range g.passes {
		p := &g.passes[i]
		list := g.accessesOf(p)
		discards := false
		for j := range list {
			a := &list[j]
			discards = discards || a.discard
			if a.write || w.latest[a.resource] == everywhere {
				continue
			}
			switch found, discarded := w.find(g, a); {
			case discarded && a.frame == 0 && !g.document:
				c.fault(p, a.resource, "%s, and an earlier pass discarded that part of it: leave out Discard there, or declare a pass between them that writes it", used(a))
			case !found && !g.resources[a.resource].lifetime.carries():
				cure := "make the resource Persistent"
				if a.attachment {
					cure = "clear it"
				}
				c.fault(p, a.resource, "%s, and no earlier pass writes that part of it: declare the pass that writes it before this one, or %s", used(a), cure)
			}
		}
		// A texture with depth and stencil may be discarded as one of the two and
		// stored as the other.
		if discards {
			w.push(g, list, true)
		}
		w.push(g, list, false)
	}
}

func used(a *access) string {
	if a.attachment {
		return "is kept as an attachment"
	}
	return "is read"
}

// everywhere ends the trail of a resource that was written whole.
const everywhere = -1

// contents is the trail of writes; flags are those that discard.
type contents struct{ trail }

func (w *contents) push(g *Graph, accesses []access, discard bool) {
	for i := range accesses {
		a := &accesses[i]
		switch {
		case !a.write || a.discard != discard:
		case !discard && a.whole():
			w.finish(a.resource, everywhere)
		default:
			w.trail.push(a.resource, g.boxOf(a), discard)
		}
	}
}

// find looks for the latest write that overlaps what is read, or for the
// discard that covers all of it.
func (w *contents) find(g *Graph, a *access) (found, discarded bool) {
	i, part := w.latest[a.resource], g.boxOf(a)
	for steps := 0; i > 0; steps++ {
		x := &w.list[i-1]
		switch {
		case x.flag && x.part.contains(part):
			return true, true
		case x.part.overlaps(part):
			return true, false
		}
		if i = x.next; steps == listPatience {
			i = w.skip(g, a)
		}
	}
	return i == everywhere, false
}
