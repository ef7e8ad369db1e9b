package vulkan

import (
	"fmt"
	"slices"
	"sync"

	"weft/metal/vulkan/vk"
)

// setLayout is the layout of one stage's descriptor set. Equal layouts are one
// object, so that a set written for one pipeline serves another.
type setLayout struct {
	handle   vk.DescriptorSetLayout
	stages   vk.ShaderStageFlags
	bindings []binding
}

// setLayoutCache are the layouts made so far, for the life of the device.
type setLayoutCache struct {
	mu   sync.Mutex
	list []*setLayout
}

func (d *Device) setLayout(stages vk.ShaderStageFlags, bindings []binding) (*setLayout, error) {
	c := &d.layouts
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.list {
		if l.stages == stages && slices.Equal(l.bindings, bindings) {
			return l, nil
		}
	}
	l := &setLayout{stages: stages, bindings: bindings}
	list := make([]vk.DescriptorSetLayoutBinding, len(bindings))
	for i, b := range bindings {
		list[i] = vk.DescriptorSetLayoutBinding{Binding: b.binding, DescriptorType: b.kind, DescriptorCount: 1, StageFlags: stages}
	}
	var err error
	if l.handle, err = d.newSetLayout(list); err != nil {
		return nil, err
	}
	c.list = append(c.list, l)
	return l, nil
}

func (d *Device) newSetLayout(list []vk.DescriptorSetLayoutBinding) (vk.DescriptorSetLayout, error) {
	info := &vk.DescriptorSetLayoutCreateInfo{SType: vk.StructureTypeDescriptorSetLayoutCreateInfo, BindingCount: uint32(len(list))}
	if len(list) > 0 {
		info.PBindings = &list[0]
	}
	var h vk.DescriptorSetLayout
	if r := d.vk.CreateDescriptorSetLayout(d.handle, info, nil, &h); r != vk.Success {
		return 0, fmt.Errorf("a descriptor set layout: %w", r)
	}
	return h, nil
}

func (c *setLayoutCache) release(d *Device) {
	for _, l := range c.list {
		d.vk.DestroyDescriptorSetLayout(d.handle, l.handle, nil)
	}
}

// newPipelineLayout makes a layout of sets 0, 1, ... and constants bytes of push
// constants for compute.
func (d *Device) newPipelineLayout(sets []vk.DescriptorSetLayout, constants int) (vk.PipelineLayout, error) {
	info := &vk.PipelineLayoutCreateInfo{
		SType: vk.StructureTypePipelineLayoutCreateInfo, SetLayoutCount: uint32(len(sets)), PSetLayouts: &sets[0],
	}
	if constants > 0 {
		info.PushConstantRangeCount = 1
		info.PPushConstantRanges = &vk.PushConstantRange{StageFlags: vk.ShaderStageComputeBit, Size: uint32(constants)}
	}
	var h vk.PipelineLayout
	if r := d.vk.CreatePipelineLayout(d.handle, info, nil, &h); r != vk.Success {
		return 0, fmt.Errorf("a pipeline layout: %w", r)
	}
	return h, nil
}
