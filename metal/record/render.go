package record

import (
	"weft/metal"
	"weft/metal/rules"
)

type renderEncoder struct {
	encoder
	renderState
}

// renderState is what a render encoder remembers between its calls.
type renderState struct {
	pass         rules.Pass
	pipeline     *renderPipeline
	vertex       *argumentTable
	fragment     *argumentTable
	depthStencil *depthStencilState
	drawn        bool
}

// DiscardContents comes before the first draw.
func (e *renderEncoder) DiscardContents(x metal.Texture, stages metal.Stages) {
	e.encoder.DiscardContents(x, stages)
	if e.open && e.drawn {
		e.fail("%s is discarded after a draw: in a render encoder a discard comes before the first draw", name(x))
	}
}

func (e *renderEncoder) SetRenderPipeline(x metal.RenderPipeline) {
	if e.logs() {
		e.log("SetRenderPipeline", Arg{"pipeline", name(x)})
	}
	if !e.enter("SetRenderPipeline") {
		return
	}
	p, ok := x.(*renderPipeline)
	if !ok || p == nil {
		e.fail("not a render pipeline of this driver: %T", x)
		return
	}
	if !e.state(&p.object) {
		return
	}
	e.pipeline = p
	if err := e.pass.Fits(p, &p.descriptor); err != nil {
		e.fail("%v", err)
	}
}

func (e *renderEncoder) SetArgumentTable(x metal.ArgumentTable, stages metal.Stages) {
	if e.logs() {
		e.log("SetArgumentTable", Arg{"table", name(x)}, Arg{"stages", stages})
	}
	if !e.enter("SetArgumentTable") || !e.ownStages("stages", stages) {
		return
	}
	t := e.theTable(x)
	if t == nil {
		return
	}
	if stages&metal.StageVertex != 0 {
		e.vertex = t
	}
	if stages&metal.StageFragment != 0 {
		e.fragment = t
	}
}

func (e *renderEncoder) SetViewport(v metal.Viewport) {
	if e.logs() {
		e.log("SetViewport", Arg{"x", v.X}, Arg{"y", v.Y}, Arg{"width", v.Width}, Arg{"height", v.Height}, Arg{"near", v.Near}, Arg{"far", v.Far})
	}
	if !e.enter("SetViewport") {
		return
	}
	e.check(rules.Viewport(v))
}

func (e *renderEncoder) SetScissor(x, y, width, height int) {
	if e.logs() {
		e.log("SetScissor", Arg{"x", x}, Arg{"y", y}, Arg{"width", width}, Arg{"height", height})
	}
	if e.enter("SetScissor") {
		e.check(e.pass.Scissor(x, y, width, height))
	}
}

func (e *renderEncoder) SetCullMode(m metal.CullMode) {
	if e.logs() {
		e.log("SetCullMode", Arg{"mode", word(m, "none", "front", "back")})
	}
	if e.enter("SetCullMode") && m > metal.CullModeBack {
		e.fail("unknown cull mode %d", m)
	}
}

func (e *renderEncoder) SetFrontFacing(w metal.Winding) {
	if e.logs() {
		e.log("SetFrontFacing", Arg{"winding", word(w, "clockwise", "counterClockwise")})
	}
	if e.enter("SetFrontFacing") && w > metal.WindingCounterClockwise {
		e.fail("unknown winding %d", w)
	}
}

func (e *renderEncoder) SetDepthStencilState(x metal.DepthStencilState) {
	if e.logs() {
		e.log("SetDepthStencilState", Arg{"state", name(x)})
	}
	if !e.enter("SetDepthStencilState") {
		return
	}
	s, ok := x.(*depthStencilState)
	if !ok || s == nil {
		e.fail("not a depth-stencil state of this driver: %T", x)
		return
	}
	if e.state(&s.object) {
		e.depthStencil = s
	}
}

func (e *renderEncoder) SetDepthBias(bias, slopeScale, clamp float32) {
	if e.logs() {
		e.log("SetDepthBias", Arg{"bias", float64(bias)}, Arg{"slope", float64(slopeScale)}, Arg{"clamp", float64(clamp)})
	}
	e.enter("SetDepthBias")
}

func (e *renderEncoder) SetBlendColor(r, g, b, a float32) {
	if e.logs() {
		e.log("SetBlendColor", Arg{"r", float64(r)}, Arg{"g", float64(g)}, Arg{"b", float64(b)}, Arg{"a", float64(a)})
	}
	e.enter("SetBlendColor")
}

func (e *renderEncoder) SetStencilReference(value uint32) {
	if e.logs() {
		e.log("SetStencilReference", Arg{"value", value})
	}
	if e.enter("SetStencilReference") && value > 255 {
		e.fail("%d: stencils have eight bits", value)
	}
}

func (e *renderEncoder) WriteTimestamp(after metal.Stages, h metal.CounterHeap, index int) {
	if e.logs() {
		e.log("WriteTimestamp", Arg{"after", after}, Arg{"heap", name(h)}, Arg{"index", index})
	}
	if e.enter("WriteTimestamp") && e.ownStages("after", after) {
		e.timestamp(h, index)
	}
}
