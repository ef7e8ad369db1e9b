package vulkan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

var groupOf64 = metal.Size{Width: 64, Height: 1, Depth: 1}

// adder is the pipeline result[i] = source[i] + amount, with its table.
type adder struct {
	pipeline metal.ComputePipeline
	table    metal.ArgumentTable
}

func (r *rig) adder(count, amount uint32, source, result metal.Buffer) adder {
	a := adder{r.computePipeline("add.comp"), r.table(metal.ArgumentTableDescriptor{Label: "add", Buffers: 3})}
	a.table.SetBuffer(r.buffer("params", 8, count, amount), 0, 0)
	a.table.SetBuffer(source, 0, 1)
	a.table.SetBuffer(result, 0, 2)
	return a
}

func (a adder) dispatch(e metal.ComputeEncoder, groups int) {
	e.SetComputePipeline(a.pipeline)
	e.SetArgumentTable(a.table)
	e.DispatchThreadgroups(metal.Size{Width: groups, Height: 1, Depth: 1}, groupOf64)
}

func TestCompute(t *testing.T) {
	r := newRig(t)
	source, middle, result := r.buffer("source", 400), r.buffer("middle", 400), r.buffer("result", 400)
	for i := range 100 {
		source.Contents()[4*i] = byte(i)
	}
	first, second := r.adder(100, 5, source, middle), r.adder(100, 7, middle, result)
	r.run(func(cb metal.CommandBuffer) {
		r.compute(cb, "both", func(e metal.ComputeEncoder) {
			first.dispatch(e, 2)
			e.BarrierAfterEncoderStages(metal.StageDispatch, metal.StageDispatch, metal.VisibilityDevice)
			second.dispatch(e, 2)
		})
	})
	for i := range 100 {
		require.EqualValues(t, i+12, word(result, i))
	}
}

func TestDispatchIndirectAndFill(t *testing.T) {
	r := newRig(t)
	source, result := r.buffer("source", 512), r.buffer("result", 512)
	groups := r.buffer("groups", 16, 0, 1, 1, 1)
	a := r.adder(128, 1, source, result)
	r.run(func(cb metal.CommandBuffer) {
		r.compute(cb, "fill", func(e metal.ComputeEncoder) {
			e.FillBuffer(source, 256, 256, 0x01)
			e.FillBuffer(result, 0, 512, 0xff)
			e.BarrierAfterEncoderStages(metal.StageBlit, metal.StageDispatch, metal.VisibilityDevice)
			e.SetComputePipeline(a.pipeline)
			e.SetArgumentTable(a.table)
			e.DispatchThreadgroupsIndirect(groups, 4, groupOf64)
		})
	})
	require.EqualValues(t, 1, word(result, 63))
	require.EqualValues(t, 0xffffffff, word(result, 64), "one group of 64 threads ran")
	require.EqualValues(t, 0x01010101, word(source, 64))
}

// A table is a snapshot at each dispatch.
func TestArgumentTableSnapshots(t *testing.T) {
	r := newRig(t)
	source := r.buffer("source", 64)
	results := []metal.Buffer{r.buffer("one", 64), r.buffer("two", 64)}
	a := r.adder(4, 3, source, results[0])
	r.run(func(cb metal.CommandBuffer) {
		r.compute(cb, "snapshots", func(e metal.ComputeEncoder) {
			for _, b := range results {
				a.table.SetBuffer(b, 0, 2)
				a.dispatch(e, 1)
			}
		})
	})
	for _, b := range results {
		require.EqualValues(t, 3, word(b, 3))
	}
}

// The canary of the validation layer: two commits without a barrier must give a
// message, and with a barrier none. Were the layer silent about the first, it
// would prove nothing about any plan.
func TestValidationSeesMissingBarriers(t *testing.T) {
	r := newRig(t)
	source, middle, result := r.buffer("source", 64), r.buffer("middle", 64), r.buffer("result", 64)
	first, second := r.adder(4, 5, source, middle), r.adder(4, 7, middle, result)
	other, err := r.NewCommandBuffer("second")
	require.NoError(t, err)
	frame := func(barrier bool) []string {
		for i, cb := range []metal.CommandBuffer{r.cb, other} {
			require.NoError(t, cb.Begin(r.alloc))
			r.compute(cb, "pass", func(e metal.ComputeEncoder) {
				if barrier {
					e.BarrierAfterQueueStages(metal.StageDispatch, metal.StageDispatch, metal.VisibilityDevice)
				}
				[]adder{first, second}[i].dispatch(e, 1)
			})
			require.NoError(t, cb.End())
			require.NoError(t, r.queue.Commit([]metal.CommandBuffer{cb}))
		}
		r.wait()
		return r.ValidationMessages()
	}
	require.Empty(t, frame(true))
	for range 15 { // more than the layer's limit of equal messages
		messages := frame(false)
		require.NotEmpty(t, messages)
		require.Contains(t, strings.Join(messages, "\n"), "SYNC-HAZARD-READ-AFTER-WRITE")
	}
	require.Empty(t, frame(true))
}

