package vulkan

import (
	"weft/metal"
	"weft/metal/vulkan/vk"
)

// prepare begins the pass and binds what a draw needs.
func (e *renderEncoder) prepare(verb string, p metal.PrimitiveType) bool {
	if !e.recording(verb) {
		return false
	}
	x := e.pipeline
	switch {
	case x == nil:
		e.cb.fail("BUG: %s without a render pipeline", verb)
		return false
	case int(p) >= len(topologies) || topologyClass(p) != x.class:
		e.cb.fail("%s of primitive type %d: %s is made for another topology; points, lines and triangles need pipelines of their own", verb, p, x.user)
		return false
	}
	if x != e.bound && !e.fits(x, verb) {
		return false
	}
	vertex, ok := e.snapshot(&e.vertex, x.vertex, x.user)
	if !ok {
		return false
	}
	fragment, ok := e.snapshot(&e.fragment, x.fragment, x.user)
	if !ok || !e.begin() {
		return false
	}
	c, h := e.cb.device.vk, e.cb.handle
	if x != e.bound {
		c.CmdBindPipeline(h, vk.PipelineBindPointGraphics, x.handle)
	}
	for i, set := range [...]vk.DescriptorSet{vertex, fragment} {
		if set != 0 && (x != e.bound || set != e.boundSets[i]) {
			e.boundSets[i] = set
			c.CmdBindDescriptorSets(h, vk.PipelineBindPointGraphics, x.layout, uint32(i), 1, &e.boundSets[i], 0, nil)
		}
	}
	e.bound = x
	if int(p) != e.primitive {
		e.primitive = int(p)
		c.CmdSetPrimitiveTopology(h, topologies[p])
		strip := p == metal.PrimitiveTypeLineStrip || p == metal.PrimitiveTypeTriangleStrip
		c.CmdSetPrimitiveRestartEnable(h, vk.Bool(strip)) // always on in Metal, where only strips restart
	}
	return true
}

// fits checks that a pipeline is made for the attachments of this pass.
func (e *renderEncoder) fits(x *renderPipeline, verb string) bool {
	a := &e.attachments
	k := &x.pass
	same := k.samples == a.key.samples && k.depth.format == a.key.depth.format
	for i := range k.colors {
		same = same && k.colors[i].format == a.key.colors[i].format
	}
	if !same {
		e.cb.fail("BUG: %s: %s is made for %s; the pass has %s", verb, x.user, x.desc, describe(a.color[:], a.depth, a.samples))
	}
	return same
}

func (e *renderEncoder) counts(verb string, counts ...int) bool {
	for _, n := range counts {
		if n < 0 || n > 1<<31-1 {
			e.cb.fail("%s: a count or start of %d: must be from 0 to 2^31-1", verb, n)
			return false
		}
	}
	return true
}

func (e *renderEncoder) DrawPrimitives(p metal.PrimitiveType, vertexStart, vertexCount, instanceCount, baseInstance int) {
	const verb = "DrawPrimitives"
	if e.counts(verb, vertexStart, vertexCount, instanceCount, baseInstance) && e.prepare(verb, p) {
		e.cb.device.vk.CmdDraw(e.cb.handle, uint32(vertexCount), uint32(instanceCount), uint32(vertexStart), uint32(baseInstance))
	}
}

// bindIndices binds an index buffer.
func (e *renderEncoder) bindIndices(b *buffer, offset int, t metal.IndexType) {
	next := indexBind{b, offset, t}
	if next == e.index {
		return
	}
	e.index = next
	e.cb.device.vk.CmdBindIndexBuffer(e.cb.handle, b.handle, uint64(offset), vk.IndexType(t)) // the same numbers
}

func (e *renderEncoder) DrawIndexedPrimitives(p metal.PrimitiveType, indexCount int, t metal.IndexType, indices metal.Buffer, offset, instanceCount, baseVertex, baseInstance int) {
	const verb = "DrawIndexedPrimitives"
	if !e.recording(verb) || !e.counts(verb, indexCount, instanceCount, baseInstance) {
		return
	}
	if baseVertex != int(int32(baseVertex)) {
		e.cb.fail("%s: base vertex %d: must be from -2^31 to 2^31-1", verb, baseVertex)
		return
	}
	b := e.indexBuffer(verb, t, indices, offset, indexCount)
	if b == nil || !e.prepare(verb, p) {
		return
	}
	e.bindIndices(b, offset, t)
	e.cb.device.vk.CmdDrawIndexed(e.cb.handle, uint32(indexCount), uint32(instanceCount), 0, int32(baseVertex), uint32(baseInstance))
}

// indexBuffer checks a range of indices.
func (e *renderEncoder) indexBuffer(verb string, t metal.IndexType, indices metal.Buffer, offset, count int) *buffer {
	if t > metal.IndexTypeUInt32 {
		e.cb.fail("%s: unknown index type %d", verb, t)
		return nil
	}
	b := e.buffer(indices, verb)
	if b == nil || !e.inBuffer(b, offset, count*t.Bytes(), t.Bytes(), verb) {
		return nil
	}
	return b
}

// arguments lets indirect draws read a buffer. A barrier cannot stand inside a
// VkRenderPass, so the first of them after a draw begins it anew.
func (e *renderEncoder) arguments(b *buffer) bool {
	if b != e.shown {
		e.split()
		e.cb.barriers.addArguments(b, 0, b.length, metal.StageVertex)
		e.cb.barriers.record(e.cb.device, e.cb.handle)
		e.shown = b
	}
	return true
}

func (e *renderEncoder) DrawPrimitivesIndirect(p metal.PrimitiveType, arguments metal.Buffer, offset int) {
	const verb = "DrawPrimitivesIndirect"
	if !e.recording(verb) {
		return
	}
	b := e.buffer(arguments, verb)
	if b != nil && e.inBuffer(b, offset, 16, 4, verb) && e.arguments(b) && e.prepare(verb, p) {
		e.cb.device.vk.CmdDrawIndirect(e.cb.handle, b.handle, uint64(offset), 1, 16)
	}
}

func (e *renderEncoder) DrawIndexedPrimitivesIndirect(p metal.PrimitiveType, t metal.IndexType, indices metal.Buffer, indexOffset int, arguments metal.Buffer, offset int) {
	const verb = "DrawIndexedPrimitivesIndirect"
	if !e.recording(verb) {
		return
	}
	i := e.indexBuffer(verb, t, indices, indexOffset, 0)
	b := e.buffer(arguments, verb)
	if indexOffset != 0 && e.cb.device.llvmpipe22 {
		e.cb.fail("%s: indices at offset %d: this version of Mesa's llvmpipe ignores the offset of indices in indirect draws; use 0 and IndexStart", verb, indexOffset)
		return
	}
	if i != nil && b != nil && e.inBuffer(b, offset, 20, 4, verb) && e.arguments(b) && e.prepare(verb, p) {
		e.bindIndices(i, indexOffset, t)
		e.cb.device.vk.CmdDrawIndexedIndirect(e.cb.handle, b.handle, uint64(offset), 1, 20)
	}
}
