package vulkan

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"weft/metal/vulkan/vk"
)

// Options choose and configure a device.
type Options struct {
	// Device is a part of the device's name, without regard to case, or its
	// index in the list of Devices. Empty takes a discrete GPU where there is
	// one, else an integrated one, else any.
	Device string
	// Validation loads the Khronos validation layer with synchronization
	// checks. WEFT_VALIDATION=1 in the environment does the same.
	Validation bool
}

// ErrNoDevice is what Open returns, wrapped, on a machine without a Vulkan
// device that can run weft.
var ErrNoDevice = errors.New("no Vulkan device")

// Devices lists the names of this machine's Vulkan devices.
func Devices() ([]string, error) {
	in, err := openInstance(false)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDevice, err)
	}
	list, err := in.physicalDevices()
	if err != nil {
		return nil, err
	}
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = vk.Text(in.properties(p).DeviceName[:])
	}
	return names, nil
}

// Open opens a device.
func Open(o Options) (*Device, error) {
	in, err := openInstance(o.Validation || validationByEnvironment())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDevice, err)
	}
	list, err := in.physicalDevices()
	if err != nil {
		in.release()
		return nil, err
	}
	candidates := make([]candidate, len(list))
	for i, p := range list {
		props := in.properties(p)
		candidates[i] = candidate{vk.Text(props.DeviceName[:]), props.DeviceType, props.ApiVersion}
	}
	i, err := choose(candidates, o.Device)
	if err != nil {
		in.release()
		return nil, err
	}
	d, err := newDevice(in, list[i])
	if err != nil {
		in.release()
		return nil, fmt.Errorf("vulkan: device %q: %w", candidates[i].name, err)
	}
	return d, nil
}

// candidate is what the choice of a device looks at.
type candidate struct {
	name    string
	kind    vk.PhysicalDeviceType
	version uint32
}

// rank orders the kinds of devices, the better the higher.
var rank = map[vk.PhysicalDeviceType]int{
	vk.PhysicalDeviceTypeDiscreteGpu: 4, vk.PhysicalDeviceTypeIntegratedGpu: 3,
	vk.PhysicalDeviceTypeVirtualGpu: 2, vk.PhysicalDeviceTypeCpu: 1,
}

// choose returns the index of the device that want names, or of the best one.
func choose(list []candidate, want string) (int, error) {
	names := make([]string, len(list))
	best := -1
	index, err := strconv.Atoi(want)
	byIndex := err == nil
	for i, c := range list {
		names[i] = fmt.Sprintf("%d (%s)", i, c.name)
		switch {
		case byIndex && i != index:
		case !byIndex && !strings.Contains(strings.ToLower(c.name), strings.ToLower(want)):
		case c.version < vk.APIVersion13:
			names[i] += " (too old: Vulkan 1.3 is needed)"
		case best < 0 || rank[c.kind] > rank[list[best].kind]:
			best = i
		}
	}
	switch {
	case best >= 0:
		return best, nil
	case len(list) == 0:
		return 0, fmt.Errorf("vulkan: %w: the loader found no driver (on Debian install mesa-vulkan-drivers for one on the CPU)", ErrNoDevice)
	case want == "":
		return 0, fmt.Errorf("vulkan: %w can run weft: found %s", ErrNoDevice, strings.Join(names, "; "))
	}
	return 0, fmt.Errorf("vulkan: %w is called %q: use part of a name, or the number, of one of these: %s", ErrNoDevice, want, strings.Join(names, "; "))
}
