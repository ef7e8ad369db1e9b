package graph

import (
	"math/bits"

	"weft/metal"
)

// dependencies says which kept pass waits for which: accesses to one part of one
// copy of a resource, one of them a write. Inside a frame they keep their declared
// order; passes of later frames wait as well. Only direct ones are listed; the
// others follow.
type dependencies struct {
	found   []dependency
	start   []int32 // by pass, and two more: where those begin that it waits for
	before  []dependency
	starts  []int32 // the same for those that wait for it
	after   []int32 // passes of the same frame
	slot    []int32 // by resource, and one more: where its copies begin
	readers []int32 // by copy: index + 1 of a sighting
	writers []int32
	seen    []sighting
	at      []int32 // by pass: its place in an order
}

// dependency is one pass that waits for another: its stages to wait for stages
// from of the other, some frames before.
type dependency struct {
	pass, waits int32
	frames      int32
	from, to    stageSet
	targets     bool // both access an attachment
}

// sighting is an access that no later write has covered yet.
type sighting struct {
	pass, frame int32
	next        int32 // index + 1
	stages      stageSet
	attachment  bool
	part        box
}

// stageSet is a set of stages, by stageIndex.
type stageSet uint16

func stageSetOf(s metal.Stages) stageSet { return stageSet(s&31 | s>>27&15<<5) }

func (s stageSet) first() int { return bits.TrailingZeros16(uint16(s)) }

// find lists the dependencies of the kept passes.
//
// It walks as many frames as there are copies of a resource, and one more: then
// every copy has met every access, and what is found in the last frame is what
// all later frames have. For each copy it keeps the accesses that a later one can
// meet: a write hides all that it covers, for what follows the write follows
// those too.
func (d *dependencies) find(c *compilation) {
	last := d.reset(c.g)
	for frame := range last + 1 {
		for i, p := range c.listed {
			d.meet(c.g, &c.g.passes[p], int32(i), frame)
			d.see(c.g, &c.g.passes[p], int32(i), frame)
		}
	}
	for i, p := range c.listed {
		if c.scratch[p] > 0 {
			ml := stageSetOf(metal.StageMachineLearning)
			d.found = append(d.found, dependency{pass: int32(i), waits: int32(i), frames: 1, from: ml, to: ml})
		}
	}
	d.sort(len(c.listed))
}

// reset empties the lists and returns the largest number of copies.
func (d *dependencies) reset(g *Graph) int32 {
	d.found, d.seen = d.found[:0], d.seen[:0]
	d.slot = resize(d.slot, len(g.resources)+1)
	most, slots := int32(0), int32(0)
	for i := range g.resources {
		d.slot[i] = slots
		copies := 1 + int32(g.resources[i].lifetime.history())
		slots += copies
		most = max(most, copies)
	}
	d.slot[len(g.resources)] = slots
	d.readers, d.writers = resize(d.readers, int(slots)), resize(d.writers, int(slots))
	clear(d.readers)
	clear(d.writers)
	return most
}

// copyOf returns where the copy is that a touches in a frame, and how many there
// are.
func (d *dependencies) copyOf(a *access, frame int32) (at, copies int32) {
	at = d.slot[a.resource]
	copies = d.slot[a.resource+1] - at
	if copies > 1 {
		at += (frame + int32(a.frame) + copies) % copies
	}
	return at, copies
}

// meet lists what a pass waits for, in the frame in which all is found.
func (d *dependencies) meet(g *Graph, p *pass, i, frame int32) {
	list := g.accessesOf(p)
	for j := range list {
		a := &list[j]
		at, steady := d.copyOf(a, frame)
		if g.resources[a.resource].lifetime == Fresh {
			steady = 0
		}
		if frame != steady {
			continue
		}
		d.follow(g, i, frame, a, d.writers[at])
		if a.write {
			d.follow(g, i, frame, a, d.readers[at])
		}
	}
}

// follow makes pass i wait for those of a list that meet a.
func (d *dependencies) follow(g *Graph, i, frame int32, a *access, list int32) {
	part := g.boxOf(a)
	for ; list > 0; list = d.seen[list-1].next {
		s := &d.seen[list-1]
		if (s.pass != i || s.frame != frame) && s.part.overlaps(part) {
			d.found = append(d.found, dependency{
				pass: s.pass, waits: i, frames: frame - s.frame, from: s.stages, to: stageSetOf(a.stages),
				targets: s.attachment && a.attachment,
			})
		}
	}
}

// see adds what a pass does to the lists.
func (d *dependencies) see(g *Graph, p *pass, i, frame int32) {
	list := g.accessesOf(p)
	for j := range list {
		a := &list[j]
		if at, copies := d.copyOf(a, frame); a.write && frame <= copies {
			part := g.boxOf(a)
			d.hide(&d.readers[at], part)
			d.hide(&d.writers[at], part)
			d.push(&d.writers[at], a, part, i, frame)
		}
	}
	for j := range list {
		a := &list[j]
		if at, copies := d.copyOf(a, frame); !a.write && frame <= copies {
			d.push(&d.readers[at], a, g.boxOf(a), i, frame)
		}
	}
}

func (d *dependencies) push(head *int32, a *access, part box, pass, frame int32) {
	d.seen = append(d.seen, sighting{pass, frame, *head, stageSetOf(a.stages), a.attachment, part})
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

// sort lists what was found by the pass that waits, and that of one frame by the
// pass that is waited for, too.
func (d *dependencies) sort(n int) {
	d.start, d.before = resize(d.start, n+2), resize(d.before, len(d.found))
	d.starts = resize(d.starts, n+2)
	clear(d.start)
	clear(d.starts)
	for i := range d.found {
		x := &d.found[i]
		d.start[x.waits+2]++
		if x.frames == 0 {
			d.starts[x.pass+2]++
		}
	}
	for i := 2; i < n+2; i++ {
		d.start[i] += d.start[i-1]
		d.starts[i] += d.starts[i-1]
	}
	d.after = resize(d.after, int(d.starts[n+1]))
	for i := range d.found {
		x := &d.found[i]
		d.before[d.start[x.waits+1]] = *x
		d.start[x.waits+1]++
		if x.frames == 0 {
			d.after[d.starts[x.pass+1]] = x.waits
			d.starts[x.pass+1]++
		}
	}
}

// beforeOf lists what a pass waits for, in this frame and in earlier ones, and
// afterOf which passes of the same frame wait for it, some of them several times.
func (d *dependencies) beforeOf(i int32) []dependency { return d.before[d.start[i]:d.start[i+1]] }
func (d *dependencies) afterOf(i int32) []int32       { return d.after[d.starts[i]:d.starts[i+1]] }

// count says for each pass how many of one frame beforeOf lists, or afterOf.
func (d *dependencies) count(open []int32, after bool) {
	clear(open)
	for i := range d.found {
		if x := &d.found[i]; x.frames == 0 && after {
			open[x.pass]++
		} else if x.frames == 0 {
			open[x.waits]++
		}
	}
}

// room returns the first and the last place in an order to which the pass at a
// place may be moved alone.
func (d *dependencies) room(order []int32, place int) (first, last int) {
	d.at = resize(d.at, len(order))
	for i, n := range order {
		d.at[n] = int32(i)
	}
	last = len(order) - 1
	list := d.beforeOf(order[place])
	for i := range list {
		if x := &list[i]; x.frames == 0 {
			first = max(first, int(d.at[x.pass])+1)
		}
	}
	for _, x := range d.afterOf(order[place]) {
		last = min(last, int(d.at[x])-1)
	}
	return first, last
}
