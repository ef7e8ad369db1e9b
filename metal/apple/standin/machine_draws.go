package standin

import (
	"weft/metal"
)

// draw readies a draw: the pipeline's variant, the tests, the arguments. It is
// false where the draw cannot be carried out.
func (e *encoder) draw(c *call, p metal.PrimitiveType) bool {
	r := e.render
	if r.pipeline == nil {
		c.fault("no pipeline is set: setRenderPipelineState: comes first")
		return false
	}
	if !r.pipeline.open && topologyClass(p) != topologyClass(r.pipeline.descriptor.Topology) {
		c.fault("primitives of type %d: %s was made for another topology class", p, r.pipeline.object)
		return false
	}
	set, err := r.pipeline.variant(e.machine, r.depthStencil, topologyOf(r.pipeline, p))
	if err != nil {
		c.fault("%s in this pass: %v", r.pipeline.object, err)
		return false
	}
	if set != r.set {
		r.metal.SetRenderPipeline(set)
		r.set = set
	}
	if !e.tests(c) {
		return false
	}
	e.now.runs |= metal.StageVertex | metal.StageFragment
	ok := e.snapshot(c, r.pipeline.vertex, r.vertex, metal.StageVertex)
	if r.vertex != nil {
		r.metal.SetArgumentTable(r.vertex.metal, metal.StageVertex)
	}
	if r.pipeline.fragment != nil {
		ok = e.snapshot(c, r.pipeline.fragment, r.fragment, metal.StageFragment) && ok
		if r.fragment != nil {
			r.metal.SetArgumentTable(r.fragment.metal, metal.StageFragment)
		}
	}
	return ok
}

func topologyOf(p *renderPipeline, drawn metal.PrimitiveType) metal.PrimitiveType {
	if p.open {
		return drawn
	}
	return p.descriptor.Topology
}

// tests checks the depth and stencil tests against the pass, and notes what
// they write.
func (e *encoder) tests(c *call) bool {
	r := e.render
	if r.state == nil {
		return true
	}
	d := &r.state.descriptor
	var depth, stencil *attachment
	for _, a := range r.attachments {
		switch {
		case a.depth:
			depth = a
		case !a.color:
			stencil = a
		}
	}
	if depth == nil && (d.DepthWrite || d.DepthCompare != metal.CompareFunctionAlways) {
		c.fault("%s tests or writes depth: the pass has no depth attachment", r.state.object)
		return false
	}
	if stencil == nil && d.Stencil {
		c.fault("%s tests stencils: the pass has no stencil attachment", r.state.object)
		return false
	}
	if depth != nil && d.DepthWrite {
		depth.written = true
	}
	if stencil != nil && d.StencilWrite() {
		stencil.written = true
	}
	return true
}

func (m *machine) drawPrimitives(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	p := metal.PrimitiveType(c.word(0))
	if e.draw(c, p) {
		e.render.metal.DrawPrimitives(p, c.integer(1), c.integer(2), c.integer(3), c.integer(4))
		e.done()
	}
}

// indices is the index buffer of a draw: count of them are read, or none where
// that is the GPU's to say.
func (e *encoder) indices(c *call, t metal.IndexType, address, length uint64, count int) (*buffer, int) {
	if int(length) < count*t.Bytes() {
		c.fault("indexBufferLength %d: %d indices of %d bytes are more", length, count, t.Bytes())
		return nil, 0
	}
	b, offset := e.bufferAt(c, "indexBuffer", address, int(length), t.Bytes())
	if b != nil {
		e.usesPart(&b.allocation, bytesPart(offset, int(length)), metal.StageVertex, true, false)
	}
	return b, offset
}

func (m *machine) drawIndexed(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	p, t := metal.PrimitiveType(c.word(0)), metal.IndexType(c.word(2))
	if !e.draw(c, p) {
		return
	}
	if b, offset := e.indices(c, t, c.word(3), c.word(4), c.integer(1)); b != nil {
		e.render.metal.DrawIndexedPrimitives(p, c.integer(1), t, b.metal, offset, c.integer(5), c.integer(6), c.integer(7))
		e.done()
	}
}

// Sizes of what the GPU reads of an indirect command, in bytes, by
// MTLDrawPrimitivesIndirectArguments and its siblings.
const (
	drawArguments        = 16
	drawIndexedArguments = 20
	dispatchArguments    = 12
)

func (e *encoder) indirect(c *call, address uint64, size int, stage metal.Stages) (*buffer, int) {
	b, offset := e.bufferAt(c, "indirectBuffer", address, size, 4)
	if b != nil {
		e.usesPart(&b.allocation, bytesPart(offset, size), stage, true, false)
	}
	return b, offset
}

func (m *machine) drawIndirect(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	p := metal.PrimitiveType(c.word(0))
	if !e.draw(c, p) {
		return
	}
	if b, offset := e.indirect(c, c.word(1), drawArguments, metal.StageVertex); b != nil {
		e.render.metal.DrawPrimitivesIndirect(p, b.metal, offset)
		e.done()
	}
}

func (m *machine) drawIndexedIndirect(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	p, t := metal.PrimitiveType(c.word(0)), metal.IndexType(c.word(1))
	if !e.draw(c, p) {
		return
	}
	indices, at := e.indices(c, t, c.word(2), c.word(3), 0)
	b, offset := e.indirect(c, c.word(4), drawIndexedArguments, metal.StageVertex)
	if indices != nil && b != nil {
		e.render.metal.DrawIndexedPrimitivesIndirect(p, t, indices.metal, at, b.metal, offset)
		e.done()
	}
}
