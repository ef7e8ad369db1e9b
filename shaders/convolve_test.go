package shaders_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/apple"
	"weft/metal/apple/standin"
	"weft/metal/vulkan"
	"weft/shaders"
)

// The convolution by tensors is what its definition says: by its twin on
// Vulkan, and through the driver for Metal, which hands tensors to its MSL, on
// the stand-in. The MSL itself runs on a Mac only.
func TestConvolve(t *testing.T) {
	gpu, err := vulkan.Open(vulkan.Options{})
	require.NoError(t, err, "no Vulkan device on this machine: run make setup")
	defer gpu.Release()
	t.Run("vulkan", func(t *testing.T) { convolveShapes(t, gpu) })
	t.Run("metal on the stand-in", func(t *testing.T) {
		runtime := standin.New(standin.Options{Device: gpu, Functions: shaders.All()})
		d, err := apple.OpenOn(runtime, apple.Options{})
		require.NoError(t, err)
		defer func() {
			assert.Empty(t, runtime.Faults())
			d.Release()
			assert.Empty(t, runtime.Close())
		}()
		convolveShapes(t, d)
	})
}

func convolveShapes(t *testing.T, d metal.Device) {
	for i, c := range []convolution{
		{1, 1, 1, 0.5},
		{32, 16, 64, 0.25},   // one tile, full
		{33, 17, 65, 0.25},   // one more each way
		{100, 7, 3, 0},       // relu
		{31, 64, 130, -0.5},  // three tiles of outputs
		{200, 40, 70, 0.125}, // many of both
	} {
		c.run(t, d, rand.New(rand.NewPCG(uint64(i), 4)))
	}
}

// convolution is the extents of one, and its slope below zero.
type convolution struct {
	pixels, inputs, outputs int
	slope                   float32
}

// reference is the definition: planes and rows of weights, packed.
func (c convolution) reference(source, weights []float32) []float32 {
	out := make([]float32, c.outputs*c.pixels)
	for o := range c.outputs {
		for p := range c.pixels {
			sum := 0.0
			for i := range c.inputs {
				sum += float64(weights[o*c.inputs+i]) * float64(source[i*c.pixels+p])
			}
			if sum < 0 {
				sum *= float64(c.slope)
			}
			out[o*c.pixels+p] = float32(sum)
		}
	}
	return out
}

func (c convolution) run(t *testing.T, d metal.Device, random *rand.Rand) {
	t.Helper()
	// Eighths: no order of additions rounds them.
	numbers := func(n int) []float32 {
		out := make([]float32, n)
		for i := range out {
			out[i] = float32(random.IntN(33)-16) / 8
		}
		return out
	}
	source, weights := numbers(c.inputs*c.pixels), numbers(c.outputs*c.inputs)

	var objects []metal.Object
	defer func() {
		for i := len(objects) - 1; i >= 0; i-- {
			objects[i].Release()
		}
	}()
	residency := made[metal.ResidencySet](t, &objects)(d.NewResidencySet("all"))
	table := made[metal.ArgumentTable](t, &objects)(d.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "convolution", Buffers: 4}))
	tensor := func(label string, kind metal.TensorDataType, index, width, height int) metal.Tensor {
		x := made[metal.Tensor](t, &objects)(d.NewTensor(metal.TensorDescriptor{Label: label, Type: kind, Dimensions: []int{width, height}, Usage: metal.TensorUsageCompute}))
		residency.Add(x)
		table.SetTensor(x, index)
		return x
	}
	in := tensor("source", metal.TensorDataTypeFloat16, 1, c.pixels, c.inputs)
	factors := tensor("weights", metal.TensorDataTypeFloat16, 2, c.inputs, c.outputs)
	result := tensor("result", metal.TensorDataTypeFloat32, 3, c.pixels, c.outputs)
	row := func(x metal.Tensor) int { return x.Descriptor().Strides[1] }
	uniform := made[metal.Buffer](t, &objects)(d.NewBuffer(metal.BufferDescriptor{Label: "numbers", Length: 256}))
	residency.Add(uniform)
	table.SetBuffer(uniform, 0, 0)
	for i, n := range []int{c.pixels, c.inputs, c.outputs, row(in), row(factors), row(result)} {
		binary.LittleEndian.PutUint32(uniform.Contents()[4*i:], uint32(n))
	}
	binary.LittleEndian.PutUint32(uniform.Contents()[24:], math.Float32bits(c.slope))
	fill := func(x metal.Tensor, values []float32, width int) {
		for i, v := range values {
			at := x.Offset() + 2*(i/width*row(x)+i%width)
			binary.LittleEndian.PutUint16(x.Buffer().Contents()[at:], half(v))
		}
	}
	fill(in, source, c.pixels)
	fill(factors, weights, c.inputs)

	pipeline := made[metal.ComputePipeline](t, &objects)(d.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "convolve", Function: shaders.ConvolveComp}))
	dispatch(t, d, &objects, residency, func(e metal.ComputeEncoder) {
		e.SetComputePipeline(pipeline)
		e.SetArgumentTable(table)
		e.DispatchThreadgroups(metal.Size{Width: (c.pixels + 31) / 32, Height: (c.outputs + 63) / 64, Depth: 1}, shaders.ConvolveComp.Threads)
	})

	got := make([]float32, c.outputs*c.pixels)
	for i := range got {
		at := result.Offset() + 4*(i/c.pixels*row(result)+i%c.pixels)
		got[i] = math.Float32frombits(binary.LittleEndian.Uint32(result.Buffer().Contents()[at:]))
	}
	require.Equal(t, c.reference(source, weights), got, "%+v", c)
}

// dispatch records and runs one compute encoder, and waits for it.
func dispatch(t *testing.T, d metal.Device, objects *[]metal.Object, residency metal.ResidencySet, record func(metal.ComputeEncoder)) {
	t.Helper()
	queue := made[metal.CommandQueue](t, objects)(d.NewCommandQueue("queue"))
	allocator := made[metal.CommandAllocator](t, objects)(d.NewCommandAllocator("allocator"))
	commands := made[metal.CommandBuffer](t, objects)(d.NewCommandBuffer("commands"))
	done := made[metal.SharedEvent](t, objects)(d.NewSharedEvent("done"))
	residency.Commit()
	queue.AddResidencySet(residency)
	require.NoError(t, commands.Begin(allocator))
	e, err := commands.ComputeEncoder("convolve")
	require.NoError(t, err)
	record(e)
	e.EndEncoding()
	require.NoError(t, commands.End())
	require.NoError(t, queue.Commit([]metal.CommandBuffer{commands}))
	require.NoError(t, queue.SignalEvent(done, 1))
	require.True(t, done.Wait(1, 10*time.Second))
	queue.RemoveResidencySet(residency)
}

// made keeps what a device made, to be released at the end.
func made[T metal.Object](t *testing.T, objects *[]metal.Object) func(T, error) T {
	return func(x T, err error) T {
		t.Helper()
		require.NoError(t, err)
		*objects = append(*objects, x)
		return x
	}
}

// half is a number that a half holds exactly, neither subnormal nor infinite.
func half(v float32) uint16 {
	if v == 0 {
		return 0
	}
	b := math.Float32bits(v)
	return uint16(b>>31<<15 | (b>>23&0xff-127+15)<<10 | b>>13&0x3ff)
}
