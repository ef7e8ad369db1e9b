package metaltest

import (
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/metaltest/shaders"
)

// scaling sets up all of a dispatch of scale.comp but the dispatch.
func (k *kit) scaling(e metal.ComputeEncoder) metal.ArgumentTable {
	k.Helper()
	t := k.table("table")
	t.SetBuffer(k.space("source", 256), 0, 0)
	t.SetBuffer(k.space("target", 256), 0, 1)
	t.SetBuffer(k.shared("parameters", scaleParameters(1, 0, 64)), 0, 2)
	e.SetComputePipeline(k.computePipeline(shaders.ScaleComp))
	e.SetArgumentTable(t)
	return t
}

var badCompute = []refusal{
	{"no pipeline", []string{"culprit"}, func(k *kit) error {
		return k.fault(func(e metal.ComputeEncoder) { e.DispatchThreadgroups(groups(1), shaders.ScaleComp.Threads) })
	}},
	{"no table", []string{"scale.comp"}, func(k *kit) error {
		return k.fault(func(e metal.ComputeEncoder) {
			e.SetComputePipeline(k.computePipeline(shaders.ScaleComp))
			e.DispatchThreadgroups(groups(1), shaders.ScaleComp.Threads)
		})
	}},
	{"an argument that is not set", []string{"scale.comp", "2"}, func(k *kit) error {
		return k.fault(func(e metal.ComputeEncoder) {
			k.scaling(e).SetBuffer(nil, 0, 2)
			e.DispatchThreadgroups(groups(1), shaders.ScaleComp.Threads)
		})
	}},
	{"integers for a function that takes floats", []string{"ints", "sample.comp"}, func(k *kit) error {
		t := k.table("table")
		t.SetBuffer(k.space("places", 256), 0, 0)
		t.SetBuffer(k.space("results", 256), 0, 1)
		t.SetTexture(k.texture(metal.TextureDescriptor{Label: "ints", Format: metal.PixelFormatR32Uint, Width: 4, Height: 4, Usage: metal.TextureUsageShaderRead}), 3)
		t.SetSampler(made[metal.Sampler](k)(k.device.NewSampler(metal.SamplerDescriptor{Label: "nearest"})), 1)
		return k.fault(func(e metal.ComputeEncoder) {
			e.SetComputePipeline(k.computePipeline(shaders.SampleComp))
			e.SetArgumentTable(t)
			e.DispatchThreadgroups(groups(1), shaders.SampleComp.Threads)
		})
	}},
	{"an index beyond the table", []string{"table", "8"}, func(k *kit) error {
		return k.fault(func(e metal.ComputeEncoder) {
			k.scaling(e).SetBuffer(k.space("b", 16), 0, 8)
			e.DispatchThreadgroups(groups(1), shaders.ScaleComp.Threads)
		})
	}},
	{"an offset beyond the buffer", []string{"short"}, func(k *kit) error {
		return k.fault(func(e metal.ComputeEncoder) {
			k.scaling(e).SetBuffer(k.space("short", 256), 512, 1)
			e.DispatchThreadgroups(groups(1), shaders.ScaleComp.Threads)
		})
	}},
	{"other threads than the function's", []string{"scale.comp"}, func(k *kit) error {
		return k.fault(func(e metal.ComputeEncoder) {
			k.scaling(e)
			e.DispatchThreadgroups(groups(1), groups(32))
		})
	}},
	{"negative groups", []string{"culprit"}, func(k *kit) error {
		return k.fault(func(e metal.ComputeEncoder) {
			k.scaling(e)
			e.DispatchThreadgroups(metal.Size{Width: -1, Height: 1, Depth: 1}, shaders.ScaleComp.Threads)
		})
	}},
	{"indirect arguments beyond the buffer", []string{"arguments"}, func(k *kit) error {
		return k.fault(func(e metal.ComputeEncoder) {
			k.scaling(e)
			e.DispatchThreadgroupsIndirect(k.space("arguments", 16), 8, shaders.ScaleComp.Threads)
		})
	}},
	{"an intra-pass barrier on foreign stages", []string{"culprit", "vertex"}, func(k *kit) error {
		return k.fault(func(e metal.ComputeEncoder) {
			e.BarrierAfterEncoderStages(metal.StageDispatch, metal.StageVertex, metal.VisibilityDevice)
		})
	}},
	{"an intra-pass barrier after foreign stages", []string{"culprit", "machineLearning"}, func(k *kit) error {
		return k.fault(func(e metal.ComputeEncoder) {
			e.BarrierAfterEncoderStages(metal.StageMachineLearning, metal.StageDispatch, metal.VisibilityDevice)
		})
	}},
	{"a call after the end", []string{"culprit"}, func(k *kit) error {
		b := k.space("b", 64)
		return k.faulty(func(buffer metal.CommandBuffer) {
			e, err := buffer.ComputeEncoder("culprit")
			require.NoError(k, err)
			e.EndEncoding()
			e.FillBuffer(b, 0, 64, 1)
		})
	}},
	{"a timestamp beyond the heap", []string{"counters"}, func(k *kit) error {
		h := made[metal.CounterHeap](k)(k.device.NewCounterHeap("counters", 4))
		return k.fault(func(e metal.ComputeEncoder) { e.WriteTimestamp(h, 4) })
	}},
}

