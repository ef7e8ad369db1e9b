package vulkan

import (
	"fmt"
	"slices"
	"sync"

	"weft/metal/vulkan/vk"
)

// maxQueues is how many Vulkan queues a device opens at most. More command
// queues than that share them.
const maxQueues = 4

// queueSet are a device's queues.
type queueSet struct {
	family queueFamily
	list   []*vulkanQueue
	mu     sync.Mutex // guards the users of each
}

// vulkanQueue is a VkQueue, with the few command buffers that the driver itself
// needs on it.
type vulkanQueue struct {
	handle vk.Queue
	users  int // command queues
	pool   vk.CommandPool
	// hostBarrier makes all earlier writes visible to the CPU; submitted with
	// each signal.
	hostBarrier vk.CommandBuffer

	mu       sync.Mutex // guards the queue and all below
	setup    vk.Semaphore
	setups   uint64             // value of setup that the last one signals
	used     []usedBuffer       // command buffers of setups under way
	idle     []vk.CommandBuffer // done ones
	submit   vk.SubmitInfo2
	commands []vk.CommandBufferSubmitInfo
	signal   vk.SemaphoreSubmitInfo
}

type usedBuffer struct {
	handle vk.CommandBuffer
	done   uint64
}

func (d *Device) openQueues(f queueFamily, count int) error {
	d.queues.family = f
	for i := range count {
		q := &vulkanQueue{}
		d.vk.GetDeviceQueue(d.handle, f.index, uint32(i), &q.handle)
		d.queues.list = append(d.queues.list, q)
		info := &vk.CommandPoolCreateInfo{
			SType: vk.StructureTypeCommandPoolCreateInfo, QueueFamilyIndex: f.index,
			Flags: vk.CommandPoolCreateResetCommandBufferBit,
		}
		if r := d.vk.CreateCommandPool(d.handle, info, nil, &q.pool); r != vk.Success {
			return fmt.Errorf("a command pool: %w", r)
		}
		var err error
		if q.setup, err = d.newTimeline(); err != nil {
			return err
		}
		if err := q.recordHostBarrier(d); err != nil {
			return err
		}
	}
	return nil
}

func (q *vulkanQueue) recordHostBarrier(d *Device) error {
	cb, err := d.newCommandBuffer(q.pool)
	if err != nil {
		return err
	}
	q.hostBarrier = cb
	begin := &vk.CommandBufferBeginInfo{SType: vk.StructureTypeCommandBufferBeginInfo, Flags: vk.CommandBufferUsageSimultaneousUseBit}
	if r := d.vk.BeginCommandBuffer(cb, begin); r != vk.Success {
		return r
	}
	d.vk.CmdPipelineBarrier2(cb, &vk.DependencyInfo{
		SType:              vk.StructureTypeDependencyInfo,
		MemoryBarrierCount: 1,
		PMemoryBarriers: &vk.MemoryBarrier2{
			SType:        vk.StructureTypeMemoryBarrier2,
			SrcStageMask: vk.PipelineStage2AllCommandsBit, SrcAccessMask: vk.Access2MemoryWriteBit,
			DstStageMask: vk.PipelineStage2HostBit, DstAccessMask: vk.Access2HostReadBit | vk.Access2HostWriteBit,
		},
	})
	return d.vk.EndCommandBuffer(cb).Check()
}

func (s *queueSet) release(d *Device) {
	for _, q := range s.list {
		d.vk.DestroyCommandPool(d.handle, q.pool, nil)
		d.vk.DestroySemaphore(d.handle, q.setup, nil)
	}
}

// take gives one more user to the queue with the fewest.
func (s *queueSet) take() *vulkanQueue {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := slices.MinFunc(s.list, func(a, b *vulkanQueue) int { return a.users - b.users })
	q.users++
	return q
}

func (s *queueSet) giveBack(q *vulkanQueue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q.users--
}

// shared reports whether other command queues use q, or must when they are made.
func (s *queueSet) shared(q *vulkanQueue) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return q.users > 1 || len(s.list) == 1
}

// newCommandBuffer allocates one command buffer.
func (d *Device) newCommandBuffer(pool vk.CommandPool) (vk.CommandBuffer, error) {
	var cb vk.CommandBuffer
	r := d.vk.AllocateCommandBuffers(d.handle, &vk.CommandBufferAllocateInfo{
		SType: vk.StructureTypeCommandBufferAllocateInfo, CommandPool: pool, CommandBufferCount: 1,
	}, &cb)
	if r != vk.Success {
		return 0, fmt.Errorf("a command buffer: %w", r)
	}
	return cb, nil
}

