package apple_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The messages of a frame, in order.
func TestFrame(t *testing.T) {
	n := newNoop()
	n.logs = true
	r := newRig(t, n)
	counters := made[metal.CounterHeap](t)(r.NewCounterHeap("times", 4))
	depth := made[metal.DepthStencilState](t)(r.NewDepthStencilState(metal.DepthStencilDescriptor{Label: "none", DepthCompare: metal.CompareFunctionAlways}))
	n.log = nil
	r.frame(func(b metal.CommandBuffer) {
		b.WriteTimestamp(counters, 0)
		e, err := b.RenderEncoder(r.pass("scene"))
		require.NoError(t, err)
		e.BarrierAfterQueueStages(metal.StageDispatch, metal.StageVertex|metal.StageFragment, metal.VisibilityDevice)
		e.DiscardContents(r.target, metal.StageFragment)
		e.PushDebugGroup("triangles")
		e.SetRenderPipeline(r.drawing)
		e.SetDepthStencilState(depth)
		e.SetArgumentTable(r.table, both)
		e.SetViewport(metal.Viewport{Width: 64, Height: 64, Far: 1})
		e.SetScissor(0, 0, 32, 32)
		e.SetCullMode(metal.CullModeBack)
		e.SetDepthBias(1, 2, 3)
		e.SetDepthBias(1, 2, 3) // and no more
		e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
		e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 0, 1, 0) // nothing
		e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, 6, metal.IndexTypeUInt16, r.buffer, 128, 2, 7, 1)
		e.DrawPrimitivesIndirect(metal.PrimitiveTypeTriangle, r.buffer, 64)
		e.DrawIndexedPrimitivesIndirect(metal.PrimitiveTypeTriangle, metal.IndexTypeUInt32, r.buffer, 512, r.buffer, 64)
		e.PopDebugGroup()
		e.WriteTimestamp(metal.StageFragment, counters, 1)
		e.BarrierAfterStages(metal.StageFragment, metal.StageBlit, metal.VisibilityDevice)
		e.EndEncoding()
		c, err := b.ComputeEncoder("work")
		require.NoError(t, err)
		c.SetComputePipeline(r.adding)
		c.SetArgumentTable(r.table)
		threads := metal.Size{Width: 8, Height: 8, Depth: 1}
		c.DispatchThreadgroups(metal.Size{Width: 8, Height: 8, Depth: 1}, threads)
		c.DispatchThreadgroupsIndirect(r.buffer, 32, threads)
		c.BarrierAfterEncoderStages(metal.StageDispatch, metal.StageBlit, metal.VisibilityDevice)
		whole := metal.Size{Width: 64, Height: 64, Depth: 1}
		c.CopyTextureToBuffer(metal.TextureRegion{Texture: r.target}, whole, r.buffer, 0, 256, 256*64)
		c.CopyBufferToTexture(r.buffer, 0, 256, 256*64, whole, metal.TextureRegion{Texture: r.target})
		c.CopyBuffer(r.buffer, 0, r.buffer, 512, 256)
		c.FillBuffer(r.buffer, 8, 16, 3)
		c.WriteTimestamp(counters, 2)
		c.EndEncoding()
	})
	golden(t, "frame.txt", n.log)

	// A pass like the one before says nothing about its attachments.
	r.frame(func(b metal.CommandBuffer) { r.draws(b, r.pass("scene"), 1) })
	n.log = nil
	again := r.pass("scene")
	again.Colors[0].Clear.Red = 0.75
	r.frame(func(b metal.CommandBuffer) { r.draws(b, again, 1) })
	golden(t, "again.txt", n.log)
}

// golden compares lines with a file.
func golden(t *testing.T, name string, lines []string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o777))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o666))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run with -update")
	assert.Equal(t, string(want), got, "run with -update where this is meant")
}

func TestFramesDoNotAllocate(t *testing.T) {
	if raceDetector {
		t.Skip("allocations cannot be counted under the race detector")
	}
	r := newRig(t, newNoop())
	pass, another := r.pass("scene"), r.pass("scene again")
	another.Colors[0].Clear.Red = 0.25
	counters := made[metal.CounterHeap](t)(r.NewCounterHeap("times", 4))
	set := made[metal.ResidencySet](t)(r.NewResidencySet("all"))
	set.Add(r.target)
	set.Commit()
	depth := made[metal.DepthStencilState](t)(r.NewDepthStencilState(metal.DepthStencilDescriptor{Label: "none", DepthCompare: metal.CompareFunctionAlways}))
	frame := func() {
		r.frame(func(b metal.CommandBuffer) {
			b.UseResidencySet(set)
			b.WriteTimestamp(counters, 0)
			r.draws(b, pass, 3)
			r.draws(b, another, 3)
			e, err := b.RenderEncoder(pass)
			if err != nil {
				t.Fatal(err)
			}
			e.SetRenderPipeline(r.drawing)
			e.SetDepthStencilState(depth)
			e.SetArgumentTable(r.table, both)
			e.SetViewport(metal.Viewport{Width: 64, Height: 64, Far: 1})
			e.SetScissor(0, 0, 32, 32)
			e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, 6, metal.IndexTypeUInt16, r.buffer, 128, 2, 7, 1)
			e.DrawPrimitivesIndirect(metal.PrimitiveTypeTriangle, r.buffer, 64)
			e.WriteTimestamp(metal.StageFragment, counters, 1)
			e.EndEncoding()
			c, err := b.ComputeEncoder("work")
			if err != nil {
				t.Fatal(err)
			}
			c.PushDebugGroup("copies")
			c.SetComputePipeline(r.adding)
			c.SetArgumentTable(r.table)
			c.DispatchThreadgroups(metal.Size{Width: 1, Height: 1, Depth: 1}, metal.Size{Width: 8, Height: 8, Depth: 1})
			c.BarrierAfterEncoderStages(metal.StageDispatch, metal.StageBlit, metal.VisibilityDevice)
			c.CopyTextureToBuffer(metal.TextureRegion{Texture: r.target}, metal.Size{Width: 64, Height: 64, Depth: 1}, r.buffer, 0, 256, 256*64)
			c.FillBuffer(r.buffer, 0, 16, 3)
			c.PopDebugGroup()
			c.EndEncoding()
		})
	}
	frame()
	assert.Zero(t, testing.AllocsPerRun(100, frame))
}

// BenchmarkRecord is a frame of 1,000 passes of 10 draws, each with an argument
// of its own, on a runtime that does nothing: the cost of the way to it.
func BenchmarkRecord(b *testing.B) {
	r := newRig(b, newNoop())
	pass := r.pass("scene")
	frame := func() {
		r.frame(func(b metal.CommandBuffer) {
			for range 1000 {
				r.draws(b, pass, 10)
			}
		})
	}
	frame()
	r.messages, r.quick = 0, true
	b.ReportAllocs()
	for b.Loop() {
		frame()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(r.messages), "ns/message")
	b.ReportMetric(float64(r.messages)/float64(b.N), "messages/op")
}
