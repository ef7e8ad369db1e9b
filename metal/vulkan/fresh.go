package vulkan

import (
	"slices"

	"weft/metal/vulkan/vk"
)

// Images begin in the layout UNDEFINED and are used in GENERAL. The first
// commit after their creation brings them there, before its own commands.

func (d *Device) addFresh(m *image) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fresh = append(d.fresh, m)
}

func (d *Device) dropFresh(m *image) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fresh = slices.DeleteFunc(d.fresh, func(x *image) bool { return x == m })
}

func (d *Device) takeFresh() []*image {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.fresh
	d.fresh = nil
	return f
}

// prepareFresh brings new images to GENERAL on a queue whose lock the caller
// holds. Another queue may be the first to use one, so with several this waits.
func (d *Device) prepareFresh(q *vulkanQueue) error {
	fresh := d.takeFresh()
	if len(fresh) == 0 {
		return nil
	}
	if err := q.setUp(d, func(cb vk.CommandBuffer) { d.recordFresh(cb, fresh) }); err != nil {
		return err
	}
	if d.queues.several() {
		return d.vk.QueueWaitIdle(q.handle).Check()
	}
	return nil
}

// recordFresh moves images from UNDEFINED to GENERAL, one barrier command each,
// since several may share memory.
func (d *Device) recordFresh(cb vk.CommandBuffer, images []*image) {
	const all = vk.PipelineStage2AllCommandsBit
	const access = vk.Access2MemoryReadBit | vk.Access2MemoryWriteBit
	for _, m := range images {
		d.vk.CmdPipelineBarrier2(cb, &vk.DependencyInfo{
			SType:                   vk.StructureTypeDependencyInfo,
			ImageMemoryBarrierCount: 1,
			PImageMemoryBarriers: &vk.ImageMemoryBarrier2{
				SType:        vk.StructureTypeImageMemoryBarrier2,
				SrcStageMask: all, SrcAccessMask: vk.Access2MemoryWriteBit, DstStageMask: all, DstAccessMask: access,
				OldLayout: vk.ImageLayoutUndefined, NewLayout: vk.ImageLayoutGeneral,
				SrcQueueFamilyIndex: vk.QueueFamilyIgnored, DstQueueFamilyIndex: vk.QueueFamilyIgnored,
				Image: m.handle, SubresourceRange: m.whole,
			},
		})
	}
}
