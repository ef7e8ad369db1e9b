package barriers

import "weft/metal"

// A Deriver derives the barriers of one frame after another and keeps its memory
// between them: frames no larger than those before cost no allocation. The zero
// Deriver is ready for use. It is not safe for use by several goroutines.
type Deriver struct {
	timeline    timeline
	hazards     hazardFinder
	board       board
	reduction   reduction
	estimate    estimate
	improvement improvement

	list          []Barrier
	length, bound float64
	passes        int // of the frame derived last, 0 after one that was refused
}

// Derive returns what the function [Derive] returns, but for the reasons, which
// [Explain] finds. The barriers are valid until the next call.
//
// It does what Place, Shorten and Thin do after one another.
func (d *Deriver) Derive(f *Frame) []Barrier {
	if !d.place(f) {
		return nil
	}
	d.shorten()
	d.thin()
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

// Shorten goes on from the barriers derived last, with a search for such that
// make the frame shorter. It must not have changed since.
func (d *Deriver) Shorten() []Barrier {
	d.shorten()
	return d.write()
}

// Thin goes on in the same way, with a search for fewer barriers that make the
// frame no longer.
func (d *Deriver) Thin() []Barrier {
	d.thin()
	return d.write()
}

func (d *Deriver) place(f *Frame) bool {
	d.list, d.length, d.bound, d.passes = d.list[:0], 0, 0, 0
	if len(f.Passes) == 0 || f.Validate() != nil {
		return false
	}
	d.passes = len(f.Passes)
	d.timeline.load(f)
	d.hazards.find(&d.timeline, false)
	d.board.reset(&d.timeline)
	d.reduction.load(&d.board, d.hazards.needs, true)
	d.reduction.reduce()
	d.estimate.load(&d.timeline)
	d.bound = d.estimate.forward(nil, d.hazards.needs)
	return true
}

func (d *Deriver) shorten() {
	if d.searched() {
		d.improvement.shorten(&d.reduction, &d.estimate, d.bound)
	}
}

func (d *Deriver) thin() {
	if d.searched() {
		d.improvement.thin(&d.reduction, &d.estimate)
	}
}

func (d *Deriver) searched() bool { return d.passes > 0 && d.passes <= searchable }

// Makespan is [Makespan] of the frame and the barriers derived last.
func (d *Deriver) Makespan() float64 { return d.length }

// Bound is a time that no barriers for the frame derived last can beat, whatever
// they are: that of barriers each of which holds back one stage of one pass.
func (d *Deriver) Bound() float64 { return d.bound }

// write narrows the drafts and lists those that stay, sorted by place.
func (d *Deriver) write() []Barrier {
	if d.passes == 0 {
		return nil
	}
	d.reduction.narrow()
	d.length = d.estimate.forward(&d.board, nil)
	d.list = d.list[:0]
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
