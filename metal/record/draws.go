package record

import (
	"math"

	"weft/metal"
)

// draw checks what every kind of draw needs.
func (e *renderEncoder) draw(p metal.PrimitiveType) bool {
	if e.pipeline == nil {
		e.fail("no pipeline is set: call SetRenderPipeline first")
		return false
	}
	if class := topologyClass(p); class != e.pipeline.class {
		e.fail("primitives of type %s: %s was made for %s", primitive(p), e.pipeline, word(uint64(e.pipeline.class), "points", "lines", "triangles"))
	}
	if s := e.depthStencil; s != nil {
		if s.depth && !e.pass.depth {
			e.fail("%s tests or writes depth: the pass has no depth attachment", s)
		}
		if s.stencil && !e.pass.stencil {
			e.fail("%s tests stencils: the pass has no stencil attachment", s)
		}
		if s.depthWrite && e.pass.keepsDepth {
			e.fail("%s writes depth: the pass has a read-only depth attachment", s)
		}
		if s.stencilWrite && e.pass.keepsStencil {
			e.fail("%s writes stencils: the pass has a read-only stencil attachment", s)
		}
	}
	e.drawn = true
	e.snapshot(&e.pipeline.object, e.pipeline.vertex, e.vertex)
	if e.pipeline.fragment != nil {
		e.snapshot(&e.pipeline.object, e.pipeline.fragment, e.fragment)
	}
	return true
}

// counts checks the numbers of a draw.
func (e *renderEncoder) counts(start, count, instances, baseInstance int) {
	const most = 1<<32 - 1
	for _, n := range [...]struct {
		what  string
		value int
	}{{"start", start}, {"count", count}, {"instance count", instances}, {"base instance", baseInstance}} {
		if n.value < 0 || int64(n.value) > most {
			e.fail("%s %d: must be from 0 to 2^32-1", n.what, n.value)
		}
	}
}

func (e *renderEncoder) DrawPrimitives(p metal.PrimitiveType, vertexStart, vertexCount, instanceCount, baseInstance int) {
	if e.logs() {
		e.log("DrawPrimitives", Arg{"type", primitive(p)}, Arg{"start", vertexStart}, Arg{"count", vertexCount}, Arg{"instances", instanceCount}, Arg{"baseInstance", baseInstance})
	}
	if e.enter("DrawPrimitives") && e.draw(p) {
		e.counts(vertexStart, vertexCount, instanceCount, baseInstance)
	}
}

// indices checks an index buffer from offset on.
func (e *renderEncoder) indices(x metal.Buffer, offset, count int, t metal.IndexType) {
	if t > metal.IndexTypeUInt32 {
		e.fail("unknown index type %d", t)
		return
	}
	b := e.theBuffer("index buffer", x)
	if b != nil && e.multiple("index buffer offset", offset, t.Bytes()) && count >= 0 && count <= b.length {
		e.inside("indices", b, offset, count*t.Bytes())
	} else if b != nil && count > b.length {
		e.fail("indices: %d of %s, which has %d bytes", count, b, b.length)
	}
}

func (e *renderEncoder) DrawIndexedPrimitives(p metal.PrimitiveType, indexCount int, t metal.IndexType, indices metal.Buffer, offset, instanceCount, baseVertex, baseInstance int) {
	if e.logs() {
		e.log("DrawIndexedPrimitives", Arg{"type", primitive(p)}, Arg{"count", indexCount}, Arg{"indexType", indexType(t)}, Arg{"indices", name(indices)}, Arg{"offset", offset}, Arg{"instances", instanceCount}, Arg{"baseVertex", baseVertex}, Arg{"baseInstance", baseInstance})
	}
	if e.enter("DrawIndexedPrimitives") && e.draw(p) {
		if baseVertex < math.MinInt32 || baseVertex > math.MaxInt32 {
			e.fail("base vertex %d: must be from -2^31 to 2^31-1", baseVertex)
		}
		e.counts(0, indexCount, instanceCount, baseInstance)
		e.indices(indices, offset, indexCount, t)
	}
}

// Sizes of what the GPU reads of an indirect command, in bytes.
const (
	drawArgumentsSize        = 4 * 4
	drawIndexedArgumentsSize = 5 * 4
	dispatchArgumentsSize    = 3 * 4
)

// indirect checks a buffer of indirect arguments.
func (e *encoder) indirect(x metal.Buffer, offset, size int) {
	b := e.theBuffer("indirect buffer", x)
	if b != nil && e.multiple("indirect buffer offset", offset, 4) {
		e.inside("indirect arguments", b, offset, size)
	}
}

func (e *renderEncoder) DrawPrimitivesIndirect(p metal.PrimitiveType, arguments metal.Buffer, offset int) {
	if e.logs() {
		e.log("DrawPrimitivesIndirect", Arg{"type", primitive(p)}, Arg{"arguments", name(arguments)}, Arg{"offset", offset})
	}
	if e.enter("DrawPrimitivesIndirect") && e.draw(p) {
		e.indirect(arguments, offset, drawArgumentsSize)
	}
}

func (e *renderEncoder) DrawIndexedPrimitivesIndirect(p metal.PrimitiveType, t metal.IndexType, indices metal.Buffer, indexOffset int, arguments metal.Buffer, offset int) {
	if e.logs() {
		e.log("DrawIndexedPrimitivesIndirect", Arg{"type", primitive(p)}, Arg{"indexType", indexType(t)}, Arg{"indices", name(indices)}, Arg{"indexOffset", indexOffset}, Arg{"arguments", name(arguments)}, Arg{"offset", offset})
	}
	if e.enter("DrawIndexedPrimitivesIndirect") && e.draw(p) {
		e.indices(indices, indexOffset, 0, t)
		e.indirect(arguments, offset, drawIndexedArgumentsSize)
	}
}
