package graph

// cull finds the passes that the frame needs: those with a side effect, those
// that write what carries on after the frame, and those that write what a kept
// pass reads. A write that a later one covers whole before anything kept reads
// it keeps nothing.
//
// One walk from the last pass to the first. For each resource it keeps a list,
// nearest first, of what later passes do with it: reads of kept passes, which
// demand, and writes, which hide what they cover. A write is needed if the
// nearest of these that meets it is a demand.
func cull(c *compilation) error {
	g := c.g
	c.kept = resize(c.kept, len(g.passes))
	w := &c.demands
	w.reset(len(g.resources))
	for i := len(g.passes) - 1; i >= 0; i-- {
		p := &g.passes[i]
		list := g.accessesOf(p)
		kept := p.sideEffect
		for j := range list {
			if a := &list[j]; a.write && !kept {
				kept = w.wanted(g, a)
			}
		}
		c.kept[i] = kept
		for j := range list {
			if a := &list[j]; a.write {
				w.push(g, a, replaced)
			}
		}
		if !kept {
			continue
		}
		for j := range list {
			if a := &list[j]; !a.write && a.frame == 0 {
				w.push(g, a, demanded)
			}
		}
	}
	return nil
}

// demands is the trail of that list; flags are writes.
type demands struct{ trail }

// What ends a trail: the end of the frame, a read of the whole, a write of it.
const (
	untouched = 0
	demanded  = -1
	replaced  = -2
)

// push adds an access, which ends the list like that if it is to the whole.
func (w *demands) push(g *Graph, a *access, whole int32) {
	switch i := w.latest[a.resource]; {
	case a.whole():
		w.finish(a.resource, whole)
	case i > 0 && w.list[i-1].flag == a.write && w.list[i-1].part.contains(g.boxOf(a)):
		// that does the same for more
	default:
		w.trail.push(a.resource, g.boxOf(a), a.write)
	}
}

// wanted reports whether anything later needs the write a.
func (w *demands) wanted(g *Graph, a *access) bool {
	i, part := w.latest[a.resource], g.boxOf(a)
	for steps := 0; i > 0; steps++ {
		d := &w.list[i-1]
		if d.flag && d.part.contains(part) {
			return false
		}
		if !d.flag && d.part.overlaps(part) {
			return true
		}
		if i = d.next; steps == listPatience {
			i = w.skip(g, a)
		}
	}
	return i == demanded || i == untouched && g.resources[a.resource].lifetime.carries()
}
