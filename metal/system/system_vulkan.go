//go:build !darwin

package system

import (
	"weft/metal"
	"weft/metal/vulkan"
)

var native = driver{
	open: func(o Options) (metal.Device, error) {
		d, err := vulkan.Open(vulkan.Options{Device: o.Name, Validation: o.Validation})
		if err != nil {
			return nil, err // and no nil *vulkan.Device in an interface
		}
		return d, nil
	},
	list: vulkan.Devices,
}
