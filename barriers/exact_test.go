package barriers

import (
	"math/bits"
	"slices"

	"weft/metal"
)

// The exact optimum, for small frames: the shortest makespan, in the wide
// reading, that any barriers can have which are sufficient in the narrow one. It
// takes from the model queue what waits for what, and nothing from Derive.
//
// Only elementary barriers are searched, from one stage to one stage: any plan
// is a union of them, as long and as good. All have device visibility, which
// costs no time. Adding a barrier never shortens the frame, so a part of a plan
// is as long as it is with the conflicts themselves added, or longer.

// puzzle is a frame, unrolled, with all places where a barrier can stand.
type puzzle struct {
	f      *Frame
	events []modelEvent
	cost   []float64
	stage  []int        // of each event, by number
	within [64]eventSet // events of each stage
	inner  []eventSet   // what each event waits for in its own pass
	after  []eventSet   // what each event conflicts with further on
	pairs  [][2]int     // direct conflicts that begin in the first frame
	places []puzzlePlace
	links  []elementary // all that order something
	parts  []elementary // those of them that no other surpasses
}

// puzzlePlace is a barrier of all stages at one place.
type puzzlePlace struct {
	kind   Kind
	pass   int
	orders []eventSet // by event: what is bound to come after it, narrow reading
	delays []eventSet // by event: what it waits for, wide reading
}

// elementary is a barrier at a place, between two stages.
type elementary struct{ place, after, before int }

func newPuzzle(f *Frame) *puzzle {
	q := newModelQueue(f, modelFrames(f))
	rank := func(s metal.Stages) int { // stages of a pass in the order in which they start
		return slices.Index([]metal.Stages{metal.StageVertex, metal.StageObject, metal.StageMesh}, s) & 7
	}
	slices.SortStableFunc(q.events, func(x, y modelEvent) int {
		if x.frame != y.frame || x.pass != y.pass {
			return (x.frame-y.frame)*len(f.Passes) + x.pass - y.pass
		}
		return rank(x.stage) - rank(y.stage)
	})
	n := len(q.events)
	if n > maxEvents {
		panic("too many events")
	}
	z := &puzzle{f: f, events: q.events, cost: make([]float64, n), stage: make([]int, n), inner: make([]eventSet, n), after: make([]eventSet, n)}
	geometry := metal.StageVertex | metal.StageObject | metal.StageMesh
	for v, to := range z.events {
		z.stage[v] = bits.TrailingZeros64(uint64(to.stage))
		z.within[z.stage[v]].add(v)
		z.cost[v] = DefaultCost(to.stage)
		for _, c := range f.Passes[to.pass].Cost {
			if c.Stage == to.stage {
				z.cost[v] = c.Time
			}
		}
		for u, from := range z.events[:v] {
			if from.frame == to.frame && from.pass == to.pass {
				if to.stage == metal.StageFragment && from.stage&geometry != 0 || to.stage == metal.StageMesh && from.stage == metal.StageObject {
					z.inner[v].add(u)
				}
			} else if len(q.conflicts(from, to)) > 0 {
				z.after[u].add(v)
			}
		}
	}
	z.findPairs()
	z.findPlaces(q)
	z.findParts()
	return z
}

// findPairs lists the conflicts that begin in the first frame, but for those
// that two shorter conflicts make good.
func (z *puzzle) findPairs() {
	for u := 0; u < len(z.events) && z.events[u].frame == 0; u++ {
		direct := z.after[u]
		for w := range z.after[u].all {
			direct = direct.less(&z.after[w])
		}
		for v := range direct.all {
			z.pairs = append(z.pairs, [2]int{u, v})
		}
	}
}