// copying is a fault of a copy between a buffer "b" of 1024 bytes and a texture
// "t" of 16x16 texels of four bytes.
func copying(do func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture)) func(k *kit) error {
	return func(k *kit) error {
		b := k.space("b", 1024)
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16})
		return k.fault(func(e metal.ComputeEncoder) { do(e, b, t) })
	}
}

func side(n int) metal.Size { return metal.Size{Width: n, Height: n, Depth: 1} }

var badCopies = []refusal{
	{"from beyond the end", []string{"b"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyBuffer(b, 1000, b, 0, 100)
	})},
	{"to before the start", []string{"b"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyBuffer(b, 0, b, -4, 4)
	})},
	{"nothing to copy from", nil, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyBuffer(nil, 0, b, 0, 4)
	})},
	{"a fill beyond the end", []string{"b"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.FillBuffer(b, 1024, 4, 0)
	})},
	{"a fill that is not in fours", []string{"4"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.FillBuffer(b, 2, 4, 0)
	})},
	{"texels outside", []string{"t"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyBufferToTexture(b, 0, 16, 64, side(4), metal.TextureRegion{Texture: t, Origin: metal.Origin{X: 13}})
	})},
	{"a level outside", []string{"t"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyBufferToTexture(b, 0, 16, 64, side(4), metal.TextureRegion{Texture: t, Level: 1})
	})},
	{"a level before the first", []string{"t", "-1"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyTextureToBuffer(metal.TextureRegion{Texture: t, Level: -1}, side(4), b, 0, 16, 64)
	})},
	{"a level before the first of a texture", []string{"t", "-1"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyTexture(metal.TextureRegion{Texture: t}, metal.TextureRegion{Texture: t, Level: -1}, side(4))
	})},
	{"rows of 2^62 bytes", []string{"culprit"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyTextureToBuffer(metal.TextureRegion{Texture: t}, metal.Size{Width: 4, Height: 5, Depth: 1}, b, 0, 1<<62, 0)
	})},
	{"rows of 2^34 bytes", []string{"culprit"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyBufferToTexture(b, 0, 1<<34, 1<<36, metal.Size{Width: 4, Height: 4, Depth: 1}, metal.TextureRegion{Texture: t})
	})},
	{"images of 2^62 bytes", []string{"culprit"}, func(k *kit) error {
		b := k.space("b", 1024)
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 4, Depth: 5})
		return k.fault(func(e metal.ComputeEncoder) {
			e.CopyTextureToBuffer(metal.TextureRegion{Texture: t}, metal.Size{Width: 4, Height: 4, Depth: 5}, b, 0, 16, 1<<62)
		})
	}},
	{"parts that overlap", []string{"t"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyTexture(metal.TextureRegion{Texture: t}, metal.TextureRegion{Texture: t, Origin: metal.Origin{X: 2}}, side(4))
	})},
	{"a slice outside", []string{"t"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyTextureToBuffer(metal.TextureRegion{Texture: t, Slice: -1}, side(4), b, 0, 16, 64)
	})},
	{"rows too short", []string{"16", "32"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyTextureToBuffer(metal.TextureRegion{Texture: t}, side(8), b, 0, 16, 256)
	})},
	{"rows beyond the end", []string{"b"}, copying(func(e metal.ComputeEncoder, b metal.Buffer, t metal.Texture) {
		e.CopyTextureToBuffer(metal.TextureRegion{Texture: t}, side(16), b, 4, 64, 1024)
	})},
	{"formats that differ", []string{"t"}, func(k *kit) error {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16})
		u := k.texture(metal.TextureDescriptor{Label: "u", Format: metal.PixelFormatR16Float, Width: 16, Height: 16})
		return k.fault(func(e metal.ComputeEncoder) {
			e.CopyTexture(metal.TextureRegion{Texture: t}, metal.TextureRegion{Texture: u}, side(4))
		})
	}},
}

