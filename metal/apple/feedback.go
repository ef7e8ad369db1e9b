package apple

import (
	"fmt"
	"strings"
	"sync"

	"weft/metal/apple/objc"
)

// fault keeps the first error that came outside of a call that returns errors,
// for the next call that does.
type fault struct {
	mu  sync.Mutex
	err error
}

func (f *fault) keep(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}

// take returns the error once.
func (f *fault) take() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.err
	f.err = nil
	return err
}

// flights are the commits whose feedback has not come in. Metal calls a block
// for each when the GPU is done, on a thread of its own.
type flights struct {
	device *Device
	mu     sync.Mutex
	all    []*flight
	free   []*flight
}

// flight is one commit, or one to come: its block is used again.
type flight struct {
	block  objc.ID
	queue  string
	labels []string // of the command buffers
}

// maxFlights bounds the blocks of a queue whose feedback does not come in.
const maxFlights = 64

// take readies a flight for a batch and returns its block; nil where too many
// are under way, and what the GPU says of this one is not heard.
func (f *flights) take(q *commandQueue, batch []*commandBuffer) objc.ID {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.free) == 0 {
		if len(f.all) == maxFlights {
			return 0
		}
		t := &flight{queue: q.String()}
		t.block = f.device.runtime.NewBlock(func(feedback objc.ID) { f.landed(t, feedback) })
		f.all = append(f.all, t)
		f.free = append(f.free, t)
	}
	t := f.free[len(f.free)-1]
	f.free = f.free[:len(f.free)-1]
	t.labels = t.labels[:0]
	for _, b := range batch {
		t.labels = append(t.labels, b.label)
	}
	return t.block
}

// landed hears the MTL4CommitFeedback of a flight.
func (f *flights) landed(t *flight, feedback objc.ID) {
	d := f.device
	c := d.borrow()
	defer d.giveBack(c)
	err := c.object(feedback, selError)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != 0 {
		d.lost.keep(d.foundation.Error(c.Calls, err, fmt.Sprintf("apple: %s: running command buffers %q", t.queue, strings.Join(t.labels, `", "`))))
	}
	f.free = append(f.free, t)
}

// release gives the blocks back; Metal keeps those that it will still call.
func (f *flights) release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range f.all {
		f.device.runtime.ReleaseBlock(t.block)
	}
	f.all, f.free = nil, nil
}
