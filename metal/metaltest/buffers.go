package metaltest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
)

var buffers = area{name: "buffers", tests: []test{
	{"limits", func(k *kit) {
		l := k.device.Limits()
		assert.NotEmpty(k, k.device.Name())
		assert.GreaterOrEqual(k, l.MaxTextureSize, 4096)
		assert.GreaterOrEqual(k, l.MaxBufferLength, 1<<27)
		assert.GreaterOrEqual(k, l.MaxThreads, 256)
		assert.Positive(k, l.TimestampNanoseconds)
	}},
	{"shared contents stay in place", func(k *kit) {
		b := k.shared("b", pattern(1000, 1))
		assert.Equal(k, "b", b.Label())
		assert.Equal(k, 1000, b.Length())
		assert.GreaterOrEqual(k, b.AllocatedSize(), 1000)
		first := &b.Contents()[0]
		k.compute(func(e metal.ComputeEncoder) { e.FillBuffer(b, 0, 4, 7) })
		assert.Same(k, first, &b.Contents()[0])
		want := pattern(1000, 1)
		copy(want, []byte{7, 7, 7, 7})
		assert.Equal(k, want, b.Contents())
	}},
	{"private has no contents", func(k *kit) {
		assert.Nil(k, k.private("p", 64).Contents())
	}},
	{"sizes and alignments", func(k *kit) {
		for _, length := range []int{1, 4, 255, 256, 257, 65536} {
			s, err := k.device.BufferSizeAndAlign(metal.BufferDescriptor{Length: length})
			require.NoError(k, err)
			assert.GreaterOrEqual(k, s.Size, length)
			assert.Positive(k, s.Align)
			assert.Zero(k, s.Align&(s.Align-1), "alignment %d is no power of two", s.Align)
		}
	}},
}}
