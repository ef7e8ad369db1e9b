package graph

import "slices"

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
	c.kept = slices.Grow(c.kept[:0], len(g.passes))[:len(g.passes)]
	w := &c.demands
	w.resources, w.list, w.nearest = g.resources, w.list[:0], zeros(w.nearest, len(g.resources))
	for i := len(g.passes) - 1; i >= 0; i-- {
		p := &g.passes[i]
		list := g.accessesOf(p)
		kept := p.sideEffect
		for j := range list {
			kept = kept || list[j].write && w.wanted(&list[j])
		}
		c.kept[i] = kept
		for j := range list {
			if list[j].write {
				w.push(&list[j])
			}
		}
		for j := range list {
			if kept && !list[j].write && list[j].frame == 0 {
				w.push(&list[j])
			}
		}
	}
	return nil
}

// demands holds, for each resource, the list described at cull. What concerns
// the whole resource ends a list and is a number in its place.
type demands struct {
	resources []resource
	list      []demand
	nearest   []int32 // by resource: index + 1, or one of the following
}

const (
	untouched = 0  // the end of the frame
	demanded  = -1 // a read of the whole
	replaced  = -2 // a write of the whole
)

type demand struct {
	write bool
	part  box
	next  int32 // as demands.nearest
}

func (w *demands) push(a *access) {
	nearest := &w.nearest[a.resource]
	if a.whole {
		if *nearest = demanded; a.write {
			*nearest = replaced
		}
		return
	}
	if i := *nearest; i > 0 && w.list[i-1].write == a.write && w.list[i-1].part.contains(a.part) {
		return // that does the same for more
	}
	w.list = append(w.list, demand{write: a.write, part: a.part, next: *nearest})
	*nearest = int32(len(w.list))
}

// wanted reports whether anything later needs the write a.
func (w *demands) wanted(a *access) bool {
	i := w.nearest[a.resource]
	for i > 0 {
		d := &w.list[i-1]
		if d.write && d.part.contains(a.part) {
			return false
		}
		if !d.write && d.part.overlaps(a.part) {
			return true
		}
		i = d.next
	}
	return i == demanded || i == untouched && w.resources[a.resource].lifetime.carries()
}

// zeros returns n zeros in the memory of s, if that is large enough.
func zeros(s []int32, n int) []int32 {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}
