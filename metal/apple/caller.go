package apple

import (
	"math"

	"weft/metal/apple/objc"
)

// caller sends messages by the driver's selectors. One goroutine may use it at a
// time: a command buffer has its own, everything else borrows one.
type caller struct {
	*objc.Calls
	device *Device
	pool   objc.Pool // while it is borrowed
}

// borrow gives out a caller, with an autorelease pool open, until giveBack: what
// Metal autoreleases on a thread without a pool would never be released.
func (d *Device) borrow() *caller {
	c := d.callers.Get().(*caller)
	c.pool = c.Push()
	return c
}

func (d *Device) giveBack(c *caller) {
	c.pool.Pop()
	d.callers.Put(c)
}

func (d *Device) newCaller() *caller { return &caller{Calls: objc.NewCalls(d.runtime), device: d} }

// send sends a message and returns the first word of its result.
func (c *caller) send(to objc.ID, s selector, arguments ...uintptr) uintptr {
	return c.Send(to, c.device.selectors[s], arguments...)
}

// object sends a message whose result is an object.
func (c *caller) object(to objc.ID, s selector, arguments ...uintptr) objc.ID {
	return objc.ID(c.Send(to, c.device.selectors[s], arguments...))
}

// make makes an object of a class, which the caller releases.
func (c *caller) make(of class) objc.ID { return c.object(c.device.classes[of], selNew) }

func (c *caller) release(id objc.ID) {
	if id != 0 {
		c.send(id, selRelease)
	}
}

// retain returns the object, for one more release.
func (c *caller) retain(id objc.ID) objc.ID {
	if id != 0 {
		c.send(id, selRetain)
	}
	return id
}

// text hands an NSString to a message that takes it.
func (c *caller) text(to objc.ID, s selector, text string) {
	if text == "" {
		return
	}
	id := c.device.foundation.NewString(c.Calls, text)
	c.send(to, s, uintptr(id))
	c.release(id)
}

// label labels an object, unless the label is empty.
func (c *caller) label(id objc.ID, label string) { c.text(id, selSetLabel, label) }

// fail is the error of a call with ErrorOut that returned nil.
func (c *caller) fail(what string) error { return c.said("apple: " + what) }

// said is fail where what is named outside of it.
func (c *caller) said(what string) error {
	return c.device.foundation.Error(c.Calls, c.Error(), what)
}

// size is an MTLSize or MTLOrigin, for the next message.
func (c *caller) size(x, y, z int) uintptr {
	return c.Struct(uint64(x), uint64(y), uint64(z))
}

// word is a BOOL.
func word(b bool) uintptr {
	if b {
		return 1
	}
	return 0
}

// truth is a BOOL result, of which only the low byte is defined.
func truth(w uintptr) bool { return byte(w) != 0 }

func bits(f float64) uint64 { return math.Float64bits(f) }
