package graph

import (
	"math"

	"weft/barriers"
)

// schedule knows when the passes of a frame would run if each waited for exactly
// those it depends on, and lists them by such times. Times are in the unit of
// the costs.
type schedule struct {
	work     []work
	starts   []int32   // by pass, and one more: where its work begins
	ends     []float64 // by frame and work
	earliest []float64 // by pass: start in the first frame
	tail     []float64 // by pass: from its start to the end of what waits for it
	used     []busy    // by resource
	open     []int32   // by pass: how many it waits for that are not listed yet
	ready    readyList
}

// work is one stage of a pass: how long it takes, and how much later than the
// pass it begins.
type work struct {
	stage       int
	time, begin float64
}

// busy is when the writes of a resource so far end, and when its reads do.
type busy struct{ written, read float64 }

// The stages of a render pass of which some wait for others; in startOrder they
// come after those.
const (
	vertexIndex   = 0
	fragmentIndex = 1
	objectIndex   = 3
	meshIndex     = 4
)

var startOrder = [stageCount]int{vertexIndex, objectIndex, meshIndex, fragmentIndex, 2, 5, 6, 7, 8}

// load reads what the stages of the passes cost, from the frame lowered in
// declared order.
func (s *schedule) load(f *barriers.Frame) {
	s.work, s.starts = s.work[:0], resize(s.starts, len(f.Passes)+1)
	for i := range f.Passes {
		p := &f.Passes[i]
		s.starts[i] = int32(len(s.work))
		if p.Runs&(p.Runs-1) == 0 && len(p.Cost) == 0 { // most passes that render nothing
			s.work = append(s.work, work{stage: stageIndex(p.Runs), time: barriers.DefaultCost(p.Runs)})
			continue
		}
		var times [stageCount]float64
		for rest := p.Runs; rest != 0; rest &= rest - 1 {
			times[stageIndex(rest&-rest)] = barriers.DefaultCost(rest & -rest)
		}
		for _, c := range p.Cost {
			if p.Runs&c.Stage != 0 {
				times[stageIndex(c.Stage)] = c.Time
			}
		}
		for _, stage := range startOrder {
			if p.Runs&stageAt(stage) == 0 {
				continue
			}
			w := work{stage: stage, time: times[stage]}
			switch w.stage {
			case fragmentIndex:
				w.begin = max(times[vertexIndex], times[objectIndex]+times[meshIndex])
			case meshIndex:
				w.begin = times[objectIndex]
			}
			s.work = append(s.work, w)
		}
	}
	s.starts[len(f.Passes)] = int32(len(s.work))
}

func (s *schedule) workOf(pass int32) []work { return s.work[s.starts[pass]:s.starts[pass+1]] }

// least is how long the frames take at least, in any order, as long as encoders
// are those of f: when each stage waits only for those it depends on.
func (s *schedule) least(d *dependencies, f *barriers.Frame) float64 {
	frames := 3
	for i := range f.Resources {
		frames = max(frames, 3+f.Resources[i].History)
	}
	all := len(s.work)
	s.ends = resize(s.ends, frames*all)
	var longest float64
	for frame := range frames {
		for i := range int32(len(f.Passes)) {
			var asked [stageCount]float64
			list := d.beforeOf(i)
			for j := range list {
				x := &list[j]
				if int(x.frames) > frame || x.targets && x.frames == 0 && f.Passes[x.pass].Encoder == f.Passes[i].Encoder {
					continue
				}
				first := s.starts[x.pass]
				ends := s.ends[(frame-int(x.frames))*all:]
				var until float64
				for k, w := range s.workOf(x.pass) {
					if x.from>>w.stage&1 != 0 {
						until = max(until, ends[int(first)+k])
					}
				}
				for rest := x.to; rest != 0; rest &= rest - 1 {
					asked[rest.first()] = max(asked[rest.first()], until)
				}
			}
			longest = max(longest, s.let(i, &asked, s.ends[frame*all+int(s.starts[i]):]))
		}
	}
	return longest
}

// let runs a pass whose stages wait until asked, writes down when they end, and
// returns when the last does.
func (s *schedule) let(i int32, asked *[stageCount]float64, ends []float64) float64 {
	var object, geometry, last float64
	for k, w := range s.workOf(i) {
		end := asked[w.stage]
		switch w.stage {
		case meshIndex:
			end = max(end, object)
		case fragmentIndex:
			end = max(end, geometry)
		}
		end += w.time
		switch w.stage {
		case objectIndex:
			object = end
			geometry = max(geometry, end)
		case vertexIndex, meshIndex:
			geometry = max(geometry, end)
		}
		ends[k] = end
		last = max(last, end)
	}
	return last
}

