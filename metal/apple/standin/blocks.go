package standin

import (
	"runtime"

	"weft/metal/apple/objc"
)

// NewBlock implements objc.Runtime.
func (r *Runtime) NewBlock(call func(argument objc.ID)) objc.ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.make("block", kindBlock, "NewBlock")
	o.owned, o.state = 1, call
	return o.id
}

// ReleaseBlock implements objc.Runtime.
func (r *Runtime) ReleaseBlock(block objc.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.alive(uintptr(block), "ReleaseBlock")
	if o == nil {
		return
	}
	if o.kind != kindBlock {
		r.fault("ReleaseBlock: %s is no block", o)
		return
	}
	r.release(o, "ReleaseBlock")
}

// deliver calls a block, on the thread of a queue that has a pool of its own,
// with an MTL4CommitFeedback that lives as long as the call.
func (r *Runtime) deliver(state any, block func(objc.ID)) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	r.mu.Lock()
	token := r.push()
	o := r.make("MTL4CommitFeedback", kindObject, "the commit")
	o.held, o.state = 1, state
	r.mu.Unlock()
	block(o.id)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pop(token)
	r.drop(o, "the end of the feedback handler")
}

// own makes an object that the machine keeps, and the client does not own.
func (r *Runtime) own(class string, state any) *object {
	o := r.make(class, kindObject, "the machine")
	o.held, o.state = 1, state
	return o
}
