package metaltest

import (
	"errors"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/metaltest/shaders"
)

// misuse breaks each rule once. The error must hold the words that say which
// object, and it must come where weft/metal says: from the call that makes an
// object, from the call itself, or from CommandBuffer.End.
var misuse = area{name: "misuse", tests: []test{
	{"descriptors", func(k *kit) { k.refusals(badDescriptors) }},
	{"shapes", func(k *kit) { k.refusals(badShapes) }},
	{"views", func(k *kit) { k.refusals(badViews) }},
	{"functions", func(k *kit) { k.refusals(badFunctions) }},
	{"heaps and tensors", func(k *kit) { k.refusals(badPlaces) }},
	{"the order of calls", func(k *kit) { k.refusals(badOrder) }},
	{"compute", func(k *kit) { k.refusals(badCompute) }},
	{"copies", func(k *kit) { k.refusals(badCopies) }},
	{"render", func(k *kit) { k.refusals(badRender) }},
	{"passes", func(k *kit) { k.refusals(badPasses) }},
	{"networks", func(k *kit) { k.refusals(badNetworks) }},
	{"fences", func(k *kit) { k.refusals(badFences) }},
	{"a fault is over with its recording", func(k *kit) {
		b := k.space("b", 64)
		require.Error(k, k.fault(func(e metal.ComputeEncoder) { e.FillBuffer(b, 60, 8, 1) }))
		k.compute(func(e metal.ComputeEncoder) { e.FillBuffer(b, 56, 8, 1) })
		assert.Equal(k, byte(1), b.Contents()[63])
	}},
	{"the first fault is returned", func(k *kit) {
		b := k.space("b", 64)
		err := k.fault(func(e metal.ComputeEncoder) {
			e.FillBuffer(b, 100, 8, 1)
			e.FillBuffer(b, 200, 8, 1)
		})
		require.Error(k, err)
		assert.Contains(k, err.Error(), "10")
		assert.NotContains(k, err.Error(), "200")
	}},
}}

// refusal is one broken rule: what the error must say, and how it is broken.
type refusal struct {
	name string
	says []string
	do   func(k *kit) error
}

// strict marks a refusal that only strict drivers owe.
func strict(do func(k *kit) error) func(k *kit) error {
	return func(k *kit) error {
		if !k.options.Strict {
			return errTrusted
		}
		return do(k)
	}
}

var errTrusted = errors.New("this driver trusts its caller here")

func (k *kit) refusals(list []refusal) {
	k.Helper()
	for _, r := range list {
		err := r.do(k)
		if errors.Is(err, errTrusted) {
			continue
		}
		if !assert.Error(k, err, "%s: not refused", r.name) {
			continue
		}
		for _, word := range r.says {
			assert.ErrorContains(k, err, word, r.name)
		}
	}
}

// faulty records a buffer that is not committed; what it returns is End's.
func (k *kit) faulty(record func(b metal.CommandBuffer)) error {
	k.Helper()
	require.NoError(k, k.allocator.Reset())
	require.NoError(k, k.commands.Begin(k.allocator))
	record(k.commands)
	err := k.commands.End()
	if err != nil {
		k.resident.Commit()
		assert.Error(k, k.queue.Commit([]metal.CommandBuffer{k.commands}), "a buffer with a fault was committed")
	}
	return err
}

// fault records one compute encoder called "culprit".
func (k *kit) fault(record func(e metal.ComputeEncoder)) error {
	k.Helper()
	return k.faulty(func(b metal.CommandBuffer) {
		e, err := b.ComputeEncoder("culprit")
		require.NoError(k, err)
		record(e)
		e.EndEncoding()
	})
}

// drawFault records one render encoder called "culprit", with a color target.
func (k *kit) drawFault(record func(e metal.RenderEncoder)) error {
	k.Helper()
	return k.faulty(func(b metal.CommandBuffer) {
		d := cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16))
		d.Label = "culprit"
		e, err := b.RenderEncoder(d)
		require.NoError(k, err)
		record(e)
		e.EndEncoding()
	})
}

// second is the error of a call that makes an object. Where the object was made
// against expectation it is released.
func second[T metal.Object](object T, err error) error {
	if err == nil {
		object.Release()
	}
	return err
}

func (k *kit) badTexture(change func(d *metal.TextureDescriptor)) error {
	d := metal.TextureDescriptor{Label: "culprit", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16}
	change(&d)
	return second(k.device.NewTexture(d))
}

