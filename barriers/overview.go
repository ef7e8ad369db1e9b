package barriers

// overview sums up, for blocks of passes, what could change a chain on its way
// through them, so that a long walk skips where nothing does. What follows a
// start only grows, by some stage each time, so few blocks are walked through.
//
// Level 0 has blocks of fan passes, each further level blocks of fan of those
// below. A block may promise more than its drafts do, never less.
type overview struct {
	built  bool
	levels [][]block
	rest   []set // of each pass: what runs in its encoder from there on
}

const (
	fanShift = 4
	fan      = 1 << fanShift
)

type block struct {
	runs    set
	effects [2]effects // of all drafts; of those that flush
}

// effects tells, of each stage, what drafts that wait for it hold back: those
// of kind consumer and intra as far as it runs in what is left of their encoder.
type effects struct{ consumer, producer, intra [stageCount]set }

// build sums up all drafts of a board.
func (o *overview) build(b *board) {
	t := b.t
	o.built = true
	o.rest = resize(o.rest, len(t.runs))
	rest := set(0)
	for p := len(t.runs) - 1; p >= 0; p-- {
		if t.last[t.encoder[p]] == int32(p) {
			rest = 0
		}
		rest |= t.runs[p]
		o.rest[p] = rest
	}
	size, level := len(t.runs), 0
	for ; size > 1 || level == 0; level++ {
		size = (size + fan - 1) >> fanShift
		if level < cap(o.levels) {
			o.levels = o.levels[:level+1]
		} else {
			o.levels = append(o.levels, nil)
		}
		o.levels[level] = resize(o.levels[level], size)
		for i := range o.levels[level] {
			if level == 0 {
				o.levels[0][i].sum(b, i)
			} else {
				o.levels[level][i].join(o.levels[level-1], i)
			}
		}
	}
	o.levels = o.levels[:level]
}

// sum makes block i of level 0.
func (x *block) sum(b *board, i int) {
	*x = block{}
	for p := i << fanShift; p < min((i+1)<<fanShift, len(b.t.runs)); p++ {
		x.runs |= b.t.runs[p]
		for _, n := range [...]int32{b.ahead[p], b.behind[p]} {
			for ; n >= 0; n = b.drafts[n].next {
				if d := &b.drafts[n]; !d.gone {
					x.add(d, b.overview.rest[p])
				}
			}
		}
	}
}

// add adds what a draft does, given what runs in its encoder from there on.
func (x *block) add(d *draft, rest set) {
	for i := range x.effects {
		e := &x.effects[i]
		by, before := &e.producer, d.before
		switch d.kind {
		case Consumer:
			by, before = &e.consumer, d.before&rest
		case Intra:
			by, before = &e.intra, d.before&rest
		}
		for s := d.after; s != 0; s &= s - 1 {
			by[s.index()] |= before
		}
		if !d.device {
			return
		}
	}
}

// join makes block i of a level from those below.
func (x *block) join(below []block, i int) {
	*x = block{}
	for k := i << fanShift; k < min((i+1)<<fanShift, len(below)); k++ {
		y := &below[k]
		x.runs |= y.runs
		for f := range x.effects {
			e, other := &x.effects[f], &y.effects[f]
			for s := range e.producer {
				e.consumer[s] |= other.consumer[s]
				e.producer[s] |= other.producer[s]
				e.intra[s] |= other.intra[s]
			}
		}
	}
}

// widened tells that a draft is new, or does more than before; or does again what
// it did not for a while, in which the overview may have been built.
func (o *overview) widened(d *draft) {
	if !o.built {
		return
	}
	i := int(d.pass)
	for level := range o.levels {
		i >>= fanShift
		o.levels[level][i].add(d, o.rest[d.pass])
	}
}

// shrunk tells that the drafts around a pass do less than before.
func (o *overview) shrunk(b *board, p int32) {
	if !o.built {
		return
	}
	i := int(p) >> fanShift
	was := o.levels[0][i]
	o.levels[0][i].sum(b, i)
	for level := 1; level < len(o.levels) && was != o.levels[level-1][i]; level++ {
		i >>= fanShift
		was = o.levels[level][i]
		o.levels[level][i].join(o.levels[level-1], i)
	}
}

// front is how far a chain has come: what it has reached, and what of the next
// would be nothing new to it.
type front struct {
	flush       int // 1 if all links have to flush
	far         set // reached in earlier encoders
	near, fresh set // reached, or bound to be if it runs, in this encoder; of that, what would be news if it ran
	known, due  set // would be no news, held back in this encoder and from later ones
}

// changes says whether something in a block may change how far a chain has come.
func (x *block) changes(w *front) bool {
	if x.runs&w.fresh != 0 {
		return true
	}
	e := &x.effects[w.flush]
	own, held := set(0), set(0)
	for s := w.far; s != 0; s &= s - 1 {
		own |= e.consumer[s.index()]
		held |= e.producer[s.index()]
	}
	for done := set(0); w.near|own != done; {
		s := ((w.near | own) &^ done).lowest()
		done |= s
		own |= e.intra[s.index()]
		held |= e.producer[s.index()]
	}
	return own&^w.known != 0 || held&^w.due != 0
}

// next returns the first pass from p on in whose block something may change, at
// most limit.
func (o *overview) next(p, limit int32, w *front) int32 {
	level, i, end := 0, int(p)>>fanShift, int(limit)
	for i<<(fanShift*(level+1)) < end {
		switch {
		case !o.levels[level][i].changes(w):
			i++
			for ; level+1 < len(o.levels) && i&(fan-1) == 0; level++ {
				i >>= fanShift
			}
		case level == 0:
			return max(p, int32(i<<fanShift))
		default:
			level--
			i <<= fanShift
		}
	}
	return max(p, limit)
}
