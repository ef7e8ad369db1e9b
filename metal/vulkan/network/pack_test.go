package network

import (
	"flag"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawBlocks draws blocks of memory with lives.
func drawBlocks(t *rapid.T) []block {
	blocks := make([]block, rapid.IntRange(1, 12).Draw(t, "blocks"))
	for i := range blocks {
		first := rapid.IntRange(0, 9).Draw(t, "first")
		blocks[i] = block{
			size: int64(rapid.IntRange(1, 5000).Draw(t, "size")), first: first,
			last: first + rapid.IntRange(0, 5).Draw(t, "length"),
		}
	}
	return blocks
}

// manyCases undoes the small number of random cases that tests with shaders
// ask for: those of this file cost nothing.
func manyCases(t *testing.T) {
	t.Helper()
	count := flag.Lookup("rapid.checks").Value
	few := count.String()
	require.NoError(t, count.Set("100"))
	t.Cleanup(func() { require.NoError(t, count.Set(few)) })
}

// TestPack plays every step of time: a byte may belong to one live block.
func TestPack(t *testing.T) {
	manyCases(t)
	rapid.Check(t, func(t *rapid.T) {
		blocks := drawBlocks(t)
		total := assign(blocks)
		require.Zero(t, total%alignment)
		most, sum := int64(0), int64(0)
		for step := range 20 {
			owner := make([]int, total)
			live := int64(0)
			for i, b := range blocks {
				require.Zero(t, b.offset%alignment)
				if b.first > step || step > b.last {
					continue
				}
				live += b.size
				for at := b.offset; at < b.offset+b.size; at++ {
					require.Zero(t, owner[at], "step %d, byte %d: block %d and block %d", step, at, owner[at]-1, i)
					owner[at] = i + 1
				}
			}
			most = max(most, live)
		}
		for _, b := range blocks {
			sum += (b.size + alignment - 1) / alignment * alignment
		}
		require.GreaterOrEqual(t, total, most)
		require.LessOrEqual(t, total, sum)
	})
}

// A chain of values, each read by the next alone, needs the two largest
// neighbors.
func TestPackReuses(t *testing.T) {
	var blocks []block
	for i := range 10 {
		blocks = append(blocks, block{size: 1024, first: i, last: i + 1})
	}
	require.EqualValues(t, 2048, assign(blocks))
}

// TestBarriers compares the derived barriers with a play of the queue: between
// two barriers, dispatches run in any order and must not depend on each other.
func TestBarriers(t *testing.T) {
	manyCases(t)
	rapid.Check(t, func(t *rapid.T) {
		n := &network{plan: &Plan{}}
		for range rapid.IntRange(1, 12).Draw(t, "dispatches") {
			var touched []span
			for range rapid.IntRange(1, 3).Draw(t, "spans") {
				start := int64(rapid.IntRange(0, 8).Draw(t, "start"))
				touched = append(touched, span{
					source: FromHeap, start: start, end: start + int64(rapid.IntRange(1, 3).Draw(t, "length")),
					writes: rapid.Bool().Draw(t, "writes"),
				})
			}
			n.ranges = append(n.ranges, touched)
			n.plan.Dispatches = append(n.plan.Dispatches, Dispatch{})
		}
		n.barriers()
		require.False(t, n.plan.Dispatches[0].Barrier)
		for i := range n.ranges {
			needed := false // between the last barrier and i
			for j := i - 1; j >= 0; j-- {
				separated := false
				for k := j + 1; k <= i; k++ {
					separated = separated || n.plan.Dispatches[k].Barrier
				}
				depends := false
				for at := range int64(12) {
					depends = depends || touches(n.ranges[i], at, true) && touches(n.ranges[j], at, false) ||
						touches(n.ranges[i], at, false) && touches(n.ranges[j], at, true)
				}
				require.False(t, depends && !separated, "dispatch %d after %d", i, j)
				if j == i-1 || !barrierBetween(n, j, i) {
					needed = needed || depends
				}
			}
			require.Equal(t, needed, n.plan.Dispatches[i].Barrier, "dispatch %d", i)
		}
	})
}

// touches reports whether the spans touch, or write, a byte.
func touches(spans []span, at int64, write bool) bool {
	for _, s := range spans {
		if s.start <= at && at < s.end && (!write || s.writes) {
			return true
		}
	}
	return false
}

// barrierBetween reports whether a barrier stands after j and before i, not
// counting i's own.
func barrierBetween(n *network, j, i int) bool {
	for k := j + 1; k < i; k++ {
		if n.plan.Dispatches[k].Barrier {
			return true
		}
	}
	return false
}
