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
	c.kept = make([]bool, len(g.passes))
	w := demands{g: g, nearest: make([]int32, len(g.resources))}
	for i := len(g.passes) - 1; i >= 0; i-- {
		p := &g.passes[i]
		kept := p.sideEffect
		for _, a := range g.accessesOf(p) {
			if a.write && !kept {
				kept = w.wanted(&a)
			}
		}
		c.kept[i] = kept
		for _, a := range g.accessesOf(p) {
			if a.write {
				w.push(&a)
			}
		}
		for _, a := range g.accessesOf(p) {
			if kept && !a.write && a.frame == 0 {
				w.push(&a)
			}
		}
	}
	return nil
}

// demands holds, for each resource, the list described at cull.
type demands struct {
	g       *Graph
	list    []demand
	nearest []int32 // by resource: index + 1
}

type demand struct {
	write bool
	part  box
	next  int32 // index + 1
}

func (w *demands) push(a *access) {
	next := w.nearest[a.resource]
	if a.write && a.part == w.g.resources[a.resource].all {
		next = 0 // hides all that comes later
	}
	w.list = append(w.list, demand{write: a.write, part: a.part, next: next})
	w.nearest[a.resource] = int32(len(w.list))
}

// wanted reports whether anything later needs the write a.
func (w *demands) wanted(a *access) bool {
	for i := w.nearest[a.resource]; i > 0; i = w.list[i-1].next {
		d := &w.list[i-1]
		if d.write && d.part.contains(a.part) {
			return false
		}
		if !d.write && d.part.overlaps(a.part) {
			return true
		}
	}
	return w.g.resources[a.resource].lifetime.carries()
}
