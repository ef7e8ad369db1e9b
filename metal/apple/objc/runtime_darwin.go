package objc

import (
	"fmt"
	"sync"

	"github.com/ebitengine/purego"
	"github.com/ebitengine/purego/objc"
)

// System returns the Objective-C runtime of macOS with Metal, Foundation and
// QuartzCore loaded; always the same one. It may be called from any goroutine.
func System() (Runtime, error) { return system() }

var system = sync.OnceValues(func() (Runtime, error) {
	r, err := load()
	if err != nil {
		return nil, err
	}
	return r, nil
})

// libraries are loaded in this order and never given back. Nothing is called in
// CoreGraphics, but in a process without it MTLCreateSystemDefaultDevice
// returns nil, as its documentation says of command-line tools.
var libraries = [...]string{
	"/usr/lib/libSystem.B.dylib",
	"/usr/lib/libobjc.A.dylib",
	"/System/Library/Frameworks/Foundation.framework/Foundation",
	"/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics",
	"/System/Library/Frameworks/QuartzCore.framework/QuartzCore",
	"/System/Library/Frameworks/Metal.framework/Metal",
}

var functionNames = [Functions]string{
	CreateSystemDefaultDevice: "MTLCreateSystemDefaultDevice",
	AutoreleasePoolPush:       "objc_autoreleasePoolPush",
	AutoreleasePoolPop:        "objc_autoreleasePoolPop",
	DispatchQueueCreate:       "dispatch_queue_create",
	DispatchRelease:           "dispatch_release",
}

// native is the runtime of macOS.
type native struct {
	*sender
	functions    [Functions]uintptr
	getClass     func(name string) ID
	registerName func(name string) SEL
}

func load() (*native, error) {
	handles := make([]uintptr, 0, len(libraries))
	for _, path := range libraries {
		h, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_GLOBAL)
		if err != nil {
			return nil, fmt.Errorf("objc: %s does not load: %w", path, err)
		}
		handles = append(handles, h)
	}
	find := func(name string) (uintptr, error) {
		for _, h := range handles {
			if at, err := purego.Dlsym(h, name); err == nil {
				return at, nil
			}
		}
		return 0, fmt.Errorf("objc: none of %q has %s", libraries, name)
	}
	r := &native{}
	for f, name := range functionNames {
		at, err := find(name)
		if err != nil {
			return nil, err
		}
		r.functions[f] = at
	}
	msgSend, err := find("objc_msgSend")
	if err != nil {
		return nil, err
	}
	r.sender = newSender(msgSend)
	for name, f := range map[string]any{"objc_getClass": &r.getClass, "sel_registerName": &r.registerName} {
		at, err := find(name)
		if err != nil {
			return nil, err
		}
		purego.RegisterFunc(f, at)
	}
	return r, nil
}

// Class implements Runtime.
func (r *native) Class(name string) ID { return r.getClass(name) }

// Selector implements Runtime.
func (r *native) Selector(name string) SEL { return r.registerName(name) }

// Call implements Runtime.
func (r *native) Call(f Function, words []uintptr) uintptr {
	result, _, _ := purego.SyscallN(r.functions[f], words...)
	return result
}

// NewBlock implements Runtime. purego makes one callback for all blocks of this
// type; it has 2000 and never gives one back.
func (r *native) NewBlock(call func(argument ID)) ID {
	return ID(objc.NewBlock(func(_ objc.Block, argument objc.ID) { call(ID(argument)) }))
}

// ReleaseBlock implements Runtime.
func (r *native) ReleaseBlock(block ID) { objc.Block(block).Release() }
