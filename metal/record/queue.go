package record

import (
	"slices"
	"sync"

	"weft/metal"
)

// gpu runs what queues were given, in each queue's order.
type gpu struct {
	mu     sync.Mutex
	held   bool
	queues []*commandQueue
}

type commandQueue struct {
	object
	sets    []*residencySet
	pending []operation // under gpu.mu
}

type operationKind uint8

const (
	operationWork operationKind = iota
	operationSignal
	operationWait
)

// operation is what a queue does next.
type operation struct {
	kind  operationKind
	work  []work
	users []*object // what must outlive the operation
	event *sharedEvent
	value uint64
}

// NewCommandQueue makes a queue.
func (d *Device) NewCommandQueue(label string) (metal.CommandQueue, error) {
	q := &commandQueue{}
	d.adopt(&q.object, "command queue", label)
	d.gpu.mu.Lock()
	defer d.gpu.mu.Unlock()
	d.gpu.queues = append(d.gpu.queues, q)
	return q, nil
}

func (q *commandQueue) Release() {
	q.object.Release()
	g := &q.device.gpu
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.queues, q); i >= 0 {
		g.queues = slices.Delete(g.queues, i, i+1)
	}
}

// Hold stops the GPU: what is committed from now on waits for Resume.
func (d *Device) Hold() {
	d.gpu.mu.Lock()
	defer d.gpu.mu.Unlock()
	d.gpu.held = true
}

// Resume lets the GPU do what waits, and go on.
func (d *Device) Resume() {
	d.gpu.mu.Lock()
	defer d.gpu.mu.Unlock()
	d.gpu.held = false
	d.gpu.advance(d)
}

// submit runs an operation at once where nothing is before it, or keeps it.
func (q *commandQueue) submit(op operation) {
	d, g := q.device, &q.device.gpu
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.held && len(q.pending) == 0 && op.ready() {
		op.run(d)
		if op.kind == operationSignal {
			g.advance(d)
		}
		return
	}
	// The buffer that holds them may be begun again before they run.
	op.work, op.users = slices.Clone(op.work), slices.Clone(op.users)
	for _, o := range op.users {
		o.flights.Add(1)
	}
	q.flights.Add(1)
	q.pending = append(q.pending, op)
}

// advance runs all that can run; a signal may free another queue.
func (g *gpu) advance(d *Device) {
	for again := true; again && !g.held; {
		again = false
		for _, q := range g.queues {
			for len(q.pending) > 0 && q.pending[0].ready() {
				op := q.pending[0]
				q.pending = slices.Delete(q.pending, 0, 1)
				op.run(d)
				for _, o := range op.users {
					o.flights.Add(-1)
				}
				q.flights.Add(-1)
				again = true
			}
		}
	}
}

func (op *operation) ready() bool {
	return op.kind != operationWait || op.event.SignaledValue() >= op.value
}

func (op *operation) run(d *Device) {
	for i := range op.work {
		op.work[i].run(d)
	}
	if op.kind == operationSignal {
		if !op.event.set(op.value) {
			d.fail(op.event.String(), "SignalEvent", "signaled to %d, which is not above what it is at: values only go up", op.value)
		}
	}
}

func (q *commandQueue) AddResidencySet(s metal.ResidencySet) {
	q.sets = q.device.addSet(&q.object, "AddResidencySet", q.sets, s)
}

func (q *commandQueue) RemoveResidencySet(s metal.ResidencySet) {
	if q.device.options.Log {
		q.device.log(q.String(), "RemoveResidencySet", Arg{"set", name(s)})
	}
	for i, have := range q.sets {
		if metal.ResidencySet(have) == s {
			q.sets = slices.Delete(q.sets, i, i+1)
			return
		}
	}
	q.device.fail(q.String(), "RemoveResidencySet", "%s was not added", name(s))
}

// addSet adds a set to those of a queue or a buffer, once.
func (d *Device) addSet(owner *object, call string, sets []*residencySet, x metal.ResidencySet) []*residencySet {
	if d.options.Log {
		d.log(owner.String(), call, Arg{"set", name(x)})
	}
	s, ok := x.(*residencySet)
	switch {
	case !ok || s == nil || s.device != d:
		d.fail(owner.String(), call, "not a residency set of this device: %T", x)
	case s.released.Load():
		d.fail(owner.String(), call, "%s is used after its Release", s)
	case slices.Contains(sets, s):
	case len(sets) == maxSets:
		d.fail(owner.String(), call, "%s would be number %d: at most %d sets", s, maxSets+1, maxSets)
	default:
		return append(sets, s)
	}
	return sets
}

func (q *commandQueue) SignalEvent(x metal.SharedEvent, value uint64) error {
	e, err := q.event("SignalEvent", x, value)
	if err != nil {
		return err
	}
	if now := e.SignaledValue(); value <= now {
		return q.device.fail(q.String(), "SignalEvent", "%s to %d: values only go up, and it is at %d", e, value, now)
	}
	q.submit(operation{kind: operationSignal, event: e, value: value, users: e.self[:]})
	return nil
}

func (q *commandQueue) WaitForEvent(x metal.SharedEvent, value uint64) error {
	e, err := q.event("WaitForEvent", x, value)
	if err != nil {
		return err
	}
	q.submit(operation{kind: operationWait, event: e, value: value, users: e.self[:]})
	return nil
}

func (q *commandQueue) event(call string, x metal.SharedEvent, value uint64) (*sharedEvent, error) {
	if q.device.options.Log {
		q.device.log(q.String(), call, Arg{"event", name(x)}, Arg{"value", value})
	}
	e, ok := x.(*sharedEvent)
	switch {
	case q.released.Load():
		return nil, q.device.fail(q.String(), call, "the queue is used after its Release")
	case !ok || e == nil || e.device != q.device:
		return nil, q.device.fail(q.String(), call, "not an event of this device: %T", x)
	case e.released.Load():
		return nil, q.device.fail(q.String(), call, "%s is used after its Release", e)
	}
	return e, nil
}
