package metaltest

import (
	"bytes"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
)

// heap makes a resident heap; what is placed in it needs no set of its own.
func (k *kit) heap(d metal.HeapDescriptor) metal.Heap {
	k.Helper()
	h := keep[metal.Heap](k)(k.device.NewHeap(d))
	assert.GreaterOrEqual(k, h.Size(), d.Size)
	return h
}

// up rounds n up to a multiple of align.
func up(n, align int) int { return (n + align - 1) / align * align }

var heaps = area{name: "heaps", tests: []test{
	{"buffers side by side", func(k *kit) {
		d := metal.BufferDescriptor{Label: "b", Length: 1000, Storage: metal.StorageModePrivate}
		s, err := k.device.BufferSizeAndAlign(d)
		require.NoError(k, err)
		second := up(s.Size, s.Align)
		h := k.heap(metal.HeapDescriptor{Label: "heap", Size: second + s.Size, Storage: metal.StorageModePrivate, Class: s.Class})
		a := made[metal.Buffer](k)(h.NewBuffer(d, 0))
		b := made[metal.Buffer](k)(h.NewBuffer(d, second))
		in, out := k.shared("in", pattern(2000, 1)), k.space("out", 2000)
		k.compute(func(e metal.ComputeEncoder) {
			e.CopyBuffer(in, 0, a, 0, 1000)
			e.CopyBuffer(in, 1000, b, 0, 1000)
			blits(e)
			e.CopyBuffer(a, 0, out, 0, 1000)
			e.CopyBuffer(b, 0, out, 1000, 1000)
		})
		assert.Equal(k, pattern(2000, 1), out.Contents())
	}},
	{"shared memory is seen through every buffer", func(k *kit) {
		d := metal.BufferDescriptor{Label: "b", Length: 4096}
		s, err := k.device.BufferSizeAndAlign(d)
		require.NoError(k, err)
		h := k.heap(metal.HeapDescriptor{Label: "heap", Size: s.Size, Storage: metal.StorageModeShared, Class: s.Class})
		a := made[metal.Buffer](k)(h.NewBuffer(d, 0))
		b := made[metal.Buffer](k)(h.NewBuffer(d, 0))
		copy(a.Contents(), pattern(4096, 2))
		assert.Equal(k, pattern(4096, 2), b.Contents())
	}},
	{"buffers in one place", func(k *kit) {
		d := metal.BufferDescriptor{Label: "b", Length: 1024, Storage: metal.StorageModePrivate}
		s, err := k.device.BufferSizeAndAlign(d)
		require.NoError(k, err)
		h := k.heap(metal.HeapDescriptor{Label: "heap", Size: s.Size, Storage: metal.StorageModePrivate, Class: s.Class})
		first := made[metal.Buffer](k)(h.NewBuffer(d, 0))
		second := made[metal.Buffer](k)(h.NewBuffer(d, 0))
		one, two := k.space("one", 1024), k.space("two", 1024)
		k.compute(func(e metal.ComputeEncoder) {
			e.FillBuffer(first, 0, 1024, 1)
			blits(e)
			e.CopyBuffer(first, 0, one, 0, 1024)
			e.BarrierAfterEncoderStages(metal.StageBlit, metal.StageBlit, metal.VisibilityDevice)
			e.FillBuffer(second, 0, 512, 2)
			blits(e)
			e.CopyBuffer(second, 0, two, 0, 512)
		})
		assert.Equal(k, bytes.Repeat([]byte{1}, 1024), one.Contents())
		assert.Equal(k, append(bytes.Repeat([]byte{2}, 512), make([]byte, 512)...), two.Contents())
	}},
	{"textures that take turns", func(k *kit) {
		a := metal.TextureDescriptor{Label: "a", Format: metal.PixelFormatRGBA8Unorm, Width: 32, Height: 32, Usage: metal.TextureUsageShaderRead}
		b := metal.TextureDescriptor{Label: "b", Format: metal.PixelFormatR32Float, Width: 16, Height: 16, Mips: 2, Usage: metal.TextureUsageShaderRead}
		sa, err := k.device.TextureSizeAndAlign(a)
		require.NoError(k, err)
		sb, err := k.device.TextureSizeAndAlign(b)
		require.NoError(k, err)
		if sa.Class != sb.Class {
			k.Skip("this device does not put these textures in one heap")
		}
		h := k.heap(metal.HeapDescriptor{Label: "heap", Size: max(sa.Size, sb.Size), Storage: metal.StorageModePrivate, Class: sa.Class})
		first := made[metal.Texture](k)(h.NewTexture(a, 0))
		second := made[metal.Texture](k)(h.NewTexture(b, 0))
		for frame := range byte(3) {
			var one, two metal.Buffer
			k.compute(func(e metal.ComputeEncoder) {
				e.DiscardContents(first, metal.StageBlit)
				k.upload(e, first, 0, 0, pattern(4096, frame))
				blits(e)
				one = k.readback(e, first, 0, 0)
				blits(e)
				e.DiscardContents(second, metal.StageBlit)
				k.upload(e, second, 0, 1, texels(metal.PixelFormatDepth32Float, 64, frame))
				blits(e)
				two = k.readback(e, second, 0, 1)
			})
			assert.Equal(k, pattern(4096, frame), one.Contents())
			assert.Equal(k, texels(metal.PixelFormatDepth32Float, 64, frame), two.Contents())
		}
	}},
	{"a texture where a buffer was", func(k *kit) {
		t := metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Usage: metal.TextureUsageShaderRead}
		b := metal.BufferDescriptor{Label: "b", Length: 1024, Storage: metal.StorageModePrivate}
		st, err := k.device.TextureSizeAndAlign(t)
		require.NoError(k, err)
		sb, err := k.device.BufferSizeAndAlign(b)
		require.NoError(k, err)
		if st.Class != sb.Class {
			k.Skip("this device does not put buffers and textures in one heap")
		}
		// Not at the start: the alignments count.
		align := max(st.Align, sb.Align)
		h := k.heap(metal.HeapDescriptor{Label: "heap", Size: align + max(st.Size, sb.Size), Storage: metal.StorageModePrivate, Class: st.Class})
		buffer := made[metal.Buffer](k)(h.NewBuffer(b, align))
		texture := made[metal.Texture](k)(h.NewTexture(t, align))
		one := k.space("one", 1024)
		var two metal.Buffer
		k.compute(func(e metal.ComputeEncoder) {
			e.FillBuffer(buffer, 0, 1024, 9)
			blits(e)
			e.CopyBuffer(buffer, 0, one, 0, 1024)
			blits(e)
			e.DiscardContents(texture, metal.StageBlit)
			k.upload(e, texture, 0, 0, pattern(1024, 3))
			blits(e)
			two = k.readback(e, texture, 0, 0)
		})
		assert.Equal(k, bytes.Repeat([]byte{9}, 1024), one.Contents())
		assert.Equal(k, pattern(1024, 3), two.Contents())
	}},
}}
