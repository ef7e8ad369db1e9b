package vulkan

import (
	"weft/metal"
	"weft/metal/vulkan/vk"
)

// computeEncoder dispatches and copies.
type computeEncoder struct {
	encoder
	pipeline *computePipeline
	bound    *computePipeline // what Vulkan has bound
	bind     descriptorBind
	boundSet vk.DescriptorSet

	bufferCopy  vk.BufferCopy
	imageCopy   vk.ImageCopy
	textureCopy vk.BufferImageCopy
	blit        vk.ImageBlit
}

var _ metal.ComputeEncoder = (*computeEncoder)(nil)

func (e *computeEncoder) reset() {
	e.pipeline, e.bound, e.bind, e.boundSet = nil, nil, descriptorBind{}, 0
}

func (e *computeEncoder) SetComputePipeline(p metal.ComputePipeline) {
	x, ok := p.(*computePipeline)
	if !ok || x.device != e.cb.device {
		e.cb.fail("BUG: SetComputePipeline with a pipeline that is nil or of another device")
		return
	}
	e.pipeline = x
}

func (e *computeEncoder) SetArgumentTable(t metal.ArgumentTable) {
	x, ok := t.(*argumentTable)
	if !ok || x.device != e.cb.device {
		e.cb.fail("BUG: SetArgumentTable with a table that is nil or of another device")
		return
	}
	if x != e.bind.table {
		e.bind = descriptorBind{table: x}
	}
}

// prepare binds the pipeline and its arguments.
func (e *computeEncoder) prepare(verb string, threads metal.Size) bool {
	if !e.recording(verb) {
		return false
	}
	p := e.pipeline
	if p == nil {
		e.cb.fail("BUG: %s without a compute pipeline", verb)
		return false
	}
	if threads != p.threads {
		e.cb.fail("%s with %v threads a group: %s is written for %v", verb, threads, p.user, p.threads)
		return false
	}
	set, ok := e.snapshot(&e.bind, p.set, p.user)
	if !ok {
		return false
	}
	d := e.cb.device
	if p != e.bound {
		d.vk.CmdBindPipeline(e.cb.handle, vk.PipelineBindPointCompute, p.handle)
	}
	if set != 0 && (p != e.bound || set != e.boundSet) {
		e.boundSet = set
		d.vk.CmdBindDescriptorSets(e.cb.handle, vk.PipelineBindPointCompute, p.layout, 0, 1, &e.boundSet, 0, nil)
	}
	e.bound = p
	return true
}

func (e *computeEncoder) DispatchThreadgroups(groups, threads metal.Size) {
	if !e.prepare("DispatchThreadgroups", threads) {
		return
	}
	most := e.cb.device.limits.MaxComputeWorkGroupCount
	for i, n := range [...]int{groups.Width, groups.Height, groups.Depth} {
		if n < 0 || n > int(most[i]) {
			e.cb.fail("DispatchThreadgroups of %v groups: each from 0 to %v on this device", groups, most)
			return
		}
	}
	e.cb.device.vk.CmdDispatch(e.cb.handle, uint32(groups.Width), uint32(groups.Height), uint32(groups.Depth))
}

func (e *computeEncoder) DispatchThreadgroupsIndirect(arguments metal.Buffer, offset int, threads metal.Size) {
	const verb = "DispatchThreadgroupsIndirect"
	b := e.buffer(arguments, verb)
	if b == nil || !e.inBuffer(b, offset, 12, 4, verb) || !e.prepare(verb, threads) {
		return
	}
	e.cb.barriers.addArguments(b, offset, 12, metal.StageDispatch)
	e.cb.barriers.record(e.cb.device, e.cb.handle)
	e.cb.device.vk.CmdDispatchIndirect(e.cb.handle, b.handle, uint64(offset))
}

func (e *computeEncoder) WriteTimestamp(h metal.CounterHeap, index int) {
	if e.recording("WriteTimestamp") {
		e.cb.timestamp(h, index, vk.PipelineStage2AllCommandsBit)
	}
}
