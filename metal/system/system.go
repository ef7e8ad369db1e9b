package system

import (
	"errors"
	"fmt"
	"strings"

	"weft/metal"
	"weft/metal/record"
)

// Record is the name of the device that records and draws nothing.
const Record = "record"

// Usage explains a flag that takes Options.Name.
const Usage = `part of the name of the device to use, or its number, such as "nvidia" or "llvmpipe"; "record" draws nothing and checks every call; empty takes the best there is`

// ErrNoDevice is what Device returns, wrapped, where no device can be opened,
// or none has the name.
var ErrNoDevice = errors.New("no device can be opened")

// Options choose a device.
type Options struct {
	// Name is a part of the device's name, without regard to case, or its
	// index in Devices. Empty takes the best one; Record is always there.
	Name string
	// Validation turns on the driver's own checks, where it has some: on
	// Vulkan the Khronos validation layer. It is slow.
	Validation bool
}

// Device opens the device that o names.
func Device(o Options) (metal.Device, error) { return open(o, native) }

// Devices lists the names of this machine's devices, Record last. The error
// says what is missing where only Record is there.
func Devices() ([]string, error) { return list(native) }

// driver is what this package needs of a driver.
type driver struct {
	open func(Options) (metal.Device, error)
	list func() ([]string, error)
}

func open(o Options, d driver) (metal.Device, error) {
	if strings.EqualFold(o.Name, Record) {
		return record.New(record.Options{}), nil
	}
	device, err := d.open(o)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDevice, err)
	}
	return device, nil
}

func list(d driver) ([]string, error) {
	names, err := d.list()
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrNoDevice, err)
	}
	return append(names, Record), err
}
