package vulkan

import (
	"fmt"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// renderEncoder draws. Its VkRenderPass begins with the first draw or at the
// end, so that barriers before the first draw stand before the attachments are
// loaded; one after a draw ends the pass and lets the next draw begin it anew.
type renderEncoder struct {
	encoder
	attachments attachments
	key         passKey // of the part that begins next
	inside      bool    // a VkRenderPass has begun
	begun       bool    // some part has been recorded
	after       barriers
	stamps      []stamp

	pipeline, bound  *renderPipeline
	vertex, fragment descriptorBind
	boundSets        [2]vk.DescriptorSet
	primitive        int     // last recorded, -1 for none
	shown            *buffer // whose indirect arguments the next draw may read
	index            indexBind
	info             vk.RenderPassBeginInfo
	subpass          vk.SubpassBeginInfo
	subpassEnd       vk.SubpassEndInfo
	viewport         vk.Viewport
	scissor          vk.Rect2D
	blendColor       [4]float32
}

// stamp is a timestamp to write after the pass.
type stamp struct {
	stages vk.PipelineStageFlags2
	heap   metal.CounterHeap
	index  int
}

type indexBind struct {
	buffer *buffer
	offset int
	kind   metal.IndexType
}

var _ metal.RenderEncoder = (*renderEncoder)(nil)

func (cb *commandBuffer) RenderEncoder(desc *metal.RenderPassDescriptor) (metal.RenderEncoder, error) {
	e := &cb.render
	if desc == nil {
		return nil, fail("command buffer", cb.label, "BUG: RenderEncoder with a nil descriptor")
	}
	if err := cb.openEncoder(&e.encoder, desc.Label); err != nil {
		return nil, err
	}
	if err := e.reset(desc); err != nil {
		cb.open = nil
		err = fail("render pass", desc.Label, "%w", err)
		if cb.err == nil {
			cb.err = err // a frame without this pass is not what was meant
		}
		return nil, err
	}
	return e, nil
}

// reset begins an encoder: Metal's defaults.
func (e *renderEncoder) reset(desc *metal.RenderPassDescriptor) error {
	a := &e.attachments
	if err := a.gather(e.cb.device, desc); err != nil {
		return err
	}
	e.key = a.key
	e.inside, e.begun = false, false
	e.pipeline, e.bound = nil, nil
	e.vertex, e.fragment = descriptorBind{}, descriptorBind{}
	e.boundSets = [2]vk.DescriptorSet{}
	e.primitive, e.index, e.shown = -1, indexBind{}, nil
	e.after.memory = e.after.memory[:0]
	e.stamps = e.stamps[:0]
	c, h := e.cb.device.vk, e.cb.handle
	w, t := a.framebuffer.width, a.framebuffer.height
	e.setViewport(metal.Viewport{Width: float64(w), Height: float64(t), Far: 1})
	e.setScissor(0, 0, w, t)
	c.CmdSetCullMode(h, 0)
	c.CmdSetFrontFace(h, vk.FrontFaceClockwise)
	c.CmdSetDepthTestEnable(h, vk.False)
	c.CmdSetDepthWriteEnable(h, vk.False)
	c.CmdSetDepthCompareOp(h, vk.CompareOpAlways)
	c.CmdSetStencilTestEnable(h, vk.False)
	const faces = vk.StencilFaceFrontAndBack
	c.CmdSetStencilOp(h, faces, vk.StencilOpKeep, vk.StencilOpKeep, vk.StencilOpKeep, vk.CompareOpAlways)
	c.CmdSetStencilCompareMask(h, faces, ^uint32(0))
	c.CmdSetStencilWriteMask(h, faces, ^uint32(0))
	c.CmdSetStencilReference(h, faces, 0)
	c.CmdSetDepthBiasEnable(h, vk.False)
	e.blendColor = [4]float32{}
	c.CmdSetBlendConstants(h, &e.blendColor)
	return nil
}

// begin begins the VkRenderPass, or what is left of it.
func (e *renderEncoder) begin() bool {
	if e.inside {
		return true
	}
	d := e.cb.device
	pass, err := d.renderPass(&e.key)
	if err != nil {
		e.cb.fault(err)
		return false
	}
	a := &e.attachments
	a.framebuffer.pass = pass
	f, err := d.framebuffer(&a.framebuffer)
	if err != nil {
		e.cb.fault(err)
		return false
	}
	e.info = vk.RenderPassBeginInfo{
		SType: vk.StructureTypeRenderPassBeginInfo, RenderPass: pass, Framebuffer: f,
		ClearValueCount: uint32(a.framebuffer.count), PClearValues: &a.clears[0],
	}
	e.info.RenderArea.Extent = vk.Extent2D{Width: uint32(a.framebuffer.width), Height: uint32(a.framebuffer.height)}
	e.subpass = vk.SubpassBeginInfo{SType: vk.StructureTypeSubpassBeginInfo}
	d.vk.CmdBeginRenderPass2(e.cb.handle, &e.info, &e.subpass)
	e.inside, e.begun = true, true
	return true
}

// leave ends the VkRenderPass; what comes then loads what it stored.
func (e *renderEncoder) leave() {
	if !e.inside {
		return
	}
	e.subpassEnd = vk.SubpassEndInfo{SType: vk.StructureTypeSubpassEndInfo}
	e.cb.device.vk.CmdEndRenderPass2(e.cb.handle, &e.subpassEnd)
	e.inside = false
	e.key = e.key.loading()
}

// split ends the VkRenderPass in the middle of the encoder. Metal orders the
// attachment accesses of one encoder itself, so a barrier of the attachments
// alone joins the two parts.
func (e *renderEncoder) split() {
	if !e.inside {
		return
	}
	e.leave()
	e.cb.barriers.memory = append(e.cb.barriers.memory, vk.MemoryBarrier2{
		SType:        vk.StructureTypeMemoryBarrier2,
		SrcStageMask: attachmentScope.stages, SrcAccessMask: attachmentScope.writes,
		DstStageMask: attachmentScope.stages, DstAccessMask: attachmentScope.reads | attachmentScope.writes,
	})
}

// abandon leaves a pass that EndEncoding did not.
func (e *renderEncoder) abandon() { e.leave() }

func (e *renderEncoder) BarrierAfterQueueStages(after, before metal.Stages, v metal.VisibilityOptions) {
	e.split()
	e.shown = nil
	e.encoder.BarrierAfterQueueStages(after, before, v)
}

// BarrierAfterStages waits for the end of the encoder: a pass need not be split
// to hold back what comes after it. So also where nothing was drawn yet, since a
// pass without draws clears and stores its attachments at the end.
func (e *renderEncoder) BarrierAfterStages(after, before metal.Stages, v metal.VisibilityOptions) {
	e.addBarrier(&e.after, "BarrierAfterStages", after, before, v)
}

func (e *renderEncoder) BarrierAfterEncoderStages(after, before metal.Stages, v metal.VisibilityOptions) {
	if bad := after & (metal.StageFragment | metal.StageTile); bad != 0 {
		e.cb.fail("BUG: BarrierAfterEncoderStages after %v: tile-based GPUs cannot order that inside one pass; split the pass", bad)
		return
	}
	if !e.ownStages(after, before) {
		return
	}
	e.split()
	e.shown = nil
	e.encoder.BarrierAfterEncoderStages(after, before, v)
}

func (e *renderEncoder) DiscardContents(t metal.Texture, stages metal.Stages) {
	e.split()
	e.encoder.DiscardContents(t, stages)
}

// WriteTimestamp writes at once before the first draw, else after the pass,
// since a query cannot be reset inside it.
func (e *renderEncoder) WriteTimestamp(after metal.Stages, h metal.CounterHeap, index int) {
	if !e.recording("WriteTimestamp") {
		return
	}
	if after&^e.owns != 0 || after == 0 {
		e.cb.fail("BUG: WriteTimestamp after %v: name stages of a render encoder", after)
		return
	}
	stages := vk.PipelineStage2AllGraphicsBit
	if after&(metal.StageFragment|metal.StageTile) == 0 {
		stages = vk.PipelineStage2VertexShaderBit
	}
	if e.begun {
		e.stamps = append(e.stamps, stamp{stages, h, index})
		return
	}
	e.cb.timestamp(h, index, stages)
}

func (e *renderEncoder) EndEncoding() {
	if !e.recording("EndEncoding") {
		return
	}
	if !e.begun { // the loads and clears of a pass without draws
		e.begin()
	}
	e.leave()
	for _, s := range e.stamps {
		e.cb.timestamp(s.heap, s.index, s.stages)
	}
	e.after.record(e.cb.device, e.cb.handle)
	e.encoder.EndEncoding()
}

// describe names the formats of a pass or pipeline, for faults.
func describe(colors []metal.PixelFormat, depth metal.PixelFormat, samples int) string {
	n := 0
	for i, c := range colors {
		if c != metal.PixelFormatInvalid {
			n = i + 1
		}
	}
	return fmt.Sprintf("colors %v, depth-stencil %v, %d samples", colors[:n], depth, max(samples, 1))
}
