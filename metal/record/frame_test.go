package record_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/metal"
	"weft/metal/record"
)

var update = flag.Bool("update", false, "write the golden files anew")

// small is a frame with a bit of everything: it uploads, draws, infers, and
// copies back, with the barriers that this takes.
type small struct {
	*harness
	heap         metal.Heap
	image        metal.Texture
	render       metal.RenderPipeline
	compute      metal.ComputePipeline
	network      metal.MachineLearningPipeline
	drawing      metal.ArgumentTable
	scaling      metal.ArgumentTable
	inference    metal.ArgumentTable
	counters     metal.CounterHeap
	intermediate metal.Heap
	pass         metal.RenderPassDescriptor
	list         []metal.CommandBuffer
	frames       uint64
}

func newSmall(t *testing.T, o record.Options) *small {
	o.Networks = func(metal.MachineLearningPipelineDescriptor) ([]metal.TensorBinding, int, error) {
		return []metal.TensorBinding{
			{Name: "x", Index: 0, Access: metal.BindingAccessReadOnly, Type: metal.TensorDataTypeFloat16, Dimensions: []int{16, 16, 4}},
			{Name: "y", Index: 1, Access: metal.BindingAccessWriteOnly, Type: metal.TensorDataTypeFloat16, Dimensions: []int{16, 16, 4}},
		}, 4096, nil
	}
	s := &small{harness: newHarness(t, o)}
	h := s.harness
	s.heap = one[metal.Heap](h)(h.NewHeap(metal.HeapDescriptor{Label: "transient", Size: 4096, Storage: metal.StorageModePrivate}))
	s.image = one[metal.Texture](h)(s.heap.NewTexture(metal.TextureDescriptor{Label: "image", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Usage: metal.TextureUsageShaderRead}, 256))
	s.intermediate = one[metal.Heap](h)(h.NewHeap(metal.HeapDescriptor{Label: "scratch", Size: 4096, Storage: metal.StorageModePrivate}))
	s.render, s.drawing = h.textured(s.image)
	s.compute, s.scaling = h.scale()
	s.network = one[metal.MachineLearningPipeline](h)(h.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{Label: "upscale", Network: metal.Network{Name: "upscale"}}))
	s.inference = one[metal.ArgumentTable](h)(h.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "tensors", Buffers: 2}))
	for _, b := range s.network.Bindings() {
		t := one[metal.Tensor](h)(h.NewTensor(metal.TensorDescriptor{Label: b.Name, Type: b.Type, Dimensions: b.Dimensions, Storage: metal.StorageModePrivate}))
		s.inference.SetTensor(t, b.Index)
		h.set.Add(t)
	}
	s.counters = one[metal.CounterHeap](h)(h.NewCounterHeap("times", 2))
	h.set.Add(s.heap)
	h.set.Add(s.intermediate)
	h.set.Commit()
	s.pass = *h.pass()
	s.list = []metal.CommandBuffer{h.commands}
	return s
}

// frame records and commits the frame; it returns the first error.
func (s *small) frame() error {
	if err := s.allocator.Reset(); err != nil {
		return err
	}
	b := s.commands
	if err := b.Begin(s.allocator); err != nil {
		return err
	}
	b.UseResidencySet(s.set)
	b.WriteTimestamp(s.counters, 0)
	c, err := b.ComputeEncoder("upload")
	if err != nil {
		return err
	}
	size := metal.Size{Width: 16, Height: 16, Depth: 1}
	c.DiscardContents(s.image, metal.StageBlit)
	c.CopyBufferToTexture(s.buffer, 0, 64, 1024, size, metal.TextureRegion{Texture: s.image})
	c.FillBuffer(s.buffer, 2048, 64, 0)
	c.BarrierAfterEncoderStages(metal.StageBlit, metal.StageDispatch, metal.VisibilityDevice)
	c.SetComputePipeline(s.compute)
	c.SetArgumentTable(s.scaling)
	c.DispatchThreadgroups(metal.Size{Width: 4, Height: 1, Depth: 1}, metal.Size{Width: 64, Height: 1, Depth: 1})
	c.BarrierAfterStages(metal.StageBlit|metal.StageDispatch, metal.StageVertex|metal.StageFragment, metal.VisibilityDevice)
	c.EndEncoding()

	r, err := b.RenderEncoder(&s.pass)
	if err != nil {
		return err
	}
	r.SetRenderPipeline(s.render)
	r.SetArgumentTable(s.drawing, metal.StageVertex|metal.StageFragment)
	r.SetViewport(metal.Viewport{Width: 16, Height: 16, Far: 1})
	r.SetScissor(0, 0, 16, 16)
	r.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
	s.drawing.SetBuffer(s.buffer, 256, 0)
	r.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, 3, metal.IndexTypeUInt16, s.buffer, 2, 1, 0, 0)
	r.DrawPrimitivesIndirect(metal.PrimitiveTypeTriangle, s.buffer, 16)
	r.EndEncoding()

	n, err := b.MachineLearningEncoder("upscale")
	if err != nil {
		return err
	}
	n.BarrierAfterQueueStages(metal.StageDispatch|metal.StageFragment, metal.StageMachineLearning, metal.VisibilityDevice)
	n.SetMachineLearningPipeline(s.network)
	n.SetArgumentTable(s.inference)
	n.DispatchNetwork(s.intermediate)
	n.EndEncoding()

	if c, err = b.ComputeEncoder("readback"); err != nil {
		return err
	}
	c.BarrierAfterQueueStages(metal.StageFragment, metal.StageBlit, metal.VisibilityDevice)
	c.CopyTextureToBuffer(metal.TextureRegion{Texture: s.target}, size, s.buffer, 1024, 64, 1024)
	c.CopyBuffer(s.buffer, 0, s.buffer, 3072, 64)
	c.EndEncoding()
	b.WriteTimestamp(s.counters, 1)
	if err := b.End(); err != nil {
		return err
	}
	if err := s.queue.Commit(s.list); err != nil {
		return err
	}
	s.frames++
	if err := s.queue.SignalEvent(s.event, s.frames); err != nil {
		return err
	}
	s.event.Wait(s.frames, 0)
	return nil
}

