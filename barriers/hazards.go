package barriers

import (
	"cmp"
	"slices"
)

// need is one order that barriers must bring about: stage b of pass to waits for
// stage a of pass from, some frames before.
type need struct {
	from, to int32
	frames   int32
	a, b     uint8 // numbers of stages
	flush    bool  // from writes: device visibility on every link
}

// cause is the hazard behind a need.
type cause struct {
	kind     HazardKind
	resource int32 // that to accesses
	source   int32 // that from accesses, resource unless memory is shared
}

// cell is a part of one copy of a resource that no access cuts, with what a next
// access to it must wait for: the last writer, and the readers since. A later
// access that follows a pass's write follows all that the write followed.
type cell struct {
	resource      int32
	writer, frame int32
	wrote         set   // the writer's stages; none: nobody has written yet
	readers       int32 // the latest in hazardFinder.readers, or -1

	reads, writes set // what the pass at hand does
}

type reader struct {
	pass, frame int32
	stages      set
	before      int32 // the reader before this one, or -1
}

// hazardFinder collects the direct hazards of a frame: from each last writer to
// the readers and the next writer, from each reader to the next writer. All
// other conflicts follow from these by transitivity (doc.go).
//
// Without full, it leaves out needs that others imply, and keeps no causes: then
// there are a few for each pass, however many hazards there are.
type hazardFinder struct {
	t      *timeline
	full   bool
	needs  []need
	causes []cause // of each need, if full

	cutter
	cells   []cell
	readers []reader
	free    int32   // a reader whose place can be taken, or -1
	touched []int32 // cells that the pass at hand accesses
	mark    int     // the first need of the pass at hand
	strong  []implied

	tenants
}

// implied notes, of one pass, which needs are met as soon as those found so far
// are: those of its stage b (by index) on stages of earlier frames.
type implied struct{ order, flush [stageCount]set }

// find collects the needs, sorted by how many frames they span, then by the pass
// that waits.
func (h *hazardFinder) find(t *timeline, full bool) {
	h.t, h.full = t, full
	h.needs, h.causes = h.needs[:0], h.causes[:0]
	h.readers, h.free = h.readers[:0], -1
	h.cells = resize(h.cells, h.cut(t))
	for r := range h.shapes {
		s := &h.shapes[r]
		if s.accesses <= 0 {
			continue
		}
		for c := s.first; c < s.first+s.cells*s.copies; c++ {
			h.cells[c] = cell{resource: int32(r), readers: -1}
		}
	}
	h.strong = resize(h.strong, len(t.runs))
	clear(h.strong)
	h.begin(t.frame)
	for frame := 0; frame <= t.history+1; frame++ {
		h.walk(int32(frame))
		if frame == 0 {
			h.close()
		}
	}
	if h.sharing {
		h.share()
		h.sort()
	}
}

// walk goes through the passes of one frame after those before it. Of the
// hazards it meets, it keeps those that begin in frame 0: any others are the
// same some frames earlier.
func (h *hazardFinder) walk(frame int32) {
	t := h.t
	for p := range t.runs {
		h.touched, h.mark = h.touched[:0], len(h.needs)
		for i := t.starts[p]; i < t.starts[p+1]; i++ {
			a, n := t.access(i)
			s := &h.shapes[a.Resource]
			if s.accesses <= 0 || frame > s.steady {
				continue
			}
			base := s.first
			if s.copies > 1 {
				base += (frame + int32(a.Frame) + s.copies) % s.copies * s.cells
			}
			if !s.cut {
				h.touch(base, a)
				continue
			}
			for _, c := range h.covers[h.spans[n].first:h.spans[n].end] {
				h.touch(base+c, a)
			}
		}
		for _, i := range h.touched {
			c := &h.cells[i]
			h.meet(c, int32(p), frame)
			h.pass(c, int32(p), frame)
		}
	}
}

func (h *hazardFinder) touch(i int32, a *Access) {
	c := &h.cells[i]
	if c.frame > 0 {
		return // written since frame 0: all that follows begins there or later
	}
	if c.reads|c.writes == 0 {
		h.touched = append(h.touched, i)
	}
	if a.Write {
		c.writes |= planned(a.Stages)
	} else {
		c.reads |= planned(a.Stages)
	}
}

// meet finds the hazards from the state of a cell to what a pass does to it.
func (h *hazardFinder) meet(c *cell, p, frame int32) {
	if frame == 0 && c.wrote == 0 && h.placed(c.resource) {
		h.open(c, p)
	}
	x := need{to: p, frames: frame}
	why := cause{resource: c.resource, source: c.resource}
	if c.wrote != 0 && c.frame == 0 {
		x.from, x.flush = c.writer, true
		why.kind = ReadAfterWrite
		h.need(x, c.wrote, c.reads, why)
		why.kind = WriteAfterWrite
		h.need(x, c.wrote, c.writes, why)
	}
	if c.writes == 0 {
		return
	}
	why.kind, x.flush = WriteAfterRead, false
	for i := c.readers; i >= 0; i = h.readers[i].before {
		if r := &h.readers[i]; r.frame == 0 {
			x.from = r.pass
			h.need(x, r.stages, c.writes, why)
		}
	}
}

