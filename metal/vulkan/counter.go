package vulkan

import (
	"unsafe"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// counterHeap is a pool of timestamp queries.
type counterHeap struct {
	object
	handle vk.QueryPool
	count  int
}

var _ metal.CounterHeap = (*counterHeap)(nil)

// NewCounterHeap makes a heap of count timestamps.
func (d *Device) NewCounterHeap(label string, count int) (metal.CounterHeap, error) {
	if count < 1 || count > metal.MaxCounters {
		return nil, fail("counter heap", label, "count %d: must be from 1 to %d", count, metal.MaxCounters)
	}
	if d.queues.family.timestampMask == 0 {
		return nil, fail("counter heap", label, "the device has no timestamps")
	}
	h := &counterHeap{object: object{d, label}, count: count}
	info := &vk.QueryPoolCreateInfo{SType: vk.StructureTypeQueryPoolCreateInfo, QueryType: vk.QueryTypeTimestamp, QueryCount: uint32(count)}
	if r := d.vk.CreateQueryPool(d.handle, info, nil, &h.handle); r != vk.Success {
		return nil, fail("counter heap", label, "%w", r)
	}
	return h, nil
}

func (h *counterHeap) Count() int { return h.count }

func (h *counterHeap) Resolve(start int, into []uint64) error {
	if len(into) == 0 {
		return nil
	}
	if start < 0 || start > h.count-len(into) {
		return fail("counter heap", h.label, "entries [%d, %d): it has [0, %d)", start, start+len(into), h.count)
	}
	r := h.device.vk.GetQueryPoolResults(h.device.handle, h.handle, uint32(start), uint32(len(into)),
		uintptr(8*len(into)), unsafe.Pointer(&into[0]), 8, vk.QueryResult64Bit)
	if r != vk.Success {
		return fail("counter heap", h.label, "entries [%d, %d) are not all written: wait for the GPU first (%w)", start, start+len(into), r)
	}
	for i := range into {
		into[i] &= h.device.queues.family.timestampMask
	}
	return nil
}

func (h *counterHeap) Release() { h.device.vk.DestroyQueryPool(h.device.handle, h.handle, nil) }

// timestamp records the writing of one entry once stages of all that is before
// are done. The entry is reset first, which cannot be done in a render pass.
func (cb *commandBuffer) timestamp(heap metal.CounterHeap, index int, stages vk.PipelineStageFlags2) {
	h, ok := heap.(*counterHeap)
	switch {
	case !ok || h.device != cb.device:
		cb.fail("BUG: a timestamp in a counter heap of another device")
	case index < 0 || index >= h.count:
		cb.fail("timestamp %d: counter heap %q has entries [0, %d)", index, h.label, h.count)
	default:
		cb.device.vk.CmdResetQueryPool(cb.handle, h.handle, uint32(index), 1)
		cb.device.vk.CmdWriteTimestamp2(cb.handle, stages, h.handle, uint32(index))
	}
}