var badNetworks = []refusal{
	{"a heap too small", []string{"small"}, func(k *kit) error {
		n := k.network(metal.MachineLearningPipelineDescriptor{Label: "deep", Network: k.deep()})
		require.GreaterOrEqual(k, n.pipeline.IntermediatesHeapSize(), 512)
		n.heap = k.heap(metal.HeapDescriptor{Label: "small", Size: n.pipeline.IntermediatesHeapSize() / 2, Storage: metal.StorageModePrivate})
		return k.faulty(func(b metal.CommandBuffer) { k.infer(b, n) })
	}},
	{"a heap that holds a buffer", []string{"shared by two"}, func(k *kit) error {
		n := k.network(metal.MachineLearningPipelineDescriptor{Label: "deep", Network: k.deep()})
		n.heap = k.heap(metal.HeapDescriptor{Label: "shared by two", Size: up(n.pipeline.IntermediatesHeapSize(), 1<<16), Storage: metal.StorageModePrivate})
		made[metal.Buffer](k)(n.heap.NewBuffer(metal.BufferDescriptor{Label: "tenant", Length: 64, Storage: metal.StorageModePrivate}, 0))
		return k.faulty(func(b metal.CommandBuffer) { k.infer(b, n) })
	}},
	{"no tensor", []string{"x"}, func(k *kit) error {
		n := k.network(metal.MachineLearningPipelineDescriptor{Label: "tiny", Network: k.tiny()})
		n.table = k.table("empty")
		return k.faulty(func(b metal.CommandBuffer) { k.infer(b, n) })
	}},
	{"a tensor of another size", []string{"odd"}, func(k *kit) error {
		n := k.network(metal.MachineLearningPipelineDescriptor{Label: "tiny", Network: k.tiny()})
		odd := keep[metal.Tensor](k)(k.device.NewTensor(metal.TensorDescriptor{Label: "odd", Type: metal.TensorDataTypeFloat32, Dimensions: []int{5, 4, 1, 1}}))
		n.table.SetTensor(odd, n.pipeline.Bindings()[0].Index)
		return k.faulty(func(b metal.CommandBuffer) { k.infer(b, n) })
	}},
	{"a tensor of another type", []string{"odd"}, func(k *kit) error {
		n := k.network(metal.MachineLearningPipelineDescriptor{Label: "tiny", Network: k.tiny()})
		odd := keep[metal.Tensor](k)(k.device.NewTensor(metal.TensorDescriptor{Label: "odd", Type: metal.TensorDataTypeInt32, Dimensions: n.x.Descriptor().Dimensions}))
		n.table.SetTensor(odd, n.pipeline.Bindings()[0].Index)
		return k.faulty(func(b metal.CommandBuffer) { k.infer(b, n) })
	}},
}
