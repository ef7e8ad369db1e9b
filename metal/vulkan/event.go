package vulkan

import (
	"fmt"
	"sync"
	"time"
	"unsafe"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// sharedEvent is a timeline semaphore.
type sharedEvent struct {
	object
	handle vk.Semaphore

	mu    sync.Mutex
	given uint64 // the last value that a queue was told to signal
}

var _ metal.SharedEvent = (*sharedEvent)(nil)

// NewSharedEvent makes an event whose counter is 0.
func (d *Device) NewSharedEvent(label string) (metal.SharedEvent, error) {
	s, err := d.newTimeline()
	if err != nil {
		return nil, fail("event", label, "%w", err)
	}
	return &sharedEvent{object: object{d, label}, handle: s}, nil
}

func (d *Device) newTimeline() (vk.Semaphore, error) {
	kind := &vk.SemaphoreTypeCreateInfo{SType: vk.StructureTypeSemaphoreTypeCreateInfo, SemaphoreType: vk.SemaphoreTypeTimeline}
	info := &vk.SemaphoreCreateInfo{SType: vk.StructureTypeSemaphoreCreateInfo, PNext: unsafe.Pointer(kind)}
	var s vk.Semaphore
	if r := d.vk.CreateSemaphore(d.handle, info, nil, &s); r != vk.Success {
		return 0, fmt.Errorf("a timeline semaphore: %w", r)
	}
	return s, nil
}

// timelineWait is the arguments of one wait, kept between frames in the device's
// pool: several goroutines may wait at once.
type timelineWait struct {
	info      vk.SemaphoreWaitInfo
	semaphore vk.Semaphore
	value     uint64
}

// waitTimeline waits for a value, at most timeout nanoseconds.
func (d *Device) waitTimeline(s vk.Semaphore, value, timeout uint64) vk.Result {
	w, _ := d.waits.Get().(*timelineWait)
	if w == nil {
		w = &timelineWait{}
	}
	defer d.waits.Put(w)
	w.semaphore, w.value = s, value
	w.info = vk.SemaphoreWaitInfo{SType: vk.StructureTypeSemaphoreWaitInfo, SemaphoreCount: 1, PSemaphores: &w.semaphore, PValues: &w.value}
	return d.vk.WaitSemaphores(d.handle, &w.info, timeout)
}

// last is the last value that a queue was told to signal.
func (e *sharedEvent) last() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.given
}

func (e *sharedEvent) SignaledValue() uint64 {
	w, _ := e.device.waits.Get().(*timelineWait)
	if w == nil {
		w = &timelineWait{}
	}
	defer e.device.waits.Put(w)
	if r := e.device.vk.GetSemaphoreCounterValue(e.device.handle, e.handle, &w.value); r != vk.Success {
		return 0
	}
	return w.value
}

func (e *sharedEvent) Wait(value uint64, timeout time.Duration) bool {
	return e.device.waitTimeline(e.handle, value, uint64(max(timeout, 0))) == vk.Success
}

func (e *sharedEvent) Release() { e.device.vk.DestroySemaphore(e.device.handle, e.handle, nil) }
