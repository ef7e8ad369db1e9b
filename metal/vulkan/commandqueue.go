package vulkan

import (
	"weft/metal"
	"weft/metal/vulkan/vk"
)

// commandQueue is a metal.CommandQueue.
type commandQueue struct {
	object
	queue *vulkanQueue
	sets  residents
}

var _ metal.CommandQueue = (*commandQueue)(nil)

// NewCommandQueue makes a command queue. The first few have a Vulkan queue each
// where the device has as many.
func (d *Device) NewCommandQueue(label string) (metal.CommandQueue, error) {
	return &commandQueue{object: object{d, label}, queue: d.queues.next()}, nil
}

// Commit submits ended command buffers as one batch.
func (c *commandQueue) Commit(buffers []metal.CommandBuffer) error {
	d, q := c.device, c.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, b := range buffers {
		cb, ok := b.(*commandBuffer)
		if !ok || cb.device != d {
			return fail("queue", c.label, "BUG: Commit of a command buffer of another device")
		}
		if cb.state != bufferEnded {
			return fail("queue", c.label, "BUG: Commit of command buffer %q, which is %s: it must have ended without a fault, and be committed once", cb.label, cb.state)
		}
	}
	if err := d.prepareFresh(q); err != nil {
		return fail("queue", c.label, "preparing new textures: %w", err)
	}
	q.commands = q.commands[:0]
	for _, b := range buffers {
		cb := b.(*commandBuffer)
		q.commands = append(q.commands, commandInfo(cb.handle))
		cb.state = bufferIdle
	}
	if err := q.send(d, 0, 0); err != nil {
		return fail("queue", c.label, "Commit: %w", err)
	}
	return nil
}

// SignalEvent signals after everything committed before, whose writes the CPU
// then sees.
func (c *commandQueue) SignalEvent(e metal.SharedEvent, value uint64) error {
	ev, ok := e.(*sharedEvent)
	if !ok {
		return fail("queue", c.label, "BUG: SignalEvent with an event of another driver")
	}
	q := c.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	q.commands = append(q.commands[:0], commandInfo(q.hostBarrier))
	if err := q.send(c.device, ev.handle, value); err != nil {
		return fail("queue", c.label, "SignalEvent %q to %d: %w", ev.label, value, err)
	}
	return nil
}

// WaitForEvent holds back everything committed afterwards. On a device with one
// Vulkan queue, such as llvmpipe, every command queue waits, so that a signal
// from another queue must have been given before.
func (c *commandQueue) WaitForEvent(e metal.SharedEvent, value uint64) error {
	ev, ok := e.(*sharedEvent)
	if !ok {
		return fail("queue", c.label, "BUG: WaitForEvent with an event of another driver")
	}
	q := c.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	q.signal = semaphoreInfo(ev.handle, value)
	q.submit = vk.SubmitInfo2{SType: vk.StructureTypeSubmitInfo2, WaitSemaphoreInfoCount: 1, PWaitSemaphoreInfos: &q.signal}
	if r := c.device.vk.QueueSubmit2(q.handle, 1, &q.submit, 0); r != vk.Success {
		return fail("queue", c.label, "WaitForEvent %q at %d: %w", ev.label, value, r)
	}
	return nil
}

func (c *commandQueue) AddResidencySet(s metal.ResidencySet)    { c.sets.add(s) }
func (c *commandQueue) RemoveResidencySet(s metal.ResidencySet) { c.sets.remove(s) }

// Release waits until the queue's work is done.
func (c *commandQueue) Release() {
	c.queue.mu.Lock()
	defer c.queue.mu.Unlock()
	c.device.vk.QueueWaitIdle(c.queue.handle)
}
