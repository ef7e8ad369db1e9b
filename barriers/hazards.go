package barriers

import (
	"cmp"
	"slices"
)

// conflict is one hazard that Derive meets, between single stages.
type conflict struct {
	from, to int  // passes
	frames   int  // how many frames from runs before to
	a, b     set  // one stage each: of from, of to
	flush    bool // from writes: device visibility on every link
	kind     HazardKind
	resource int // that to accesses
	source   int // that from accesses, resource unless memory is shared
}

// touch is all that one pass of one frame does to one cell of a resource.
type touch struct {
	pass, frame   int
	reads, writes set
}

// cell is a part of one copy of a resource that no access cuts, with what a
// next access to it must wait for: the last writers, and the readers since.
type cell struct {
	writers, readers []touch
}

// pass records what a pass did to the cell. A later access that follows this
// pass's write follows all that the write followed.
func (c *cell) pass(t touch) {
	if t.writes != 0 {
		c.writers, c.readers = append(c.writers[:0], t), c.readers[:0]
	}
	if t.reads != 0 {
		c.readers = append(c.readers, t)
	}
}

// hazardFinder collects the direct hazards of a frame: from each last writer to
// the readers and the next writer, from each reader to the next writer. All
// other conflicts follow from these by transitivity (doc.go).
type hazardFinder struct {
	frame   *Frame
	t       *timeline
	found   []conflict
	tenants []tenant // by resource
}

func findHazards(f *Frame, t *timeline) []conflict {
	h := &hazardFinder{frame: f, t: t, tenants: make([]tenant, len(f.Resources))}
	byResource := make([][]int, len(f.Resources))
	for i := range f.Accesses {
		r := f.Accesses[i].Resource
		byResource[r] = append(byResource[r], i)
	}
	for r, accesses := range byResource {
		slices.SortStableFunc(accesses, func(x, y int) int {
			return cmp.Compare(f.Accesses[x].Pass, f.Accesses[y].Pass)
		})
		h.resource(r, accesses)
	}
	h.sharedMemory()
	slices.SortFunc(h.found, compareConflicts)
	return slices.Compact(h.found)
}

// compareConflicts sorts by the time at which the second access waits, and
// among those near pairs before far ones.
func compareConflicts(x, y conflict) int {
	return cmp.Or(cmp.Compare(x.frames, y.frames), cmp.Compare(x.to, y.to),
		cmp.Compare(y.from, x.from), cmp.Compare(x.b, y.b), cmp.Compare(x.a, y.a),
		cmp.Compare(x.kind, y.kind), cmp.Compare(x.resource, y.resource),
		cmp.Compare(x.source, y.source))
}

// resource finds the hazards of one resource by walking History+2 frames: after
// History+1 of them every copy has met every access, and hazards that end in
// the one after are those that every later frame has too.
func (h *hazardFinder) resource(r int, accesses []int) {
	res, tenant := &h.frame.Resources[r], &h.tenants[r]
	tenant.last = -1
	for n, i := range accesses {
		a := &h.frame.Accesses[i]
		if n == 0 {
			tenant.first = a.Pass
		}
		tenant.last = a.Pass
		tenant.writes = tenant.writes || a.Write
		tenant.all = append(tenant.all, event{a.Pass, planned(a.Stages), a.Write})
	}
	if !tenant.writes {
		return
	}
	cells, covers := cutCells(h.frame, accesses)
	copies := res.History + 1
	state := make([]cell, cells*copies)
	now := make([]touch, cells*copies) // what the pass at hand does
	var touched []int
	steady := copies
	if res.Lifetime == Fresh {
		steady = 0
	}
	for frame := 0; frame <= steady; frame++ {
		for lo := 0; lo < len(accesses); {
			pass := h.frame.Accesses[accesses[lo]].Pass
			touched = touched[:0]
			hi := lo
			for ; hi < len(accesses) && h.frame.Accesses[accesses[hi]].Pass == pass; hi++ {
				a := &h.frame.Accesses[accesses[hi]]
				base := (frame + a.Frame + copies) % copies * cells
				for _, c := range covers[hi] {
					if now[base+c] == (touch{}) {
						now[base+c] = touch{pass: pass, frame: frame}
						touched = append(touched, base+c)
					}
					now[base+c].add(a)
				}
			}
			if frame == 0 {
				tenant.open(state, now, touched)
			}
			for _, c := range touched {
				if frame == steady {
					h.meet(r, &state[c], &now[c])
				}
				state[c].pass(now[c])
				now[c] = touch{}
			}
			lo = hi
		}
		if frame == 0 {
			tenant.close(state)
		}
	}
}

func (t *touch) add(a *Access) {
	if a.Write {
		t.writes |= planned(a.Stages)
	} else {
		t.reads |= planned(a.Stages)
	}
}

// meet emits the hazards from the state of a cell to what a pass does to it.
func (h *hazardFinder) meet(r int, c *cell, now *touch) {
	emit := func(from *touch, a, b set, kind HazardKind) {
		h.pairs(conflict{
			from: from.pass, to: now.pass, frames: now.frame - from.frame,
			kind: kind, resource: r, source: r,
		}, a, b)
	}
	for i := range c.writers {
		w := &c.writers[i]
		emit(w, w.writes, now.reads, ReadAfterWrite)
		emit(w, w.writes, now.writes, WriteAfterWrite)
	}
	for i := range c.readers {
		emit(&c.readers[i], c.readers[i].reads, now.writes, WriteAfterRead)
	}
}

// pairs emits one hazard from each stage of a to each of b, but for those that
// no barrier can order: from fragment or tile to the same encoder. There they
// are the attachments of merged passes, which Metal orders.
func (h *hazardFinder) pairs(c conflict, a, b set) {
	c.flush = c.kind != WriteAfterRead
	if c.frames == 0 && h.t.encoder[c.from] == h.t.encoder[c.to] {
		a &^= fragment | tile
	}
	for ; a != 0; a &= a - 1 {
		c.a = a.lowest()
		for rest := b; rest != 0; rest &= rest - 1 {
			c.b = rest.lowest()
			h.found = append(h.found, c)
		}
	}
}
