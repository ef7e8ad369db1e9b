package vulkan

import (
	"fmt"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

var blendFactors = [...]vk.BlendFactor{
	metal.BlendFactorZero:                     vk.BlendFactorZero,
	metal.BlendFactorOne:                      vk.BlendFactorOne,
	metal.BlendFactorSourceColor:              vk.BlendFactorSrcColor,
	metal.BlendFactorOneMinusSourceColor:      vk.BlendFactorOneMinusSrcColor,
	metal.BlendFactorSourceAlpha:              vk.BlendFactorSrcAlpha,
	metal.BlendFactorOneMinusSourceAlpha:      vk.BlendFactorOneMinusSrcAlpha,
	metal.BlendFactorDestinationColor:         vk.BlendFactorDstColor,
	metal.BlendFactorOneMinusDestinationColor: vk.BlendFactorOneMinusDstColor,
	metal.BlendFactorDestinationAlpha:         vk.BlendFactorDstAlpha,
	metal.BlendFactorOneMinusDestinationAlpha: vk.BlendFactorOneMinusDstAlpha,
	metal.BlendFactorSourceAlphaSaturated:     vk.BlendFactorSrcAlphaSaturate,
	metal.BlendFactorBlendColor:               vk.BlendFactorConstantColor,
	metal.BlendFactorOneMinusBlendColor:       vk.BlendFactorOneMinusConstantColor,
	metal.BlendFactorBlendAlpha:               vk.BlendFactorConstantAlpha,
	metal.BlendFactorOneMinusBlendAlpha:       vk.BlendFactorOneMinusConstantAlpha,
}

// blendStates translates the colors of a pipeline. The operations have the same
// numbers in both.
func blendStates(colors []metal.PipelineColor) ([]vk.PipelineColorBlendAttachmentState, error) {
	list := make([]vk.PipelineColorBlendAttachmentState, len(colors))
	for i, c := range colors {
		s := &list[i]
		s.ColorWriteMask = writeMask(c.WriteMask)
		b := c.Blend
		if b == nil {
			continue
		}
		for _, f := range []metal.BlendFactor{b.SourceColor, b.DestinationColor, b.SourceAlpha, b.DestinationAlpha} {
			if int(f) >= len(blendFactors) {
				return nil, fmt.Errorf("color %d: unknown blend factor %d", i, f)
			}
		}
		if b.Operation > metal.BlendOperationMax || b.AlphaOperation > metal.BlendOperationMax {
			return nil, fmt.Errorf("color %d: unknown blend operation %d or %d", i, b.Operation, b.AlphaOperation)
		}
		s.BlendEnable = vk.True
		s.ColorBlendOp, s.AlphaBlendOp = vk.BlendOp(b.Operation), vk.BlendOp(b.AlphaOperation)
		s.SrcColorBlendFactor, s.DstColorBlendFactor = blendFactors[b.SourceColor], blendFactors[b.DestinationColor]
		s.SrcAlphaBlendFactor, s.DstAlphaBlendFactor = blendFactors[b.SourceAlpha], blendFactors[b.DestinationAlpha]
	}
	return list, nil
}

// writeMask turns Metal's bits, alpha lowest, into Vulkan's, red lowest.
func writeMask(m metal.ColorWriteMask) (out vk.ColorComponentFlags) {
	if m == 0 {
		m = metal.ColorWriteMaskAll
	}
	for bit, c := range []vk.ColorComponentFlags{vk.ColorComponentABit, vk.ColorComponentBBit, vk.ColorComponentGBit, vk.ColorComponentRBit} {
		if m&(1<<bit) != 0 {
			out |= c
		}
	}
	return out
}
