package barriers

import "math"

// router finds for each need the drafts that cost the frame least.
type router struct {
	b     *board
	e     *estimate
	needs []need

	length  float64 // of the frames with the drafts at hand and what needs ask
	spread  spread
	effort  int  // how much work is left to be spent, in passes looked at
	early   bool // of ways that cost the same take the earliest, not the latest
	slack   slack
	before  []int32  // of each pass and stage: the last work in earlier passes, or -1
	from    []int32  // of each pass and stage: the first work from here on, or -1
	options []option // the best ones for the need at hand
}

// maxHops is how many drafts after one another are looked for to meet one need.
const maxHops = 2

// option is a draft, or some after one another, that would meet a need.
type option struct {
	steps  [maxHops]step
	hops   int
	longer float64 // at least so much longer would the frames be
	late   int     // the later the better
}

// step is one draft from one stage to one stage.
type step struct {
	kind          Kind
	pass          int32
	after, before uint8
}

func (s *step) draft() draft {
	return draft{kind: s.kind, pass: s.pass, after: 1 << s.after, before: 1 << s.before, device: true}
}

// epsilon is how much times may differ that are the same but for rounding.
const epsilon = 1e-9

func (r *router) load(b *board, e *estimate, needs []need) {
	r.b, r.e, r.needs = b, e, needs
	r.slack.load(e.t, needs)
	passes := len(e.t.runs)
	r.before, r.from = resize(r.before, (passes+1)*stageCount), resize(r.from, (passes+1)*stageCount)
	for s := range stageCount {
		last := int32(-1)
		for p := range passes {
			r.before[p*stageCount+s] = last
			if e.t.runs[p]>>s&1 != 0 {
				last = e.find(int32(p), uint8(s))
			}
		}
		r.before[passes*stageCount+s] = last
		next := int32(-1)
		r.from[passes*stageCount+s] = next
		for p := passes - 1; p >= 0; p-- {
			if e.t.runs[p]>>s&1 != 0 {
				next = e.find(int32(p), uint8(s))
			}
			r.from[p*stageCount+s] = next
		}
	}
	r.measure()
}

// measure brings the schedule up to date with the drafts.
func (r *router) measure() {
	r.length = r.estimate()
	r.effort -= r.e.frames * len(r.e.t.runs)
	r.slack.backward(r.e, r.b, r.needs, r.length)
}

// estimate is how long the frames are with the drafts at hand and what needs
// ask.
func (r *router) estimate() float64 {
	r.effort -= r.e.frames * len(r.e.t.runs)
	return r.e.forward(r.b, r.needs)
}

// route meets a need, at the least cost found.
func (r *router) route(c *need) {
	if _, ok := r.b.chain(c); ok {
		return
	}
	r.spread.find(r.b, c)
	r.options = r.options[:0]
	r.single()
	best, length := r.cheapest()
	if length > r.length+epsilon {
		r.options = r.options[:0]
		r.double(length - r.length)
		if pair, shorter := r.cheapest(); shorter < length-epsilon {
			best = pair
		}
	}
	for i := range best.hops {
		r.b.widen(best.steps[i].draft())
	}
	r.measure()
}

// widen adds a draft to one that waits for the same stages, or makes the same
// stages wait, and else puts it down by itself.
func (b *board) widen(d draft) {
	for n := *b.place(&d); n >= 0; n = b.drafts[n].next {
		x := &b.drafts[n]
		if x.kind == d.kind && !x.gone && (x.after == d.after || x.before == d.before) {
			*x = x.with(&d)
			return
		}
	}
	b.put(d)
}

// most is how many ways are tried out in full.
const most = 6

// offer keeps a way if it is among the best.
func (r *router) offer(w option) {
	at := len(r.options)
	for at > 0 && w.better(&r.options[at-1]) {
		at--
	}
	if at == most {
		return
	}
	if len(r.options) < most {
		r.options = append(r.options, option{})
	}
	copy(r.options[at+1:], r.options[at:])
	r.options[at] = w
}

func (w *option) better(x *option) bool {
	if math.Abs(w.longer-x.longer) > epsilon {
		return w.longer < x.longer
	}
	return w.late > x.late
}

// cheapest tries the ways out and returns the one that makes the frames least
// longer, and how long they are then.
func (r *router) cheapest() (best option, length float64) {
	length = math.Inf(1)
	for i := range r.options {
		w := &r.options[i]
		if r.length+w.longer > length-epsilon {
			break
		}
		kept := len(r.b.drafts)
		for k := range w.hops {
			r.b.put(w.steps[k].draft())
		}
		if now := r.estimate(); now < length-epsilon {
			best, length = *w, now
		}
		r.b.take(kept)
		if length <= r.length+epsilon {
			break
		}
	}
	return best, length
}

// single offers the drafts that meet the need alone.
func (r *router) single() {
	for i := range r.spread.sites {
		x := &r.spread.sites[i]
		for a := x.cover; a != 0; a &= a - 1 {
			for b := x.lead; b != 0; b &= b - 1 {
				s := step{x.kind, x.pass, uint8(a.index()), uint8(b.index())}
				r.offer(option{steps: [maxHops]step{s}, hops: 1, longer: r.longer(&s), late: r.late(i)})
			}
		}
	}
}

// take removes the drafts that were put down last, down to a number of them.
func (b *board) take(kept int) {
	for n := len(b.drafts) - 1; n >= kept; n-- {
		d := &b.drafts[n]
		*b.place(d) = d.next
	}
	b.drafts = b.drafts[:kept]
}

