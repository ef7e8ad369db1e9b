package metaltest

import (
	"encoding/binary"

	"github.com/stretchr/testify/assert"

	"weft/metal"
)

// shorts are little-endian uint16s.
func shorts(values ...uint16) []byte {
	var out []byte
	for _, v := range values {
		out = binary.LittleEndian.AppendUint16(out, v)
	}
	return out
}

// corners are four vertices for the indices 0 1 2 2 1 3, a clockwise rectangle.
func corners(left, bottom, right, top float32, c [4]float32) []vertex {
	at := func(x, y float32) vertex { return vertex{[4]float32{x, y, 0, 1}, c} }
	return []vertex{at(left, bottom), at(left, top), at(right, bottom), at(right, top)}
}

var indirect = area{name: "indirect", tests: []test{
	{"16-bit indices", func(k *kit) {
		p, m := k.pipeline(), k.mesh(corners(-1, 0, 0, 1, red))
		indices := k.shared("indices", shorts(9, 9, 9, 9, 0, 1, 2, 2, 1, 3))
		k.shows(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), inside(0, 0, 8, 8, red8), func(e metal.RenderEncoder) {
			e.SetRenderPipeline(p)
			e.SetArgumentTable(m, both)
			e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, 6, metal.IndexTypeUInt16, indices, 8, 1, 0, 0)
		})
	}},
	{"32-bit indices from a base", func(k *kit) {
		p := k.pipeline()
		m := k.mesh(append(corners(-1, -1, 1, 1, red), corners(0, -1, 1, 0, green)...), nothing, instance{[4]float32{-1}, white})
		indices := k.shared("indices", words(0, 1, 2, 2, 1, 3))
		k.shows(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), inside(0, 8, 8, 16, green8), func(e metal.RenderEncoder) {
			e.SetRenderPipeline(p)
			e.SetArgumentTable(m, both)
			e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, 6, metal.IndexTypeUInt32, indices, 0, 1, 4, 1)
		})
	}},
	{"a negative base", func(k *kit) {
		p, m := k.pipeline(), k.mesh(corners(-1, 0, 0, 1, red))
		indices := k.shared("indices", words(100, 101, 102, 102, 101, 103))
		k.shows(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), inside(0, 0, 8, 8, red8), func(e metal.RenderEncoder) {
			e.SetRenderPipeline(p)
			e.SetArgumentTable(m, both)
			e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, 6, metal.IndexTypeUInt32, indices, 0, 1, -100, 0)
		})
	}},
	{"draw", func(k *kit) {
		p, m := k.pipeline(), k.mesh(append(screen(0, red), rectangle(0, -1, 1, 0, 0, green)...), nothing, instance{[4]float32{-1}, white})
		arguments := k.shared("arguments", words(0, 0, 6, 1, 6, 1))
		k.shows(cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16)), inside(0, 8, 8, 16, green8), func(e metal.RenderEncoder) {
			e.SetRenderPipeline(p)
			e.SetArgumentTable(m, both)
			e.DrawPrimitivesIndirect(metal.PrimitiveTypeTriangle, arguments, 8)
		})
	}},
	{"indexed draw that the GPU wrote", func(k *kit) { k.indexedIndirect(0, "") }},
	{"indices from an offset", func(k *kit) {
		refusal := ""
		if k.options.IndirectIndices != nil {
			refusal = k.options.IndirectIndices(k.device)
		}
		k.indexedIndirect(4, refusal)
	}},
}}

// indexedIndirect draws by arguments that a copy has written, with indices
// from an offset on. A device may refuse that offset, by the name of what is
// wrong with it.
func (k *kit) indexedIndirect(offset int, refusal string) {
	k.Helper()
	t := k.target("target", metal.PixelFormatRGBA8Unorm, 16)
	p := k.pipeline()
	m := k.mesh(append(corners(-1, -1, 1, 1, red), corners(0, -1, 1, 0, green)...), nothing, instance{[4]float32{-1}, white})
	indices := k.shared("indices", append(make([]byte, offset), words(7, 0, 1, 2, 2, 1, 3)...))
	source, arguments := k.shared("source", words(6, 1, 1, 4, 1)), k.private("arguments", 64)
	draw := func(e metal.RenderEncoder) {
		e.SetRenderPipeline(p)
		e.SetArgumentTable(m, both)
		e.DrawIndexedPrimitivesIndirect(metal.PrimitiveTypeTriangle, metal.IndexTypeUInt32, indices, offset, arguments, 4)
	}
	if refusal != "" {
		err := k.drawFault(draw)
		for _, word := range []string{"culprit", "DrawIndexedPrimitivesIndirect", refusal} {
			assert.ErrorContains(k, err, word)
		}
		return
	}
	var got metal.Buffer
	k.frame(func(b metal.CommandBuffer) {
		k.encode(b, func(e metal.ComputeEncoder) { e.CopyBuffer(source, 0, arguments, 4, 20) })
		k.draw(b, cleared(t), draw)
		k.encode(b, func(e metal.ComputeEncoder) { got = k.readback(e, t, 0, 0) })
	})
	k.picture(got, 16, inside(0, 8, 8, 16, green8))
}
