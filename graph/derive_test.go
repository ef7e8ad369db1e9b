package graph

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

// On a device, a texture in shared memory is discarded whole where it is first
// used. Two passes that write different mips of it then need an order, which the
// same passes without sharing do not.
func TestDiscardIsOfTheWholeTexture(t *testing.T) {
	build := func(share bool) *Graph {
		g := New()
		big, mips := rgba(64, 64), rgba(64, 64)
		mips.Mips = 2
		first, back := g.Texture("first", big), g.Buffer("back", metal.BufferDescriptor{Length: 4}, Persistent)
		x := g.Texture("x", mips)
		if !share {
			x = g.Texture("x alone", mips, Persistent)
		}
		addPass(g, "make first", Blit, func(d *Declaration) { d.Write(first, 0); d.Write(back, 0) })
		addPass(g, "use first", Blit, func(d *Declaration) { d.Read(first, 0); d.Write(back, 0) })
		for level, name := range []string{"mip 0", "mip 1"} {
			addPass(g, name, Blit, func(d *Declaration) { d.Read(back, 0); d.Write(x, 0, Mip(level)) })
		}
		addPass(g, "use x", Blit, func(d *Declaration) { d.Read(x, 0); d.Write(back, 0) })
		return g
	}
	ordered := func(g *Graph, option ...Option) bool {
		plan, err := g.Compile(device(t, record.Options{}), option...)
		require.NoError(t, err)
		t.Cleanup(plan.Release)
		return slices.ContainsFunc(plan.Barriers(), func(b Barrier) bool {
			return slices.ContainsFunc(b.Because, func(why Because) bool { return why.From == "mip 0" && why.To == "mip 1" && why.Frames == 0 })
		})
	}
	assert.True(t, ordered(build(true)))
	assert.True(t, ordered(build(true), PreferMemory()))
	assert.False(t, ordered(build(false)))
}