// inOrder reports whether passes start in the order in which they were declared,
// parts of resources not told apart.
func (s *schedule) inOrder(c *compilation) bool {
	g := c.g
	s.used = zeroed(s.used, len(g.resources))
	var latest float64
	for i, p := range c.listed {
		list, single := g.accessesOf(&g.passes[p]), s.starts[i+1] == s.starts[i]+1
		var start float64
		for j := range list {
			a := &list[j]
			u := &s.used[a.resource]
			after := u.written
			if a.write && u.read > after {
				after = u.read
			}
			switch {
			case a.frame != 0 || after <= start:
			case single:
				start = after
			default:
				start = max(start, after-s.begin(int32(i), stageSetOf(a.stages)))
			}
		}
		if start < latest {
			return false
		}
		latest = start
		end := start + s.work[s.starts[i]].time
		for j := range list {
			a := &list[j]
			if a.frame != 0 {
				continue
			}
			if !single {
				end = start + s.end(int32(i), stageSetOf(a.stages))
			}
			u := &s.used[a.resource]
			if a.write && end > u.written {
				u.written = end
			} else if !a.write && end > u.read {
				u.read = end
			}
		}
	}
	return true
}

// run finds when passes start and what comes after them, in one frame.
func (s *schedule) run(d *dependencies) {
	n := len(s.starts) - 1
	s.earliest, s.tail = zeroed(s.earliest, n), resize(s.tail, n)
	for i := range n {
		list := d.beforeOf(int32(i))
		for j := range list {
			if x := &list[j]; x.frames == 0 {
				s.earliest[i] = max(s.earliest[i], s.earliest[x.pass]+s.lag(x))
			}
		}
		s.tail[i] = 0
		for _, w := range s.workOf(int32(i)) {
			s.tail[i] = max(s.tail[i], w.begin+w.time)
		}
	}
	for i := n - 1; i >= 0; i-- {
		list := d.beforeOf(int32(i))
		for j := range list {
			if x := &list[j]; x.frames == 0 {
				s.tail[x.pass] = max(s.tail[x.pass], s.lag(x)+s.tail[i])
			}
		}
	}
}

// lag is how much later than the pass it waits for a pass starts at least.
func (s *schedule) lag(x *dependency) float64 { return s.end(x.pass, x.from) - s.begin(x.waits, x.to) }

// begin is when the first of some stages of a pass begins after the pass, and
// end when the last ends.
func (s *schedule) begin(pass int32, stages stageSet) float64 {
	begin, list := math.Inf(1), s.workOf(pass)
	for i := range list {
		if w := &list[i]; stages>>w.stage&1 != 0 && w.begin < begin {
			begin = w.begin
		}
	}
	return begin
}

func (s *schedule) end(pass int32, stages stageSet) float64 {
	var end float64
	list := s.workOf(pass)
	for i := range list {
		if w := &list[i]; stages>>w.stage&1 != 0 && w.begin+w.time > end {
			end = w.begin + w.time
		}
	}
	return end
}

// rule is a rule by which ready passes are listed.
type rule int

const (
	byEarliestStart rule = iota
	byLatestStart
	bySlack
	rules
)

// list lists in out[:0] the passes so that the dependencies are kept: of those
// that are ready always the first by the rule, and of equal ones the one declared
// first.
func (s *schedule) list(d *dependencies, r rule, out []int32) []int32 {
	n := len(s.earliest)
	s.ready.reset(n)
	s.open, out = resize(s.open, n), out[:0]
	d.count(s.open, false)
	for i := range n {
		switch r {
		case byEarliestStart:
			s.ready.key[i] = s.earliest[i]
		case byLatestStart:
			s.ready.key[i] = -s.tail[i]
		case bySlack:
			s.ready.key[i] = s.earliest[i] - s.tail[i]
		}
		if s.open[i] == 0 {
			s.ready.push(int32(i))
		}
	}
	for len(s.ready.heap) > 0 {
		i := s.ready.pop()
		out = append(out, i)
		for _, x := range d.afterOf(i) {
			if s.open[x]--; s.open[x] == 0 {
				s.ready.push(x)
			}
		}
	}
	return out
}
