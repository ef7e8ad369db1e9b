package graph

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/barriers"
)

// apart is the frame with memory of its own for every resource.
func (c *compilation) apart() *barriers.Frame {
	f := c.frame
	f.Resources = append([]barriers.Resource(nil), f.Resources...)
	for i := range f.Resources {
		f.Resources[i].Memory = barriers.Placement{}
	}
	return &f
}

// What the clocks say of two blocks is what the check says of a frame in which
// just these two share memory.
func TestSharingIsExact(t *testing.T) {
	may, not, stretches, cases := 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		cases++
		r := drawFrame(t, 12)
		c := compileOnly(t, r.build(asIs))
		stretches += len(c.sharing.stretches) - 1
		alone := c.apart()
		for x := range c.blocks {
			for y := range c.blocks {
				a, b := &c.blocks[x], &c.blocks[y]
				if a.last >= b.first {
					continue
				}
				for _, i := range []int32{a.resource, b.resource} {
					alone.Resources[i].Memory.Size = 256
				}
				report := barriers.Check(alone, c.derived)
				free := len(report.Unordered) == 0
				if free {
					may++
				} else {
					not++
				}
				got := c.follows(int32(x), int32(y)) && c.wraps(int32(y), int32(x))
				if got != free {
					t.Fatalf("blocks %d and %d: may share is %v, want %v\n%s\n%s", x, y, got, free, c.plan, report.String())
				}
				for _, i := range []int32{a.resource, b.resource} {
					alone.Resources[i].Memory.Size = 0
				}
			}
		}
	})
	require.Greater(t, min(may, not), cases/2, "hardly a pair: the test is empty")
	t.Logf("%d pairs may share, %d not; %d stretches", may, not, stretches)
}
