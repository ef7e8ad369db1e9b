package record

import (
	"fmt"

	"weft/metal"
)

// Commit checks all buffers and then hands them over, or none.
func (q *commandQueue) Commit(buffers []metal.CommandBuffer) error {
	d := q.device
	if d.options.Log {
		names := make([]string, len(buffers))
		for i, b := range buffers {
			names[i] = name(b)
		}
		d.log(q.String(), "Commit", Arg{"buffers", names})
	}
	if q.released.Load() {
		return d.fail(q.String(), "Commit", "the queue is used after its Release")
	}
	for _, s := range q.sets {
		if s.released.Load() {
			return d.fail(q.String(), "Commit", "%s of the queue is used after its Release: call RemoveResidencySet first", s)
		}
	}
	for i, x := range buffers {
		b, ok := x.(*commandBuffer)
		if !ok || b == nil || b.device != d {
			return d.fail(q.String(), "Commit", "buffer %d is not a command buffer of this device: %T", i, x)
		}
		for _, before := range buffers[:i] {
			if before == x {
				return d.fail(q.String(), "Commit", "%s is in the array twice", b)
			}
		}
		if err := q.committable(b); err != nil {
			return err
		}
	}
	for i, x := range buffers {
		b := x.(*commandBuffer)
		if err := b.fences.Commit(q); err != nil {
			for _, earlier := range buffers[:i] {
				earlier.(*commandBuffer).fences.Withdraw()
			}
			return d.fail(q.String(), "Commit", "%s: %v", b, err)
		}
	}
	for _, x := range buffers {
		b := x.(*commandBuffer)
		b.state = bufferCommitted
		for i := range b.work {
			if b.work[i].kind == workTimestamp {
				b.work[i].counters.expect(b.work[i].index)
			}
		}
		q.submit(operation{kind: operationWork, work: b.work, users: b.users})
	}
	return nil
}

// committable says why a buffer cannot be committed.
func (q *commandQueue) committable(b *commandBuffer) error {
	d := q.device
	fail := func(format string, args ...any) error {
		return d.fail(q.String(), "Commit", "%s: %s", b, fmt.Sprintf(format, args...))
	}
	switch {
	case b.released.Load():
		return fail("used after its Release")
	case b.state == bufferOpen:
		return fail("not ended: call End first")
	case b.state == bufferCommitted:
		return fail("committed already: Begin it again first")
	case b.state == bufferIdle:
		return fail("nothing is recorded: Begin and End it first")
	case b.allocator.released.Load():
		return fail("%s was released after the recording: that memory is gone", b.allocator)
	case b.resets != b.allocator.resets:
		return fail("%s was reset after the recording: that memory is gone; record the buffer again", b.allocator)
	case b.first != nil:
		return fail("has a fault, which End returned: %v", b.first)
	}
	for i := range b.used {
		if why := q.unusable(b, &b.used[i]); why != "" {
			return fail("%s", why)
		}
	}
	return nil
}

// unusable says why the GPU cannot use what a recording uses, or "".
func (q *commandQueue) unusable(b *commandBuffer, u *use) string {
	by := func() string {
		if u.encoder == "" {
			return u.call
		}
		return fmt.Sprintf("encoder %q: %s", u.encoder, u.call)
	}
	a := u.allocation
	if a == nil {
		if u.object.released.Load() {
			return fmt.Sprintf("%s uses %s, which was released before the commit", by(), u.object)
		}
		return ""
	}
	if why := a.broken(q.device); why != "" {
		return fmt.Sprintf("%s: %s, before the commit", by(), why)
	}
	if a.nowhere || anyHolds(q.sets, a) || anyHolds(b.sets, a) {
		return ""
	}
	if s := uncommitted(b.sets, a); s != nil {
		return fmt.Sprintf("%s uses %s, which is not resident: %s has it only since its last Commit; call Commit again", by(), a, s)
	}
	if s := uncommitted(q.sets, a); s != nil {
		return fmt.Sprintf("%s uses %s, which is not resident: %s has it only since its last Commit; call Commit again", by(), a, s)
	}
	nor := ""
	if a.parent != nil {
		nor = fmt.Sprintf(", nor is %s", a.parent)
	}
	return fmt.Sprintf("%s uses %s, which is not resident%s: add it to a residency set of the queue or of the buffer, and commit the set", by(), a, nor)
}
