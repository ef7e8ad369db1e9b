package graph

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

// coarse is a device that wants its buffers aligned, large ones to more.
type coarse struct{ metal.Device }

func (d coarse) BufferSizeAndAlign(b metal.BufferDescriptor) (metal.SizeAndAlign, error) {
	s, err := d.Device.BufferSizeAndAlign(b)
	s.Align = 1024
	if b.Length > 8192 {
		s.Align = 65536
	}
	return s, err
}

// Alignments and classes are as the device asks for, and what is live together
// never overlaps.
func TestPlacementIsAsTheDeviceAsks(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	shared := 0
	for range 60 {
		g := randomSizes(r, Compute, Blit, MachineLearning)
		for i := range 3 {
			x := g.Texture(fmt.Sprint("t", i), rgba(64, 1+r.IntN(64)))
			addPass(g, fmt.Sprint("draw ", i), Render, func(d *Declaration) { d.Color(0, Attachment{Texture: x}); d.SideEffect() })
		}
		d := coarse{device(t, record.Options{TextureClass: 7})}
		for _, option := range [][]Option{nil, {PreferMemory()}} {
			plan, err := g.Compile(d, option...)
			require.NoError(t, err)
			c := plan.c
			for i := range c.blocks {
				a := &c.blocks[i]
				h := &c.heaps[a.heap]
				assert.Equal(t, a.pass >= 0, h.kind == ScratchHeap)
				if a.pass >= 0 {
					assert.Zero(t, a.offset)
				} else {
					name := c.blockName(int32(i))
					assert.Equal(t, map[bool]int{true: 7, false: 0}[name[0] == 't'], h.class, name)
					assert.Zero(t, a.offset%a.align, name)
					assert.LessOrEqual(t, a.offset+a.size, h.size, name)
				}
				for j := range i {
					if c.overlap(int32(i), int32(j)) {
						shared++
						assert.True(t, livesApart(c)(i, j))
					}
				}
			}
			plan.Release()
		}
	}
	assert.Greater(t, shared, 100)
}
