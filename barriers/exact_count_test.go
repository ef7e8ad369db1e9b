package barriers

import (
	"math/bits"
	"slices"

	"weft/metal"
)

// The fewest barriers with which a small frame is no slower than a given time.
// Each barrier orders every one of its stages After before every one of its
// stages Before: a product. A plan of k of them is built barrier by barrier and
// stage by stage: what meets a conflict is in one of the barriers at hand, made
// wider, or in a new one.

// product is a barrier with several stages: bits by their numbers.
type product struct {
	place         int
	after, before uint32
}

func (r product) holds(x elementary) bool {
	return r.place == x.place && r.after>>x.after&1 != 0 && r.before>>x.before&1 != 0
}

func (r product) with(x elementary) product {
	return product{r.place, r.after | 1<<x.after, r.before | 1<<x.before}
}

func (z *puzzle) putProduct(p *puzzlePlan, r product) {
	for a := r.after; a != 0; a &= a - 1 {
		for b := r.before; b != 0; b &= b - 1 {
			z.put(p, elementary{r.place, bits.TrailingZeros32(a), bits.TrailingZeros32(b)})
		}
	}
}

// fewestSearch looks for a plan of few barriers.
type fewestSearch struct {
	*puzzle
	limit  float64 // no longer than this
	few    int
	found  []product
	nodes  int
	most   int
	ok     bool // found are enough
	gaveUp bool
	apart  map[[2]int]bool // of two parts at one place: no barrier can hold both
}

// fewest returns at most few barriers that make the frame no longer than a given
// time, or says that there are none.
func (z *puzzle) fewest(few int, length float64, limit int) *fewestSearch {
	c := &fewestSearch{puzzle: z, limit: length + 1e-9, few: few, most: limit, apart: map[[2]int]bool{}}
	if few >= 0 {
		c.visit(nil, make([]uint8, len(z.links)))
	}
	return c
}

func (c *fewestSearch) visit(rects []product, state []uint8) {
	if c.nodes++; c.nodes > c.most {
		c.gaveUp = true
		return
	}
	p := c.newPlan()
	for _, r := range rects {
		c.putProduct(p, r)
	}
	end, with := make([]float64, len(c.events)), make([]float64, len(c.events))
	if c.ends(p, end) > c.limit {
		return
	}
	most := p.clone()
	for i, x := range c.links {
		if state[i] == partFree {
			if c.endsWith(p, x, end, with) > c.limit {
				state[i] = partTooLong
			} else {
				c.put(most, x)
			}
		}
	}
	for _, r := range rects {
		for i, x := range c.links {
			if state[i] != partFree && r.holds(x) {
				return // some of it was searched before
			}
		}
	}
	reach, reachable := closure(p.next), closure(most.next)
	open := slices.DeleteFunc(slices.Clone(c.pairs), func(c [2]int) bool { return reach[c[0]].has(c[1]) })
	if len(open) == 0 {
		c.found, c.ok = rects, true
		return
	}
	options := make([][]product, len(c.links)) // ways to widen, by part
	for i, x := range c.links {
		if state[i] != partFree {
			continue
		}
		for n, r := range rects {
			if r.place == x.place && c.allowed(r.with(x), state) {
				wide := slices.Clone(rects)
				wide[n] = r.with(x)
				if c.length(wide) <= c.limit {
					options[i] = append(options[i], product{n, wide[n].after, wide[n].before})
				}
			}
		}
	}
	fresh := len(rects) < c.few
	var cuts [][]int
	var cut []int
	least := -1
	for _, pair := range open {
		if !reachable[pair[0]].has(pair[1]) {
			return
		}
		for _, backward := range []bool{false, true} {
			list := c.cut(c.links, pair, state, reach, reachable, backward)
			n, narrow := 0, true
			for _, i := range list {
				n += len(options[i])
				narrow = narrow && len(options[i]) == 0
				if fresh {
					n++
				}
			}
			if narrow {
				cuts = append(cuts, list)
			}
			if least < 0 || n < least {
				cut, least = list, n
			}
		}
	}
	if c.clique(cuts, state) > c.few-len(rects) {
		return
	}
	for _, i := range cut {
		x := c.links[i]
		for _, o := range options[i] {
			wide := slices.Clone(rects)
			wide[o.place] = product{x.place, o.after, o.before}
			if c.visit(wide, slices.Clone(state)); c.ok || c.gaveUp {
				return
			}
		}
		if fresh {
			more := append(slices.Clone(rects), product{x.place, 1 << x.after, 1 << x.before})
			if c.visit(more, slices.Clone(state)); c.ok || c.gaveUp {
				return
			}
		}
		state[i] = partSearched
	}
}

func (c *fewestSearch) length(rects []product) float64 {
	p := c.newPlan()
	for _, r := range rects {
		c.putProduct(p, r)
	}
	return c.ends(p, make([]float64, len(c.events)))
}

// allowed says that nothing in the product was ruled out.
func (c *fewestSearch) allowed(r product, state []uint8) bool {
	for i, x := range c.links {
		if state[i] != partFree && r.holds(x) {
			return false
		}
	}
	return true
}

// clique returns a number of barriers that are missing at least: of cuts of
// which no barrier can serve two.
func (c *fewestSearch) clique(cuts [][]int, state []uint8) int {
	slices.SortStableFunc(cuts, func(x, y []int) int { return len(x) - len(y) })
	var chosen [][]int
	for _, cut := range cuts {
		if !slices.ContainsFunc(chosen, func(other []int) bool { return c.together(cut, other) }) {
			chosen = append(chosen, cut)
		}
	}
	return len(chosen)
}

func (c *fewestSearch) together(cut, other []int) bool {
	for _, i := range cut {
		for _, j := range other {
			if c.links[i].place == c.links[j].place && (i == j || c.join(min(i, j), max(i, j))) {
				return true
			}
		}
	}
	return false
}

// join says whether one barrier can hold two parts, as far as the time goes.
func (c *fewestSearch) join(i, j int) bool {
	apart, known := c.apart[[2]int{i, j}]
	if !known {
		x, y := c.links[i], c.links[j]
		r := product{x.place, 1 << x.after, 1 << x.before}
		apart = c.length([]product{r.with(y)}) > c.limit
		c.apart[[2]int{i, j}] = apart
	}
	return !apart
}

// plan writes the products out as barriers.
func (c *fewestSearch) barriers() []Barrier {
	var list []Barrier
	for _, r := range c.found {
		b := Barrier{Kind: c.places[r.place].kind, Pass: c.places[r.place].pass, Visibility: metal.VisibilityDevice, After: metal.Stages(r.after), Before: metal.Stages(r.before)}
		b.Encoder = c.f.Passes[b.Pass].Encoder
		list = append(list, b)
	}
	slices.SortStableFunc(list, byPass)
	return list
}
