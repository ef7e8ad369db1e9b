package metaltest

import (
	"bytes"

	"github.com/stretchr/testify/assert"

	"weft/metal"
)

var copies = area{name: "copies", tests: []test{
	{"buffer to buffer", func(k *kit) {
		src, dst := k.shared("src", pattern(1024, 1)), k.shared("dst", pattern(1024, 2))
		k.compute(func(e metal.ComputeEncoder) { e.CopyBuffer(src, 100, dst, 36, 500) })
		want := pattern(1024, 2)
		copy(want[36:536], pattern(1024, 1)[100:])
		assert.Equal(k, want, dst.Contents())
		assert.Equal(k, pattern(1024, 1), src.Contents())
	}},
	{"through private memory", func(k *kit) {
		src, dst, between := k.shared("src", pattern(512, 3)), k.space("dst", 512), k.private("between", 4096)
		k.compute(func(e metal.ComputeEncoder) {
			e.CopyBuffer(src, 0, between, 1024, 512)
			blits(e)
			e.CopyBuffer(between, 1024, dst, 0, 512)
		})
		assert.Equal(k, pattern(512, 3), dst.Contents())
	}},
	{"parts of one buffer", func(k *kit) {
		b := k.shared("b", pattern(256, 4))
		k.compute(func(e metal.ComputeEncoder) { e.CopyBuffer(b, 0, b, 128, 128) })
		half := pattern(256, 4)[:128]
		assert.Equal(k, append(bytes.Clone(half), half...), b.Contents())
	}},
	{"fills", func(k *kit) {
		b := k.shared("b", pattern(256, 5))
		k.compute(func(e metal.ComputeEncoder) {
			e.FillBuffer(b, 16, 32, 0xab)
			e.FillBuffer(b, 64, 4, 0)
			e.FillBuffer(b, 252, 4, 0xff)
		})
		want := pattern(256, 5)
		copy(want[16:], bytes.Repeat([]byte{0xab}, 32))
		copy(want[64:], make([]byte, 4))
		copy(want[252:], bytes.Repeat([]byte{0xff}, 4))
		assert.Equal(k, want, b.Contents())
	}},
	{"a fill and a copy of it", func(k *kit) {
		b, out := k.private("b", 256), k.space("out", 256)
		k.compute(func(e metal.ComputeEncoder) {
			e.FillBuffer(b, 0, 256, 1)
			blits(e)
			e.FillBuffer(b, 128, 128, 2)
			blits(e)
			e.CopyBuffer(b, 0, out, 0, 256)
		})
		assert.Equal(k, append(bytes.Repeat([]byte{1}, 128), bytes.Repeat([]byte{2}, 128)...), out.Contents())
	}},
	{"two frames", func(k *kit) {
		a, b := k.shared("a", pattern(64, 6)), k.space("b", 64)
		k.compute(func(e metal.ComputeEncoder) { e.CopyBuffer(a, 0, b, 0, 64) })
		assert.Equal(k, pattern(64, 6), b.Contents())
		copy(a.Contents(), pattern(64, 7))
		k.compute(func(e metal.ComputeEncoder) { e.CopyBuffer(a, 0, b, 0, 64) })
		assert.Equal(k, pattern(64, 7), b.Contents())
	}},
	{"several encoders in one buffer", func(k *kit) {
		a, b, c := k.shared("a", pattern(64, 8)), k.private("b", 64), k.space("c", 64)
		k.frame(func(buffer metal.CommandBuffer) {
			k.encode(buffer, func(e metal.ComputeEncoder) { e.CopyBuffer(a, 0, b, 0, 64) })
			k.encode(buffer, func(e metal.ComputeEncoder) { e.CopyBuffer(b, 0, c, 0, 64) })
		})
		assert.Equal(k, pattern(64, 8), c.Contents())
	}},
}}
