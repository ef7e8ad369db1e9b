package graph

// The memory order lowers the most that is live at one pass. Of the passes that
// are ready it takes the one after which the least is live; that, and the same
// from the last pass to the first, with different rules for ties, gives a few
// orders. The best of them is improved by moving single passes, and replaces the
// declared one if less is live.

// orderForMemory looks for an order in which less is live at once.
func (c *compilation) orderForMemory() error {
	n := len(c.order)
	if n < 2 {
		return nil
	}
	if err := lifetimes(c); err != nil { // sizes depend on how textures are used
		return err
	}
	u := &c.users
	if err := u.find(c); err != nil {
		return err
	}
	c.rank = c.asDeclared(c.rank)
	declared := u.peak(c.rank)
	if declared.most <= u.least() {
		return nil
	}
	c.deps.find(c)
	c.best = append(c.best[:0], c.rank...)
	best := declared
	for _, latest := range [...]bool{false, true} {
		for _, backwards := range [...]bool{false, true} {
			c.rank = u.order(&c.deps, backwards, latest, c.rank)
			c.keepSmaller(&best)
		}
	}
	if n <= memorySearched {
		c.searchSmaller(&best)
	}
	if best.most >= declared.most {
		return nil
	}
	c.take(c.best)
	return c.arrange()
}

// keepSmaller keeps the candidate if less is live with it.
func (c *compilation) keepSmaller(best *peak) bool {
	p := c.users.peak(c.rank)
	if !p.less(*best) {
		return false
	}
	*best = p
	c.best = append(c.best[:0], c.rank...)
	return true
}

// searchSmaller moves single passes as long as that helps.
func (c *compilation) searchSmaller(best *peak) {
	n := len(c.best)
	tries := memoryTries / n
	for i, stale := 0, 0; stale < n && tries > 0; i, stale = (i+1)%n, stale+1 {
		first, last := c.deps.room(c.best, i)
		for to := first; to <= last && tries > 0; to++ {
			if to == i {
				continue
			}
			tries--
			c.rank = moved(append(c.rank[:0], c.best...), i, to)
			if c.keepSmaller(best) {
				stale = -1
				break
			}
		}
	}
}

// Single passes of so many are moved at most, and so often, for a frame of one
// pass.
const (
	memorySearched = 256
	memoryTries    = 1 << 17
)

// peak is the most that is live at one pass, and at how many passes.
type peak struct{ most, often int }

func (p peak) less(q peak) bool {
	return p.most < q.most || p.most == q.most && p.often < q.often
}
