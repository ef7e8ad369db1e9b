package metaltest

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
)

// region is all of one level of one slice of a texture.
func region(t metal.Texture, slice, level int) (metal.TextureRegion, metal.Size, int, int) {
	d := t.Descriptor()
	s := d.MipSize(level)
	row := s.Width * d.Format.BytesPerPixel()
	return metal.TextureRegion{Texture: t, Slice: slice, Level: level}, s, row, row * s.Height
}

// upload copies packed texels to one level of one slice.
func (k *kit) upload(e metal.ComputeEncoder, t metal.Texture, slice, level int, texels []byte) {
	k.Helper()
	r, size, row, image := region(t, slice, level)
	require.Len(k, texels, image*size.Depth)
	e.CopyBufferToTexture(k.shared("upload", texels), 0, row, image, size, r)
}

// readback copies one level of one slice to a buffer that the CPU sees.
func (k *kit) readback(e metal.ComputeEncoder, t metal.Texture, slice, level int) metal.Buffer {
	k.Helper()
	r, size, row, image := region(t, slice, level)
	b := k.space("readback", image*size.Depth)
	e.CopyTextureToBuffer(r, size, b, 0, row, image)
	return b
}

// formats are all that a buffer can be copied to: a texel has one part.
func formats() []metal.PixelFormat {
	var out []metal.PixelFormat
	for f := metal.PixelFormat(1); f < 1024; f++ {
		if f.Known() && !(f.HasDepth() && f.HasStencil()) {
			out = append(out, f)
		}
	}
	return out
}

// texels are n texels of a format: any bytes, but depths from 0 to 1.
func texels(f metal.PixelFormat, n int, seed byte) []byte {
	out := pattern(n*f.BytesPerPixel(), seed)
	if f == metal.PixelFormatDepth32Float {
		for i := range n {
			binary.LittleEndian.PutUint32(out[4*i:], math.Float32bits(float32(out[4*i])/255))
		}
	}
	return out
}

