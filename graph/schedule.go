package graph

import (
	"weft/barriers"
	"weft/metal"
)

// schedule knows when the passes of a frame would run if each waited for exactly
// those it depends on, and lists them by such times. Times are in the unit of
// the costs, from the start of the frame.
type schedule struct {
	time     [][stageCount]float64 // of each pass, by stage
	geometry []float64             // how long before fragment starts
	earliest []float64             // start of each pass
	tail     []float64             // from its start to the end of what depends on it
	open     []int32               // by pass: dependencies that are not in the list yet
	ready    readyList
}

// rule is a rule by which ready passes are listed.
type rule int

const (
	byEarliestStart rule = iota
	byLatestStart
	byEnd
	rules
)

// costs reads what the stages of the passes cost, from the frame lowered in
// declared order.
func (s *schedule) costs(f *barriers.Frame) {
	n := len(f.Passes)
	s.time, s.geometry = resize(s.time, n), resize(s.geometry, n)
	for i := range f.Passes {
		p, t := &f.Passes[i], &s.time[i]
		*t = [stageCount]float64{}
		for rest := p.Runs; rest != 0; rest &= rest - 1 {
			t[stageIndex(rest&-rest)] = barriers.DefaultCost(rest & -rest)
		}
		for _, c := range p.Cost {
			if p.Runs&c.Stage != 0 {
				t[stageIndex(c.Stage)] = c.Time
			}
		}
		s.geometry[i] = max(t[vertexIndex], t[objectIndex]+t[meshIndex])
	}
}

const (
	vertexIndex   = 0
	fragmentIndex = 1
	objectIndex   = 3
	meshIndex     = 4
)

// start is when a stage of a pass begins after the pass.
func (s *schedule) start(pass, stage int) float64 {
	switch stage {
	case fragmentIndex:
		return s.geometry[pass]
	case meshIndex:
		return s.time[pass][objectIndex]
	}
	return 0
}

// begin is when the first of some stages of a pass begins after the pass, and
// end when the last ends.
func (s *schedule) begin(pass int, stages metal.Stages) float64 {
	first := stageIndex(stages & -stages)
	least := s.start(pass, first)
	for rest := stages & (stages - 1); rest != 0; rest &= rest - 1 {
		least = min(least, s.start(pass, stageIndex(rest&-rest)))
	}
	return least
}

func (s *schedule) end(pass int, stages metal.Stages) float64 {
	var latest float64
	for ; stages != 0; stages &= stages - 1 {
		i := stageIndex(stages & -stages)
		latest = max(latest, s.start(pass, i)+s.time[pass][i])
	}
	return latest
}

// run finds the times of all passes.
func (s *schedule) run(d *dependencies, f *barriers.Frame) {
	n := len(f.Passes)
	s.earliest, s.tail = resize(s.earliest, n), resize(s.tail, n)
	for i := range n {
		var t float64
		for _, x := range d.beforeOf(int32(i)) {
			t = max(t, s.earliest[x.pass]+x.lag)
		}
		s.earliest[i] = t
	}
	for i := n - 1; i >= 0; i-- {
		t := s.end(i, f.Passes[i].Runs)
		for _, x := range d.afterOf(int32(i)) {
			t = max(t, x.lag+s.tail[x.pass])
		}
		s.tail[i] = t
	}
}

// list appends to out[:0] the passes in an order that keeps the dependencies: of
// those that are ready always the first by the rule, and of equal ones the one
// declared first.
func (s *schedule) list(d *dependencies, r rule, out []int32) []int32 {
	n := len(s.earliest)
	s.ready.reset(n)
	s.open, out = resize(s.open, n), out[:0]
	for i := range n {
		switch r {
		case byEarliestStart:
			s.ready.key[i] = s.earliest[i]
		case byLatestStart:
			s.ready.key[i] = -s.tail[i]
		case byEnd:
			s.ready.key[i] = s.earliest[i] - s.tail[i]
		}
	}
	for i := range n {
		s.open[i] = int32(len(d.beforeOf(int32(i))))
		if s.open[i] == 0 {
			s.ready.push(int32(i))
		}
	}
	for len(s.ready.heap) > 0 {
		i := s.ready.pop()
		out = append(out, i)
		for _, x := range d.afterOf(i) {
			if s.open[x.pass]--; s.open[x.pass] == 0 {
				s.ready.push(x.pass)
			}
		}
	}
	return out
}
