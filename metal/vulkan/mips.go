package vulkan

import (
	"weft/metal"
	"weft/metal/vulkan/vk"
)

// GenerateMipmaps makes each mip from the one before by a linear blit, which at
// half the size averages two by two texels. The barriers between the mips order
// blits of this texture only.
func (e *computeEncoder) GenerateMipmaps(tex metal.Texture) {
	const verb = "GenerateMipmaps"
	if !e.recording(verb) {
		return
	}
	t, ok := tex.(*texture)
	if !ok || t.device != e.cb.device {
		e.cb.fail("BUG: %s of a texture that is nil or of another device", verb)
		return
	}
	const need = vk.FormatFeatureBlitSrcBit | vk.FormatFeatureBlitDstBit | vk.FormatFeatureSampledImageFilterLinearBit
	d := e.cb.device
	format := pixelFormats[t.desc.Format]
	if d.formatFeatures(format)&need != need || aspects(t.desc.Format) != vk.ImageAspectColorBit {
		e.cb.fail("%s: the device cannot filter texture %q of format %v", verb, t.label, t.desc.Format)
		return
	}
	if t.desc.Mips == 1 || t.image.usage&vk.ImageUsageTransferSrcBit == 0 {
		e.cb.fail("%s: texture %q is memoryless or has one mip", verb, t.label)
		return
	}
	for level := 1; level < t.desc.Mips; level++ {
		if level > 1 {
			e.afterBlit(t, level-1)
			e.cb.barriers.record(d, e.cb.handle)
		}
		src, dst := t.layers(level-1, 0), t.layers(level, 0)
		src.LayerCount, dst.LayerCount = t.part.LayerCount, t.part.LayerCount
		e.blit = vk.ImageBlit{SrcSubresource: src, DstSubresource: dst}
		e.blit.SrcOffsets[1] = corner(t.desc.MipSize(level - 1))
		e.blit.DstOffsets[1] = corner(t.desc.MipSize(level))
		h := t.image.handle
		d.vk.CmdBlitImage(e.cb.handle, h, vk.ImageLayoutGeneral, h, vk.ImageLayoutGeneral, 1, &e.blit, vk.FilterLinear)
	}
}

func corner(s metal.Size) vk.Offset3D {
	return vk.Offset3D{X: int32(s.Width), Y: int32(s.Height), Z: int32(s.Depth)}
}

// afterBlit lets the next blit read what the last wrote to one mip.
func (e *computeEncoder) afterBlit(t *texture, level int) {
	part := t.part
	part.BaseMipLevel += uint32(level)
	part.LevelCount = 1
	e.cb.barriers.image = append(e.cb.barriers.image, vk.ImageMemoryBarrier2{
		SType:        vk.StructureTypeImageMemoryBarrier2,
		SrcStageMask: vk.PipelineStage2BlitBit, SrcAccessMask: vk.Access2TransferWriteBit,
		DstStageMask: vk.PipelineStage2BlitBit, DstAccessMask: vk.Access2TransferReadBit,
		OldLayout: vk.ImageLayoutGeneral, NewLayout: vk.ImageLayoutGeneral,
		SrcQueueFamilyIndex: vk.QueueFamilyIgnored, DstQueueFamilyIndex: vk.QueueFamilyIgnored,
		Image: t.image.handle, SubresourceRange: part,
	})
}