var textures = area{name: "textures", tests: []test{
	{"formats", func(k *kit) {
		for _, f := range formats() {
			t := k.texture(metal.TextureDescriptor{Label: f.String(), Format: f, Width: 9, Height: 7, Usage: metal.TextureUsageShaderRead})
			want := texels(f, 63, 1)
			var got metal.Buffer
			k.compute(func(e metal.ComputeEncoder) {
				k.upload(e, t, 0, 0, want)
				blits(e)
				got = k.readback(e, t, 0, 0)
			})
			assert.Equal(k, want, got.Contents(), f)
		}
	}},
	{"descriptors", func(k *kit) {
		d := metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 8, Usage: metal.TextureUsageShaderRead}
		t := k.texture(d)
		assert.Equal(k, d.Normalized(), t.Descriptor())
		assert.Equal(k, "t", t.Label())
		s, err := k.device.TextureSizeAndAlign(d)
		require.NoError(k, err)
		assert.GreaterOrEqual(k, s.Size, 16*8*4)
		assert.GreaterOrEqual(k, t.AllocatedSize(), 16*8*4)
	}},
	{"parts and row pitch", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16})
		src := k.shared("src", pattern(4096, 2))
		var all metal.Buffer
		part := k.space("part", 1024)
		k.compute(func(e metal.ComputeEncoder) {
			k.upload(e, t, 0, 0, make([]byte, 1024))
			blits(e)
			to := metal.TextureRegion{Texture: t, Origin: metal.Origin{X: 3, Y: 5}}
			e.CopyBufferToTexture(src, 64, 100, 0, metal.Size{Width: 7, Height: 4, Depth: 1}, to)
			blits(e)
			all = k.readback(e, t, 0, 0)
			from := metal.TextureRegion{Texture: t, Origin: metal.Origin{X: 4, Y: 6}}
			e.CopyTextureToBuffer(from, metal.Size{Width: 5, Height: 2, Depth: 1}, part, 32, 48, 0)
		})
		want := make([]byte, 1024)
		for y := range 4 {
			copy(want[((5+y)*16+3)*4:], pattern(4096, 2)[64+100*y:][:28])
		}
		assert.Equal(k, want, all.Contents())
		wantPart := make([]byte, 1024)
		for y := range 2 {
			copy(wantPart[32+48*y:], want[((6+y)*16+4)*4:][:20])
		}
		assert.Equal(k, wantPart, part.Contents())
	}},
	{"layers and mips", func(k *kit) {
		d := metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRG8Unorm, Width: 12, Height: 10, Layers: 3, Mips: 4}
		k.roundTrip(d)
		d.Type, d.Height, d.Layers = metal.TextureTypeCube, 12, 1
		k.roundTrip(d)
		d.Type, d.Layers = metal.TextureTypeCubeArray, 2
		k.roundTrip(d)
	}},
	{"three dimensions", func(k *kit) {
		k.roundTrip(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatR32Float, Width: 6, Height: 5, Depth: 7, Mips: 2})
	}},
	{"texture to texture", func(k *kit) {
		d := metal.TextureDescriptor{Label: "a", Format: metal.PixelFormatR16Uint, Width: 16, Height: 16, Layers: 2, Mips: 2}
		a := k.texture(d)
		d.Label = "b"
		b := k.texture(d)
		source, behind := pattern(8*8*2, 3), pattern(16*16*2, 4)
		var got metal.Buffer
		k.compute(func(e metal.ComputeEncoder) {
			k.upload(e, a, 1, 1, source)
			k.upload(e, b, 0, 0, behind)
			blits(e)
			e.CopyTexture(metal.TextureRegion{Texture: a, Slice: 1, Level: 1, Origin: metal.Origin{X: 1, Y: 2}},
				metal.TextureRegion{Texture: b, Origin: metal.Origin{X: 9, Y: 10}}, metal.Size{Width: 5, Height: 6, Depth: 1})
			blits(e)
			got = k.readback(e, b, 0, 0)
		})
		want := append([]byte(nil), behind...)
		for y := range 6 {
			copy(want[((10+y)*16+9)*2:], source[((2+y)*8+1)*2:][:10])
		}
		assert.Equal(k, want, got.Contents())
	}},
	{"a cube seen in an array", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatR8Unorm, Width: 4, Height: 4, Layers: 13, Mips: 2, Usage: metal.TextureUsageShaderRead})
		cube := made[metal.Texture](k)(t.NewView(metal.TextureViewDescriptor{Label: "cube", Type: metal.TextureTypeCube, SliceStart: 2, SliceEnd: 8}))
		cubes := made[metal.Texture](k)(t.NewView(metal.TextureViewDescriptor{Label: "cubes", Type: metal.TextureTypeCubeArray, SliceStart: 1}))
		assert.Equal(k, []int{1, 6, 2, 12}, []int{cube.Descriptor().Layers, cube.Descriptor().Slices(), cubes.Descriptor().Layers, cubes.Descriptor().Slices()})
		var got metal.Buffer
		k.compute(func(e metal.ComputeEncoder) {
			k.upload(e, cube, 5, 0, pattern(16, 7))
			blits(e)
			got = k.readback(e, cubes, 6, 0)
		})
		assert.Equal(k, pattern(16, 7), got.Contents())
	}},
	{"a row has any pitch", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 4, Height: 1})
		src, dst := k.shared("src", pattern(16, 8)), k.space("dst", 16)
		size := metal.Size{Width: 4, Height: 1, Depth: 1}
		k.compute(func(e metal.ComputeEncoder) {
			e.CopyBufferToTexture(src, 0, 1<<36, 1<<36, size, metal.TextureRegion{Texture: t})
			blits(e)
			e.CopyTextureToBuffer(metal.TextureRegion{Texture: t}, size, dst, 0, 1<<36, 0)
		})
		assert.Equal(k, src.Contents(), dst.Contents())
	}},
	{"copies through views", func(k *kit) {
		t := k.texture(metal.TextureDescriptor{Label: "t", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 8, Layers: 4, Mips: 3})
		v := made[metal.Texture](k)(t.NewView(metal.TextureViewDescriptor{Label: "v", Type: metal.TextureType2D, MipStart: 1, MipEnd: 3, SliceStart: 2, SliceEnd: 3}))
		d := v.Descriptor()
		assert.Equal(k, []int{8, 4, 2, 1}, []int{d.Width, d.Height, d.Mips, d.Layers})
		assert.Equal(k, metal.TextureType2D, d.Type)
		var byView, byTexture metal.Buffer
		k.compute(func(e metal.ComputeEncoder) {
			k.upload(e, v, 0, 0, pattern(8*4*4, 5))
			k.upload(e, t, 2, 2, pattern(4*2*4, 6))
			blits(e)
			byTexture = k.readback(e, t, 2, 1)
			byView = k.readback(e, v, 0, 1)
		})
		assert.Equal(k, pattern(8*4*4, 5), byTexture.Contents())
		assert.Equal(k, pattern(4*2*4, 6), byView.Contents())
	}},
}}

// roundTrip uploads every level of every slice and reads all of them back.
func (k *kit) roundTrip(d metal.TextureDescriptor) {
	k.Helper()
	t := k.texture(d)
	type part struct {
		want []byte
		got  metal.Buffer
	}
	var parts []part
	each := func(do func(slice, level, n int)) {
		for slice := range d.Slices() {
			for level := range d.Mips {
				do(slice, level, slice*d.Mips+level)
			}
		}
	}
	k.compute(func(e metal.ComputeEncoder) {
		each(func(slice, level, n int) {
			_, size, _, image := region(t, slice, level)
			parts = append(parts, part{want: pattern(image*size.Depth, byte(n))})
			k.upload(e, t, slice, level, parts[n].want)
		})
		blits(e)
		each(func(slice, level, n int) { parts[n].got = k.readback(e, t, slice, level) })
	})
	each(func(slice, level, n int) {
		assert.Equal(k, parts[n].want, parts[n].got.Contents(), fmt.Sprintf("type %d, slice %d, level %d", d.Type, slice, level))
	})
}
