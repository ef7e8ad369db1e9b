package graph

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
)

// randomSizes is a frame whose passes make buffers of all sizes from some of
// those that were made shortly before.
func randomSizes(r *rand.Rand, kinds ...Kind) *Graph {
	g := New()
	var made []Buffer
	sizes := []int{1 + r.IntN(8), 100, 10000}[r.IntN(3)] // in steps of 256 bytes
	for i := range 2 + r.IntN([]int{8, 20, 60}[r.IntN(3)]) {
		b := g.Buffer(fmt.Sprint("b", i), metal.BufferDescriptor{Length: 256 * (1 + r.IntN(sizes))})
		kind := kinds[r.IntN(len(kinds))]
		reach := 1 + r.IntN(6)
		addPass(g, fmt.Sprint("p", i), kind, func(d *Declaration) {
			for range min(len(made), r.IntN(4)) {
				d.Read(made[len(made)-1-r.IntN(min(len(made), reach))], 0)
			}
			d.Write(b, 0)
			if kind == MachineLearning {
				d.Scratch(256 * r.IntN(sizes))
			}
			d.SideEffect()
		})
		made = append(made, b)
	}
	return g
}

// firstFit is the plain way to place blocks: the largest first, each at the
// lowest offset free of those it may not share with. Scratches get the lowest
// heap instead.
func firstFit(blocks []block, mayShare func(x, y int) bool) int {
	order := make([]int, len(blocks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(blocks[y].size, blocks[x].size) })
	offsets, heaps := make([]int, len(blocks)), []int(nil)
	end := 0
	for n, i := range order {
		for again := true; again; {
			again = false
			for _, j := range order[:n] {
				if (blocks[i].pass >= 0) != (blocks[j].pass >= 0) || mayShare(i, j) {
					continue
				}
				if blocks[i].pass >= 0 {
					if offsets[i] == offsets[j] {
						offsets[i]++
						again = true
					}
				} else if offsets[i] < offsets[j]+blocks[j].size && offsets[j] < offsets[i]+blocks[i].size {
					offsets[i] = offsets[j] + blocks[j].size
					again = true
				}
			}
		}
		if blocks[i].pass < 0 {
			end = max(end, offsets[i]+blocks[i].size)
		} else if offsets[i] == len(heaps) {
			heaps = append(heaps, blocks[i].size)
		}
	}
	for _, size := range heaps {
		end += size
	}
	return end
}

// exactFit is the least memory that the blocks that are no scratch need, or most
// if that is less. Any packing settles down until each block is on the ground or
// on the end of one it may not share with: all settled ones are tried, block by
// block from the ground up.
func exactFit(blocks []block, mayShare func(x, y int) bool, most int) int {
	var list []int
	for i := range blocks {
		if blocks[i].pass < 0 {
			list = append(list, i)
		}
	}
	offsets, placed := make([]int, len(blocks)), make([]bool, len(blocks))
	best := most
	var place func(left, end, low int)
	place = func(left, end, low int) {
		if end >= best {
			return
		}
		if left == 0 {
			best = end
			return
		}
		for _, i := range list {
			if placed[i] {
				continue
			}
			at := 0
			for _, j := range list {
				if placed[j] && !mayShare(i, j) {
					at = max(at, offsets[j]+blocks[j].size)
				}
			}
			if at < low {
				continue // met in another order
			}
			offsets[i], placed[i] = at, true
			place(left-1, max(end, at+blocks[i].size), at)
			placed[i] = false
		}
	}
	place(len(list), 0, 0)
	return best
}

// known works out all answers of mayShare at once.
func known(n int, mayShare func(x, y int) bool) func(x, y int) bool {
	may := make([]bool, n*n)
	for x := range n {
		for y := range x {
			may[x*n+y] = mayShare(x, y)
			may[y*n+x] = may[x*n+y]
		}
	}
	return func(x, y int) bool { return may[x*n+y] }
}

func livesApart(c *compilation) func(x, y int) bool {
	return func(x, y int) bool {
		a, b := &c.blocks[x], &c.blocks[y]
		return a.last < b.first || b.last < a.first
	}
}

func orderedAnyway(c *compilation) func(x, y int) bool {
	return func(x, y int) bool {
		i, j := int32(x), int32(y)
		return c.follows(i, j) && c.wraps(j, i) || c.follows(j, i) && c.wraps(i, j)
	}
}

func scratchIn(c *compilation) (largest int) {
	for i := range c.blocks {
		if c.blocks[i].pass >= 0 {
			largest = max(largest, c.blocks[i].size)
		}
	}
	return largest
}

// With a preference for memory the peak is that of the live bound, nearly, and
// never much more than what the best placement needs.
func TestPeakIsAtTheBound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sum, worst, frames, exact := 0.0, 1.0, 2000, 0
	for range frames {
		c := compileOnly(t, randomSizes(r, Compute, Compute, Render, Blit, MachineLearning), PreferMemory())
		m := c.plan.Memory()
		require.GreaterOrEqual(t, m.Peak, m.LiveLowerBound)
		require.Equal(t, c.liveBound(c.packing.byStart, true), m.LiveLowerBound)
		sum += float64(m.Peak) / float64(m.LiveLowerBound)
		best := firstFit(c.blocks, livesApart(c))
		if len(c.blocks) <= 8 {
			exact++
			best = min(best, exactFit(c.blocks, livesApart(c), m.Peak)+scratchIn(c))
		}
		worst = max(worst, float64(m.Peak)/float64(best))
		assert.LessOrEqual(t, float64(m.Peak), 1.1*float64(best))
	}
	t.Logf("%d frames: mean %.5f of the bound, at most %.4f of the better of first fit and (%d times) the optimum", frames, sum/float64(frames), worst, exact)
	assert.LessOrEqual(t, sum/float64(frames), 1.01)
	assert.Greater(t, exact, 100)
}

// By default, what is shared at no cost is shared as far as first fit does it,
// and nearly as far as possible.
func TestSharingLeavesLittle(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	sum, worst, frames, exact, shared := 0.0, 1.0, 500, 0, 0
	for range frames {
		c := compileOnly(t, randomSizes(r, Compute, Compute, Render, Blit, MachineLearning))
		m := c.plan.Memory()
		if m.Peak < m.WithoutAliasing {
			shared++
		}
		may := known(len(c.blocks), orderedAnyway(c))
		assert.LessOrEqual(t, m.Peak, firstFit(c.blocks, may))
		if len(c.blocks) <= 8 && scratchIn(c) == 0 {
			exact++
			ratio := float64(m.Peak) / float64(exactFit(c.blocks, may, m.Peak))
			sum, worst = sum+ratio, max(worst, ratio)
		}
	}
	t.Logf("%d frames, memory shared in %d: on %d small ones mean %.5f of the optimum, at most %.4f", frames, shared, exact, sum/float64(exact), worst)
	assert.LessOrEqual(t, sum/float64(exact), 1.01)
	assert.LessOrEqual(t, worst, 1.1)
	assert.Greater(t, shared, 200)
}
