package rules

import (
	"fmt"
	"sync"

	"weft/metal"
)

// Fence is what a driver keeps of a fence: the queue whose work updates it.
// Queues may be told of their work on several threads.
type Fence struct {
	Label string

	mu    sync.Mutex
	queue metal.CommandQueue // nil before the first commit that updates it
}

func (f *Fence) String() string { return Describe("fence", f.Label) }

// Fences is what one recording does with fences, in order. Recordings are
// committed in another order than they are made in, so who updates a fence
// before who waits for it is known at the commit only.
type Fences struct {
	uses []fenceUse
	pass int // where the uses of the open encoder begin
}

type fenceUse struct {
	fence   *Fence
	update  bool
	claimed bool // this update is the fence's first
}

// Begin forgets the recording before.
func (l *Fences) Begin() { l.uses, l.pass = l.uses[:0], 0 }

// Encoder begins an encoder.
func (l *Fences) Encoder() { l.pass = len(l.uses) }

// Update is the rule of updating a fence after stages of an encoder, and notes
// that it is.
func (l *Fences) Update(f *Fence, after, owned metal.Stages) error {
	if err := OwnStages("after", after, owned); err != nil {
		return fmt.Errorf("%s: %w", f, err)
	}
	l.uses = append(l.uses, fenceUse{fence: f, update: true})
	return nil
}

// Wait is the rule of waiting for a fence before stages of an encoder, and notes
// that it is waited for. Metal may put off an update to the end of the encoder,
// so an encoder cannot wait for its own.
func (l *Fences) Wait(f *Fence, before, owned metal.Stages) error {
	if err := OwnStages("before", before, owned); err != nil {
		return fmt.Errorf("%s: %w", f, err)
	}
	for _, u := range l.uses[l.pass:] {
		if u.fence == f && u.update {
			return fmt.Errorf("%s is updated by this encoder: wait before the update, or use an intra-pass barrier", f)
		}
	}
	l.uses = append(l.uses, fenceUse{fence: f})
	return nil
}

// Commit is the rule of committing the recording to a queue: each fence that it
// waits for was updated before, on the same queue. Where a later recording of the
// same commit breaks it, Withdraw takes this one back.
func (l *Fences) Commit(q metal.CommandQueue) error {
	for i := range l.uses {
		if err := l.uses[i].commit(q); err != nil {
			l.Withdraw()
			return err
		}
	}
	return nil
}

func (u *fenceUse) commit(q metal.CommandQueue) error {
	f := u.fence
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.queue != nil && f.queue != q:
		return fmt.Errorf("%s orders the work of %s, and this is another queue: use a shared event between queues", f, name("command queue", f.queue))
	case f.queue == nil && !u.update:
		return fmt.Errorf("it waits for %s, which no encoder before it updates: the wait would order nothing", f)
	case f.queue == nil:
		f.queue, u.claimed = q, true
	}
	return nil
}

// Withdraw takes back a Commit that came to nothing.
func (l *Fences) Withdraw() {
	for i := range l.uses {
		u := &l.uses[i]
		if u.claimed {
			u.fence.mu.Lock()
			u.fence.queue = nil
			u.fence.mu.Unlock()
			u.claimed = false
		}
	}
}