func (r *router) late(i int) int {
	if r.early {
		return -i
	}
	return i
}

// ends returns the last work of its frame that a draft waits for and the first
// that it holds back; -1 if there is none in its frame.
func (r *router) ends(s *step) (u, v int32) {
	t := r.e.t
	covered, held := s.pass, s.pass // before the first, from the second pass on
	switch s.kind {
	case Consumer:
		covered = t.first[t.encoder[s.pass]]
	case Producer:
		covered, held = s.pass+1, t.last[t.encoder[s.pass]]+1
	}
	return r.before[int(covered)*stageCount+int(s.after)], r.from[int(held)*stageCount+int(s.before)]
}

// longer says how much longer a draft makes the frames at least: by as much as
// what it waits for ends after what it holds back must start.
func (r *router) longer(s *step) float64 {
	t, e := r.e.t, r.e
	u, v := r.ends(s)
	works := len(e.work)
	var longer float64
	if s.kind == Intra {
		first, last := t.first[t.encoder[s.pass]], t.last[t.encoder[s.pass]]
		if u < e.starts[first] || v < 0 || v >= e.starts[last+1] {
			return 0
		}
		for frame := range e.frames {
			longer = max(longer, e.ends[frame*works+int(u)].own-r.slack.starts[frame*works+int(v)].own)
		}
		return longer
	}
	final, start := r.before[len(t.runs)*stageCount+int(s.after)], r.from[int(s.before)]
	if final < 0 || start < 0 {
		return 0
	}
	for frame := range e.frames {
		var end float64
		if u >= 0 {
			end = e.ends[frame*works+int(u)].all
		} else if frame > 0 {
			end = e.ends[(frame-1)*works+int(final)].all
		}
		if v >= 0 {
			longer = max(longer, end-r.slack.starts[frame*works+int(v)].all)
		} else if frame+1 < e.frames {
			longer = max(longer, end-r.slack.starts[(frame+1)*works+int(start)].all)
		}
	}
	return longer
}

// double offers pairs of drafts that meet the need through a stage between them,
// if they may be cheaper than a single one.
func (r *router) double(limit float64) {
	sites := r.spread.sites
	for m := range uint8(stageCount) {
		if r.from[m] < 0 {
			continue // runs nowhere
		}
		for i := range sites {
			x := &sites[i]
			first, ok := r.hop(x, x.cover, m, true)
			if !ok || first.longer >= limit-epsilon {
				continue
			}
			held := r.firstHeld(x, m)
			if held < 0 {
				continue
			}
			for j := i + 1; j < len(sites); j++ {
				y := &sites[j]
				if r.lastCovered(y, m) < held {
					continue
				}
				second, ok := r.hop(y, y.lead, m, false)
				if !ok || second.longer >= limit-epsilon {
					continue
				}
				w := option{steps: [maxHops]step{first.steps[0], second.steps[0]}, hops: 2, longer: max(first.longer, second.longer), late: r.late(i + j)}
				r.offer(w)
			}
		}
	}
}

// hop is the cheapest draft at a site between stage m and one of some others.
func (r *router) hop(x *site, others set, m uint8, begins bool) (best option, ok bool) {
	if begins && x.kind == Intra && r.e.t.frame.Encoders[r.e.t.encoder[x.pass]].Kind.owns()>>m&1 == 0 ||
		!begins && x.kind == Intra && (set(1)<<m&(fragment|tile) != 0 || r.e.t.frame.Encoders[r.e.t.encoder[x.pass]].Kind.owns()>>m&1 == 0) {
		return best, false
	}
	for ; others != 0; others &= others - 1 {
		s := step{x.kind, x.pass, m, uint8(others.index())}
		if begins {
			s.after, s.before = s.before, m
		}
		if l := r.longer(&s); !ok || l < best.longer {
			best, ok = option{steps: [maxHops]step{s}, hops: 1, longer: l}, true
		}
	}
	return best, ok
}

// firstHeld is when the first event of stage m comes that a draft at a site
// holds back for sure, in passes since the start; -1 if none does.
func (r *router) firstHeld(x *site, m uint8) int {
	t, passes := r.e.t, len(r.e.t.runs)
	e := t.encoder[x.pass]
	p := x.pass
	if x.kind == Producer {
		p = t.last[e] + 1
	}
	for q := p; int(q) < passes; q++ {
		if x.kind != Producer && t.encoder[q] != e {
			return -1
		}
		if t.runs[q]>>m&1 != 0 {
			return int(x.frame)*passes + int(q)
		}
	}
	if x.kind != Producer {
		return -1
	}
	for q := range passes {
		if t.runs[q]>>m&1 != 0 {
			return (int(x.frame)+1)*passes + q
		}
	}
	return -1
}

// lastCovered is when the last event of stage m comes that a draft at a site
// waits for; -1 if it waits for none.
func (r *router) lastCovered(x *site, m uint8) int {
	t, passes := r.e.t, len(r.e.t.runs)
	first, p := int32(0), x.pass
	switch x.kind {
	case Consumer:
		p = t.first[t.encoder[x.pass]]
	case Producer:
		p++
	case Intra:
		first = t.first[t.encoder[x.pass]]
	}
	for q := p - 1; q >= first; q-- {
		if t.runs[q]>>m&1 != 0 {
			return int(x.frame)*passes + int(q)
		}
	}
	if x.kind == Intra {
		return -1
	}
	for q := passes - 1; q >= 0; q-- {
		if t.runs[q]>>m&1 != 0 {
			return (int(x.frame)-1)*passes + q
		}
	}
	return -1
}
