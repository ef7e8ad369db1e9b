package vulkan

import (
	"fmt"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// computePipeline is a VkPipeline with the layout of its arguments.
type computePipeline struct {
	object
	handle  vk.Pipeline
	layout  vk.PipelineLayout
	set     *setLayout
	threads metal.Size
	user    string // how faults name it
}

var _ metal.ComputePipeline = (*computePipeline)(nil)

// NewComputePipeline compiles a compute function.
func (d *Device) NewComputePipeline(desc metal.ComputePipelineDescriptor) (metal.ComputePipeline, error) {
	label := desc.Label
	if label == "" {
		label = desc.Function.Name
	}
	s, err := parseShader(desc.Function, metal.StageDispatch)
	if err != nil {
		return nil, fail("compute pipeline", label, "%w", err)
	}
	p := &computePipeline{object: object{d, label}, user: fmt.Sprintf("compute pipeline %q", label), threads: s.threads}
	if want := desc.Function.Threads; want != (metal.Size{}) && want != p.threads {
		return nil, fail("compute pipeline", label, "function %q says %v threads, its SPIR-V %v", desc.Function.Name, want, p.threads)
	}
	if n := p.threads.Width * p.threads.Height * p.threads.Depth; n < 1 || n > int(d.limits.MaxComputeWorkGroupInvocations) {
		return nil, fail("compute pipeline", label, "function %q has %v threads a group: from 1 to %d in all on this device", desc.Function.Name, p.threads, d.limits.MaxComputeWorkGroupInvocations)
	}
	if p.set, err = d.setLayout(vk.ShaderStageComputeBit, s.bindings); err != nil {
		return nil, fail("compute pipeline", label, "%w", err)
	}
	if p.layout, err = d.newPipelineLayout([]vk.DescriptorSetLayout{p.set.handle}, 0); err != nil {
		return nil, fail("compute pipeline", label, "%w", err)
	}
	if p.handle, err = d.compileCompute(s.words, p.layout); err != nil {
		p.Release()
		return nil, fail("compute pipeline", label, "function %q: %w", desc.Function.Name, err)
	}
	return p, nil
}

// compileCompute makes a compute pipeline of SPIR-V with the entry point main.
func (d *Device) compileCompute(words []uint32, layout vk.PipelineLayout) (vk.Pipeline, error) {
	m, err := d.shaderModule(words)
	if err != nil {
		return 0, err
	}
	defer d.vk.DestroyShaderModule(d.handle, m, nil)
	info := &vk.ComputePipelineCreateInfo{SType: vk.StructureTypeComputePipelineCreateInfo, Layout: layout, BasePipelineIndex: -1}
	info.Stage = vk.PipelineShaderStageCreateInfo{
		SType: vk.StructureTypePipelineShaderStageCreateInfo, Stage: vk.ShaderStageComputeBit, Module: m, PName: vk.CString("main"),
	}
	var h vk.Pipeline
	if r := d.vk.CreateComputePipelines(d.handle, 0, 1, info, nil, &h); r != vk.Success {
		return 0, fmt.Errorf("compiling: %w", r)
	}
	return h, nil
}

func (p *computePipeline) Release() {
	p.device.vk.DestroyPipeline(p.device.handle, p.handle, nil)
	p.device.vk.DestroyPipelineLayout(p.device.handle, p.layout, nil)
}
