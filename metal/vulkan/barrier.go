package vulkan

import (
	"weft/metal"
	"weft/metal/vulkan/vk"
)

// scope is what stages are in Vulkan: pipeline stages, and the accesses that
// those make. link is a stage among them that does nothing to images or indirect
// arguments, and linkReads its accesses: what waits for it falls in with a
// barrier that ends in these stages, and waits for nearly nothing besides.
//
// No scope holds DRAW_INDIRECT: it comes logically before the shaders of draws
// and of dispatches, so that a barrier that ends there holds back both, and the
// validation layer would not miss one between them. Reads of indirect arguments
// are before the stages that have them; addArguments holds them back.
type scope struct {
	stages        vk.PipelineStageFlags2
	reads, writes vk.AccessFlags2
	link          vk.PipelineStageFlags2
	linkReads     vk.AccessFlags2
}

const (
	shaderReads  = vk.Access2UniformReadBit | vk.Access2ShaderSampledReadBit | vk.Access2ShaderStorageReadBit
	shaderWrites = vk.Access2ShaderStorageWriteBit
)

// attachmentScope is where a render pass loads, tests and stores attachments.
var attachmentScope = scope{
	stages: vk.PipelineStage2EarlyFragmentTestsBit | vk.PipelineStage2LateFragmentTestsBit | vk.PipelineStage2ColorAttachmentOutputBit,
	reads:  vk.Access2ColorAttachmentReadBit | vk.Access2DepthStencilAttachmentReadBit,
	writes: vk.Access2ColorAttachmentWriteBit | vk.Access2DepthStencilAttachmentWriteBit,
}

// scopes are the stages that the driver runs work in. Tile work runs with the
// fragments, object and mesh work with the vertices, were there any; the stages
// left out have no work here.
var scopes = []struct {
	stages metal.Stages
	scope  scope
}{
	{metal.StageVertex | metal.StageObject | metal.StageMesh, scope{
		stages: vk.PipelineStage2VertexInputBit | vk.PipelineStage2VertexShaderBit,
		reads:  vk.Access2IndexReadBit | vk.Access2VertexAttributeReadBit | shaderReads, writes: shaderWrites,
		link: vk.PipelineStage2VertexAttributeInputBit, linkReads: vk.Access2VertexAttributeReadBit, // there are no attributes
	}},
	{metal.StageFragment | metal.StageTile, scope{
		stages: vk.PipelineStage2FragmentShaderBit | attachmentScope.stages,
		reads:  shaderReads | attachmentScope.reads, writes: shaderWrites | attachmentScope.writes,
		link: vk.PipelineStage2EarlyFragmentTestsBit, linkReads: vk.Access2DepthStencilAttachmentReadBit,
	}},
	{metal.StageDispatch, scope{
		stages: vk.PipelineStage2ComputeShaderBit | vk.PipelineStage2ResolveBit,
		reads:  shaderReads | vk.Access2TransferReadBit, writes: shaderWrites,
		link: vk.PipelineStage2ResolveBit, linkReads: vk.Access2TransferReadBit, // the driver records no resolves
	}},
	{metal.StageBlit, scope{
		stages: vk.PipelineStage2CopyBit | vk.PipelineStage2BlitBit | vk.PipelineStage2ClearBit,
		reads:  vk.Access2TransferReadBit, writes: vk.Access2TransferWriteBit,
		link: vk.PipelineStage2ClearBit, linkReads: vk.Access2TransferWriteBit, // fills, of buffers alone
	}},
	{metal.StageMachineLearning, scope{
		stages: vk.PipelineStage2ComputeShaderBit, reads: shaderReads, writes: shaderWrites,
		link: vk.PipelineStage2ComputeShaderBit, linkReads: shaderReads,
	}},
}

// scopeOf translates a set of stages.
func scopeOf(s metal.Stages) (out scope) {
	for _, x := range scopes {
		if s&x.stages != 0 {
			out.stages |= x.scope.stages
			out.reads |= x.scope.reads
			out.writes |= x.scope.writes
			out.link |= x.scope.link
			out.linkReads |= x.scope.linkReads
		}
	}
	return out
}

