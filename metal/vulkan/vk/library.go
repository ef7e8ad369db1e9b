package vk

import (
	"fmt"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"
)

// Library is the Vulkan loader of the system.
type Library struct {
	// Global are the commands that need no instance.
	Global GlobalCommands

	getInstanceProcAddr uintptr
	getDeviceProcAddr   uintptr
}

// Open loads the Vulkan loader (libvulkan.so.1, or the names other systems give
// it) and its global commands. It stays loaded for the life of the process.
func Open() (*Library, error) {
	handle, err := openLoader()
	if err != nil {
		return nil, fmt.Errorf("no Vulkan loader: %w (on Debian install libvulkan1 and a driver such as mesa-vulkan-drivers)", err)
	}
	l := &Library{}
	if l.getInstanceProcAddr, err = symbol(handle, "vkGetInstanceProcAddr"); err != nil {
		return nil, fmt.Errorf("the Vulkan loader: %w", err)
	}
	get, missing := l.lookup(l.getInstanceProcAddr, 0)
	l.Global.load(get)
	return l, missing()
}

// LoadInstance loads the commands of an instance. With the error that some are
// missing come the others, to destroy the instance with.
func (l *Library) LoadInstance(i Instance) (*InstanceCommands, error) {
	t := &InstanceCommands{}
	get, missing := l.lookup(l.getInstanceProcAddr, uintptr(i))
	t.load(get)
	l.getDeviceProcAddr = get("vkGetDeviceProcAddr", false)
	return t, missing()
}

// LoadDevice loads the commands of a device, without the loader's detour. The
// commands of an instance must have been loaded before. With the error that some
// are missing come the others, to destroy the device with.
func (l *Library) LoadDevice(d Device) (*DeviceCommands, error) {
	t := &DeviceCommands{}
	get, missing := l.lookup(l.getDeviceProcAddr, uintptr(d))
	t.load(get)
	return t, missing()
}

// lookup returns a function that resolves a name with a ProcAddr command, and
// one that says which required names had no address.
func (l *Library) lookup(procAddr, owner uintptr) (get func(string, bool) uintptr, missing func() error) {
	var names []string
	get = func(name string, optional bool) uintptr {
		a, _, _ := purego.SyscallN(procAddr, owner, uintptr(unsafe.Pointer(CString(name))))
		if a == 0 && !optional {
			names = append(names, name)
		}
		return a
	}
	return get, func() error {
		if len(names) > 0 {
			return fmt.Errorf("the Vulkan driver lacks %s; weft needs Vulkan 1.3", strings.Join(names, ", "))
		}
		return nil
	}
}