// setUp records and submits commands of the driver's own, before whatever is
// committed next. The caller holds q.mu.
func (q *vulkanQueue) setUp(d *Device, record func(vk.CommandBuffer)) error {
	cb, err := q.setUpBuffer(d)
	if err != nil {
		return err
	}
	begin := &vk.CommandBufferBeginInfo{SType: vk.StructureTypeCommandBufferBeginInfo, Flags: vk.CommandBufferUsageOneTimeSubmitBit}
	if r := d.vk.BeginCommandBuffer(cb, begin); r != vk.Success {
		return r
	}
	record(cb)
	if r := d.vk.EndCommandBuffer(cb); r != vk.Success {
		return r
	}
	q.setups++
	q.used = append(q.used, usedBuffer{cb, q.setups})
	q.commands = append(q.commands[:0], commandInfo(cb))
	return q.send(d, q.setup, q.setups)
}

// setUpBuffer takes a command buffer whose last work is done, or a new one.
func (q *vulkanQueue) setUpBuffer(d *Device) (vk.CommandBuffer, error) {
	var done uint64
	if r := d.vk.GetSemaphoreCounterValue(d.handle, q.setup, &done); r != vk.Success {
		return 0, r
	}
	for len(q.used) > 0 && q.used[0].done <= done {
		q.idle = append(q.idle, q.used[0].handle)
		q.used = q.used[1:]
	}
	if n := len(q.idle); n > 0 {
		cb := q.idle[n-1]
		q.idle = q.idle[:n-1]
		return cb, nil
	}
	return d.newCommandBuffer(q.pool)
}

func commandInfo(cb vk.CommandBuffer) vk.CommandBufferSubmitInfo {
	return vk.CommandBufferSubmitInfo{SType: vk.StructureTypeCommandBufferSubmitInfo, CommandBuffer: cb}
}

func semaphoreInfo(s vk.Semaphore, value uint64) vk.SemaphoreSubmitInfo {
	return vk.SemaphoreSubmitInfo{
		SType: vk.StructureTypeSemaphoreSubmitInfo, Semaphore: s, Value: value, StageMask: vk.PipelineStage2AllCommandsBit,
	}
}

// send submits q.commands, and signals a semaphore unless it is 0.
func (q *vulkanQueue) send(d *Device, signal vk.Semaphore, value uint64) error {
	q.submit = vk.SubmitInfo2{SType: vk.StructureTypeSubmitInfo2}
	if n := len(q.commands); n > 0 {
		q.submit.CommandBufferInfoCount, q.submit.PCommandBufferInfos = uint32(n), &q.commands[0]
	}
	if signal != 0 {
		q.signal = semaphoreInfo(signal, value)
		q.submit.SignalSemaphoreInfoCount, q.submit.PSignalSemaphoreInfos = 1, &q.signal
	}
	return d.vk.QueueSubmit2(q.handle, 1, &q.submit, 0).Check()
}

// runNow runs commands of the driver's own and waits for them: uploads while a
// pipeline is made. Everything later sees what they wrote. It waits for the
// whole queue, which the validation layer understands, as it does not the value
// of a timeline: the pipeline may be used on another queue.
func (d *Device) runNow(record func(vk.CommandBuffer)) error {
	q := d.queues.list[0]
	q.mu.Lock()
	defer q.mu.Unlock()
	err := q.setUp(d, func(cb vk.CommandBuffer) {
		record(cb)
		d.vk.CmdPipelineBarrier2(cb, &vk.DependencyInfo{
			SType:              vk.StructureTypeDependencyInfo,
			MemoryBarrierCount: 1,
			PMemoryBarriers: &vk.MemoryBarrier2{
				SType:        vk.StructureTypeMemoryBarrier2,
				SrcStageMask: vk.PipelineStage2AllTransferBit, SrcAccessMask: vk.Access2TransferWriteBit,
				DstStageMask: vk.PipelineStage2AllCommandsBit, DstAccessMask: vk.Access2MemoryReadBit | vk.Access2MemoryWriteBit,
			},
		})
	})
	if err != nil {
		return err
	}
	return d.vk.QueueWaitIdle(q.handle).Check()
}
