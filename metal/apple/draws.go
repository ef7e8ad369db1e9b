package apple

import (
	"weft/metal"
	"weft/metal/rules"
)

// draw checks what every kind of draw needs.
func (e *renderEncoder) draw(p metal.PrimitiveType) error {
	x := e.pipeline
	if x == nil {
		return errNoPipeline
	}
	if err := rules.Primitives(x, &x.desc, p); err != nil {
		return err
	}
	if s := e.depthStencil; s != nil {
		if err := e.pass.Tests(&s.desc); err != nil {
			return err
		}
	}
	if err := e.snapshot(x, x.vertex, e.vertex); err != nil {
		return err
	}
	e.drawn = true
	if x.fragment == nil {
		return nil
	}
	return e.snapshot(x, x.fragment, e.fragment)
}

func (e *renderEncoder) DrawPrimitives(p metal.PrimitiveType, vertexStart, vertexCount, instanceCount, baseInstance int) {
	err := e.draw(p)
	if err == nil {
		err = rules.Counts(vertexStart, vertexCount, instanceCount, baseInstance)
	}
	// Metal's debug layer takes no empty draw.
	if e.may("DrawPrimitives", err) && vertexCount > 0 && instanceCount > 0 {
		e.send(selDrawPrimitivesVertexStartVertexCountInstanceCountBaseInstance,
			uintptr(p), uintptr(vertexStart), uintptr(vertexCount), uintptr(instanceCount), uintptr(baseInstance))
	}
}

// indices is an index buffer argument.
func (e *renderEncoder) indices(x metal.Buffer, offset, count int, t metal.IndexType) (*buffer, error) {
	b, err := own[buffer](e.buffer.device, "the index buffer", x)
	if err == nil {
		err = rules.Indices(b, offset, count, t)
	}
	return b, err
}

func (e *renderEncoder) DrawIndexedPrimitives(p metal.PrimitiveType, indexCount int, t metal.IndexType, indices metal.Buffer, offset, instanceCount, baseVertex, baseInstance int) {
	err := rules.Counts(0, indexCount, instanceCount, baseInstance)
	if err == nil {
		err = rules.BaseVertex(baseVertex)
	}
	if err == nil {
		err = e.draw(p)
	}
	b, second := e.indices(indices, offset, max(indexCount, 0), t)
	if err == nil {
		err = second
	}
	if e.may("DrawIndexedPrimitives", err) && indexCount > 0 && instanceCount > 0 {
		e.send(selDrawIndexedPrimitivesIndexCountIndexTypeIndexBufferIndexBufferLengthInstanceCountBaseVertexBaseInstance,
			uintptr(p), uintptr(indexCount), uintptr(t), uintptr(b.address+uint64(offset)), uintptr(b.length-offset),
			uintptr(instanceCount), uintptr(baseVertex), uintptr(baseInstance))
	}
}

func (e *renderEncoder) DrawPrimitivesIndirect(p metal.PrimitiveType, arguments metal.Buffer, offset int) {
	b, err := e.inBuffer("indirect arguments", arguments, offset, rules.DrawArguments, 4)
	if err == nil {
		err = e.draw(p)
	}
	if e.may("DrawPrimitivesIndirect", err) {
		e.send(selDrawPrimitivesIndirectBuffer, uintptr(p), uintptr(b.address+uint64(offset)))
	}
}

func (e *renderEncoder) DrawIndexedPrimitivesIndirect(p metal.PrimitiveType, t metal.IndexType, indices metal.Buffer, indexOffset int, arguments metal.Buffer, offset int) {
	b, err := e.inBuffer("indirect arguments", arguments, offset, rules.DrawIndexedArguments, 4)
	i, second := e.indices(indices, indexOffset, 0, t)
	if err == nil {
		err = second
	}
	if err == nil {
		err = e.draw(p)
	}
	if e.may("DrawIndexedPrimitivesIndirect", err) {
		e.send(selDrawIndexedPrimitivesIndexTypeIndexBufferIndexBufferLengthIndirectBuffer,
			uintptr(p), uintptr(t), uintptr(i.address+uint64(indexOffset)), uintptr(i.length-indexOffset), uintptr(b.address+uint64(offset)))
	}
}
