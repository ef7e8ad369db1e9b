package apple

import (
	"fmt"

	"weft/metal"
	"weft/metal/apple/objc"
	"weft/metal/rules"
)

// object is what every object of the driver has: one reference to an
// Objective-C object, which Release gives up.
type object struct {
	device *Device
	kind   string // "command buffer"
	label  string
	id     objc.ID // 0 once released
}

// Label is the name the object was made with.
func (o *object) Label() string { return o.label }

// String names the object in errors.
func (o *object) String() string { return rules.Describe(o.kind, o.label) }

// Release gives up the object. A second call does nothing.
func (o *object) Release() {
	if o.id == 0 {
		return
	}
	c := o.device.borrow()
	c.release(o.id)
	o.device.giveBack(c)
	o.id = 0
}

func (o *object) base() *object { return o }

// based is what every object of this driver is.
type based interface{ base() *object }

// own returns the argument of a call as an object of this driver that can be
// used on a device.
func own[T any, P interface {
	*T
	based
}](d *Device, what string, x any,
) (P, error) {
	p, ok := x.(P)
	if !ok || p == nil {
		return nil, fmt.Errorf("%s is not one of this driver: %T", what, x)
	}
	o := p.base()
	if o.device != d {
		return nil, fmt.Errorf("%s belongs to another device", o)
	}
	if o.id == 0 {
		return nil, fmt.Errorf("%s is used after its Release", o)
	}
	return p, nil
}

// refuse is the error of a call that makes an object.
func refuse(err error) error { return fmt.Errorf("apple: %w", err) }

// fail is an error about an object.
func (o *object) fail(format string, args ...any) error {
	return fmt.Errorf("apple: %s: %w", o, fmt.Errorf(format, args...))
}

// allocation is an object that has memory and can be resident.
type allocation struct{ object }

// AllocatedSize is the memory that the object takes, in bytes.
func (a *allocation) AllocatedSize() int {
	if a.id == 0 {
		return 0
	}
	c := a.device.borrow()
	defer a.device.giveBack(c)
	return int(c.send(a.id, selAllocatedSize))
}

// resident is what residency sets hold.
type resident interface {
	metal.Allocation
	based
	// residents are the Objective-C objects that must be resident for it, at
	// most two.
	residents() [2]objc.ID
}