// Heaps: two buffers on one memory.
func TestPlacementHeap(t *testing.T) {
	r := newRig(t)
	desc := metal.BufferDescriptor{Label: "x", Length: 256}
	need, err := r.BufferSizeAndAlign(desc)
	require.NoError(t, err)
	h, err := r.NewHeap(metal.HeapDescriptor{Label: "heap", Size: 2 * need.Size, Storage: metal.StorageModeShared, Class: need.Class})
	require.NoError(t, err)
	defer h.Release()
	a, err := h.NewBuffer(desc, 0)
	require.NoError(t, err)
	defer a.Release()
	b, err := h.NewBuffer(desc, 0)
	require.NoError(t, err)
	defer b.Release()
	c, err := h.NewBuffer(desc, need.Size)
	require.NoError(t, err)
	defer c.Release()
	a.Contents()[7] = 42
	require.EqualValues(t, 42, b.Contents()[7])
	require.NotEqualValues(t, 42, c.Contents()[7])

	_, err = h.NewBuffer(desc, need.Align/2)
	require.ErrorContains(t, err, "multiple of")
	_, err = h.NewBuffer(desc, 2*need.Size)
	require.ErrorContains(t, err, "do not fit")
	_, err = h.NewTexture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4}, 0)
	require.ErrorContains(t, err, "private heap")
}

func TestFaultsOfComputeEncoders(t *testing.T) {
	r := newRig(t)
	b := r.buffer("small", 64)
	p := r.computePipeline("add.comp")
	table := r.table(metal.ArgumentTableDescriptor{Label: "args", Buffers: 2})
	one := metal.Size{Width: 1, Height: 1, Depth: 1}
	for want, record := range map[string]func(metal.ComputeEncoder){
		"without a compute pipeline": func(e metal.ComputeEncoder) { e.DispatchThreadgroups(one, groupOf64) },
		"no argument table is set":   func(e metal.ComputeEncoder) { e.SetComputePipeline(p); e.DispatchThreadgroups(one, groupOf64) },
		"written for {64 1 1}":       func(e metal.ComputeEncoder) { e.SetComputePipeline(p); e.DispatchThreadgroups(one, one) },
		"has not set": func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(table)
			e.DispatchThreadgroups(one, groupOf64)
		},
		`buffer "small": it has 64`: func(e metal.ComputeEncoder) { e.FillBuffer(b, 32, 64, 0) },
		"must be a multiple of 4":   func(e metal.ComputeEncoder) { e.FillBuffer(b, 2, 4, 0) },
		"overlap":                   func(e metal.ComputeEncoder) { e.CopyBuffer(b, 0, b, 8, 16) },
		"has no stage fragment":     func(e metal.ComputeEncoder) { e.BarrierAfterEncoderStages(metal.StageFragment, metal.StageDispatch, 1) },
		"both need a stage":         func(e metal.ComputeEncoder) { e.BarrierAfterQueueStages(0, metal.StageDispatch, 1) },
		"PopDebugGroup without":     func(e metal.ComputeEncoder) { e.PopDebugGroup() },
		`group "outer / inner": BUG:`: func(e metal.ComputeEncoder) {
			e.PushDebugGroup("outer")
			e.PushDebugGroup("inner")
			e.SetComputePipeline(nil)
			e.PopDebugGroup()
			e.PopDebugGroup()
		},
	} {
		err := r.tryRun(func(cb metal.CommandBuffer) { r.compute(cb, "enc", record) })
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, `compute encoder "enc"`)
		require.Error(t, r.queue.Commit([]metal.CommandBuffer{r.cb}), "a faulty buffer cannot be committed")
	}
	table.SetBuffer(b, 0, 7)
	err := r.tryRun(func(cb metal.CommandBuffer) {
		r.compute(cb, "enc", func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(table)
			e.DispatchThreadgroups(one, groupOf64)
		})
	})
	require.ErrorContains(t, err, "buffer 7: it has room for 2")
}