// findPlaces lists every place but those that another makes good: which orders
// as much, by the same delays.
func (z *puzzle) findPlaces(q *modelQueue) {
	for p := range z.f.Passes {
		e := z.f.Passes[p].Encoder
		for _, kind := range []Kind{Producer, Consumer, Intra} {
			b := Barrier{Kind: kind, Encoder: e, Pass: p, After: metal.StageAll, Before: metal.StageAll}
			if kind == Intra {
				if p == 0 || z.f.Passes[p-1].Encoder != e {
					continue
				}
				b.Before = z.f.Encoders[e].Kind.Owns()
				b.After = b.Before &^ (metal.StageFragment | metal.StageTile)
			}
			n := len(z.events)
			place := puzzlePlace{kind, p, make([]eventSet, n), make([]eventSet, n)}
			for v, to := range z.events {
				for u, from := range z.events[:v] {
					if q.waits([]Barrier{b}, from, to, false) {
						place.orders[u].add(v)
					}
					if widely(z.f, b, from, to) {
						place.delays[v].add(u)
					}
				}
			}
			z.places = append(z.places, place)
		}
	}
	var kept []puzzlePlace
	for i := range z.places {
		if !slices.ContainsFunc(kept, func(k puzzlePlace) bool { return surpasses(&k, &z.places[i], z.everything(), z.everything()) }) {
			kept = slices.DeleteFunc(kept, func(k puzzlePlace) bool { return surpasses(&z.places[i], &k, z.everything(), z.everything()) })
			kept = append(kept, z.places[i])
		}
	}
	z.places = kept
}

func (z *puzzle) everything() (s eventSet) {
	for v := range z.events {
		s.add(v)
	}
	return s
}

// surpasses says that a barrier at x, of these stages, orders all that one at y
// does and delays no more.
func surpasses(x, y *puzzlePlace, after, before eventSet) bool {
	for u := range x.orders {
		if after.has(u) {
			ordered := y.orders[u].and(&before)
			if !ordered.in(&x.orders[u]) {
				return false
			}
		}
		if before.has(u) {
			delayed := x.delays[u].and(&after)
			if !delayed.in(&y.delays[u]) {
				return false
			}
		}
	}
	return true
}

// widely says whether a barrier makes v wait for u in the wide reading.
func widely(f *Frame, b Barrier, u, v modelEvent) bool {
	if b.After&u.stage == 0 || b.Before&v.stage == 0 {
		return false
	}
	eu := u.frame*len(f.Encoders) + f.Passes[u.pass].Encoder
	ev := v.frame*len(f.Encoders) + f.Passes[v.pass].Encoder
	for frame := u.frame; frame <= v.frame; frame++ {
		at := frame*len(f.Encoders) + b.Encoder
		switch b.Kind {
		case Consumer:
			if eu < at && (at < ev || at == ev && v.pass >= b.Pass) {
				return true
			}
		case Producer:
			if (eu < at || eu == at && u.pass <= b.Pass) && at < ev {
				return true
			}
		case Intra:
			if eu == at && ev == at && u.pass < b.Pass && v.pass >= b.Pass {
				return true
			}
		}
	}
	return false
}

// findParts lists the elementary barriers that order something.
func (z *puzzle) findParts() {
	for a := range z.within {
		for b := range z.within {
			var kept []elementary
			for i := range z.places {
				x := elementary{i, a, b}
				if !z.useful(x) {
					continue
				}
				z.links = append(z.links, x)
				beats := func(p, q int) bool { return surpasses(&z.places[p], &z.places[q], z.within[a], z.within[b]) }
				if !slices.ContainsFunc(kept, func(k elementary) bool { return beats(k.place, i) }) {
					kept = slices.DeleteFunc(kept, func(k elementary) bool { return beats(i, k.place) })
					kept = append(kept, x)
				}
			}
			z.parts = append(z.parts, kept...)
		}
	}
}

func (z *puzzle) useful(x elementary) bool {
	for u := range z.within[x.after].all {
		if s := z.places[x.place].orders[u].and(&z.within[x.before]); !s.empty() {
			return true
		}
	}
	return false
}
