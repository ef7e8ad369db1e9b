package record

import (
	"sync"
	"time"
)

type sharedEvent struct {
	object
	self [1]*object

	mu      sync.Mutex
	value   uint64
	changed chan struct{}
}

func (e *sharedEvent) SignaledValue() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.value
}

func (e *sharedEvent) Wait(value uint64, timeout time.Duration) bool {
	if e.device.options.Log {
		e.device.log(e.String(), "Wait", Arg{"value", value})
	}
	if e.released.Load() {
		e.device.fail(e.String(), "Wait", "the event is used after its Release")
		return false
	}
	if e.SignaledValue() >= value {
		return true
	}
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	for {
		e.mu.Lock()
		if e.value >= value {
			e.mu.Unlock()
			return true
		}
		if e.changed == nil {
			e.changed = make(chan struct{})
		}
		changed := e.changed
		e.mu.Unlock()
		select {
		case <-changed:
		case <-deadline.C:
			return false
		}
	}
}

// set raises the value; it reports whether that is up.
func (e *sharedEvent) set(value uint64) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if value <= e.value {
		return false
	}
	e.value = value
	if e.changed != nil {
		close(e.changed)
		e.changed = nil
	}
	return true
}

// Tick is how far a device's clock goes from one timestamp to the next.
const Tick = 1000

type counterHeap struct {
	object
	mu      sync.Mutex
	values  []uint64
	pending []int // writes that are committed and not done, by entry
}

func (h *counterHeap) Count() int { return len(h.values) }

func (h *counterHeap) expect(index int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pending[index]++
}

func (h *counterHeap) write(index int, value uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.values[index] = value
	h.pending[index]--
}

func (h *counterHeap) Resolve(start int, into []uint64) error {
	d := h.device
	if d.options.Log {
		d.log(h.String(), "Resolve", Arg{"start", start}, Arg{"count", len(into)})
	}
	if h.released.Load() {
		return d.fail(h.String(), "Resolve", "the heap is used after its Release")
	}
	if start < 0 || start > len(h.values) || len(into) > len(h.values)-start {
		return d.fail(h.String(), "Resolve", "entries [%d, %d): the heap has [0, %d)", start, start+len(into), len(h.values))
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, n := range h.pending[start : start+len(into)] {
		if n > 0 {
			// The fault's lock is another one, and no write waits for it.
			return d.fail(h.String(), "Resolve", "entry %d is still to be written by work in flight: wait for an event first", start+i)
		}
	}
	copy(into, h.values[start:])
	return nil
}
