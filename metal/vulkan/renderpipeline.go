package vulkan

import (
	"fmt"
	"unsafe"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// renderPipeline is a VkPipeline with the layouts of both stages' arguments.
type renderPipeline struct {
	object
	handle   vk.Pipeline
	layout   vk.PipelineLayout
	vertex   *setLayout
	fragment *setLayout
	pass     passKey // what passes it fits, as loading() gives it
	class    int     // of its topology
	user     string
	desc     string // formats, for faults
}

var _ metal.RenderPipeline = (*renderPipeline)(nil)

var topologies = [...]vk.PrimitiveTopology{
	metal.PrimitiveTypePoint:         vk.PrimitiveTopologyPointList,
	metal.PrimitiveTypeLine:          vk.PrimitiveTopologyLineList,
	metal.PrimitiveTypeLineStrip:     vk.PrimitiveTopologyLineStrip,
	metal.PrimitiveTypeTriangle:      vk.PrimitiveTopologyTriangleList,
	metal.PrimitiveTypeTriangleStrip: vk.PrimitiveTopologyTriangleStrip,
}

// topologyClass tells points, lines and triangles apart.
func topologyClass(p metal.PrimitiveType) int { return (int(p) + 1) / 2 }

// dynamicStates are set by commands, in every render encoder.
var dynamicStates = [...]vk.DynamicState{
	vk.DynamicStateViewport, vk.DynamicStateScissor, vk.DynamicStateDepthBias, vk.DynamicStateBlendConstants,
	vk.DynamicStateStencilCompareMask, vk.DynamicStateStencilWriteMask, vk.DynamicStateStencilReference,
	vk.DynamicStateCullMode, vk.DynamicStateFrontFace, vk.DynamicStatePrimitiveTopology, vk.DynamicStatePrimitiveRestartEnable,
	vk.DynamicStateDepthTestEnable, vk.DynamicStateDepthWriteEnable, vk.DynamicStateDepthCompareOp,
	vk.DynamicStateStencilTestEnable, vk.DynamicStateStencilOp, vk.DynamicStateDepthBiasEnable,
}

// NewRenderPipeline compiles a vertex and, where there is one, a fragment
// function.
func (d *Device) NewRenderPipeline(desc metal.RenderPipelineDescriptor) (metal.RenderPipeline, error) {
	label := desc.Label
	if label == "" {
		label = desc.Vertex.Name
	}
	p, err := d.newRenderPipeline(desc, label)
	if err != nil {
		return nil, fail("render pipeline", label, "%w", err)
	}
	return p, nil
}

func (d *Device) newRenderPipeline(desc metal.RenderPipelineDescriptor, label string) (*renderPipeline, error) {
	p := &renderPipeline{object: object{d, label}, user: fmt.Sprintf("render pipeline %q", label), class: topologyClass(desc.Topology)}
	var err error
	if p.pass, err = d.pipelinePass(desc); err != nil {
		return nil, err
	}
	for n := len(desc.Colors); n > 0 && desc.Colors[n-1].Format == metal.PixelFormatInvalid; n-- {
		desc.Colors = desc.Colors[:n-1] // as many as the pass has
	}
	formats := make([]metal.PixelFormat, len(desc.Colors))
	for i, c := range desc.Colors {
		formats[i] = c.Format
	}
	p.desc = describe(formats, desc.DepthStencilFormat, desc.Samples)
	vertex, err := parseShader(desc.Vertex, metal.StageVertex)
	if err != nil {
		return nil, err
	}
	functions := []*shader{vertex}
	fragment := &shader{}
	if desc.Fragment.Stage != 0 || len(desc.Fragment.SPIRV) > 0 {
		if fragment, err = parseShader(desc.Fragment, metal.StageFragment); err != nil {
			return nil, err
		}
		functions = append(functions, fragment)
	}
	if p.vertex, err = d.setLayout(vk.ShaderStageVertexBit, vertex.bindings); err != nil {
		return nil, err
	}
	if p.fragment, err = d.setLayout(vk.ShaderStageFragmentBit, fragment.bindings); err != nil {
		return nil, err
	}
	if p.layout, err = d.newPipelineLayout([]vk.DescriptorSetLayout{p.vertex.handle, p.fragment.handle}, 0); err != nil {
		return nil, err
	}
	if err := p.compile(desc, functions); err != nil {
		p.Release()
		return nil, err
	}
	return p, nil
}

// pipelinePass checks the formats of a pipeline and returns the pass it is for.
func (d *Device) pipelinePass(desc metal.RenderPipelineDescriptor) (passKey, error) {
	var k passKey
	if len(desc.Colors) > metal.MaxColorAttachments {
		return k, fmt.Errorf("%d colors: at most %d", len(desc.Colors), metal.MaxColorAttachments)
	}
	if int(desc.Topology) >= len(topologies) {
		return k, fmt.Errorf("unknown topology %d", desc.Topology)
	}
	for i, c := range desc.Colors {
		if c.Format == metal.PixelFormatInvalid {
			continue
		}
		f, ok := pixelFormats[c.Format]
		if !ok || d.formatFeatures(f)&vk.FormatFeatureColorAttachmentBit == 0 {
			return k, fmt.Errorf("color %d: the device cannot draw into %v", i, c.Format)
		}
		if c.Blend != nil && d.formatFeatures(f)&vk.FormatFeatureColorAttachmentBlendBit == 0 {
			return k, fmt.Errorf("color %d: the device cannot blend in %v", i, c.Format)
		}
		k.colors[i].format = f
	}
	if ds := desc.DepthStencilFormat; ds != metal.PixelFormatInvalid {
		f, ok := pixelFormats[ds]
		if !ok || d.formatFeatures(f)&vk.FormatFeatureDepthStencilAttachmentBit == 0 {
			return k, fmt.Errorf("depthStencilFormat: the device cannot test against %v", ds)
		}
		k.depth.format = f
	}
	switch desc.Samples {
	case 0, 1:
		k.samples = vk.SampleCount1Bit
	case 2, 4, 8:
		k.samples = vk.SampleCountFlags(desc.Samples)
	default:
		return k, fmt.Errorf("%d samples: must be 1, 2, 4 or 8", desc.Samples)
	}
	return k.loading(), nil
}

func (p *renderPipeline) compile(desc metal.RenderPipelineDescriptor, functions []*shader) error {
	d := p.device
	blends, err := blendStates(desc.Colors)
	if err != nil {
		return err
	}
	var stages []vk.PipelineShaderStageCreateInfo
	for i, s := range functions {
		m, err := d.shaderModule(s.words)
		if err != nil {
			return fmt.Errorf("function %q: %w", s.name, err)
		}
		defer d.vk.DestroyShaderModule(d.handle, m, nil)
		stage := vk.ShaderStageVertexBit
		if i == 1 {
			stage = vk.ShaderStageFragmentBit
		}
		stages = append(stages, vk.PipelineShaderStageCreateInfo{
			SType: vk.StructureTypePipelineShaderStageCreateInfo, Stage: stage, Module: m, PName: vk.CString("main"),
		})
	}
	pass, err := d.renderPass(&p.pass)
	if err != nil {
		return err
	}
	dynamic := dynamicStates
	info := &vk.GraphicsPipelineCreateInfo{
		SType:      vk.StructureTypeGraphicsPipelineCreateInfo,
		StageCount: uint32(len(stages)), PStages: &stages[0], Layout: p.layout, RenderPass: pass, BasePipelineIndex: -1,
		PVertexInputState:   &vk.PipelineVertexInputStateCreateInfo{SType: vk.StructureTypePipelineVertexInputStateCreateInfo},
		PInputAssemblyState: &vk.PipelineInputAssemblyStateCreateInfo{SType: vk.StructureTypePipelineInputAssemblyStateCreateInfo, Topology: topologies[desc.Topology]},
		PViewportState:      &vk.PipelineViewportStateCreateInfo{SType: vk.StructureTypePipelineViewportStateCreateInfo, ViewportCount: 1, ScissorCount: 1},
		PRasterizationState: &vk.PipelineRasterizationStateCreateInfo{SType: vk.StructureTypePipelineRasterizationStateCreateInfo, LineWidth: 1},
		PMultisampleState: &vk.PipelineMultisampleStateCreateInfo{
			SType: vk.StructureTypePipelineMultisampleStateCreateInfo, RasterizationSamples: p.pass.samples, AlphaToCoverageEnable: vk.Bool(desc.AlphaToCoverage),
		},
		PDepthStencilState: &vk.PipelineDepthStencilStateCreateInfo{SType: vk.StructureTypePipelineDepthStencilStateCreateInfo, MaxDepthBounds: 1},
		PColorBlendState: &vk.PipelineColorBlendStateCreateInfo{
			SType: vk.StructureTypePipelineColorBlendStateCreateInfo, AttachmentCount: uint32(len(blends)), PAttachments: unsafe.SliceData(blends),
		},
		PDynamicState: &vk.PipelineDynamicStateCreateInfo{
			SType: vk.StructureTypePipelineDynamicStateCreateInfo, DynamicStateCount: uint32(len(dynamic)), PDynamicStates: &dynamic[0],
		},
	}
	if r := d.vk.CreateGraphicsPipelines(d.handle, 0, 1, info, nil, &p.handle); r != vk.Success {
		return fmt.Errorf("compiling: %w", r)
	}
	return nil
}

func (p *renderPipeline) Release() {
	p.device.vk.DestroyPipeline(p.device.handle, p.handle, nil)
	p.device.vk.DestroyPipelineLayout(p.device.handle, p.layout, nil)
}
