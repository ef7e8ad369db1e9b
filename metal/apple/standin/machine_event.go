package standin

import (
	"slices"
	"time"

	"weft/metal"
)

// event is an MTLSharedEvent.
type event struct {
	object *object
	metal  metal.SharedEvent
	given  uint64 // the highest value that the device beneath was told to signal
}

func (m *machine) newEvent(c *call) {
	e := &event{}
	var err error
	if e.metal, err = m.device.NewSharedEvent(""); err != nil {
		c.fault("%v", err)
		return
	}
	e.object = c.create("MTLSharedEvent", e)
}

func (m *machine) signalEvent(c *call) {
	q, ok := c.self().state.(*queue)
	if !ok {
		return
	}
	e, value := c.object(0).state.(*event), c.word(1)
	for _, other := range m.queues {
		for _, s := range other.signals {
			if s.event == e && s.value >= value {
				c.fault("%s to %d: it is signaled to %d before, and its values only go up", e.object, value, s.value)
				return
			}
		}
	}
	q.signals = append(q.signals, signal{e, value, q.commits})
	q.submit(c, operation{run: func() error {
		e.given = max(e.given, value)
		return q.metal.SignalEvent(e.metal, value)
	}})
}

// waitForEvent holds the queue until the signal is on its way: Metal takes a
// wait whose signal is given later, the device beneath may not.
func (m *machine) waitForEvent(c *call) {
	q, ok := c.self().state.(*queue)
	if !ok {
		return
	}
	e, value := c.object(0).state.(*event), c.word(1)
	q.submit(c, operation{
		ready: func() bool { return e.given >= value },
		run:   func() error { return q.metal.WaitForEvent(e.metal, value) },
	})
}

// seen notes that the CPU has seen an event at a value: what was committed
// before the signal is complete.
func (m *machine) seen(e *event, value uint64) {
	for _, q := range m.queues {
		for _, s := range q.signals {
			if s.event == e && s.value <= value {
				q.known = max(q.known, s.commits)
			}
		}
		q.signals = slices.DeleteFunc(q.signals, func(s signal) bool { return s.event == e && s.value < value && s.commits <= q.known })
		q.history = slices.DeleteFunc(q.history, func(w *commit) bool { return w.number <= q.known })
	}
}

func (m *machine) signaledValue(c *call) {
	if e, ok := c.self().state.(*event); ok {
		v := e.metal.SignaledValue()
		m.seen(e, v)
		c.answer(v)
	}
}

// waitUntilSignaled waits without the machine's lock: another thread may have to
// signal.
func (m *machine) waitUntilSignaled(c *call) {
	e, ok := c.self().state.(*event)
	if !ok {
		return
	}
	value, timeout := c.word(0), time.Duration(min(c.word(1), uint64(patience/time.Millisecond)))*time.Millisecond
	var reached bool
	m.apart(func() { reached = e.metal.Wait(value, timeout) })
	if reached {
		m.seen(e, max(value, e.metal.SignaledValue()))
	}
	c.yes(reached)
}
