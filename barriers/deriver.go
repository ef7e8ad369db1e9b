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
}

// Derive returns what the function [Derive] returns, but for the reasons, which
// [Explain] finds. The barriers are valid until the next call.
func (d *Deriver) Derive(f *Frame) []Barrier {
	d.list, d.length, d.bound = d.list[:0], 0, 0
	if len(f.Passes) == 0 || f.Validate() != nil {
		return nil
	}
	d.timeline.load(f)
	d.hazards.find(&d.timeline, false)
	d.board.reset(&d.timeline)
	d.reduction.load(&d.board, d.hazards.needs, true)
	d.reduction.reduce()
	d.estimate.load(&d.timeline)
	d.bound = d.estimate.forward(nil, d.hazards.needs)
	if len(f.Passes) <= searchable {
		d.improvement.improve(&d.reduction, &d.estimate, d.estimate.forward(&d.board, nil), d.bound)
	}
	d.reduction.narrow()
	d.length = d.estimate.forward(&d.board, nil)
	d.write()
	return d.list
}

// Makespan is [Makespan] of the frame and the barriers derived last.
func (d *Deriver) Makespan() float64 { return d.length }

// Bound is a time that no barriers for the frame derived last can beat, whatever
// they are: that of barriers each of which holds back one stage of one pass.
func (d *Deriver) Bound() float64 { return d.bound }

// write lists the drafts that stay, sorted by place.
func (d *Deriver) write() {
	b := &d.board
	for p := range b.ahead {
		d.writePlace(b.ahead[p])
		d.writePlace(b.behind[p])
	}
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
