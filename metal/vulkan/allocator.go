package vulkan

import (
	"weft/metal"
	"weft/metal/vulkan/vk"
)

// allocator is the memory of commands: a command pool, and the descriptor pools
// of the argument tables' snapshots. After some frames it has what a frame
// needs, and nothing is allocated any more.
type allocator struct {
	object
	pool    vk.CommandPool
	buffers []vk.CommandBuffer
	used    int // of buffers
	open    *commandBuffer

	descriptors []vk.DescriptorPool
	current     int // of descriptors
	request     vk.DescriptorSetAllocateInfo
	layout      vk.DescriptorSetLayout
	set         vk.DescriptorSet
	writer      descriptorWriter
}

var _ metal.CommandAllocator = (*allocator)(nil)

// NewCommandAllocator makes an allocator with nothing recorded in it.
func (d *Device) NewCommandAllocator(label string) (metal.CommandAllocator, error) {
	a := &allocator{object: object{d, label}}
	info := &vk.CommandPoolCreateInfo{SType: vk.StructureTypeCommandPoolCreateInfo, QueueFamilyIndex: d.queues.family.index}
	if r := d.vk.CreateCommandPool(d.handle, info, nil, &a.pool); r != vk.Success {
		return nil, fail("command allocator", label, "%w", r)
	}
	return a, nil
}

// Reset makes all recorded memory free again.
func (a *allocator) Reset() error {
	if a.open != nil {
		return fail("command allocator", a.label, "BUG: Reset while command buffer %q is open", a.open.label)
	}
	d := a.device
	if r := d.vk.ResetCommandPool(d.handle, a.pool, 0); r != vk.Success {
		return fail("command allocator", a.label, "Reset: %w", r)
	}
	for _, p := range a.descriptors[:min(a.current+1, len(a.descriptors))] {
		if r := d.vk.ResetDescriptorPool(d.handle, p, 0); r != vk.Success {
			return fail("command allocator", a.label, "Reset: %w", r)
		}
	}
	a.used, a.current = 0, 0
	return nil
}

func (a *allocator) Release() {
	d := a.device
	for _, p := range a.descriptors {
		d.vk.DestroyDescriptorPool(d.handle, p, nil)
	}
	d.vk.DestroyCommandPool(d.handle, a.pool, nil)
}

// commands takes a command buffer that is not in use.
func (a *allocator) commands() (vk.CommandBuffer, error) {
	if a.used == len(a.buffers) {
		cb, err := a.device.newCommandBuffer(a.pool)
		if err != nil {
			return 0, err
		}
		a.buffers = append(a.buffers, cb)
	}
	cb := a.buffers[a.used]
	a.used++
	return cb, nil
}

// The room of one descriptor pool: sets, and descriptors for each set.
const poolSets = 256

var poolSizes = [...]vk.DescriptorPoolSize{
	{Type: vk.DescriptorTypeStorageBuffer, DescriptorCount: 8 * poolSets},
	{Type: vk.DescriptorTypeUniformBuffer, DescriptorCount: 4 * poolSets},
	{Type: vk.DescriptorTypeSampledImage, DescriptorCount: 8 * poolSets},
	{Type: vk.DescriptorTypeStorageImage, DescriptorCount: 4 * poolSets},
	{Type: vk.DescriptorTypeSampler, DescriptorCount: 4 * poolSets},
	{Type: vk.DescriptorTypeUniformTexelBuffer, DescriptorCount: 4 * poolSets},
	{Type: vk.DescriptorTypeStorageTexelBuffer, DescriptorCount: 2 * poolSets},
}

// descriptorSet takes a set of a layout, from the next pool when one is full.
func (a *allocator) descriptorSet(layout vk.DescriptorSetLayout) (vk.DescriptorSet, error) {
	d := a.device
	a.layout = layout
	for {
		fresh := a.current == len(a.descriptors)
		if fresh {
			p, err := d.newDescriptorPool(poolSets, poolSizes[:])
			if err != nil {
				return 0, err
			}
			a.descriptors = append(a.descriptors, p)
		}
		a.request = vk.DescriptorSetAllocateInfo{
			SType: vk.StructureTypeDescriptorSetAllocateInfo, DescriptorPool: a.descriptors[a.current],
			DescriptorSetCount: 1, PSetLayouts: &a.layout,
		}
		r := d.vk.AllocateDescriptorSets(d.handle, &a.request, &a.set)
		switch {
		case r == vk.Success:
			return a.set, nil
		case fresh || r != vk.ErrorOutOfPoolMemory && r != vk.ErrorFragmentedPool:
			return 0, r
		}
		a.current++
	}
}

func (d *Device) newDescriptorPool(sets int, sizes []vk.DescriptorPoolSize) (vk.DescriptorPool, error) {
	info := &vk.DescriptorPoolCreateInfo{
		SType: vk.StructureTypeDescriptorPoolCreateInfo, MaxSets: uint32(sets),
		PoolSizeCount: uint32(len(sizes)), PPoolSizes: &sizes[0],
	}
	var p vk.DescriptorPool
	r := d.vk.CreateDescriptorPool(d.handle, info, nil, &p)
	return p, r.Check()
}
