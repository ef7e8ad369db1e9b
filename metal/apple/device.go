package apple

import (
	"fmt"
	"strings"
	"sync"

	"weft/metal"
	"weft/metal/apple/objc"
)

// Options choose a device.
type Options struct {
	// Device is a part of the device's name, without regard to case. Empty takes
	// the system's default device, which is the only one that can be had.
	Device string
}

// Device is an MTLDevice as a metal.Device.
type Device struct {
	runtime    objc.Runtime
	foundation *objc.Foundation
	selectors  [selectorCount]objc.SEL
	classes    [classCount]objc.ID
	id         objc.ID
	compiler   objc.ID
	feedback   objc.ID // the dispatch queue on which errors of the GPU come in
	name       string
	limits     metal.Limits
	entrySize  int // bytes of an entry of a counter heap
	callers    sync.Pool
	libraries  libraries
	lost       fault
}

var _ metal.Device = (*Device)(nil)

// Open opens this machine's default device. Everywhere but on macOS that is an
// error.
func Open(o Options) (*Device, error) {
	r, err := objc.System()
	if err != nil {
		return nil, fmt.Errorf("apple: %w", err)
	}
	return OpenOn(r, o)
}

// OpenOn opens the default device of an Objective-C runtime.
func OpenOn(r objc.Runtime, o Options) (*Device, error) {
	d := &Device{runtime: r, foundation: objc.NewFoundation(r)}
	d.callers.New = func() any { return d.newCaller() }
	for i, name := range selectorNames {
		d.selectors[i] = r.Selector(name)
	}
	if err := d.start(o); err != nil {
		d.Release()
		return nil, err
	}
	return d, nil
}

// start asks the device what it is, and makes what all of its objects need.
func (d *Device) start(o Options) error {
	c := d.borrow()
	defer d.giveBack(c)
	if d.id = objc.ID(d.runtime.Call(objc.CreateSystemDefaultDevice, nil)); d.id == 0 {
		return fmt.Errorf("apple: this system has no Metal device")
	}
	d.name = d.foundation.Text(c.Calls, c.object(d.id, selName))
	if !strings.Contains(strings.ToLower(d.name), strings.ToLower(o.Device)) {
		return fmt.Errorf("apple: no device is called %q: the only one is %q", o.Device, d.name)
	}
	if !truth(c.send(d.id, selSupportsFamily, mtlGPUFamilyMetal4)) {
		return fmt.Errorf("apple: device %q has no Metal 4: macOS 26 and a GPU of the M1 or later are needed", d.name)
	}
	for i, name := range classNames {
		if d.classes[i] = d.runtime.Class(name); d.classes[i] == 0 {
			return fmt.Errorf("apple: device %q: the system lacks the class %s: macOS 26 is needed", d.name, name)
		}
	}
	d.limits = metal.Limits{
		MaxTextureSize:       maxTextureSize,
		MaxThreads:           maxThreads,
		MaxBufferLength:      int(c.send(d.id, selMaxBufferLength)),
		TimestampNanoseconds: 1,
	}
	if hertz := c.send(d.id, selQueryTimestampFrequency); hertz > 0 {
		d.limits.TimestampNanoseconds = 1e9 / float64(hertz)
	}
	d.entrySize = int(c.send(d.id, selSizeOfCounterHeapEntry, mtl4CounterHeapTypeTimestamp))
	d.feedback = objc.ID(d.runtime.Call(objc.DispatchQueueCreate, []uintptr{c.Chars("weft.feedback"), 0}))
	desc := c.make(classMTL4CompilerDescriptor)
	defer c.release(desc)
	c.label(desc, "weft")
	if d.compiler = c.object(d.id, selNewCompilerWithDescriptorError, uintptr(desc), c.ErrorOut()); d.compiler == 0 {
		return c.fail(fmt.Sprintf("device %q: a compiler", d.name))
	}
	return nil
}

// Of every GPU that has Metal 4, by Apple's Metal feature set tables.
const (
	maxTextureSize = 16384
	maxThreads     = 1024
)

// Name is the device's name, as the system gives it.
func (d *Device) Name() string { return d.name }

// Limits are the device's limits.
func (d *Device) Limits() metal.Limits { return d.limits }

// Release gives the device back. Everything made by it must have been released.
func (d *Device) Release() {
	if d.id == 0 {
		return
	}
	c := d.borrow()
	defer d.giveBack(c)
	d.libraries.release(c)
	c.release(d.compiler)
	if d.feedback != 0 {
		d.runtime.Call(objc.DispatchRelease, []uintptr{uintptr(d.feedback)})
	}
	c.release(d.id)
	d.id, d.compiler, d.feedback = 0, 0, 0
}
