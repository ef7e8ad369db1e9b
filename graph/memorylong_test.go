package graph

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/barriers"
	"weft/metal"
)

// unequal is a compilation up to the placement of blocks of a thousand sizes:
// one a pass, used up to some passes later, in a frame without barriers.
func unequal(passes int, length func(i int) int) *compilation {
	c := &compilation{g: New()}
	c.encoders = []encoder{{barriers.ComputeEncoder, 0, int32(passes)}}
	c.frame.Encoders = []barriers.Encoder{{Kind: barriers.ComputeEncoder}}
	for i := range passes {
		last := min(passes-1, i+length(i))
		c.order = append(c.order, int32(i))
		c.blocks = append(c.blocks, block{
			resource: int32(i), pass: -1, size: 256 * (1 + i*7919%1000), align: 256,
			first: int32(i), user: int32(i), last: int32(last),
		})
		c.frame.Resources = append(c.frame.Resources, barriers.Resource{})
		c.frame.Passes = append(c.frame.Passes, barriers.Pass{Runs: metal.StageDispatch})
		c.frame.Accesses = append(c.frame.Accesses, barriers.Access{Pass: i, Resource: i, Stages: metal.StageDispatch, Write: true})
		c.g.passes = append(c.g.passes, pass{accesses: int32(i), accessesEnd: int32(i + 1)})
		c.g.accesses = append(c.g.accesses, access{resource: int32(i), part: -1, stages: metal.StageDispatch, write: true})
	}
	c.scratch, c.lives = make([]int, passes), slices.Repeat([]life{{stages: metal.StageDispatch}}, passes)
	c.sortBlocks()
	c.bound = c.liveBound(c.packing.byStart, true)
	c.learn()
	return c
}

// Placing takes bounded time also where nothing is ordered, all sizes differ and
// blocks live long.
func TestLongFramesArePlacedInTime(t *testing.T) {
	for name, life := range map[string]func(int) int{
		"short": func(int) int { return 2 },
		"long":  func(i int) int { return i * 104729 % 10000 },
	} {
		c := unequal(20000, life)
		every := terms{cuts: make([]int32, len(c.blocks)), edge: true}
		for i := range every.cuts {
			every.cuts[i] = c.blocks[i].first
		}
		for _, x := range []struct {
			terms  terms
			effort effort
			most   int // in hundredths of the bound
		}{{terms{}, effort{steps: 64}, 1 << 40}, {every, effort{2000, 400}, 125}} {
			start := time.Now()
			c.packUnder(x.terms, x.effort)
			c.layOut()
			took := time.Since(start)
			t.Logf("%s: %.4f of the bound in %v", name, float64(c.packing.need)/float64(c.bound), took)
			assert.Less(t, took, 20*time.Second, name)
			require.LessOrEqual(t, c.packing.need/(c.bound/100), x.most, name)
		}
	}
}
