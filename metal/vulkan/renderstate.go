package vulkan

import (
	"weft/metal"
	"weft/metal/vulkan/vk"
)

func (e *renderEncoder) SetRenderPipeline(p metal.RenderPipeline) {
	x, ok := p.(*renderPipeline)
	if !ok || x.device != e.cb.device {
		e.cb.fail("BUG: SetRenderPipeline with a pipeline that is nil or of another device")
		return
	}
	e.pipeline = x
}

func (e *renderEncoder) SetArgumentTable(t metal.ArgumentTable, stages metal.Stages) {
	x, ok := t.(*argumentTable)
	if !ok || x.device != e.cb.device {
		e.cb.fail("BUG: SetArgumentTable with a table that is nil or of another device")
		return
	}
	if stages&(metal.StageVertex|metal.StageFragment) == 0 {
		e.cb.fail("BUG: SetArgumentTable for %v: the driver draws with vertex and fragment functions", stages)
	}
	if stages&metal.StageVertex != 0 && x != e.vertex.table {
		e.vertex = descriptorBind{table: x}
	}
	if stages&metal.StageFragment != 0 && x != e.fragment.table {
		e.fragment = descriptorBind{table: x}
	}
}

func (e *renderEncoder) SetViewport(v metal.Viewport) {
	if !e.recording("SetViewport") {
		return
	}
	l := &e.cb.device.limits
	most, low, high := l.MaxViewportDimensions, float64(l.ViewportBoundsRange[0]), float64(l.ViewportBoundsRange[1])
	switch { // written so that what is no number fails too
	case !(v.Width > 0 && v.Height > 0 && v.Near >= 0 && v.Near <= 1 && v.Far >= 0 && v.Far <= 1):
		e.cb.fail("SetViewport %+v: width and height must be above 0, near and far from 0 to 1", v)
		return
	case !(v.Width <= float64(most[0]) && v.Height <= float64(most[1]) && v.X >= low && v.Y >= low && v.X+v.Width <= high && v.Y+v.Height <= high):
		e.cb.fail("SetViewport %+v: at most %dx%d, from %g to %g, on this device", v, most[0], most[1], low, high)
		return
	}
	e.setViewport(v)
}

// setViewport turns y over: Metal's clip space has it up, Vulkan's down.
func (e *renderEncoder) setViewport(v metal.Viewport) {
	e.viewport = vk.Viewport{
		X: float32(v.X), Y: float32(v.Y + v.Height), Width: float32(v.Width), Height: -float32(v.Height),
		MinDepth: float32(v.Near), MaxDepth: float32(v.Far),
	}
	e.cb.device.vk.CmdSetViewport(e.cb.handle, 0, 1, &e.viewport)
}

func (e *renderEncoder) SetScissor(x, y, width, height int) {
	if !e.recording("SetScissor") {
		return
	}
	w, h := e.attachments.framebuffer.width, e.attachments.framebuffer.height
	if x < 0 || y < 0 || width < 0 || height < 0 || x > w-width || y > h-height {
		e.cb.fail("SetScissor %dx%d at %d, %d: must lie in the attachments' %dx%d", width, height, x, y, w, h)
		return
	}
	e.setScissor(x, y, width, height)
}

func (e *renderEncoder) setScissor(x, y, width, height int) {
	e.scissor = vk.Rect2D{Offset: vk.Offset2D{X: int32(x), Y: int32(y)}, Extent: vk.Extent2D{Width: uint32(width), Height: uint32(height)}}
	e.cb.device.vk.CmdSetScissor(e.cb.handle, 0, 1, &e.scissor)
}

func (e *renderEncoder) SetCullMode(m metal.CullMode) {
	if m > metal.CullModeBack {
		e.cb.fail("BUG: SetCullMode %d: unknown", m)
	} else if e.recording("SetCullMode") {
		e.cb.device.vk.CmdSetCullMode(e.cb.handle, vk.CullModeFlags(m)) // the same numbers
	}
}

func (e *renderEncoder) SetFrontFacing(w metal.Winding) {
	if !e.recording("SetFrontFacing") {
		return
	}
	face := vk.FrontFaceClockwise
	if w == metal.WindingCounterClockwise {
		face = vk.FrontFaceCounterClockwise
	}
	e.cb.device.vk.CmdSetFrontFace(e.cb.handle, face)
}

func (e *renderEncoder) SetDepthStencilState(s metal.DepthStencilState) {
	x, ok := s.(*depthStencilState)
	switch {
	case !ok || x.device != e.cb.device:
		e.cb.fail("BUG: SetDepthStencilState with a state that is nil or of another device")
	case e.attachments.keeps(&x.desc):
		e.cb.fail("BUG: SetDepthStencilState %q: it writes what the pass attaches read-only or not at all", x.label)
	case e.recording("SetDepthStencilState"):
		x.record(e.cb)
	}
}

func (e *renderEncoder) SetDepthBias(bias, slopeScale, clamp float32) {
	if !e.recording("SetDepthBias") {
		return
	}
	if clamp != 0 && e.cb.device.features.core.DepthBiasClamp == vk.False {
		e.cb.fail("SetDepthBias with clamp %g: the device lacks depthBiasClamp; use 0", clamp)
		return
	}
	on := bias != 0 || slopeScale != 0
	e.cb.device.vk.CmdSetDepthBiasEnable(e.cb.handle, vk.Bool(on))
	if on {
		e.cb.device.vk.CmdSetDepthBias(e.cb.handle, bias, clamp, slopeScale)
	}
}

func (e *renderEncoder) SetBlendColor(r, g, b, a float32) {
	if e.recording("SetBlendColor") {
		e.blendColor = [4]float32{r, g, b, a}
		e.cb.device.vk.CmdSetBlendConstants(e.cb.handle, &e.blendColor)
	}
}

func (e *renderEncoder) SetStencilReference(value uint32) {
	if e.recording("SetStencilReference") {
		e.cb.device.vk.CmdSetStencilReference(e.cb.handle, vk.StencilFaceFrontAndBack, value)
	}
}
