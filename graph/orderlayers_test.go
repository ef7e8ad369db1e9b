package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/barriers"
	"weft/metal"
)

// Layers of render passes take three layers' memory, for a frame's first runs
// beside the last of the frame before. With a barrier between them two would do,
// but it is superfluous and makes the frames longer. Compute passes need it anyway.
func TestLayersRunBesideTheFrameBefore(t *testing.T) {
	const depth, width, texture = 10, 10, 1920 * 1080 * 8
	plan := func(s *sample) *Plan {
		g := New()
		s.declare(g)
		p, err := g.Plan()
		require.NoError(t, err)
		return p
	}
	p := plan(layers(depth, width, 3).rendered())
	frame, list := p.Judged()
	assert.Len(t, list, depth-1)
	assert.Equal(t, 3*width*texture, p.Memory().Peak)
	last := len(frame.Passes) - 1
	more := append(list[:len(list):len(list)], barriers.Barrier{
		Kind: barriers.Producer, Encoder: frame.Passes[last].Encoder, Pass: last,
		After: metal.StageFragment, Before: metal.StageFragment, Visibility: metal.VisibilityDevice,
	})
	assert.True(t, barriers.Check(frame, list).OK())
	assert.Len(t, barriers.Check(frame, more).Superfluous, 1)
	assert.Greater(t, barriers.Makespan(frame, more), barriers.Makespan(frame, list))

	p = plan(layers(depth, width, 3))
	_, list = p.Judged()
	assert.Len(t, list, depth)
	assert.Equal(t, 2*width*texture, p.Memory().Peak)
}

// rendered makes render passes of a sample's, which draw into what they wrote.
func (s *sample) rendered() *sample {
	for i := range s.passes {
		p := &s.passes[i]
		p.kind = Render
		var reads []sampleAccess
		for _, a := range p.accesses {
			if a.write && len(p.color) == 0 {
				p.color = append(p.color, a.resource)
			} else if !a.write {
				reads = append(reads, sampleAccess{resource: a.resource, stages: metal.StageFragment})
			}
		}
		p.accesses = reads
	}
	return s
}