func (k *kit) badTensor(d metal.TensorDescriptor) error {
	d.Label = "culprit"
	return second(k.device.NewTensor(d))
}

var badDescriptors = []refusal{
	{"an empty buffer", []string{"culprit"}, func(k *kit) error {
		return second(k.device.NewBuffer(metal.BufferDescriptor{Label: "culprit"}))
	}},
	{"a negative buffer", []string{"culprit"}, func(k *kit) error {
		return second(k.device.NewBuffer(metal.BufferDescriptor{Label: "culprit", Length: -1}))
	}},
	{"a buffer beyond the limit", []string{"culprit"}, func(k *kit) error {
		return second(k.device.NewBuffer(metal.BufferDescriptor{Label: "culprit", Length: k.device.Limits().MaxBufferLength + 1}))
	}},
	{"the size of a buffer beyond all limits", []string{"culprit"}, func(k *kit) error {
		_, err := k.device.BufferSizeAndAlign(metal.BufferDescriptor{Label: "culprit", Length: 1 << 50})
		return err
	}},
	{"managed memory", []string{"culprit"}, func(k *kit) error {
		return second(k.device.NewBuffer(culpritBuffer(64, 1)))
	}},
	{"memory that is none", []string{"culprit"}, func(k *kit) error {
		return second(k.device.NewBuffer(culpritBuffer(64, 77)))
	}},
	{"an empty heap", []string{"culprit"}, func(k *kit) error {
		return second(k.device.NewHeap(metal.HeapDescriptor{Label: "culprit", Storage: metal.StorageModePrivate}))
	}},
	{"a memoryless heap", []string{"culprit"}, func(k *kit) error {
		return second(k.device.NewHeap(metal.HeapDescriptor{Label: "culprit", Size: 4096, Storage: metal.StorageModeMemoryless}))
	}},
	{"an unknown format", []string{"culprit"}, func(k *kit) error {
		return k.badTexture(func(d *metal.TextureDescriptor) { d.Format = 9999 })
	}},
	{"a texture beyond the limit", []string{"culprit"}, func(k *kit) error {
		return k.badTexture(func(d *metal.TextureDescriptor) { d.Width = k.device.Limits().MaxTextureSize + 1 })
	}},
	{"too many mips", []string{"culprit"}, func(k *kit) error {
		return k.badTexture(func(d *metal.TextureDescriptor) { d.Mips = 6 })
	}},
	{"three samples", []string{"culprit"}, func(k *kit) error {
		return k.badTexture(func(d *metal.TextureDescriptor) { d.Samples = 3 })
	}},
	{"a tensor without dimensions", []string{"culprit"}, func(k *kit) error {
		return k.badTensor(metal.TensorDescriptor{Type: metal.TensorDataTypeFloat32})
	}},
	{"rows that a network cannot read", []string{"culprit", "64"}, func(k *kit) error {
		return k.badTensor(metal.TensorDescriptor{Type: metal.TensorDataTypeFloat32, Dimensions: []int{5, 5}, Strides: []int{1, 5}})
	}},
	{"overlapping rows", []string{"culprit"}, func(k *kit) error {
		return k.badTensor(metal.TensorDescriptor{Type: metal.TensorDataTypeFloat32, Dimensions: []int{32, 5}, Strides: []int{1, 16}})
	}},
	{"strides that overflow", []string{"culprit", "2^40"}, func(k *kit) error {
		return k.badTensor(metal.TensorDescriptor{Type: metal.TensorDataTypeFloat32, Dimensions: []int{16, 3}, Strides: []int{1, 6148914691236517216}})
	}},
	{"a table too large", []string{"culprit"}, func(k *kit) error {
		return second(k.device.NewArgumentTable(metal.ArgumentTableDescriptor{Label: "culprit", Buffers: metal.MaxBuffers + 1}))
	}},
	{"a counter heap for nothing", []string{"culprit"}, func(k *kit) error {
		return second(k.device.NewCounterHeap("culprit", 0))
	}},
	{"a counter heap for everything", []string{"culprit", "65536"}, func(k *kit) error {
		return second(k.device.NewCounterHeap("culprit", metal.MaxCounters+1))
	}},
	{"a counter heap of 2^40", []string{"culprit", "65536"}, func(k *kit) error {
		return second(k.device.NewCounterHeap("culprit", 1<<40))
	}},
	{"a view beyond the mips", []string{"culprit"}, func(k *kit) error {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Mips: 2})
		return second(t.NewView(metal.TextureViewDescriptor{Label: "culprit", MipStart: 1, MipEnd: 3}))
	}},
	{"a view in another format", []string{"culprit"}, func(k *kit) error {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Usage: metal.TextureUsageShaderRead})
		return second(t.NewView(metal.TextureViewDescriptor{Label: "culprit", Format: metal.PixelFormatR32Float}))
	}},
}

