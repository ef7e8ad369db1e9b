package record

import (
	"weft/metal"
	"weft/metal/rules"
)

// draw checks what every kind of draw needs.
func (e *renderEncoder) draw(p metal.PrimitiveType) bool {
	if e.pipeline == nil {
		e.fail("no pipeline is set: call SetRenderPipeline first")
		return false
	}
	e.check(rules.Primitives(e.pipeline, &e.pipeline.descriptor, p))
	if s := e.depthStencil; s != nil {
		e.check(e.pass.Tests(&s.descriptor))
	}
	e.drawn = true
	e.snapshot(&e.pipeline.object, e.pipeline.vertex, e.vertex)
	if e.pipeline.fragment != nil {
		e.snapshot(&e.pipeline.object, e.pipeline.fragment, e.fragment)
	}
	return true
}

func (e *renderEncoder) DrawPrimitives(p metal.PrimitiveType, vertexStart, vertexCount, instanceCount, baseInstance int) {
	if e.logs() {
		e.log("DrawPrimitives", Arg{"type", primitive(p)}, Arg{"start", vertexStart}, Arg{"count", vertexCount}, Arg{"instances", instanceCount}, Arg{"baseInstance", baseInstance})
	}
	if e.enter("DrawPrimitives") && e.draw(p) {
		e.check(rules.Counts(vertexStart, vertexCount, instanceCount, baseInstance))
	}
}

// indices checks an index buffer from offset on.
func (e *renderEncoder) indices(x metal.Buffer, offset, count int, t metal.IndexType) {
	if b := e.theBuffer("index buffer", x); b != nil && count >= 0 {
		e.check(rules.Indices(b, offset, count, t))
	}
}

func (e *renderEncoder) DrawIndexedPrimitives(p metal.PrimitiveType, indexCount int, t metal.IndexType, indices metal.Buffer, offset, instanceCount, baseVertex, baseInstance int) {
	if e.logs() {
		e.log("DrawIndexedPrimitives", Arg{"type", primitive(p)}, Arg{"count", indexCount}, Arg{"indexType", indexType(t)}, Arg{"indices", name(indices)}, Arg{"offset", offset}, Arg{"instances", instanceCount}, Arg{"baseVertex", baseVertex}, Arg{"baseInstance", baseInstance})
	}
	if e.enter("DrawIndexedPrimitives") && e.draw(p) {
		e.check(rules.BaseVertex(baseVertex))
		e.check(rules.Counts(0, indexCount, instanceCount, baseInstance))
		e.indices(indices, offset, indexCount, t)
	}
}

// indirect checks a buffer of indirect arguments.
func (e *encoder) indirect(x metal.Buffer, offset, size int) {
	if b := e.theBuffer("indirect buffer", x); b != nil {
		e.check(rules.Inside("indirect arguments", b, offset, size, 4))
	}
}

func (e *renderEncoder) DrawPrimitivesIndirect(p metal.PrimitiveType, arguments metal.Buffer, offset int) {
	if e.logs() {
		e.log("DrawPrimitivesIndirect", Arg{"type", primitive(p)}, Arg{"arguments", name(arguments)}, Arg{"offset", offset})
	}
	if e.enter("DrawPrimitivesIndirect") && e.draw(p) {
		e.indirect(arguments, offset, rules.DrawArguments)
	}
}

func (e *renderEncoder) DrawIndexedPrimitivesIndirect(p metal.PrimitiveType, t metal.IndexType, indices metal.Buffer, indexOffset int, arguments metal.Buffer, offset int) {
	if e.logs() {
		e.log("DrawIndexedPrimitivesIndirect", Arg{"type", primitive(p)}, Arg{"indexType", indexType(t)}, Arg{"indices", name(indices)}, Arg{"indexOffset", indexOffset}, Arg{"arguments", name(arguments)}, Arg{"offset", offset})
	}
	if e.enter("DrawIndexedPrimitivesIndirect") && e.draw(p) {
		e.indices(indices, indexOffset, 0, t)
		e.indirect(arguments, offset, rules.DrawIndexedArguments)
	}
}
