package metaltest

import (
	"encoding/binary"
	"math"

	"github.com/stretchr/testify/assert"

	"weft/metal"
	"weft/metal/metaltest/shaders"
)

// floats are little-endian float32s, as shaders read them.
func floats(values ...float32) []byte {
	out := make([]byte, 0, 4*len(values))
	for _, v := range values {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
	}
	return out
}

// words are little-endian uint32s.
func words(values ...uint32) []byte {
	out := make([]byte, 0, 4*len(values))
	for _, v := range values {
		out = binary.LittleEndian.AppendUint32(out, v)
	}
	return out
}

func readFloats(data []byte) []float32 {
	out := make([]float32, len(data)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return out
}

func readWords(data []byte) []uint32 {
	out := make([]uint32, len(data)/4)
	for i := range out {
		out[i] = binary.LittleEndian.Uint32(data[4*i:])
	}
	return out
}

// counting is 0, 1, 2, ... as floats.
func counting(n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(i)
	}
	return out
}

// scaled is what scale.comp makes of values.
func scaled(values []float32, factor, offset float32) []float32 {
	out := make([]float32, len(values))
	for i, v := range values {
		out[i] = v*factor + offset
	}
	return out
}

func scaleParameters(factor, offset float32, count int) []byte {
	return append(floats(factor, offset), words(uint32(count))...)
}

// executed compares only where the driver carries out dispatches and draws.
func executed[T any](k *kit, want, got T, why ...any) {
	k.Helper()
	if k.options.Executes {
		assert.Equal(k, want, got, why...)
	}
}

func groups(n int) metal.Size { return metal.Size{Width: n, Height: 1, Depth: 1} }

var compute = area{name: "compute", tests: []test{
	{"dispatch", func(k *kit) {
		p, t := k.computePipeline(shaders.ScaleComp), k.table("t")
		src, dst := k.shared("src", floats(counting(100)...)), k.space("dst", 400)
		t.SetBuffer(src, 0, 0)
		t.SetBuffer(dst, 0, 1)
		t.SetBuffer(k.shared("parameters", scaleParameters(2, 1, 100)), 0, 2)
		k.compute(func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(t)
			e.DispatchThreadgroups(groups(2), shaders.ScaleComp.Threads)
		})
		executed(k, scaled(counting(100), 2, 1), readFloats(dst.Contents()))
	}},
	{"three dimensions", func(k *kit) {
		p, t := k.computePipeline(shaders.WhereComp), k.table("t")
		dst := k.space("dst", 4*12*4*4)
		t.SetBuffer(dst, 0, 5)
		k.compute(func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(t)
			e.DispatchThreadgroups(metal.Size{Width: 3, Height: 2, Depth: 2}, shaders.WhereComp.Threads)
		})
		var want []uint32
		for z := range uint32(4) {
			for y := range uint32(4) {
				for x := range uint32(12) {
					want = append(want, x|y<<8|z<<16)
				}
			}
		}
		executed(k, want, readWords(dst.Contents()))
	}},
	{"indirect", func(k *kit) {
		p, t := k.computePipeline(shaders.WhereComp), k.table("t")
		dst := k.shared("dst", words(make([]uint32, 64)...))
		t.SetBuffer(dst, 0, 5)
		arguments := k.shared("arguments", words(9, 9, 9, 2, 1, 1))
		k.compute(func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(t)
			e.DispatchThreadgroupsIndirect(arguments, 12, shaders.WhereComp.Threads)
		})
		want := make([]uint32, 64)
		for i := range uint32(32) {
			want[i] = i%8 | i/8%2<<8 | i/16<<16
		}
		executed(k, want, readWords(dst.Contents()))
	}},
	{"indirect arguments that the GPU wrote", func(k *kit) {
		p, t := k.computePipeline(shaders.WhereComp), k.table("t")
		dst := k.space("dst", 64)
		t.SetBuffer(dst, 0, 5)
		arguments := k.private("arguments", 64)
		source := k.shared("source", words(1, 1, 1))
		k.compute(func(e metal.ComputeEncoder) {
			e.CopyBuffer(source, 0, arguments, 16, 12)
			e.BarrierAfterEncoderStages(metal.StageBlit, metal.StageDispatch, metal.VisibilityDevice)
			e.SetComputePipeline(p)
			e.SetArgumentTable(t)
			e.DispatchThreadgroupsIndirect(arguments, 16, shaders.WhereComp.Threads)
		})
		var want []uint32
		for i := range uint32(16) {
			want = append(want, i%4|i/4%2<<8|i/8<<16)
		}
		executed(k, want, readWords(dst.Contents()))
	}},
	{"no groups at all", func(k *kit) {
		p, t := k.computePipeline(shaders.WhereComp), k.table("t")
		dst := k.shared("dst", pattern(64, 1))
		t.SetBuffer(dst, 0, 5)
		k.compute(func(e metal.ComputeEncoder) {
			e.SetComputePipeline(p)
			e.SetArgumentTable(t)
			e.DispatchThreadgroups(metal.Size{}, shaders.WhereComp.Threads)
		})
		assert.Equal(k, pattern(64, 1), dst.Contents())
	}},
	{"images", func(k *kit) {
		const w, h = 13, 9
		p, t := k.computePipeline(shaders.ImageComp), k.table("t")
		d := metal.TextureDescriptor{Format: metal.PixelFormatRGBA32Float, Width: w, Height: h, Usage: metal.TextureUsageShaderRead | metal.TextureUsageShaderWrite}
		d.Label = "source"
		src := k.texture(d)
		d.Label = "target"
		dst := k.texture(d)
		t.SetTexture(src, 0)
		t.SetTexture(dst, 1)
		in := k.shared("in", floats(counting(w*h*4)...))
		out := k.space("out", w*h*16)
		k.compute(func(e metal.ComputeEncoder) {
			size := metal.Size{Width: w, Height: h, Depth: 1}
			e.CopyBufferToTexture(in, 0, w*16, w*h*16, size, metal.TextureRegion{Texture: src})
			e.BarrierAfterEncoderStages(metal.StageBlit, metal.StageDispatch, metal.VisibilityDevice)
			e.SetComputePipeline(p)
			e.SetArgumentTable(t)
			e.DispatchThreadgroups(metal.Size{Width: 2, Height: 2, Depth: 1}, shaders.ImageComp.Threads)
			e.BarrierAfterEncoderStages(metal.StageDispatch, metal.StageBlit, metal.VisibilityDevice)
			e.CopyTextureToBuffer(metal.TextureRegion{Texture: dst}, size, out, 0, w*16, w*h*16)
		})
		want := make([]float32, 0, w*h*4)
		for y := h - 1; y >= 0; y-- {
			for _, v := range counting(w * h * 4)[y*w*4 : (y+1)*w*4] {
				want = append(want, v+0.01)
			}
		}
		executed(k, want, readFloats(out.Contents()))
	}},
}}
