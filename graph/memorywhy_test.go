package graph

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/metal"
)

func TestWhyMemoryIsNotShared(t *testing.T) {
	g := New()
	buffer := func(name string) Buffer { return g.Buffer(name, metal.BufferDescriptor{Length: 256}) }
	a, b, both := buffer("a"), buffer("b"), buffer("both")
	addPass(g, "make a", Compute, func(d *Declaration) { d.Write(a, 0); d.Write(both, 0); d.SideEffect() })
	addPass(g, "make b", Render, func(d *Declaration) { d.Write(b, 0); d.Read(both, metal.StageVertex); d.SideEffect() })
	plan, err := g.Plan()
	require.NoError(t, err)
	assert.Equal(t, []Reason{
		{"both shares no memory", `a is in use at "make a", too; at some of its passes, 1 more are`},
		{"a and b share no memory", `nothing orders the write of a in "make a" (dispatch) before the first use of b in "make b"`},
	}, plan.Why(), plan)
	plan, err = g.Plan(PreferMemory())
	require.NoError(t, err)
	assert.Equal(t, []Reason{
		{"both shares no memory", `a is in use at "make a", too; at some of its passes, 1 more are`},
	}, plan.Why(), plan)
}

// Whatever is kept apart from what ends before it has a reason, and no reason is
// about blocks that share.
func TestReasonsCoverWhatIsKeptApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawPipeline(t, 12)
		c := compileOnly(t, r.build(asIs))
		said := map[string]string{}
		for _, r := range whyApart(c) {
			require.NotContains(t, said, r.Subject)
			said[r.Subject] = r.Text
		}
		for y := range c.blocks {
			apart, reason := 0, false
			for x := range c.blocks {
				a, b := &c.blocks[x], &c.blocks[y]
				if (a.pass < 0) != (b.pass < 0) || a.last >= b.first {
					continue
				}
				subject := fmt.Sprintf("%s and %s share no memory", c.blockName(int32(x)), c.blockName(int32(y)))
				_, found := said[subject]
				switch {
				case c.follows(int32(x), int32(y)) && c.wraps(int32(y), int32(x)):
					require.False(t, found, subject)
				case c.overlap(int32(x), int32(y)):
					t.Fatal("unordered blocks overlap")
				default:
					apart++
				}
				reason = reason || found
			}
			require.Equal(t, apart > 0, reason, "%s\n%v", c.plan, said)
		}
	})
}
