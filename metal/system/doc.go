// Package system opens a device of this machine.
//
// On Linux and Windows that is a Vulkan device (weft/metal/vulkan; on Windows it
// has not been run yet): a discrete GPU where there is one, else an integrated
// one, else Mesa's CPU driver. On every system there is the device "record"
// (weft/metal/record), which draws nothing and checks every call. On macOS 26 it
// is the system's Metal device (weft/metal/apple), which nobody has run yet.
//
// Programs take the name from a flag, and hand it on:
//
//	device := flag.String("device", "", system.Usage)
//	...
//	d, err := system.Device(system.Options{Name: *device})
package system
