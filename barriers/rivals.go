package barriers

// rival is one crowd's walk with all barriers, and without one of them or a part
// of it.
type rival struct{ with, without walk }

// gained is what the crowd is bound to come before only with the barrier.
func (r *rival) gained() slotSet { return r.with.bound() &^ r.without.bound() }

// spot is a place where barriers stand: ahead of or behind a pass.
type spot struct {
	gates       []int32
	pass, frame int
	behind      bool
}

// rivals looks ahead from a spot. It follows the crowds whose walk changes with
// less in the place of barrier n, until it has changed back: mostly a few
// passes, for the next barrier between the same stages does that.
type rivals struct {
	*queue
	n           int32
	less        gate
	frames, end int // the last frame, and its last pass
	list        []rival
}

// gainedBy is what a crowd gains, which is nothing if its walk is the same.
func (r *rivals) gainedBy(crowd int32) slotSet {
	for i := range r.list {
		if r.list[i].with.crowd == crowd {
			return r.list[i].gained()
		}
	}
	return 0
}

// part takes the crowds over the barriers of a spot and keeps those for which it
// makes a difference.
func (r *rivals) part(walks []walk, flush bool, gates []int32) {
	r.list = r.list[:0]
	for i := range walks {
		if walks[i].flush != flush {
			continue
		}
		x := rival{walks[i], walks[i]}
		x.with.cross(&r.gates[r.n])
		x.without.cross(&r.less)
		if x.with == x.without {
			continue
		}
		for _, n := range gates {
			if n != r.n {
				x.with.cross(&r.gates[n])
				x.without.cross(&r.gates[n])
			}
		}
		if x.with != x.without {
			r.list = append(r.list, x)
		}
	}
}

func (r *rivals) cross(gates []int32) {
	for _, n := range gates {
		with, without := &r.gates[n], &r.gates[n]
		if n == r.n {
			without = &r.less
		}
		for i := range r.list {
			r.list[i].with.cross(with)
			r.list[i].without.cross(without)
		}
	}
}

// follow goes on from a spot, for as long as there is a difference and look,
// which sees the work of each pass, wants more. It says whether look stopped it.
func (r *rivals) follow(pass, frame int, behind bool, look func(pass, frame int) bool) bool {
	for {
		if !behind {
			var gained slotSet
			for i := range r.list {
				gained |= r.list[i].gained()
			}
			q := &r.passes[pass]
			if gained&q.runs != 0 && look(pass, frame) {
				return true
			}
			for i := range r.list {
				r.list[i].with.run(q.runs & r.named)
				r.list[i].without.run(q.runs & r.named)
			}
			r.cross(r.gatesBehind(pass))
		}
		behind = false
		if pass++; pass == len(r.passes) {
			pass, frame = 0, frame+1
		}
		if frame > r.frames || frame == r.frames && pass > r.end {
			return false
		}
		if r.passes[pass].opens {
			for i := range r.list {
				r.list[i].with.open()
				r.list[i].without.open()
			}
		}
		r.cross(r.gatesAhead(pass))
		if r.keep(func(x *rival) bool { return x.with != x.without }); len(r.list) == 0 {
			return false
		}
	}
}

func (r *rivals) keep(which func(*rival) bool) {
	kept := r.list[:0]
	for i := range r.list {
		if which(&r.list[i]) {
			kept = append(kept, r.list[i])
		}
	}
	r.list = kept
}
