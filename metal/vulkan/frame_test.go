package vulkan

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/models"
)

// frame is a small frame with every kind of encoder: a triangle, a dispatch,
// copies, a network.
func (r *rig) frame() func() {
	target := r.texture(target64)
	pipeline := r.renderPipeline(metal.RenderPipelineDescriptor{Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}}, Topology: metal.PrimitiveTypeTriangle}, "triangle.vert", "triangle.frag")
	triangle := r.triangle(upper, 0, 1, 0, 1)
	state, err := r.NewDepthStencilState(metal.DepthStencilDescriptor{DepthCompare: metal.CompareFunctionAlways})
	require.NoError(r, err)
	a := r.adder(4, 1, r.buffer("source", 64), r.buffer("result", 64))
	out := r.buffer("readback", 64*64*4)
	n := r.net(models.Upscale(), map[string][]int{models.ColorInput: {16, 16, 3, 1}}, 0)
	pass := colorPass(target, metal.LoadActionClear)
	buffers := []metal.CommandBuffer{r.cb}
	size := metal.Size{Width: 64, Height: 64, Depth: 1}
	return func() {
		require.NoError(r, r.cb.Begin(r.alloc))
		re, err := r.cb.RenderEncoder(pass)
		require.NoError(r, err)
		re.BarrierAfterQueueStages(metal.StageBlit, metal.StageFragment, metal.VisibilityNone)
		re.DiscardContents(target, metal.StageFragment)
		re.SetRenderPipeline(pipeline)
		re.SetDepthStencilState(state)
		re.SetViewport(metal.Viewport{Width: 64, Height: 64, Far: 1})
		re.SetArgumentTable(triangle, metal.StageVertex)
		re.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
		re.BarrierAfterStages(metal.StageFragment, metal.StageBlit, metal.VisibilityDevice)
		re.EndEncoding()
		ce, err := r.cb.ComputeEncoder("compute")
		require.NoError(r, err)
		ce.BarrierAfterQueueStages(metal.StageDispatch|metal.StageBlit, metal.StageDispatch|metal.StageBlit, metal.VisibilityDevice)
		a.dispatch(ce, 1)
		ce.CopyTextureToBuffer(metal.TextureRegion{Texture: target}, size, out, 0, 256, 256*64)
		ce.EndEncoding()
		me, err := r.cb.MachineLearningEncoder("network")
		require.NoError(r, err)
		me.BarrierAfterQueueStages(metal.StageMachineLearning, metal.StageMachineLearning, metal.VisibilityDevice)
		me.SetMachineLearningPipeline(n.pipeline)
		me.SetArgumentTable(n.table)
		me.DispatchNetwork(n.heap)
		me.EndEncoding()
		require.NoError(r, r.cb.End())
		require.NoError(r, r.queue.Commit(buffers))
		r.value++
		require.NoError(r, r.queue.SignalEvent(r.event, r.value))
		require.True(r, r.event.Wait(r.value, 20*time.Second))
		require.NoError(r, r.alloc.Reset())
	}
}

func TestFrameUnderValidation(t *testing.T) {
	frame := newRig(t).frame()
	for range 3 {
		frame()
	}
}

// The frame loop allocates nothing once it has run a few times.
func TestFrameDoesNotAllocate(t *testing.T) {
	if raceDetector {
		t.Skip("allocations cannot be counted under the race detector")
	}
	frame := openRig(t, Options{}).frame()
	for range 3 {
		frame()
	}
	// A collection may empty the pools of argument lists in one of the runs.
	require.Less(t, testing.AllocsPerRun(50, frame), 2.0)
}

func BenchmarkFrame(b *testing.B) {
	frame := openRig(b, Options{}).frame()
	frame()
	b.ReportAllocs()
	for b.Loop() {
		frame()
	}
}

// BenchmarkEncode is the cost of recording alone: a draw with a table that has
// changed, a barrier and a dispatch.
func BenchmarkEncode(b *testing.B) {
	r := openRig(b, Options{})
	a := r.adder(4, 1, r.buffer("source", 64), r.buffer("result", 64))
	require.NoError(b, r.cb.Begin(r.alloc))
	e, err := r.cb.ComputeEncoder("compute")
	require.NoError(b, err)
	a.dispatch(e, 1)
	b.ReportAllocs()
	for b.Loop() {
		e.BarrierAfterEncoderStages(metal.StageDispatch, metal.StageDispatch, metal.VisibilityDevice)
		a.dispatch(e, 1)
	}
	b.StopTimer()
	e.EndEncoding()
	require.NoError(b, r.cb.End())
	require.NoError(b, r.alloc.Reset())
}
