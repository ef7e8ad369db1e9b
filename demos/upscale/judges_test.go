package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/barriers"
	"weft/demos/upscale/scene"
	"weft/graph"
	"weft/metal"
	"weft/metal/vulkan"
	"weft/models"
)

// judge draws frames of the demo, at a small size, on a new device with the
// validation layer on: the layer stops repeating a message after a while, so
// each judgement gets one that has said nothing yet.
func judge(t *testing.T, frames int, options ...graph.Option) (messages []string, plan *graph.Plan) {
	t.Helper()
	device, err := vulkan.Open(vulkan.Options{Validation: true})
	require.NoError(t, err, "these tests need Vulkan and the Khronos validation layer: run make setup")
	defer device.Release()
	queue, err := device.NewCommandQueue("judges")
	require.NoError(t, err)
	defer queue.Release()
	s, err := scene.New(device, 7)
	require.NoError(t, err)
	defer s.Release()
	var now scene.Moment
	f, err := declareFrame(s, models.Upscale(), smallestSceneSide, smallestSceneSide, &now)
	require.NoError(t, err)
	plan, err = f.graph.Compile(device, options...)
	require.NoError(t, err)
	defer plan.Release()
	require.NoError(t, s.Bind(plan, f.scene))
	screen, err := device.NewTexture(metal.TextureDescriptor{
		Label: "screen", Format: metal.PixelFormatBGRA8Unorm, Width: 2 * smallestSceneSide, Height: 2 * smallestSceneSide, Usage: metal.TextureUsageRenderTarget,
	})
	require.NoError(t, err)
	defer screen.Release()
	require.NoError(t, plan.BindTexture(f.screen, screen))
	for i := range frames {
		now.Time = float64(i) / framesPerSecond
		require.NoError(t, plan.Run(queue))
	}
	require.NoError(t, plan.Wait())
	return device.ValidationMessages(), plan
}

// The layer has nothing to say of nine frames, up to three of them in flight.
// That it would speak is shown by the next test, and by the driver's canary.
func TestTheValidationLayerIsSilent(t *testing.T) {
	messages, plan := judge(t, 9)
	assert.Empty(t, messages)
	frame, derived := plan.Judged()
	report := barriers.Check(frame, derived)
	assert.True(t, report.OK(), "%v", report)
	assert.NotEmpty(t, derived)
}

// Every barrier of the demo's plan is needed: take one away, and barriers.Check
// objects, and so does the layer wherever it can see one of the hazards.
func TestEveryBarrierIsMissed(t *testing.T) {
	_, plan := judge(t, 1)
	seen := 0
	for i, b := range plan.Barriers() {
		t.Run(fmt.Sprintf("%d %v", i, b), func(t *testing.T) {
			messages, broken := judge(t, 4, graph.LeaveOut(i))
			require.Len(t, broken.Barriers(), len(plan.Barriers())-1)
			frame, derived := broken.Judged()
			assert.False(t, barriers.Check(frame, derived).Sufficient())
			if layerSees(b) {
				seen++
				assert.NotEmpty(t, messages)
			}
		})
	}
	assert.GreaterOrEqual(t, seen, len(plan.Barriers())-1, "the layer is a judge of most barriers")
}

// layerSees reports whether one of the hazards that the barrier is there for is
// one that version 1.3.239 of the layer reports: two accesses of one resource.
// An image and a buffer on the same memory it does not compare.
func layerSees(b graph.Barrier) bool {
	for _, why := range b.Because {
		if !why.Aliasing {
			return true
		}
	}
	return false
}