// The log of a frame is the same on every run, one line a call.
func TestLogOfAFrame(t *testing.T) {
	s := newSmall(t, record.Options{Log: true})
	making := record.Text(s.Calls())
	s.ClearCalls()
	require.NoError(t, s.frame())
	got := "made:\n" + making + "\na frame:\n" + record.Text(s.Calls())
	const golden = "testdata/frame.log"
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(string(want), got), "run go test ./metal/record -update if the change is meant")

	first := s.Calls()
	s.ClearCalls()
	require.NoError(t, s.frame())
	second := s.Calls()
	require.Len(t, second, len(first))
	assert.Empty(t, s.Faults())
}

// Calls are values: tests look at them without parsing text.
func TestCallsAreValues(t *testing.T) {
	s := newSmall(t, record.Options{Log: true})
	s.ClearCalls()
	require.NoError(t, s.frame())
	buffers := 0
	var toNetwork metal.Stages
	for _, c := range s.Calls() {
		switch c.Name {
		case "Begin":
			buffers++
		case "BarrierAfterQueueStages":
			if c.Arg("before") == metal.StageMachineLearning {
				toNetwork |= c.Arg("after").(metal.Stages)
			}
		}
	}
	assert.Equal(t, 1, buffers)
	assert.Equal(t, metal.StageDispatch|metal.StageFragment, toNetwork)
	assert.Nil(t, s.Calls()[0].Arg("no such argument"))
}

// Without the log a frame allocates nothing once it has run.
func TestFramesDoNotAllocate(t *testing.T) {
	s := newSmall(t, record.Options{})
	var err error
	n := testing.AllocsPerRun(50, func() {
		if e := s.frame(); e != nil {
			err = e
		}
	})
	require.NoError(t, err)
	assert.Zero(t, n)
}

func BenchmarkFrame(b *testing.B) {
	s := newSmall(&testing.T{}, record.Options{})
	b.ReportAllocs()
	for b.Loop() {
		if err := s.frame(); err != nil {
			b.Fatal(err)
		}
	}
}

// The bindings and the intermediates of a real package, by the rule of
// readNetwork.
func TestNetworksOfPackages(t *testing.T) {
	builder := mil.NewBuilder("CoreML7")
	x := builder.Input("x", coreml.Float16, 1, 4, 6, coreml.Dynamic)
	builder.Output(builder.Op("relu", "y", mil.Args{"x": x}))
	p, err := builder.Package()
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, mil.WriteDir(dir, p))
	d := record.New(record.Options{})
	network, err := d.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{
		Label: "n", Network: metal.Network{Name: "relu", Package: os.DirFS(dir)}, InputDimensions: map[string][]int{"x": {10, 6, 4, 1}},
	})
	require.NoError(t, err)
	assert.Equal(t, []metal.TensorBinding{
		{Name: "x", Index: 0, Access: metal.BindingAccessReadOnly, Type: metal.TensorDataTypeFloat16, Dimensions: []int{10, 6, 4, 1}},
		{Name: "y", Index: 1, Access: metal.BindingAccessWriteOnly, Type: metal.TensorDataTypeFloat16, Dimensions: []int{10, 6, 4, 1}},
	}, network.Bindings())
	assert.Zero(t, network.IntermediatesHeapSize())
	_, err = d.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{
		Label: "n", Network: metal.Network{Name: "relu", Package: os.DirFS(dir)},
	})
	assert.ErrorContains(t, err, `machine-learning pipeline "n": network "relu"`)
	assert.ErrorContains(t, err, "x")

	builder = mil.NewBuilder("CoreML7")
	x = builder.Input("x", coreml.Float32, 1, 1, 8, 8)
	builder.Output(builder.Op("relu", "y", mil.Args{"x": builder.Op("sigmoid", "between", mil.Args{"x": x})}))
	p, err = builder.Package()
	require.NoError(t, err)
	require.NoError(t, mil.WriteDir(dir, p))
	network, err = d.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{Label: "n", Network: metal.Network{Name: "two", Package: os.DirFS(dir)}})
	require.NoError(t, err)
	assert.Equal(t, 2*8*8*4, network.IntermediatesHeapSize())
}
