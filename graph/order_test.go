package graph

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// everyOrder calls visit with each order of n passes that keeps the pairs.
func everyOrder(n int, mustPrecede func(a, b int) bool, visit func([]int32)) {
	var list []int32
	used := make([]bool, n)
	var next func()
	next = func() {
		if len(list) == n {
			visit(list)
			return
		}
		for i := range n {
			ready := !used[i]
			for j := range n {
				ready = ready && (used[j] || !mustPrecede(j, i))
			}
			if !ready {
				continue
			}
			used[i], list = true, append(list, int32(i))
			next()
			used[i], list = false, list[:len(list)-1]
		}
	}
	next()
}

// conflict says whether two kept passes must keep their order, by looking at
// all pairs of their accesses.
func (c *compilation) conflict(a, b int) bool {
	if a >= b {
		return false
	}
	g := c.g
	for _, x := range g.accessesOf(&g.passes[c.listed[a]]) {
		for _, y := range g.accessesOf(&g.passes[c.listed[b]]) {
			if x.resource == y.resource && x.frame == y.frame && (x.write || y.write) && x.part.overlaps(y.part) {
				return true
			}
		}
	}
	return false
}

func TestOrderIsNearTheBest(t *testing.T) {
	random := rapid.Custom(func(t *rapid.T) randomGraph { return drawFrame(t, 6) })
	var sum, worst, declaredSum float64
	count, orders := 0, 0
	for seed := range 400 {
		r := random.Example(seed)
		c := compileOnly(t, r.build(asIs))
		n := len(c.order)
		if n < 2 {
			continue
		}
		got := c.length
		best := math.Inf(1)
		declared := 0.0
		everyOrder(n, c.conflict, func(rank []int32) {
			orders++
			c.take(rank)
			require.NoError(t, c.arrange())
			if declared == 0 {
				declared = c.length
			}
			best = min(best, c.length)
		})
		if best == 0 {
			continue
		}
		count++
		sum += got / best
		declaredSum += declared / best
		worst = max(worst, got/best)
	}
	t.Logf("%d frames, %d orders: mean %.4f, worst %.4f; declared mean %.4f", count, orders, sum/float64(count), worst, declaredSum/float64(count))
}
