//go:build !darwin

package system

import (
	"fmt"
	"strings"

	"weft/metal"
	"weft/metal/vulkan"
)

var native = driver{
	open: func(o Options) (metal.Device, error) {
		d, err := vulkan.Open(vulkan.Options{Device: o.Name, Validation: o.Validation})
		if err != nil {
			return nil, advise(err) // and no nil *vulkan.Device in an interface
		}
		return d, nil
	},
	list: func() ([]string, error) {
		names, err := vulkan.Devices()
		return names, advise(err)
	},
}

// advise says what to install where nothing of Vulkan answers and the driver
// did not say it.
func advise(err error) error {
	if err == nil || strings.Contains(err.Error(), "install ") {
		return err
	}
	if names, _ := vulkan.Devices(); len(names) > 0 {
		return err
	}
	return fmt.Errorf("%w (install a Vulkan loader and driver: on Debian libvulkan1 and mesa-vulkan-drivers, which has one for machines without a GPU)", err)
}
