package graph

import "slices"

// ordering is what the order phase works on. Passes are numbered as they are
// kept, in the order of declaration.
type ordering struct {
	listed []int32 // kept passes, as declared
	cut    []bool  // by position: an encoder begins here at the latest
	cuts   []bool  // the same for the best encoders
	rounds int
	joined float64 // makespan with fewer encoders, if that is longer; else 0
	least  float64 // that of any order, as far as is known

	tiles    tiles
	deps     dependencies
	sched    schedule
	users    users
	rank     []int32 // a candidate, numbers of kept passes
	best     []int32
	trials   int // candidates that may still be sketched
	measured int // and measured
	seen     []sketch
}

// shorter is by how much a frame must be shorter for another order or other
// encoders to be worth it: below is rounding.
const shorter = 1e-9

// order decides in which order the kept passes are encoded, and in which
// encoders.
//
// Accesses that overlap, one of them a write, keep their declared order: that is
// all that a frame means. A pass with a side effect moves like any other, for
// what it does besides its accesses no barrier orders anyway.
//
// By default the order is the one declared unless another makes the frame
// shorter, by the estimate of barriers.Makespan for the barriers derived for it.
// Deriving them with all searches takes milliseconds, so most orders are only
// sketched, some measured with barriers nearly as good, and the best one alone is
// held against the order declared.
// With PreferMemory it is the one declared unless another lowers the most that
// is live at one pass.
func order(c *compilation) error {
	c.declare()
	if err := c.arrange(); err != nil {
		return err
	}
	if c.options.preferMemory {
		return c.orderForMemory()
	}
	if err := c.orderForTime(); err != nil {
		return err
	}
	c.deepen(thinned)
	return nil
}

// declare takes the order of declaration.
func (c *compilation) declare() {
	g := c.g
	c.listed = c.listed[:0]
	for i := range g.passes {
		if c.kept[i] {
			c.listed = append(c.listed, int32(i))
		}
	}
	c.order = append(c.order[:0], c.listed...)
	c.locate()
}

// locate notes where each pass is.
func (c *compilation) locate() {
	c.position = filled(c.position, len(c.g.passes), -1)
	for i, p := range c.order {
		c.position[p] = int32(i)
	}
}

// take makes the order that rank tells.
func (c *compilation) take(rank []int32) {
	c.order = c.order[:0]
	for _, n := range rank {
		c.order = append(c.order, c.listed[n])
	}
	c.locate()
}

// orderForTime tries other orders if the declared one leaves something to gain.
func (c *compilation) orderForTime() error {
	n := len(c.order)
	if n < 2 {
		return nil
	}
	c.sched.load(&c.frame)
	c.least = 0
	if n > looked && c.sched.inOrder(c) {
		return nil
	}
	c.deps.find(c)
	if n <= looked {
		c.least = c.sched.least(&c.deps, &c.frame)
	}
	if c.shortest(c.length()) {
		return nil
	}
	declared := c.length()
	c.rank = c.asDeclared(c.rank)
	c.best = append(c.best[:0], c.rank...)
	found, err := c.tryOrders()
	if err != nil {
		return err
	}
	if found {
		c.take(c.best)
		if err := c.arrange(); err != nil || c.length() < declared*(1-shorter) {
			return err
		}
	}
	c.take(c.asDeclared(c.rank))
	return c.arrange()
}

// tryOrders tries those that the rules make, then what is near the best of them.
// It reports whether there is one that seems better than the one declared.
func (c *compilation) tryOrders() (found bool, err error) {
	n := len(c.order)
	c.trials, c.measured, c.seen = min(maxTrials/n, 4*n+16), max(maxMeasured/n, 1), c.seen[:0]
	best := c.length()
	c.sched.run(&c.deps)
	for rule := range rules {
		c.rank = c.sched.list(&c.deps, rule, c.rank)
		if done, err := c.try(&best); done || err != nil {
			return true, err
		}
	}
	err = c.search(&best)
	return !slices.Equal(c.best, c.asDeclared(c.rank)), err
}

// asDeclared lists the kept passes in out[:0] as they were declared.
func (c *compilation) asDeclared(out []int32) []int32 {
	out = out[:0]
	for i := range c.listed {
		out = append(out, int32(i))
	}
	return out
}

// shortest reports whether no order could be shorter.
func (c *compilation) shortest(length float64) bool { return length <= c.least*(1+shorter) }

// looked is the most passes of a frame that is looked at closely. Of larger ones
// the order stays as declared if that is the order in which passes can start.
const looked = 64

// maxTrials is how many orders of a frame of one pass are sketched at most, besides
// those that rules make, and maxMeasured how many are measured. In frames of few
// passes each is measured as well as can be.
const (
	maxTrials   = 1024
	maxMeasured = 512
	few         = 8
)

// try measures the candidate and keeps it if it is the best so far. It reports
// whether no order could be better.
func (c *compilation) try(best *float64) (done bool, err error) {
	if slices.Equal(c.rank, c.best) {
		return false, nil
	}
	c.take(c.rank)
	if err := c.arrangeJoined(placed); err != nil || c.hopeless(*best) {
		return false, err
	}
	if len(c.order) <= few {
		if err := c.arrange(); err != nil {
			return false, err
		}
	} else {
		c.deepen(routed)
	}
	if c.length() >= *best*(1-shorter) {
		return false, nil
	}
	*best = c.length()
	c.best = append(c.best[:0], c.rank...)
	return c.shortest(c.length()), nil
}

// hopeless reports whether the order at hand, whose barriers are placed, is not
// worth a closer look: no barriers make it shorter than the best, or it is like
// one seen before.
func (c *compilation) hopeless(best float64) bool {
	if len(c.order) > looked {
		return false
	}
	s := sketch{c.deriver.Bound(), c.length()}
	if s.bound >= best*(1-shorter) || c.measured == 0 || len(c.order) > few && slices.Contains(c.seen, s) {
		return true
	}
	c.measured--
	c.seen = append(c.seen, s)
	return false
}

// sketch is what is soon known of an order: a bound that no barriers beat, and how
// long the frame is with barriers that were placed without a search. Orders with
// the same sketch are nearly always of the same length.
type sketch struct{ bound, placed float64 }

// search moves single passes as long as that makes the frame shorter: first as
// far as they may go, up or down, which is most of what there is to gain, then to
// any place.
func (c *compilation) search(best *float64) error {
	for _, far := range [...]bool{true, false} {
		n := len(c.best)
		for i, stale := 0, 0; stale < n; i, stale = (i+1)%n, stale+1 {
			before := *best
			if done, err := c.move(i, far, best); done || err != nil {
				return err
			}
			if *best < before {
				stale = -1
			}
		}
	}
	return nil
}

// move moves the pass at a place of the best order where that makes the frame
// shorter, and reports whether the search is over.
func (c *compilation) move(i int, far bool, best *float64) (done bool, err error) {
	first, last := c.deps.room(c.best, i)
	before := *best
	for to := last; to >= first && *best == before; to-- {
		if to == i || far && to != first && to != last {
			continue
		}
		if c.trials <= 0 || c.measured <= 0 {
			return true, nil
		}
		c.trials--
		c.rank = moved(append(c.rank[:0], c.best...), i, to)
		if done, err := c.try(best); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

// moved moves one element of list.
func moved(list []int32, from, to int) []int32 {
	x := list[from]
	if from < to {
		copy(list[from:to], list[from+1:to+1])
	} else {
		copy(list[to+1:from+1], list[to:from])
	}
	list[to] = x
	return list
}
