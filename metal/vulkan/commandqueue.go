package vulkan

import (
	"slices"

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
// where the device has as many; others share.
func (d *Device) NewCommandQueue(label string) (metal.CommandQueue, error) {
	return &commandQueue{object: object{d, label}, queue: d.queues.take()}, nil
}

// Commit submits ended command buffers as one batch.
func (c *commandQueue) Commit(buffers []metal.CommandBuffer) error {
	d, q := c.device, c.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, b := range buffers {
		cb, ok := b.(*commandBuffer)
		if !ok || cb.device != d {
			return fail("queue", c.label, "BUG: Commit of a command buffer of another device")
		}
		if cb.state != bufferEnded {
			return fail("queue", c.label, "BUG: Commit of command buffer %q, which is %s: it must have ended without a fault, and be committed once", cb.label, cb.state)
		}
		if slices.Contains(buffers[:i], b) {
			return fail("queue", c.label, "BUG: Commit of command buffer %q twice: it runs once", cb.label)
		}
	}
	for i, b := range buffers {
		cb := b.(*commandBuffer)
		if err := cb.fences.Commit(c); err != nil {
			for _, earlier := range buffers[:i] {
				earlier.(*commandBuffer).fences.Withdraw()
			}
			return fail("queue", c.label, "BUG: Commit of command buffer %q: %w", cb.label, err)
		}
	}
	if err := d.fresh.prepare(d, q); err != nil {
		return fail("queue", c.label, "preparing new textures: %w", err)
	}
	q.commands = q.commands[:0]
	for _, b := range buffers {
		q.commands = append(q.commands, commandInfo(b.(*commandBuffer).handle))
	}
	if err := q.send(d, 0, 0); err != nil {
		return fail("queue", c.label, "Commit: %w", err)
	}
	for _, b := range buffers {
		b.(*commandBuffer).state = bufferIdle
	}
	return nil
}

// SignalEvent signals after everything committed before, whose writes the CPU
// then sees.
func (c *commandQueue) SignalEvent(e metal.SharedEvent, value uint64) error {
	ev, ok := e.(*sharedEvent)
	if !ok || ev.device != c.device {
		return fail("queue", c.label, "BUG: SignalEvent with an event of another device")
	}
	q := c.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	ev.mu.Lock()
	defer ev.mu.Unlock()
	if value <= ev.given {
		return fail("queue", c.label, "BUG: SignalEvent %q to %d: it was signaled to %d, and its values go up", ev.label, value, ev.given)
	}
	q.commands = append(q.commands[:0], commandInfo(q.hostBarrier))
	if err := q.send(c.device, ev.handle, value); err != nil {
		return fail("queue", c.label, "SignalEvent %q to %d: %w", ev.label, value, err)
	}
	ev.given = value
	return nil
}

// WaitForEvent holds back everything committed afterwards. On a Vulkan queue
// that command queues share, such as llvmpipe's only one, that would hold back
// the signal too: it must have been given before.
func (c *commandQueue) WaitForEvent(e metal.SharedEvent, value uint64) error {
	ev, ok := e.(*sharedEvent)
	if !ok || ev.device != c.device {
		return fail("queue", c.label, "BUG: WaitForEvent with an event of another device")
	}
	q := c.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	if given := ev.last(); given < value && c.device.queues.shared(q) {
		return fail("queue", c.label, "WaitForEvent %q at %d: it was signaled to %d only, and command queues share a queue of this device, where the wait would hold back the signal: call SignalEvent first", ev.label, value, given)
	}
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
	defer c.device.queues.giveBack(c.queue)
	c.queue.mu.Lock()
	defer c.queue.mu.Unlock()
	c.device.vk.QueueWaitIdle(c.queue.handle)
}
