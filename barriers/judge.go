package barriers

// judge goes along the queue with all events at once. At each access it looks
// for crowds that conflict and are not bound to come before; at each barrier it
// looks ahead for what would break without the barrier, or without a part of it.
type judge struct {
	*queue
	*clashes
	crowds   crowds    // go along the queue
	verdicts []verdict // by barrier
	found    map[Hazard]bool
	omitted  int
	limits   limits
	begun    [2 * slotCount]int32
	rivals   rivals
}

// verdict is what of a barrier some conflict cannot do without.
type verdict struct {
	whole, visibility bool
	after, before     slotSet
}

// limits keep the work of a judge in bounds.
type limits struct {
	few      int // places that are held against each other one by one
	found    int // unordered pairs that a report lists
	patience int // entries that are looked at one by one to count the rest
}

const (
	few         = 64
	maxFound    = 10_000
	maxPatience = 1_000_000
)

func newJudge(f *Frame, barriers []Barrier, legal []bool, limits limits) *judge {
	q, c := newQueue(f, barriers, legal), newClashes(f, limits.few)
	return &judge{
		queue: q, clashes: c, rivals: rivals{queue: q, frames: c.reach, end: len(f.Passes)},
		verdicts: make([]verdict, len(barriers)), found: map[Hazard]bool{}, limits: limits,
	}
}

// at looks for conflicts that the work of a pass is not bound to come after.
func (j *judge) at(pass, frame int) {
	for _, b := range j.of(pass) {
		for _, writes := range [2]bool{true, false} {
			if !writes && !j.frame.Accesses[b].Write {
				continue
			}
			j.each(&j.crowds, b, frame, writes, func(x clash) bool {
				if free := j.slots[b] &^ j.crowds.walkOf(j.runs[x.run].crowd).bound(); free != 0 {
					j.object(x, b, free, frame)
				}
				return false
			})
		}
	}
}

// object reports the conflicts of a run with the given stages of access b.
func (j *judge) object(x clash, b int32, stages slotSet, frames int) {
	extent := j.extent(x, b, frames)
	if extent == noneOf {
		return
	}
	if extent == allOf && len(j.found) >= j.limits.found {
		j.omitted += int(j.runs[x.run].count) * stages.count()
		return
	}
	for e := j.runs[x.run].head; e >= 0; e = j.entries[e].next {
		if len(j.found) >= j.limits.found {
			if j.limits.patience--; j.limits.patience < 0 {
				j.omitted = max(j.omitted, 1)
				return
			}
		}
		if extent == someOf && !j.meets(x, e, b, frames) {
			continue
		}
		for rest := stages; rest != 0; rest &= rest - 1 {
			h := j.hazard(e, b, rest.lowest(), frames)
			switch {
			case j.found[h]:
			case len(j.found) < j.limits.found:
				j.found[h] = true
			default:
				j.omitted++
			}
		}
	}
}

// begin lets the accesses of a pass begin to walk, stage by stage: over flushes
// if they write, over any barriers if they read.
func (j *judge) begin(pass int) {
	for i := range j.begun {
		j.begun[i] = -1
	}
	for _, a := range j.of(pass) {
		if j.idle(a) {
			continue
		}
		write := j.frame.Accesses[a].Write
		for rest := j.slots[a]; rest != 0; rest &= rest - 1 {
			s := rest.lowest()
			crowd := &j.begun[2*s.index()+digit(write)]
			if *crowd < 0 {
				*crowd = j.crowds.start(s&j.named, write)
			}
			j.note(&j.crowds, a, s, *crowd)
		}
	}
}

// before looks ahead without each barrier of a place, and without its parts.
func (j *judge) before(gates []int32, pass, frame int, behind bool) {
	for _, n := range gates {
		for _, flush := range [2]bool{true, false} {
			j.weigh(n, flush, spot{gates, pass, frame, behind})
		}
	}
}

// weigh finds out which parts of barrier n the walks that flush, or the others,
// cannot do without, as far as that is not known yet.
func (j *judge) weigh(n int32, flush bool, at spot) {
	g, v := j.gates[n], &j.verdicts[n]
	if flush && !g.device {
		return
	}
	if !v.whole || flush && !v.visibility {
		// What breaks without a part breaks without the whole.
		if !j.breaks(n, gate{}, flush, at) {
			return
		}
		v.whole, v.visibility = true, v.visibility || flush
		if g.after.count() == 1 {
			v.after = g.after
		}
		if g.before.count() == 1 {
			v.before = g.before
		}
	}
	for rest := g.after &^ v.after; rest != 0; rest &= rest - 1 {
		less := g
		less.after &^= rest.lowest()
		if j.breaks(n, less, flush, at) {
			v.after |= rest.lowest()
		}
	}
	for rest := g.before &^ v.before; rest != 0; rest &= rest - 1 {
		less := g
		less.before &^= rest.lowest()
		if j.breaks(n, less, flush, at) {
			v.before |= rest.lowest()
		}
	}
}

// breaks says whether, with less in the place of barrier n from here on, some
// conflict that is met now no longer is.
func (j *judge) breaks(n int32, less gate, flush bool, at spot) bool {
	r := &j.rivals
	r.n, r.less = n, less
	r.part(j.crowds.walks, flush, at.gates)
	if len(r.list) == 0 {
		return false
	}
	return r.follow(at.pass, at.frame, at.behind, func(pass, frame int) bool {
		for _, b := range j.of(pass) {
			if !flush && !j.frame.Accesses[b].Write {
				continue
			}
			if j.each(&j.crowds, b, frame, flush, func(x clash) bool {
				return r.gainedBy(j.runs[x.run].crowd)&j.slots[b] != 0 && j.any(x, b, frame)
			}) {
				return true
			}
		}
		return false
	})
}
