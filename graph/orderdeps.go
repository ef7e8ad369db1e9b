package graph

import "weft/metal"

// dependencies says which kept pass comes before which in every order: accesses
// that overlap, one of them a write, keep their declared order. Only direct ones
// are listed; the others follow.
type dependencies struct {
	start   []int32 // by pass, and one more: where its list begins
	before  []dependency
	starts  []int32 // the same lists the other way round
	after   []dependency
	latest  []int32 // by pass: index + 1 of the dependency that is being collected
	seen    []sighting
	readers []int32 // by resource: index + 1
	writers []int32
	at      []int32 // by pass: position, for room
}

// dependency is one pass of a pair. lag is how much later than the first the
// second starts at least.
type dependency struct {
	pass int32
	lag  float64
}

// sighting is an access that no later write has covered yet.
type sighting struct {
	pass   int32
	stages metal.Stages
	part   box
	next   int32 // index + 1
}

// find lists the dependencies of the kept passes.
//
// For each resource it keeps the accesses that a later one can meet: a write
// hides all that it covers, for what follows the write follows those too.
func (d *dependencies) find(c *compilation) {
	g, n := c.g, len(c.listed)
	d.before, d.seen = d.before[:0], d.seen[:0]
	d.start, d.latest = resize(d.start, n+1), resize(d.latest, n)
	d.readers, d.writers = resize(d.readers, len(g.resources)), resize(d.writers, len(g.resources))
	clear(d.latest)
	clear(d.readers)
	clear(d.writers)
	for i, p := range c.listed {
		list := g.accessesOf(&g.passes[p])
		d.start[i] = int32(len(d.before))
		for j := range list {
			a := &list[j]
			if a.frame != 0 {
				continue // another copy
			}
			d.follow(c, i, a, d.writers[a.resource])
			if a.write {
				d.follow(c, i, a, d.readers[a.resource])
			}
		}
		d.see(list, int32(i))
	}
	d.start[n] = int32(len(d.before))
	d.turn(n)
}

// follow makes pass i come after those of a list that meet a.
func (d *dependencies) follow(c *compilation, i int, a *access, list int32) {
	for ; list > 0; list = d.seen[list-1].next {
		s := &d.seen[list-1]
		if !s.part.overlaps(a.part) {
			continue
		}
		lag := c.sched.end(int(s.pass), s.stages) - c.sched.begin(i, a.stages)
		if k := d.latest[s.pass] - 1; k >= d.start[i] {
			d.before[k].lag = max(d.before[k].lag, lag)
			continue
		}
		d.before = append(d.before, dependency{s.pass, lag})
		d.latest[s.pass] = int32(len(d.before))
	}
}

// see adds the accesses of a pass to the lists.
func (d *dependencies) see(list []access, pass int32) {
	for i := range list {
		if a := &list[i]; !a.write && a.frame == 0 {
			d.push(&d.readers[a.resource], a, pass)
		}
	}
	for i := range list {
		if a := &list[i]; a.write {
			d.hide(&d.readers[a.resource], a.part)
			d.hide(&d.writers[a.resource], a.part)
			d.push(&d.writers[a.resource], a, pass)
		}
	}
}

func (d *dependencies) push(head *int32, a *access, pass int32) {
	d.seen = append(d.seen, sighting{pass, a.stages, a.part, *head})
	*head = int32(len(d.seen))
}

// hide takes out what lies inside a part.
func (d *dependencies) hide(link *int32, part box) {
	for *link > 0 {
		s := &d.seen[*link-1]
		if part.contains(s.part) {
			*link = s.next
		} else {
			link = &s.next
		}
	}
}

// turn lists the same pairs by their first pass.
func (d *dependencies) turn(n int) {
	d.starts, d.after = resize(d.starts, n+2), resize(d.after, len(d.before))
	clear(d.starts)
	for _, x := range d.before {
		d.starts[x.pass+2]++
	}
	for i := 2; i < len(d.starts); i++ {
		d.starts[i] += d.starts[i-1]
	}
	for i := range n {
		for _, x := range d.beforeOf(int32(i)) {
			at := &d.starts[x.pass+1]
			d.after[*at] = dependency{int32(i), x.lag}
			*at++
		}
	}
}

func (d *dependencies) beforeOf(i int32) []dependency { return d.before[d.start[i]:d.start[i+1]] }
func (d *dependencies) afterOf(i int32) []dependency  { return d.after[d.starts[i]:d.starts[i+1]] }

// room returns the first and the last place in an order to which the pass at a
// place may be moved alone.
func (d *dependencies) room(order []int32, place int) (first, last int) {
	d.at = resize(d.at, len(order))
	for i, n := range order {
		d.at[n] = int32(i)
	}
	last = len(order) - 1
	for _, x := range d.beforeOf(order[place]) {
		first = max(first, int(d.at[x.pass])+1)
	}
	for _, x := range d.afterOf(order[place]) {
		last = min(last, int(d.at[x.pass])-1)
	}
	return first, last
}
