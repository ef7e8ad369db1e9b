package graph

import "weft/metal"

// Time is how long a pass took on the GPU.
type Time struct {
	Pass         string
	Milliseconds float64
}

// Times returns the times of the passes of the latest finished frame, in the
// plan's order; nil before one has finished, and without the option Timestamps.
// Passes that overlap count what both took. The slice is valid until the next
// call.
func (p *Plan) Times() []Time {
	m := p.machine
	if m == nil || !m.stamped || len(m.steps) == 0 {
		return nil
	}
	var latest *slot
	done := m.event.SignaledValue()
	for i := range m.slots {
		if s := &m.slots[i]; s.done > 0 && s.done <= done && (latest == nil || s.done > latest.done) {
			latest = s
		}
	}
	if latest == nil || latest.counters.Resolve(0, m.ticks) != nil {
		return nil
	}
	tick := m.device.Limits().TimestampNanoseconds
	for i := range m.times {
		m.times[i].Milliseconds = float64(m.ticks[2*i+1]-m.ticks[2*i]) * tick / 1e6
	}
	return m.times
}

// stampEncoder writes the time before (end 0) or after (end 1) a render or
// compute pass.
func (m *machine) stampEncoder(i, end int) {
	if !m.stamped {
		return
	}
	switch f := &m.frame; {
	case f.render != nil && end == 0:
		f.render.WriteTimestamp(metal.StageVertex, m.slot.counters, 2*i)
	case f.render != nil:
		f.render.WriteTimestamp(metal.StageFragment, m.slot.counters, 2*i+1)
	case f.compute != nil:
		f.compute.WriteTimestamp(m.slot.counters, 2*i+end)
	}
}

// stampBuffer does the same for a network, around its encoder: the
// machine-learning encoder has no timestamps.
func (m *machine) stampBuffer(i, end int) {
	if m.stamped {
		m.buffer.WriteTimestamp(m.slot.counters, 2*i+end)
	}
}
