package graph

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// conflict says whether two kept passes must keep their order, by a look at all
// pairs of their accesses.
func (c *compilation) conflict(a, b int) bool {
	if a >= b {
		return false
	}
	g := c.g
	for _, x := range g.accessesOf(&g.passes[c.listed[a]]) {
		for _, y := range g.accessesOf(&g.passes[c.listed[b]]) {
			if x.resource == y.resource && x.frame == y.frame && (x.write || y.write) && g.boxOf(&x).overlaps(g.boxOf(&y)) {
				return true
			}
		}
	}
	return false
}

// everyOrder calls visit with each order of n passes that keeps those of the
// pairs that conflict.
func everyOrder(n int, conflict func(a, b int) bool, visit func([]int32)) {
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
				ready = ready && (used[j] || !conflict(j, i))
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

// declaredLength is the makespan of the frame in the order it was declared.
func declaredLength(t require.TestingT, c *compilation) float64 {
	c.take(c.asDeclared(nil))
	require.NoError(t, c.arrange())
	return c.length()
}

// Any order keeps what conflicts as it was declared, is no longer than the
// declared one or takes no more memory, and is the same each time.
func TestOrderKeepsTheMeaning(t *testing.T) {
	moved, cases := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		cases++
		r := drawFrame(t, 12)
		for _, o := range [][]Option{nil, {PreferMemory()}} {
			g := r.build(asIs)
			c := compileOnly(t, g, o...)
			text := c.plan.String()
			for b := range c.listed {
				for a := range b {
					if c.conflict(a, b) {
						require.Less(t, c.position[c.listed[a]], c.position[c.listed[b]], text)
					} else if c.position[c.listed[a]] > c.position[c.listed[b]] {
						moved++
					}
				}
			}
			require.Equal(t, text, compileOnly(t, g, o...).plan.String())
			if o == nil {
				length := c.length()
				require.LessOrEqual(t, length, declaredLength(t, c)*(1+1e-9), text)
			}
		}
	})
	require.Greater(t, moved, cases, "hardly a pass moved: the test is empty")
}

// For small frames, no order of all that keep the meaning is much shorter.
func TestOrderIsNearTheBest(t *testing.T) {
	var sum, worst, declared float64
	count, orders := 0, 0
	small := rapid.Custom(func(t *rapid.T) randomGraph { return drawFrame(t, 6) })
	for seed := range 600 {
		r := small.Example(seed)
		c := compileOnly(t, r.build(asIs))
		if len(c.order) < 2 {
			continue
		}
		got, best := c.length(), math.Inf(1)
		before := declaredLength(t, c)
		everyOrder(len(c.order), c.conflict, func(rank []int32) {
			orders++
			c.take(rank)
			require.NoError(t, c.arrange())
			best = min(best, c.length())
		})
		count++
		sum += got / best
		declared += before / best
		worst = max(worst, got/best)
	}
	t.Logf("%d frames, %d orders: mean %.4f, worst %.4f of the best; as declared %.4f", count, orders, sum/float64(count), worst, declared/float64(count))
	assert.LessOrEqual(t, sum/float64(count), 1.005)
	assert.LessOrEqual(t, worst, 1.5)
}

// The same for the memory that is live at once.
func TestMemoryOrderIsNearTheBest(t *testing.T) {
	var sum, worst, declared float64
	count := 0
	small := rapid.Custom(func(t *rapid.T) randomGraph { return drawPipeline(t, 7) })
	for seed := range 400 {
		r := small.Example(seed)
		c := compileOnly(t, r.build(asIs), PreferMemory())
		u := &c.users
		got := c.bound
		scratch := 0
		for _, p := range c.listed {
			scratch = max(scratch, roundUp(c.scratch[p], 256))
		}
		best := math.MaxInt
		before := u.peak(c.asDeclared(nil)).most
		everyOrder(len(c.order), c.conflict, func(rank []int32) { best = min(best, u.peak(rank).most) })
		if best == 0 {
			continue
		}
		count++
		ratio := float64(got-scratch) / float64(best)
		require.GreaterOrEqual(t, ratio, 1.0)
		sum += ratio
		declared += float64(before) / float64(best)
		worst = max(worst, ratio)
	}
	t.Logf("%d frames: mean %.4f, worst %.4f of the least; as declared %.4f", count, sum/float64(count), worst, declared/float64(count))
	assert.LessOrEqual(t, sum/float64(count), 1.005)
	assert.LessOrEqual(t, worst, 1.1)
}
