package graph

import (
	"fmt"
	"slices"
)

// users says which kept passes use which transients, and how large those are.
type users struct {
	size     []int   // by resource
	start    []int32 // by resource, and one more: where its users begin
	list     []int32 // passes, each once
	useStart []int32 // the same pairs by pass
	uses     []int32
	seen     []int32 // by resource: the pass counted last + 1
	from, to []int32 // by resource: places in an order
	left     []int32 // by resource: users that are not listed yet
	open     []int32 // by pass: passes that it waits for
	change   []int   // of live bytes, by place
	ready    readyList
}

// find reads them from the frame in declared order, whose positions are the
// numbers of the kept passes.
func (u *users) find(c *compilation) error {
	n, all := len(c.listed), len(c.g.resources)
	u.size, u.seen, u.start = resize(u.size, all), resize(u.seen, all), resize(u.start, all+2)
	clear(u.seen)
	clear(u.start)
	total := 0
	for r := range u.size {
		u.size[r] = 0
		if c.g.resources[r].lifetime.carries() || c.lives[r].first < 0 {
			continue
		}
		s, err := c.size(r)
		if err != nil {
			return fmt.Errorf("graph: resource %q: %w", c.g.resources[r].name, err)
		}
		if total += min(s.Size, maxMemory); total > maxMemory {
			return errTooLarge
		}
		u.size[r] = roundUp(s.Size, 256)
	}
	u.useStart, u.uses = resize(u.useStart, n+1), u.uses[:0]
	for i, p := range c.listed {
		u.useStart[i] = int32(len(u.uses))
		for _, a := range c.g.accessesOf(&c.g.passes[p]) {
			if u.size[a.resource] > 0 && u.seen[a.resource] != int32(i+1) {
				u.seen[a.resource] = int32(i + 1)
				u.uses = append(u.uses, a.resource)
				u.start[a.resource+2]++
			}
		}
	}
	u.useStart[n] = int32(len(u.uses))
	u.turn(n)
	return nil
}

// turn lists the pairs by resource.
func (u *users) turn(n int) {
	for r := 2; r < len(u.start); r++ {
		u.start[r] += u.start[r-1]
	}
	u.list = resize(u.list, len(u.uses))
	for i := range n {
		for _, r := range u.of(int32(i)) {
			u.list[u.start[r+1]] = int32(i)
			u.start[r+1]++
		}
	}
}

// of lists the transients that a pass uses, by those that use one.
func (u *users) of(pass int32) []int32     { return u.uses[u.useStart[pass]:u.useStart[pass+1]] }
func (u *users) by(resource int32) []int32 { return u.list[u.start[resource]:u.start[resource+1]] }

// least is less than which cannot be live: what one pass uses.
func (u *users) least() int {
	least := 0
	for i := range len(u.useStart) - 1 {
		sum := 0
		for _, r := range u.of(int32(i)) {
			sum += u.size[r]
		}
		least = max(least, sum)
	}
	return least
}

// peak measures an order.
func (u *users) peak(order []int32) peak {
	u.from, u.to = resize(u.from, len(u.size)), resize(u.to, len(u.size))
	u.change = resize(u.change, len(order)+1)
	clear(u.change)
	clear(u.to)
	for i, n := range order {
		for _, r := range u.of(n) {
			if u.to[r] == 0 {
				u.change[i] += u.size[r]
			} else {
				u.change[u.to[r]] += u.size[r]
			}
			u.to[r] = int32(i + 1)
			u.change[i+1] -= u.size[r]
		}
	}
	var p peak
	live := 0
	for _, d := range u.change[:len(order)] {
		live += d
		switch {
		case live > p.most:
			p = peak{live, 1}
		case live == p.most:
			p.often++
		}
	}
	return p
}

// order lists the passes in out[:0] so that the dependencies are kept, the next
// always the ready one after which the least is live. Of equal ones it is the
// one declared first, or, with latest set, the one that was ready last.
// Backwards, the order is made from its end.
func (u *users) order(d *dependencies, backwards, latest bool, out []int32) []int32 {
	n := len(u.useStart) - 1
	u.ready.reset(n)
	u.left, u.open = resize(u.left, len(u.size)), resize(u.open, n)
	for r := range u.left {
		u.left[r] = int32(len(u.by(int32(r))))
	}
	for i := range n {
		for _, r := range u.of(int32(i)) {
			if u.left[r] > 1 {
				u.ready.key[i] += float64(u.size[r]) // and with one user it comes and goes
			}
		}
	}
	d.count(u.open, backwards)
	turn := int32(0)
	enter := func(i int32) {
		switch {
		case latest:
			turn--
			u.ready.turn[i] = turn
		case backwards:
			u.ready.turn[i] = -i
		}
		u.ready.push(i)
	}
	for i := range int32(n) {
		if u.open[i] == 0 {
			enter(i)
		}
	}
	for out = out[:0]; len(u.ready.heap) > 0; {
		i := u.ready.pop()
		out = append(out, i)
		u.listed(i)
		if !backwards {
			for _, x := range d.afterOf(i) {
				if u.open[x]--; u.open[x] == 0 {
					enter(x)
				}
			}
			continue
		}
		list := d.beforeOf(i)
		for j := range list {
			if x := &list[j]; x.frames == 0 {
				if u.open[x.pass]--; u.open[x.pass] == 0 {
					enter(x.pass)
				}
			}
		}
	}
	if backwards {
		slices.Reverse(out)
	}
	return out
}

// listed notes that a pass is in the list: what it uses is live from here on, and
// gone after the last that uses it.
func (u *users) listed(i int32) {
	for _, r := range u.of(i) {
		by := u.by(r)
		first, size := int(u.left[r]) == len(by), float64(u.size[r])
		u.left[r]--
		last := u.left[r] == 1
		if !first && !last {
			continue
		}
		for _, x := range by {
			if first && len(by) > 1 {
				u.ready.key[x] -= size
			}
			if last {
				u.ready.key[x] -= size
			}
			u.ready.rise(x)
		}
	}
}
