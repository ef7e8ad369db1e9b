package apple

import (
	"errors"
	"fmt"

	"weft/metal"
	"weft/metal/rules"
)

// renderEncoder is an MTL4RenderCommandEncoder.
type renderEncoder struct {
	encoder
	pass             rules.Pass
	pipeline         *renderPipeline
	vertex, fragment *argumentTable
	depthStencil     *depthStencilState
	bias             [3]float32 // and slope and clamp
	blend            [4]float32
	drawn            bool
}

var _ metal.RenderEncoder = (*renderEncoder)(nil)

// RenderEncoder begins a render pass. An error of the descriptor is End's, too:
// a frame without this pass is not what was meant.
func (b *commandBuffer) RenderEncoder(d *metal.RenderPassDescriptor) (metal.RenderEncoder, error) {
	if d == nil {
		err := b.fail("RenderEncoder: the descriptor is nil")
		b.keep(err)
		return nil, err
	}
	e := &b.render
	if err := b.idle(&e.encoder, d.Label); err != nil {
		return nil, err
	}
	if err := e.check(d); err != nil {
		err = b.fail("%s: %w", rules.Describe(e.kind, d.Label), err)
		b.keep(err)
		return nil, err
	}
	b.pass.set(b.caller, d)
	if err := b.begin(&e.encoder, d.Label, selRenderCommandEncoderWithDescriptor, uintptr(b.pass.id)); err != nil {
		return nil, err
	}
	e.pipeline, e.vertex, e.fragment, e.depthStencil, e.drawn = nil, nil, nil, nil, false
	e.bias, e.blend = [3]float32{}, [4]float32{}
	return e, nil
}

// check checks a pass's descriptor.
func (e *renderEncoder) check(d *metal.RenderPassDescriptor) error {
	for i := range d.Colors {
		if err := e.target(&d.Colors[i].Attachment); err != nil {
			return fmt.Errorf("color attachment %d: %w", i, err)
		}
	}
	if err := e.target(&d.Depth.Attachment); err != nil {
		return fmt.Errorf("depth attachment: %w", err)
	}
	if err := e.target(&d.Stencil.Attachment); err != nil {
		return fmt.Errorf("stencil attachment: %w", err)
	}
	return e.pass.Begin(d)
}

// target checks that the textures of an attachment can be used.
func (e *renderEncoder) target(a *metal.Attachment) error {
	for _, x := range [...]metal.Texture{a.Texture, a.Resolve} {
		if x == nil {
			continue
		}
		if _, err := own[texture](e.buffer.device, "the texture", x); err != nil {
			return err
		}
	}
	return nil
}

// DiscardContents comes before the first draw.
func (e *renderEncoder) DiscardContents(x metal.Texture, stages metal.Stages) {
	if e.drawn {
		e.fail("DiscardContents", errors.New("in a render encoder a discard comes before the first draw"))
		return
	}
	e.encoder.DiscardContents(x, stages)
}

func (e *renderEncoder) SetRenderPipeline(x metal.RenderPipeline) {
	p, err := own[renderPipeline](e.buffer.device, "the pipeline", x)
	if err == nil {
		err = e.pass.Fits(p, &p.desc)
	}
	if e.may("SetRenderPipeline", err) && change(&e.pipeline, p) {
		e.send(selSetRenderPipelineState, uintptr(p.id))
	}
}

// SetArgumentTable tells Metal of both stages at once where it can.
func (e *renderEncoder) SetArgumentTable(x metal.ArgumentTable, stages metal.Stages) {
	t, err := own[argumentTable](e.buffer.device, "the table", x)
	if err == nil {
		err = rules.OwnStages("stages", stages, e.owned)
	}
	if !e.may("SetArgumentTable", err) {
		return
	}
	var news metal.Stages
	if stages&metal.StageVertex != 0 && change(&e.vertex, t) {
		news |= metal.StageVertex
	}
	if stages&metal.StageFragment != 0 && change(&e.fragment, t) {
		news |= metal.StageFragment
	}
	if news != 0 { // MTLRenderStages has the numbers of MTLStages
		e.send(selSetArgumentTableAtStages, uintptr(t.id), uintptr(news))
	}
}

func (e *renderEncoder) SetViewport(v metal.Viewport) {
	if e.may("SetViewport", rules.Viewport(v)) {
		e.send(selSetViewport, e.buffer.caller.Struct(bits(v.X), bits(v.Y), bits(v.Width), bits(v.Height), bits(v.Near), bits(v.Far)))
	}
}

func (e *renderEncoder) SetScissor(x, y, width, height int) {
	if e.may("SetScissor", e.pass.Scissor(x, y, width, height)) {
		e.send(selSetScissorRect, e.buffer.caller.Struct(uint64(x), uint64(y), uint64(width), uint64(height)))
	}
}

func (e *renderEncoder) SetCullMode(m metal.CullMode) {
	var err error
	if m > metal.CullModeBack {
		err = fmt.Errorf("unknown cull mode %d", m)
	}
	if e.may("SetCullMode", err) {
		e.send(selSetCullMode, uintptr(m))
	}
}

func (e *renderEncoder) SetFrontFacing(w metal.Winding) {
	var err error
	if w > metal.WindingCounterClockwise {
		err = fmt.Errorf("unknown winding %d", w)
	}
	if e.may("SetFrontFacing", err) {
		e.send(selSetFrontFacingWinding, uintptr(w))
	}
}

func (e *renderEncoder) SetDepthStencilState(x metal.DepthStencilState) {
	s, err := own[depthStencilState](e.buffer.device, "the state", x)
	if e.may("SetDepthStencilState", err) && change(&e.depthStencil, s) {
		e.send(selSetDepthStencilState, uintptr(s.id))
	}
}

// SetDepthBias sends what has changed: messages with floats are slow.
func (e *renderEncoder) SetDepthBias(bias, slopeScale, clamp float32) {
	if e.recording("SetDepthBias") && change(&e.bias, [3]float32{bias, slopeScale, clamp}) {
		d := e.buffer.device
		d.runtime.SendFloats(e.id, d.selectors[selSetDepthBiasSlopeScaleClamp], e.bias[:])
	}
}

func (e *renderEncoder) SetBlendColor(r, g, b, a float32) {
	if e.recording("SetBlendColor") && change(&e.blend, [4]float32{r, g, b, a}) {
		d := e.buffer.device
		d.runtime.SendFloats(e.id, d.selectors[selSetBlendColorRedGreenBlueAlpha], e.blend[:])
	}
}

func (e *renderEncoder) SetStencilReference(value uint32) {
	var err error
	if value > 255 {
		err = fmt.Errorf("%d: stencils have eight bits", value)
	}
	if e.may("SetStencilReference", err) {
		e.send(selSetStencilReferenceValue, uintptr(value))
	}
}

func (e *renderEncoder) WriteTimestamp(after metal.Stages, x metal.CounterHeap, index int) {
	h, err := e.timestamp(x, index)
	if err == nil {
		err = rules.OwnStages("after", after, e.owned)
	}
	if e.may("WriteTimestamp", err) {
		e.send(selWriteTimestampWithGranularityAfterStageIntoHeapAtIndex,
			mtl4TimestampGranularityPrecise, uintptr(after), uintptr(h.id), uintptr(index))
	}
}
