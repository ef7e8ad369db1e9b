package vulkan

import (
	"slices"
	"sync"

	"weft/metal/vulkan/vk"
)

// freshImages are the images that no commit has prepared: they begin in the
// layout UNDEFINED and are used in GENERAL. The first commit after their
// creation, on whatever queue, brings them there before its own commands.
type freshImages struct {
	mu   sync.Mutex // held until the preparation is submitted and ordered
	list []*image
}

// preparation is the submission of the driver's own that has used an image.
type preparation struct {
	queue *vulkanQueue // nil before
	value uint64       // of queue.setup, when it is done
}

func (f *freshImages) add(m *image) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, m)
}

// drop forgets an image that is about to be destroyed, and waits for its
// preparation, which the caller may know nothing of.
func (f *freshImages) drop(d *Device, m *image) {
	f.mu.Lock()
	f.list = slices.DeleteFunc(f.list, func(x *image) bool { return x == m })
	p := m.prepared
	f.mu.Unlock()
	if p.queue != nil {
		d.waitTimeline(p.queue.setup, p.value, vk.WaitForever)
	}
}

// prepare brings new images to GENERAL on a queue whose lock the caller holds.
// Another queue may be the first to use one: where there are several, this waits
// for all of the queue, which the validation layer understands, as it does not
// the value of a timeline.
func (f *freshImages) prepare(d *Device, q *vulkanQueue) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) == 0 {
		return nil
	}
	if err := q.setUp(d, func(cb vk.CommandBuffer) { d.recordFresh(cb, f.list) }); err != nil {
		return err
	}
	for _, m := range f.list {
		m.prepared = preparation{q, q.setups}
	}
	clear(f.list)
	f.list = f.list[:0]
	if len(d.queues.list) > 1 {
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
