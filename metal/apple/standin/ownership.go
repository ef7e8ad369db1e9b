package standin

import (
	"fmt"
	"sort"
	"strings"
)

// pool is an open autorelease pool.
type pool struct {
	token   uintptr
	objects []*object
}

// push opens a pool on the thread that it is called on.
func (r *Runtime) push() uintptr {
	r.pushed++
	p := &pool{token: uintptr(firstPool + r.pushed)}
	t := currentThread()
	r.pools[t] = append(r.pools[t], p)
	return p.token
}

// firstPool keeps pools apart from objects and selectors.
const firstPool = 0xb001_0000_0000

// pop closes a pool and, as the real runtime does, those inside it.
func (r *Runtime) pop(token uintptr) {
	const what = "objc_autoreleasePoolPop"
	t := currentThread()
	open := r.pools[t]
	at := -1
	for i, p := range open {
		if p.token == token {
			at = i
		}
	}
	number := int(token) - firstPool
	switch {
	case at >= 0:
		if inside := len(open) - 1 - at; inside > 0 {
			r.fault("%s: pool %d is popped while pool %d, opened after it on this thread, is the innermost: pop that one first", what, number, int(open[len(open)-1].token)-firstPool)
		}
	case number < 1 || number > r.pushed:
		r.fault("%s: %#x is no pool", what, token)
		return
	default:
		where := "it was popped before"
		for other, pools := range r.pools {
			for _, p := range pools {
				if p.token == token && other != t {
					where = "it is of another thread: keep the goroutine on its thread from push to pop (runtime.LockOSThread)"
				}
			}
		}
		r.fault("%s: pool %d is not open on this thread: %s", what, number, where)
		return
	}
	for i := len(open) - 1; i >= at; i-- {
		p := open[i]
		open = open[:i]
		r.pools[t] = open
		for _, o := range p.objects {
			r.drop(o, "the pop of the autorelease pool that it was in")
		}
	}
	if len(open) == 0 {
		delete(r.pools, t)
	}
}

// autorelease puts an object into the innermost pool of this thread. Without a
// pool it leaks, as in the real runtime.
func (r *Runtime) autorelease(o *object, message string) {
	o.held++
	open := r.pools[currentThread()]
	if len(open) == 0 {
		r.fault("%s: %s is autoreleased with no pool in place - leaking: open a pool on this thread around the message", message, o)
		return
	}
	p := open[len(open)-1]
	p.objects = append(p.objects, o)
}

// release gives up a reference of the client's.
func (r *Runtime) release(o *object, by string) {
	if o.owned == 0 {
		r.fault("%s: it is not the client's to release: %s made it and somebody else holds it; retain it first, or release it once less", by, o.made)
		return
	}
	o.owned--
	r.end(o, by)
}

// drop gives up a reference that is not the client's.
func (r *Runtime) drop(o *object, by string) {
	o.held--
	r.end(o, by)
}

// end ends the life of an object that nobody refers to.
func (r *Runtime) end(o *object, by string) {
	if o.owned > 0 || o.held > 0 || o.ended != "" {
		return
	}
	o.name, o.ended = o.String(), by
	if o.kind == kindObject {
		r.machine.release(o)
	}
	for _, v := range o.properties {
		if v.object != nil {
			r.drop(v.object, "the end of "+o.name)
		}
	}
	for _, e := range o.list {
		r.drop(e, "the end of "+o.name)
	}
	// Who still reads these bytes must not find what was there.
	for i := range o.bytes {
		o.bytes[i] = poison
	}
	o.properties, o.list, o.state = nil, nil, nil
}

const poison = 0xdd

// left is what the client has not given back, by class and the message that
// made it.
func (r *Runtime) left() []string {
	type group struct{ class, made string }
	names := map[group][]string{}
	for _, o := range r.objects[1:] {
		if o.owned == 0 || o.ended != "" {
			continue
		}
		g := group{o.class, o.made}
		name := o.String()
		if o.owned > 1 {
			name += fmt.Sprintf(" with %d references", o.owned)
		}
		names[g] = append(names[g], name)
	}
	var all []string
	for g, list := range names {
		const shown = 5
		more := ""
		if len(list) > shown {
			list, more = list[:shown], ", ..."
		}
		all = append(all, fmt.Sprintf("leak: %d of %s, made by %s, never released: %s", len(names[g]), g.class, g.made, strings.Join(list, ", ")+more))
	}
	for _, open := range r.pools {
		for _, p := range open {
			all = append(all, fmt.Sprintf("leak: pool %d is never popped", int(p.token)-firstPool))
		}
	}
	sort.Strings(all)
	return all
}
