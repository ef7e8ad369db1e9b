package vulkan

import (
	"fmt"
	"strings"
	"sync"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// Device is a Vulkan device as a metal.Device.
type Device struct {
	instance *instance
	physical vk.PhysicalDevice
	handle   vk.Device
	vk       *vk.DeviceCommands
	name     string
	limits   vk.PhysicalDeviceLimits
	features features
	memory   memoryTypes
	// llvmpipe22 is the llvmpipe of Mesa 22.3, which has two faults to go around:
	// an indexed indirect draw starts at the buffer's beginning, whatever offset
	// is bound, and one scene that sampled with anisotropy never ended.
	llvmpipe22 bool

	queues  queueSet
	passes  passCache
	layouts setLayoutCache
	waits   sync.Pool // of *timelineWait

	shared struct { // between networks
		constants shared[*buffer]
		kernels   shared[kernel]
	}

	fresh freshImages
	mu    sync.Mutex // guards the views of buffers
}

var _ metal.Device = (*Device)(nil)

func newDevice(in *instance, p vk.PhysicalDevice) (*Device, error) {
	props := in.properties(p)
	d := &Device{instance: in, physical: p, name: vk.Text(props.DeviceName[:]), limits: props.Limits}
	// Mesa 22.3's llvmpipe gives itself the version 0.0.1.
	d.llvmpipe22 = props.DriverVersion == 1 && strings.HasPrefix(d.name, "llvmpipe")
	family, err := in.queueFamily(p)
	if err != nil {
		return nil, err
	}
	if d.memory, err = in.memoryTypes(p); err != nil {
		return nil, err
	}
	info := &vk.DeviceCreateInfo{SType: vk.StructureTypeDeviceCreateInfo}
	if d.features, err = in.wantFeatures(p, info); err != nil {
		return nil, err
	}
	count := min(family.count, maxQueues)
	priorities := make([]float32, count)
	info.QueueCreateInfoCount = 1
	info.PQueueCreateInfos = &vk.DeviceQueueCreateInfo{
		SType: vk.StructureTypeDeviceQueueCreateInfo, QueueFamilyIndex: family.index,
		QueueCount: uint32(count), PQueuePriorities: &priorities[0],
	}
	if r := in.vk.CreateDevice(p, info, nil, &d.handle); r != vk.Success {
		return nil, fmt.Errorf("creating it: %w", r)
	}
	if d.vk, err = in.lib.LoadDevice(d.handle); err == nil {
		err = d.openQueues(family, count)
	}
	if err != nil {
		d.destroy()
		return nil, err
	}
	return d, nil
}

// destroy gives back what the device itself holds.
func (d *Device) destroy() {
	d.queues.release(d)
	d.passes.release(d)
	d.layouts.release(d)
	d.vk.DestroyDevice(d.handle, nil)
}

// Release waits for the GPU and gives the device back. Everything made by the
// device must have been released.
func (d *Device) Release() {
	d.vk.DeviceWaitIdle(d.handle)
	d.destroy()
	d.instance.release()
}

// Name is the device's name, as its driver gives it.
func (d *Device) Name() string { return d.name }

// Limits are the device's limits.
func (d *Device) Limits() metal.Limits {
	return metal.Limits{
		MaxTextureSize:       int(d.limits.MaxImageDimension2D),
		MaxBufferLength:      int(d.limits.MaxStorageBufferRange),
		MaxThreads:           int(d.limits.MaxComputeWorkGroupInvocations),
		TimestampNanoseconds: float64(d.limits.TimestampPeriod),
	}
}

// queueFamily is a family that draws, computes and copies.
type queueFamily struct {
	index         uint32
	count         int
	timestampMask uint64 // the bits of a timestamp that count; 0 without timestamps
}

func (in *instance) queueFamily(p vk.PhysicalDevice) (queueFamily, error) {
	n := uint32(0)
	in.vk.GetPhysicalDeviceQueueFamilyProperties(p, &n, nil)
	if n > 0 {
		list := make([]vk.QueueFamilyProperties, n)
		in.vk.GetPhysicalDeviceQueueFamilyProperties(p, &n, &list[0])
		const need = vk.QueueGraphicsBit | vk.QueueComputeBit // both can copy
		for i, f := range list[:n] {
			if f.QueueFlags&need == need {
				return queueFamily{uint32(i), int(f.QueueCount), 1<<f.TimestampValidBits - 1}, nil
			}
		}
	}
	return queueFamily{}, fmt.Errorf("it has no queue family that both draws and computes")
}

// object is what every object of the driver has.
type object struct {
	device *Device
	label  string
}

// Label is the name the object was made with.
func (o *object) Label() string { return o.label }

// fail is an error about an object while it is made or used.
func fail(kind, label, format string, args ...any) error {
	return fmt.Errorf("vulkan: %s %q: %w", kind, label, fmt.Errorf(format, args...))
}
