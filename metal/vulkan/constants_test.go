package vulkan

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/models"
)

// Pipelines of one package for several extents have the same weights and the
// same kernels, which are on the GPU once, and go with the last pipeline.
func TestPipelinesShare(t *testing.T) {
	r := newRig(t)
	held := func() (bytes int) {
		for _, c := range r.shared.constants.all {
			bytes += c.object.length
		}
		return bytes
	}
	pipeline := func(width int) *networkPipeline {
		p, err := r.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{
			Network: models.Upscale(), InputDimensions: map[string][]int{models.ColorInput: {width, 16, 3, 1}},
		})
		require.NoError(t, err)
		return p.(*networkPipeline)
	}
	first := pipeline(16)
	want := len(first.plan.Weights) + len(first.plan.Tables)
	require.Greater(t, len(first.plan.Weights), 10*len(first.plan.Tables))
	require.Equal(t, want, held())

	// Some more at once.
	others := make([]*networkPipeline, 4)
	var all sync.WaitGroup
	for i := range others {
		all.Go(func() { others[i] = pipeline(24 + 8*i) })
	}
	all.Wait()
	for _, p := range others {
		assert.Same(t, first.weights, p.weights)
		assert.Equal(t, first.kernels, p.kernels)
		want += len(p.plan.Tables)
	}
	assert.Equal(t, want, held(), "bytes")

	first.Release()
	for _, p := range others {
		assert.NotEmpty(t, r.shared.constants.all)
		p.Release()
	}
	assert.Empty(t, r.shared.constants.all)
	assert.Empty(t, r.shared.kernels.all)
}

// The CPU waits for nothing while it records and commits a network: the GPU is
// still at work when it is done, though it has to do the same again.
func TestNetworksDoNotWait(t *testing.T) {
	r := openRig(t, Options{})
	n := r.net(models.Upscale(), map[string][]int{models.ColorInput: {320, 180, 3, 1}}, 0)
	encode := func(cb metal.CommandBuffer) {
		n.encode(r, cb, func(e metal.Encoder) {
			e.BarrierAfterQueueStages(metal.StageMachineLearning, metal.StageMachineLearning, metal.VisibilityDevice)
		})
	}
	r.run(encode) // compiles, on a driver that does so at the first use
	require.NoError(t, r.cb.Begin(r.alloc))
	for range 4 {
		encode(r.cb)
	}
	require.NoError(t, r.cb.End())
	require.NoError(t, r.queue.Commit([]metal.CommandBuffer{r.cb}))
	r.value++
	require.NoError(t, r.queue.SignalEvent(r.event, r.value))
	assert.Less(t, r.event.SignaledValue(), r.value, "the network is done when the CPU goes on: it has waited")
	require.True(t, r.event.Wait(r.value, 20*time.Second))
	require.NoError(t, r.alloc.Reset())
}
