package standin

import (
	"slices"
	"sync"
	"time"

	"weft/metal"
	"weft/metal/apple/objc"
)

// queue is an MTL4CommandQueue.
type queue struct {
	machine  *machine
	object   *object
	metal    metal.CommandQueue
	sets     []*residencySet
	feedback bool // it has a queue to call back on
	// done counts what was committed, when it is complete.
	done    metal.SharedEvent
	commits uint64
	held    []operation // what waits for an event that nobody has signaled yet
	history []*commit   // those that the CPU does not know to be complete
	known   uint64      // the last commit that the CPU knows to be complete
	signals []signal
	reports sync.WaitGroup // the feedback that is still to come
}

// operation is something that a queue does in its turn.
type operation struct {
	ready func() bool // nil: at once
	run   func() error
}

// commit is the work of one commit.
type commit struct {
	number  uint64
	passes  []*pass
	touched map[*object]bool
}

// signal says which commits are complete when an event has reached a value.
type signal struct {
	event   *event
	value   uint64
	commits uint64
}

func (m *machine) newQueue(c *call) {
	q := &queue{machine: m}
	q.feedback = c.object(0).integer("feedbackQueue") != 0
	label := c.object(0).label()
	var err error
	if q.metal, err = m.device.NewCommandQueue(label); err == nil {
		q.done, err = m.device.NewSharedEvent(label + ", complete")
	}
	if err != nil {
		c.refuse(1, queueDomain, 1, err.Error())
		return
	}
	m.queues = append(m.queues, q)
	q.object = c.create("MTL4CommandQueue", q)
}

func (m *machine) addQueueSet(c *call) {
	if q, ok := c.self().state.(*queue); ok {
		q.sets = addSet(c, q.sets, c.object(0).state.(*residencySet))
	}
}

func (m *machine) removeQueueSet(c *call) {
	q, ok := c.self().state.(*queue)
	if !ok {
		return
	}
	i := slices.Index(q.sets, c.object(0).state.(*residencySet))
	if i < 0 {
		c.fault("%s was not added", c.object(0))
		return
	}
	q.sets = slices.Delete(q.sets, i, i+1)
}

// complete reports whether the CPU may know that a commit has run: by an event
// that was signaled after it and has been seen.
func (q *queue) complete(number uint64) bool { return number <= q.known }

// submit runs an operation after those that are held.
func (q *queue) submit(c *call, op operation) {
	q.held = append(q.held, op)
	q.machine.advance(c)
}

// advance runs what can run; a signal may free another queue.
func (m *machine) advance(c *call) {
	for again := true; again; {
		again = false
		for _, q := range m.queues {
			for len(q.held) > 0 && (q.held[0].ready == nil || q.held[0].ready()) {
				op := q.held[0]
				q.held = q.held[1:]
				if err := op.run(); err != nil {
					c.fault("%v", err)
				}
				again = true
			}
		}
	}
}

func (m *machine) commit(c *call) {
	q, ok := c.self().state.(*queue)
	if !ok {
		return
	}
	var buffers []*commandBuffer
	for _, o := range c.objects(0, c.integer(1)) {
		b, ok := o.state.(*commandBuffer)
		if !ok || slices.Contains(buffers, b) {
			c.fault("%s: each of the array is a command buffer, and there once", o)
			return
		}
		if !q.committable(c, b) {
			return
		}
		buffers = append(buffers, b)
	}
	if !q.fenced(c, buffers) {
		return
	}
	q.commits++
	work := &commit{number: q.commits, touched: map[*object]bool{}}
	var list []metal.CommandBuffer
	for _, b := range buffers {
		r := b.recording
		list = append(list, r.metal)
		work.passes = append(work.passes, r.passes...)
		for _, t := range r.touched {
			for at := t.what; at != nil; at = at.parent {
				work.touched[at.object] = true
			}
		}
		for o := range r.uses {
			work.touched[o] = true
		}
		for _, d := range r.drawables {
			d.draw(c, q)
		}
		r.allocator.last[q] = q.commits
		b.recording, b.state = nil, bufferIdle
	}
	q.history = append(q.history, work)
	if m.options.Log {
		m.committed = append(m.committed, work)
	}
	q.judge(c)
	number := q.commits
	q.submit(c, operation{run: func() error {
		err := q.metal.Commit(list)
		m.spare = append(m.spare, list...)
		if err != nil {
			return err
		}
		return q.metal.SignalEvent(q.done, number)
	}})
	var handlers []func(objc.ID)
	if c.selector() == "commit:count:options:" {
		if o, ok := c.object(2).state.(*commitOptions); ok {
			handlers = o.handlers
		}
	}
	if len(handlers) > 0 && !q.feedback {
		c.fault("a feedback handler, and %s was made without feedbackQueue: it is never called", q.object)
		return
	}
	m.report(q, number, handlers)
}

// committable reports whether a buffer can be committed.
func (q *queue) committable(c *call, b *commandBuffer) bool {
	r := b.recording
	switch {
	case b.state == bufferOpen:
		c.fault("%s is not ended", b.object)
		return false
	case b.state == bufferIdle || r == nil:
		c.fault("%s has nothing to commit: begin, encode and end it, each time", b.object)
		return false
	case r.faulty:
		c.fault("%s has a fault, reported before: it would be undefined what runs", b.object)
		return false
	case r.resets != r.allocator.resets:
		c.fault("%s: %s was reset since, so what was recorded is gone", b.object, r.allocator.object)
		return false
	}
	for o, by := range r.uses {
		if q.machine.gone[o] {
			c.fault("%s, %s: %s is used after its last release", b.object, by, o)
			return false
		}
	}
	for _, t := range r.touched {
		if t.what.gone {
			c.fault("%s, %s: %s is used after its last release", b.object, t.use, t.what)
			return false
		}
		if why := resident(t.what, q.sets, r.sets); why != "" {
			c.fault("%s, %s: %s", b.object, t.use, why)
		}
	}
	return true
}

// commitOptions is the state of an MTL4CommitOptions.
type commitOptions struct{ handlers []func(objc.ID) }

func (m *machine) addHandler(c *call) {
	o, ok := c.self().state.(*commitOptions)
	if !ok {
		o = &commitOptions{}
		c.self().state = o
	}
	o.handlers = append(o.handlers, c.block(0))
}

// report calls the handlers of a commit when it is complete, on a goroutine of
// its own: the feedback queue's thread.
func (m *machine) report(q *queue, number uint64, handlers []func(objc.ID)) {
	failure := m.takeFailure()
	if len(handlers) == 0 {
		return
	}
	q.reports.Add(1)
	go func() {
		defer q.reports.Done()
		q.done.Wait(number, patience)
		for _, h := range handlers {
			m.deliver(failure, h)
		}
	}()
}

// feedbackError is nil unless the commit was made to fail.
func (m *machine) feedbackError(c *call) {
	if f, ok := c.self().state.(*failure); ok && f != nil {
		c.give(c.failure(queueDomain, f.Code, f.Text))
	}
}

const queueDomain = "MTL4CommandQueueErrorDomain"

// patience is how long the machine waits for the device beneath.
const patience = time.Minute
