package graph

// trail keeps, for each resource, what happened to parts of it, the nearest
// first, down to what happened to all of it, which ends the list.
//
// Lists are short, or one of their first elements answers, in all but frames
// that go through many parts of one resource more than once. There a tree over
// the parts finds in O(log n) what meets one; it is made when a list has been too
// long.
type trail struct {
	list   []trace
	latest []int32  // by resource: index + 1, or what ended the list
	end    []ending // by resource, if it has a list
	trees  []tree   // by resource, once one is needed
}

// trace is what happened to a part.
type trace struct {
	part box
	flag bool  // for whoever keeps the trail
	next int32 // as trail.latest
}

// ending is what ended a list, 0 or less, and how many elements the trail had when
// the list was begun.
type ending struct{ how, length int32 }

type tree struct {
	spans
	noted int32 // elements up to this one are in it
}

func (t *trail) reset(resources int) {
	t.list, t.latest, t.trees = t.list[:0], zeroed(t.latest, resources), nil
	t.end = resize(t.end, resources)
}

func (t *trail) push(resource int32, part box, flag bool) {
	next := t.latest[resource]
	if next <= 0 {
		t.end[resource] = ending{next, int32(len(t.list))}
	}
	t.list = append(t.list, trace{part, flag, next})
	t.latest[resource] = int32(len(t.list))
}

// finish ends the list of a resource with a number below 0.
func (t *trail) finish(resource, how int32) { t.latest[resource] = how }

// listPatience is how many steps along a list are quicker than a tree.
const listPatience = 64

// skip returns the first element of a list that overlaps the part of an access,
// or what ends the list.
func (t *trail) skip(g *Graph, a *access) int32 {
	if t.latest[a.resource] <= 0 {
		return t.latest[a.resource]
	}
	if t.trees == nil {
		t.makeTrees(g)
	}
	r := &t.trees[a.resource]
	for i := t.latest[a.resource]; i > r.noted; i = t.list[i-1].next {
		r.note(t.list[i-1].part, i)
	}
	r.noted = max(r.noted, t.latest[a.resource])
	most := r.most(g.boxOf(a))
	if end := t.end[a.resource]; most <= end.length {
		return end.how
	}
	return most
}

// makeTrees makes trees for all resources whose lists may be too long.
func (t *trail) makeTrees(g *Graph) {
	t.trees = make([]tree, len(g.resources))
	counts := make([]int32, len(g.resources))
	for i := range g.accesses {
		counts[g.accesses[i].resource]++
	}
	for i, parts := range g.partsOfAll(func(a *access) bool { return counts[a.resource] > listPatience }) {
		if len(parts) > 0 {
			t.trees[i].spans = newSpans(append(parts, g.resources[i].all))
		}
	}
}