// pass records what a pass did to a cell.
func (h *hazardFinder) pass(c *cell, p, frame int32) {
	if c.writes != 0 {
		for i := c.readers; i >= 0; {
			next := h.readers[i].before
			h.readers[i].before, h.free = h.free, i
			i = next
		}
		c.writer, c.frame, c.wrote, c.readers = p, frame, c.writes, -1
	}
	if c.reads != 0 {
		h.read(c, reader{p, frame, c.reads, c.readers})
	}
	c.reads, c.writes = 0, 0
}

// lookBack is how many readers, or needs of one pass, are compared with a new
// one to leave out what is implied.
const lookBack = 8

// read adds a reader. Without full, stages of earlier readers that are waited
// for by whatever waits for this one are left out.
func (h *hazardFinder) read(c *cell, r reader) {
	if !h.full {
		for i, n := &c.readers, 0; *i >= 0 && n < lookBack; n++ {
			old := &h.readers[*i]
			if h.covered(old.pass, old.frame, r.pass, r.frame) {
				old.stages &^= r.stages
			}
			if old.stages == 0 {
				gone := *i
				*i = old.before
				old.before, h.free = h.free, gone
				continue
			}
			i = &old.before
		}
		r.before = c.readers
	}
	if i := h.free; i >= 0 {
		h.free = h.readers[i].before
		h.readers[i] = r
		c.readers = i
		return
	}
	c.readers = int32(len(h.readers))
	h.readers = append(h.readers, r)
}

// covered says whether any chain from a later pass that leaves its encoder also
// waits for the same stage of an earlier one: it does if both are in one encoder,
// or if the later is the last of its encoder, so that the chain begins with a
// barrier between encoders.
func (h *hazardFinder) covered(p, frame, later, laterFrame int32) bool {
	e := h.t.encoder[later]
	return frame == laterFrame && h.t.encoder[p] == e || h.t.last[e] == later
}

// need adds one need for each stage of a and each of b, but for those that no
// barrier can order: from fragment or tile to the same encoder. There they are
// the attachments of merged passes, which Metal orders.
func (h *hazardFinder) need(x need, a, b set, why cause) {
	if x.frames == 0 && h.t.encoder[x.from] == h.t.encoder[x.to] {
		a &^= fragment | tile
	}
	for ; a != 0; a &= a - 1 {
		x.a = uint8(a.index())
		for rest := b; rest != 0; rest &= rest - 1 {
			x.b = uint8(rest.index())
			if h.full {
				h.needs, h.causes = append(h.needs, x), append(h.causes, why)
			} else {
				h.add(x)
			}
		}
	}
}

// add adds a need unless another one implies it.
func (h *hazardFinder) add(x need) {
	s := &h.strong[x.to]
	one := set(1) << x.a
	outside := one&(fragment|tile) != 0 // no chain from here stays in its encoder
	if x.frames > 0 && (s.flush[x.b]&one != 0 || !x.flush && s.order[x.b]&one != 0) {
		return
	}
	if x.frames == 0 && h.t.outward(x.from)&one != 0 {
		s.order[x.b] |= one
		if x.flush {
			s.flush[x.b] |= one
		}
	}
	for i := len(h.needs) - 1; i >= max(h.mark, len(h.needs)-lookBack); i-- {
		y := &h.needs[i]
		if y.a != x.a || y.b != x.b || y.to != x.to {
			continue
		}
		switch {
		case y.from >= x.from && (y.flush || !x.flush) && (outside || h.covered(x.from, 0, y.from, 0)):
			return
		case y.from <= x.from && (x.flush || !y.flush) && (outside || h.covered(y.from, 0, x.from, 0)):
			*y = x
			return
		}
	}
	h.needs = append(h.needs, x)
}

// sort restores the order of needs after those of shared memory have come to
// the end.
func (h *hazardFinder) sort() {
	if !h.full {
		slices.SortFunc(h.needs, func(x, y need) int {
			return cmp.Or(cmp.Compare(x.frames, y.frames), cmp.Compare(x.to, y.to))
		})
		return
	}
	// Causes follow their needs.
	order := make([]int, len(h.needs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		a, b := &h.needs[x], &h.needs[y]
		return cmp.Or(cmp.Compare(a.frames, b.frames), cmp.Compare(a.to, b.to))
	})
	needs, causes := make([]need, len(order)), make([]cause, len(order))
	for i, n := range order {
		needs[i], causes[i] = h.needs[n], h.causes[n]
	}
	h.needs, h.causes = needs, causes
}