// memoryBarrier fills one global barrier from stages to stages. It is false
// where one side has no work on this driver, so that nothing is to be ordered.
func memoryBarrier(b *vk.MemoryBarrier2, after, before metal.Stages, v metal.VisibilityOptions) bool {
	src, dst := scopeOf(after), scopeOf(before)
	*b = vk.MemoryBarrier2{SType: vk.StructureTypeMemoryBarrier2, SrcStageMask: src.stages, DstStageMask: dst.stages}
	if v != metal.VisibilityNone {
		b.SrcAccessMask = src.writes
		b.DstAccessMask = dst.reads | dst.writes
	}
	return src.stages != 0 && dst.stages != 0
}

// barriers is a list of barriers to record as one command, kept between frames.
type barriers struct {
	memory     []vk.MemoryBarrier2
	buffer     vk.BufferMemoryBarrier2 // of indirect arguments; none without a handle
	image      []vk.ImageMemoryBarrier2
	dependency vk.DependencyInfo
}

func (l *barriers) add(after, before metal.Stages, v metal.VisibilityOptions) {
	var b vk.MemoryBarrier2
	if memoryBarrier(&b, after, before, v) {
		l.memory = append(l.memory, b)
	}
}

// addDiscard begins the life of an image anew: a transition from UNDEFINED to
// GENERAL. It falls in with the plan's own barrier before these stages, through
// their link stage, and so hides none that is missing from the validation layer
// (a link through the stages themselves would be a barrier between any two of
// them). The layer follows such a chain only where the accesses meet too.
func (l *barriers) addDiscard(m *image, part vk.ImageSubresourceRange, stages metal.Stages) {
	s := scopeOf(stages)
	l.image = append(l.image, vk.ImageMemoryBarrier2{
		SType:        vk.StructureTypeImageMemoryBarrier2,
		SrcStageMask: s.link, SrcAccessMask: s.linkReads, DstStageMask: s.stages, DstAccessMask: s.reads | s.writes,
		OldLayout: vk.ImageLayoutUndefined, NewLayout: vk.ImageLayoutGeneral,
		SrcQueueFamilyIndex: vk.QueueFamilyIgnored, DstQueueFamilyIndex: vk.QueueFamilyIgnored,
		Image: m.handle, SubresourceRange: part,
	})
}

// addArguments lets the next indirect command read size bytes at offset, which
// the plan's barriers show to the stage of the command; one range a list.
func (l *barriers) addArguments(b *buffer, offset, size int, stage metal.Stages) {
	s := scopeOf(stage)
	l.buffer = vk.BufferMemoryBarrier2{
		SType:        vk.StructureTypeBufferMemoryBarrier2,
		SrcStageMask: s.link, SrcAccessMask: s.linkReads,
		DstStageMask: vk.PipelineStage2DrawIndirectBit, DstAccessMask: vk.Access2IndirectCommandReadBit,
		SrcQueueFamilyIndex: vk.QueueFamilyIgnored, DstQueueFamilyIndex: vk.QueueFamilyIgnored,
		Buffer: b.handle, Offset: uint64(offset), Size: uint64(size),
	}
}

// record records the list, memory barriers first so that the others follow what
// stands before them, and empties it.
func (l *barriers) record(d *Device, cb vk.CommandBuffer) {
	l.dependency = vk.DependencyInfo{SType: vk.StructureTypeDependencyInfo}
	if n := len(l.memory); n > 0 {
		l.dependency.MemoryBarrierCount, l.dependency.PMemoryBarriers = uint32(n), &l.memory[0]
		d.vk.CmdPipelineBarrier2(cb, &l.dependency)
		l.dependency.MemoryBarrierCount, l.dependency.PMemoryBarriers = 0, nil
	}
	if l.buffer.Buffer != 0 {
		l.dependency.BufferMemoryBarrierCount, l.dependency.PBufferMemoryBarriers = 1, &l.buffer
		d.vk.CmdPipelineBarrier2(cb, &l.dependency)
		l.dependency.BufferMemoryBarrierCount, l.dependency.PBufferMemoryBarriers = 0, nil
		l.buffer.Buffer = 0
	}
	for i := range l.image { // one command each: two may share memory
		l.dependency.ImageMemoryBarrierCount, l.dependency.PImageMemoryBarriers = 1, &l.image[i]
		d.vk.CmdPipelineBarrier2(cb, &l.dependency)
	}
	l.memory, l.image = l.memory[:0], l.image[:0]
}