func (k *kit) badCompute(f metal.Function) error {
	return second(k.device.NewComputePipeline(metal.ComputePipelineDescriptor{Label: "culprit", Function: f}))
}

func (k *kit) badRender(change func(d *metal.RenderPipelineDescriptor)) error {
	d := metal.RenderPipelineDescriptor{
		Label: "culprit", Vertex: shaders.MeshVert, Fragment: shaders.ColorFrag, Topology: metal.PrimitiveTypeTriangle,
		Colors: []metal.PipelineColor{{Format: metal.PixelFormatRGBA8Unorm}},
	}
	change(&d)
	return second(k.device.NewRenderPipeline(d))
}

var badFunctions = []refusal{
	{"no SPIR-V", []string{"scale.comp"}, func(k *kit) error {
		f := shaders.ScaleComp
		f.SPIRV = nil
		return k.badCompute(f)
	}},
	{"broken SPIR-V", []string{"scale.comp"}, func(k *kit) error {
		f := shaders.ScaleComp
		f.SPIRV = f.SPIRV[:len(f.SPIRV)/2/4*4+4]
		f.SPIRV = append(append([]byte(nil), f.SPIRV...), 0xff, 0xff, 0xff, 0xff)
		return k.badCompute(f)
	}},
	{"other threads than the shader's", []string{"scale.comp", "64"}, func(k *kit) error {
		f := shaders.ScaleComp
		f.Threads = groups(32)
		return k.badCompute(f)
	}},
	{"a vertex function that computes", []string{"mesh.vert"}, func(k *kit) error {
		f := shaders.MeshVert
		f.Stage = metal.StageDispatch
		return k.badCompute(f)
	}},
	{"a fragment function for vertices", []string{"color.frag"}, func(k *kit) error {
		return k.badRender(func(d *metal.RenderPipelineDescriptor) { d.Vertex = shaders.ColorFrag })
	}},
	{"a depth format as a color", []string{"culprit", "depth32Float"}, func(k *kit) error {
		return k.badRender(func(d *metal.RenderPipelineDescriptor) { d.Colors[0].Format = metal.PixelFormatDepth32Float })
	}},
	{"a color as a depth format", []string{"culprit", "rgba8Unorm"}, func(k *kit) error {
		return k.badRender(func(d *metal.RenderPipelineDescriptor) { d.DepthStencilFormat = metal.PixelFormatRGBA8Unorm })
	}},
	{"too many colors", []string{"culprit"}, func(k *kit) error {
		return k.badRender(func(d *metal.RenderPipelineDescriptor) { d.Colors = make([]metal.PipelineColor, 9) })
	}},
	{"a folder that is no package", []string{"culprit"}, func(k *kit) error {
		return second(k.device.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{
			Label: "culprit", Network: metal.Network{Name: "hollow", Package: fstest.MapFS{}},
		}))
	}},
	{"no package at all", []string{"culprit"}, func(k *kit) error {
		return second(k.device.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{
			Label: "culprit", Network: metal.Network{Name: "hollow"},
		}))
	}},
	{"extents that do not fit", []string{"x"}, func(k *kit) error {
		return second(k.device.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{
			Label: "culprit", Network: k.tiny(), InputDimensions: map[string][]int{"x": {5, 4, 1, 1}},
		}))
	}},
	{"extents that are not listed", []string{"x", "[1, 1, 3, 5]"}, func(k *kit) error {
		return second(k.device.NewMachineLearningPipeline(wide("culprit", k.listed(), 5)))
	}},
	{"extents out of range", []string{"x", "[1, 1, 3, 10]"}, func(k *kit) error {
		return second(k.device.NewMachineLearningPipeline(wide("culprit", k.ranged(), 10)))
	}},
	{"extents that are open", []string{"x"}, func(k *kit) error {
		return second(k.device.NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor{Label: "culprit", Network: k.dynamic()}))
	}},
}
