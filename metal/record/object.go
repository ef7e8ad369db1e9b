package record

import (
	"fmt"
	"sync/atomic"
)

// object is what everything that a device makes has.
type object struct {
	device   *Device
	kind     string // "command buffer"
	label    string
	number   int // of creation, the name of what has no label
	released atomic.Bool
	flights  atomic.Int32  // commits in flight that need it
	stamp    atomic.Uint64 // the last recording that uses it
	needed   atomic.Uint64 // the last one that needs it: that uses it, or something in its memory
}

func (o *object) Label() string { return o.label }

// String names the object: its kind with its label, or with its number.
func (o *object) String() string {
	if o == nil {
		return "nil"
	}
	if o.label != "" {
		return fmt.Sprintf("%s %q", o.kind, o.label)
	}
	return fmt.Sprintf("%s #%d", o.kind, o.number)
}

func (o *object) Release() {
	d := o.device
	if d.options.Log {
		d.log(o.String(), "Release")
	}
	if o.released.Swap(true) {
		d.fail(o.String(), "Release", "released twice: release every object once")
		return
	}
	if n := o.flights.Load(); n > 0 {
		d.fail(o.String(), "Release", "%d commits in flight use it: wait for an event that is signaled after them", n)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.live, o)
}

// adopt gives a new object its place in the device and logs its making.
func (d *Device) adopt(o *object, kind, label string, args ...Arg) {
	o.device, o.kind, o.label = d, kind, label
	d.mu.Lock()
	d.made++
	o.number = d.made
	d.live[o] = struct{}{}
	over := d.released
	d.mu.Unlock()
	if over {
		d.fail(d.String(), "New", "%s is made after the device's Release", o)
	}
	if d.options.Log {
		d.log(d.String(), "New", append([]Arg{{"object", o.String()}}, args...)...)
	}
}

// refuse is adopt's other outcome.
func (d *Device) refuse(call string, format string, args ...any) error {
	return d.fail(d.String(), call, format, args...)
}

// allocation is an object that has memory and can be resident.
type allocation struct {
	object
	parent *allocation // whose memory this uses: heap, buffer or texture
	memory *memory
	offset int // in memory
	size   int
	// nowhere says that it needs no residency: memoryless textures.
	nowhere bool
	home    *heap // where it is placed, or nil
}

func (a *allocation) Release() {
	if a.home != nil && !a.released.Load() {
		a.home.placed.Add(-1)
	}
	a.object.Release()
}

// settle places a resource in a heap.
func (a *allocation) settle(h *heap, offset, size int) {
	a.parent, a.home, a.memory, a.offset, a.size = &h.allocation, h, h.memory, offset, size
	h.placed.Add(1)
}

func (a *allocation) AllocatedSize() int { return a.size }

func (a *allocation) base() *allocation { return a }

// allocated is what resources of this driver have in common.
type allocated interface{ base() *allocation }

// broken says why a resource cannot be used, or "".
func (a *allocation) broken(d *Device) string {
	if a.device != d {
		return fmt.Sprintf("%s belongs to another device", a)
	}
	for at := a; at != nil; at = at.parent {
		if at.released.Load() {
			return fmt.Sprintf("%s is used after its Release", at)
		}
	}
	return ""
}
