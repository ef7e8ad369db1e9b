package graph

import (
	"fmt"
	"slices"

	"weft/barriers"
)

// Judged is the plan as weft/barriers knows it: the frame it derived barriers
// for, and the barriers, in the order of [Plan.Barriers]. Give both to
// [barriers.Check]. They are the plan's own: do not change them.
func (p *Plan) Judged() (*barriers.Frame, []barriers.Barrier) {
	p.Barriers() // for the reasons
	return p.c.namedFrame(), p.judged
}

// LeaveOut leaves out one barrier, by its index in Plan.Barriers, of those that
// the frame needs. The plan is broken: it is for tests that want to see a judge
// of barriers object.
func LeaveOut(barrier int) Option {
	return func(o *options) { o.leaveOut, o.leavesOut = barrier, true }
}

func (c *compilation) leaveOut() error {
	if !c.options.leavesOut {
		return nil
	}
	n := c.options.leaveOut
	if n < 0 || n >= len(c.derived) {
		return fmt.Errorf("graph: cannot leave out barrier %d: the plan has %d, counted from 0", n, len(c.derived))
	}
	c.derived = slices.Delete(c.derived, n, n+1)
	return nil
}
