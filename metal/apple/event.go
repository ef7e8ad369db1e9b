package apple

import (
	"math"
	"sync"
	"time"

	"weft/metal"
)

// sharedEvent is an MTLSharedEvent.
type sharedEvent struct {
	object
	mu    sync.Mutex
	given uint64 // the last value that a queue was told to signal
}

var _ metal.SharedEvent = (*sharedEvent)(nil)

// NewSharedEvent makes an event whose counter is 0.
func (d *Device) NewSharedEvent(label string) (metal.SharedEvent, error) {
	c := d.borrow()
	defer d.giveBack(c)
	e := &sharedEvent{object: object{device: d, kind: "shared event", label: label}}
	if e.id = c.object(d.id, selNewSharedEvent); e.id == 0 {
		return nil, e.fail("device %q made none", d.name)
	}
	c.label(e.id, label)
	return e, nil
}

func (e *sharedEvent) SignaledValue() uint64 {
	if e.id == 0 {
		return 0
	}
	c := e.device.borrow()
	defer e.device.giveBack(c)
	return uint64(c.send(e.id, selSignaledValue))
}

// Wait waits in whole milliseconds, rounded up.
func (e *sharedEvent) Wait(value uint64, timeout time.Duration) bool {
	if e.id == 0 {
		return false
	}
	timeout = min(max(timeout, 0), math.MaxInt64-time.Millisecond)
	c := e.device.borrow()
	defer e.device.giveBack(c)
	return truth(c.send(e.id, selWaitUntilSignaledValueTimeoutMS, uintptr(value), uintptr((timeout+time.Millisecond-1)/time.Millisecond)))
}

// signal tells a queue to signal the event, which goes up only.
func (e *sharedEvent) signal(q *commandQueue, value uint64) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if value <= e.given {
		return q.fail("SignalEvent: %s to %d: it was signaled to %d, and its values go up", e, value, e.given)
	}
	c := q.device.borrow()
	defer q.device.giveBack(c)
	c.send(q.id, selSignalEventValue, uintptr(e.id), uintptr(value))
	e.given = value
	return nil
}
