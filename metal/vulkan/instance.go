package vulkan

import (
	"fmt"
	"os"
	"slices"
	"sync"

	"weft/metal/vulkan/vk"
)

// instance is the connection to the Vulkan loader and the drivers it loads.
type instance struct {
	lib       *vk.Library
	vk        *vk.InstanceCommands
	handle    vk.Instance
	messenger vk.DebugUtilsMessengerEXT
	log       *messageLog // nil without validation
}

const validationLayer = "VK_LAYER_KHRONOS_validation"

// plain is the instance of all devices that are not validated. It is made for
// the first device, validated or not, and lives as long as the process: with the
// last instance the loader unloads the drivers, and NVIDIA's can be loaded only
// some twenty times in a process.
var plain struct {
	sync.Mutex
	instance *instance
}

// openInstance returns the plain instance, or one with validation, whose
// messages are of one device.
func openInstance(validate bool) (*instance, error) {
	plain.Lock()
	defer plain.Unlock()
	if plain.instance == nil {
		in, err := newInstance(false)
		if err != nil {
			return nil, err
		}
		plain.instance = in
	}
	if validate {
		return newInstance(true)
	}
	return plain.instance, nil
}

func newInstance(validate bool) (*instance, error) {
	if validate {
		configureValidation()
	}
	lib, err := vk.Open()
	if err != nil {
		return nil, fmt.Errorf("vulkan: %w", err)
	}
	in := &instance{lib: lib}
	info := &vk.InstanceCreateInfo{
		SType: vk.StructureTypeInstanceCreateInfo,
		PApplicationInfo: &vk.ApplicationInfo{
			SType: vk.StructureTypeApplicationInfo, PApplicationName: vk.CString("weft"),
			PEngineName: vk.CString("weft"), ApiVersion: vk.APIVersion13,
		},
	}
	if validate {
		if err := in.wantValidation(info); err != nil {
			return nil, err
		}
	}
	if r := lib.Global.CreateInstance(info, nil, &in.handle); r != vk.Success {
		in.log.close()
		return nil, fmt.Errorf("vulkan: no instance: %w", r)
	}
	if in.vk, err = lib.LoadInstance(in.handle); err != nil {
		in.destroy()
		return nil, fmt.Errorf("vulkan: %w", err)
	}
	if validate {
		r := in.vk.CreateDebugUtilsMessengerEXT(in.handle, in.log.messenger(), nil, &in.messenger)
		if r != vk.Success {
			in.destroy()
			return nil, fmt.Errorf("vulkan: no debug messenger: %w", r)
		}
	}
	return in, nil
}

// release gives an instance with validation back; the plain one stays.
func (in *instance) release() {
	if in.log != nil {
		in.destroy()
	}
}

func (in *instance) destroy() {
	if in.messenger != 0 {
		in.vk.DestroyDebugUtilsMessengerEXT(in.handle, in.messenger, nil)
	}
	in.vk.DestroyInstance(in.handle, nil)
	in.log.close()
}

// hasLayer reports whether the loader finds a layer.
func hasLayer(lib *vk.Library, name string) bool {
	n := uint32(0)
	if lib.Global.EnumerateInstanceLayerProperties(&n, nil) < 0 || n == 0 {
		return false
	}
	list := make([]vk.LayerProperties, n)
	if lib.Global.EnumerateInstanceLayerProperties(&n, &list[0]) < 0 {
		return false
	}
	return slices.ContainsFunc(list[:n], func(p vk.LayerProperties) bool { return vk.Text(p.LayerName[:]) == name })
}

// physicalDevices lists the devices in the loader's order.
func (in *instance) physicalDevices() ([]vk.PhysicalDevice, error) {
	n := uint32(0)
	if r := in.vk.EnumeratePhysicalDevices(in.handle, &n, nil); r < 0 {
		return nil, fmt.Errorf("vulkan: listing devices: %w", r)
	}
	if n == 0 {
		return nil, nil
	}
	list := make([]vk.PhysicalDevice, n)
	if r := in.vk.EnumeratePhysicalDevices(in.handle, &n, &list[0]); r < 0 {
		return nil, fmt.Errorf("vulkan: listing devices: %w", r)
	}
	return list[:n], nil
}

func (in *instance) properties(p vk.PhysicalDevice) *vk.PhysicalDeviceProperties {
	props := &vk.PhysicalDeviceProperties2{SType: vk.StructureTypePhysicalDeviceProperties2}
	in.vk.GetPhysicalDeviceProperties2(p, props)
	return &props.Properties
}

// validationByEnvironment is the switch for programs and tests that do not
// pass Options.Validation themselves.
func validationByEnvironment() bool { return os.Getenv("WEFT_VALIDATION") == "1" }
