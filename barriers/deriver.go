package barriers

import "weft/metal"

// A Deriver derives the barriers of one frame after another and keeps its memory
// between them: frames no larger than those before cost no allocation. The zero
// Deriver is ready for use. It is not safe for use by several goroutines.
type Deriver struct {
	// Whole keeps barriers between encoders out of render encoders: they stand
	// ahead of the first pass of one or behind its last.
	Whole bool

	timeline    timeline
	hazards     hazardFinder
	board       board
	reduction   reduction
	estimate    estimate
	improvement improvement

	list          []Barrier
	length, bound float64 // -1 until asked for
	passes        int     // of the frame derived last, 0 after one that was refused
	routed        bool    // Route was called for it
}

// Derive returns what the function [Derive] returns, but for the reasons, which
// [Explain] finds. The barriers are valid until the next call.
//
// It does what Place, Shorten and Thin do after one another.
func (d *Deriver) Derive(f *Frame) []Barrier {
	if !d.place(f) {
		return nil
	}
	if d.searched() {
		d.shorten()
		d.thin()
	}
	return d.write()
}

// Place derives barriers without a search: sufficient and irredundant, but the
// frame may be longer than it has to be. It takes a small part of the time of
// Derive. A frame that Validate refuses gets nil.
func (d *Deriver) Place(f *Frame) []Barrier {
	if !d.place(f) {
		return nil
	}
	return d.write()
}

// Route goes on from the barriers derived last, for a frame that has not changed
// since: it meets each need where that costs the frame least. The frame is hardly
// ever longer than after Shorten, which takes about three times as long.
func (d *Deriver) Route() []Barrier {
	if d.searched() {
		d.improvement.start(&d.reduction, &d.estimate, d.bound)
		d.routed = true
		d.write()
	}
	return d.list
}

// Shorten goes on in the same way, with a search for barriers that make the frame
// shorter.
func (d *Deriver) Shorten() []Barrier {
	if d.searched() {
		d.shorten()
		d.write()
	}
	return d.list
}

// Thin goes on in the same way, with a search for fewer barriers that make the
// frame no longer.
func (d *Deriver) Thin() []Barrier {
	if d.searched() {
		d.thin()
		d.write()
	}
	return d.list
}

func (d *Deriver) place(f *Frame) bool {
	d.list, d.length, d.bound, d.passes = d.list[:0], 0, 0, 0
	d.routed = false
	if len(f.Passes) == 0 || f.Validate() != nil {
		return false
	}
	d.passes = len(f.Passes)
	d.timeline.load(f)
	d.timeline.whole = d.Whole
	d.hazards.find(&d.timeline, false)
	d.board.reset(&d.timeline)
	d.reduction.load(&d.board, d.hazards.needs, true)
	d.reduction.reduce()
	d.estimate.t = nil
	if d.bound = -1; d.searched() {
		d.bound = d.estimated().forward(nil, d.hazards.needs)
	}
	return true
}

func (d *Deriver) shorten() { d.improvement.shorten(&d.reduction, &d.estimate, d.bound, d.routed) }
func (d *Deriver) thin()    { d.improvement.thin(&d.reduction, &d.estimate) }

func (d *Deriver) searched() bool { return d.passes > 0 && d.passes <= searchable }

// estimated returns the estimate of the frame, loaded when it is first asked for:
// of frames that are not searched, it may never be.
func (d *Deriver) estimated() *estimate {
	if d.estimate.t == nil {
		d.estimate.load(&d.timeline)
	}
	return &d.estimate
}

// Makespan is [Makespan] of the frame and the barriers derived last.
func (d *Deriver) Makespan() float64 {
	if d.length < 0 {
		d.length = d.estimated().forward(&d.board, nil)
	}
	return d.length
}

// Bound is a time that no barriers for the frame derived last can beat, whatever
// they are: that of barriers each of which holds back one stage of one pass.
func (d *Deriver) Bound() float64 {
	if d.bound < 0 {
		d.bound = d.estimated().forward(nil, d.hazards.needs)
	}
	return d.bound
}

// write narrows the drafts and lists those that stay, sorted by place.
func (d *Deriver) write() []Barrier {
	d.reduction.narrow()
	d.list, d.length = d.list[:0], -1
	b := &d.board
	for p := range b.ahead {
		d.writePlace(b.ahead[p])
		d.writePlace(b.behind[p])
	}
	return d.list
}

func (d *Deriver) writePlace(head int32) {
	first := len(d.list)
	for n := head; n >= 0; n = d.board.drafts[n].next {
		x := &d.board.drafts[n]
		if x.gone {
			continue
		}
		out := Barrier{
			Kind: x.kind, Encoder: int(d.timeline.encoder[x.pass]), Pass: int(x.pass),
			After: x.after.unpack(), Before: x.before.unpack(),
		}
		if x.device {
			out.Visibility = metal.VisibilityDevice
		}
		d.list = append(d.list, out)
		for i := len(d.list) - 1; i > first && d.list[i].less(&d.list[i-1]); i-- {
			d.list[i], d.list[i-1] = d.list[i-1], d.list[i]
		}
	}
}

// less orders barriers at one place.
func (b *Barrier) less(c *Barrier) bool {
	switch {
	case b.Kind != c.Kind:
		return b.Kind < c.Kind
	case b.After != c.After:
		return b.After < c.After
	}
	return b.Before < c.Before
}
