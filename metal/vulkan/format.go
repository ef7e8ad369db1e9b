package vulkan

import (
	"weft/metal"
	"weft/metal/vulkan/vk"
)

// pixelFormats are Vulkan's names for Metal's formats. Packed ones name their
// parts from the highest bit down in Vulkan, from the lowest up in Metal.
var pixelFormats = map[metal.PixelFormat]vk.Format{
	metal.PixelFormatR8Unorm:              vk.FormatR8Unorm,
	metal.PixelFormatR8Snorm:              vk.FormatR8Snorm,
	metal.PixelFormatR8Uint:               vk.FormatR8Uint,
	metal.PixelFormatR8Sint:               vk.FormatR8Sint,
	metal.PixelFormatR16Unorm:             vk.FormatR16Unorm,
	metal.PixelFormatR16Uint:              vk.FormatR16Uint,
	metal.PixelFormatR16Sint:              vk.FormatR16Sint,
	metal.PixelFormatR16Float:             vk.FormatR16Sfloat,
	metal.PixelFormatRG8Unorm:             vk.FormatR8G8Unorm,
	metal.PixelFormatRG8Snorm:             vk.FormatR8G8Snorm,
	metal.PixelFormatR32Uint:              vk.FormatR32Uint,
	metal.PixelFormatR32Sint:              vk.FormatR32Sint,
	metal.PixelFormatR32Float:             vk.FormatR32Sfloat,
	metal.PixelFormatRG16Unorm:            vk.FormatR16G16Unorm,
	metal.PixelFormatRG16Snorm:            vk.FormatR16G16Snorm,
	metal.PixelFormatRG16Float:            vk.FormatR16G16Sfloat,
	metal.PixelFormatRGBA8Unorm:           vk.FormatR8G8B8A8Unorm,
	metal.PixelFormatRGBA8UnormSRGB:       vk.FormatR8G8B8A8Srgb,
	metal.PixelFormatRGBA8Snorm:           vk.FormatR8G8B8A8Snorm,
	metal.PixelFormatRGBA8Uint:            vk.FormatR8G8B8A8Uint,
	metal.PixelFormatBGRA8Unorm:           vk.FormatB8G8R8A8Unorm,
	metal.PixelFormatBGRA8UnormSRGB:       vk.FormatB8G8R8A8Srgb,
	metal.PixelFormatRGB10A2Unorm:         vk.FormatA2B10G10R10UnormPACK32,
	metal.PixelFormatRG11B10Float:         vk.FormatB10G11R11UfloatPACK32,
	metal.PixelFormatRGB9E5Float:          vk.FormatE5B9G9R9UfloatPACK32,
	metal.PixelFormatRG32Uint:             vk.FormatR32G32Uint,
	metal.PixelFormatRG32Float:            vk.FormatR32G32Sfloat,
	metal.PixelFormatRGBA16Unorm:          vk.FormatR16G16B16A16Unorm,
	metal.PixelFormatRGBA16Uint:           vk.FormatR16G16B16A16Uint,
	metal.PixelFormatRGBA16Float:          vk.FormatR16G16B16A16Sfloat,
	metal.PixelFormatRGBA32Uint:           vk.FormatR32G32B32A32Uint,
	metal.PixelFormatRGBA32Sint:           vk.FormatR32G32B32A32Sint,
	metal.PixelFormatRGBA32Float:          vk.FormatR32G32B32A32Sfloat,
	metal.PixelFormatDepth16Unorm:         vk.FormatD16Unorm,
	metal.PixelFormatDepth32Float:         vk.FormatD32Sfloat,
	metal.PixelFormatStencil8:             vk.FormatS8Uint,
	metal.PixelFormatDepth32FloatStencil8: vk.FormatD32SfloatS8Uint,
}

// aspects are the parts of a format that copies and attachments touch.
func aspects(f metal.PixelFormat) vk.ImageAspectFlags {
	var a vk.ImageAspectFlags
	if f.HasDepth() {
		a |= vk.ImageAspectDepthBit
	}
	if f.HasStencil() {
		a |= vk.ImageAspectStencilBit
	}
	if a == 0 {
		a = vk.ImageAspectColorBit
	}
	return a
}

// shaderAspect is the one part that a shader reads: of a combined format the
// depth, as in Metal.
func shaderAspect(f metal.PixelFormat) vk.ImageAspectFlags {
	a := aspects(f)
	if a&vk.ImageAspectDepthBit != 0 {
		return vk.ImageAspectDepthBit
	}
	return a
}

// usages are what images of a format may be used for on this device.
func (d *Device) usages(f vk.Format) vk.ImageUsageFlags {
	have := d.formatFeatures(f)
	var u vk.ImageUsageFlags
	for _, x := range []struct {
		feature vk.FormatFeatureFlags
		usage   vk.ImageUsageFlags
	}{
		{vk.FormatFeatureSampledImageBit, vk.ImageUsageSampledBit},
		{vk.FormatFeatureStorageImageBit, vk.ImageUsageStorageBit},
		{vk.FormatFeatureColorAttachmentBit, vk.ImageUsageColorAttachmentBit},
		{vk.FormatFeatureDepthStencilAttachmentBit, vk.ImageUsageDepthStencilAttachmentBit},
		{vk.FormatFeatureTransferSrcBit, vk.ImageUsageTransferSrcBit},
		{vk.FormatFeatureTransferDstBit, vk.ImageUsageTransferDstBit},
	} {
		if have&x.feature != 0 {
			u |= x.usage
		}
	}
	return u
}

func (d *Device) formatFeatures(f vk.Format) vk.FormatFeatureFlags {
	p := &vk.FormatProperties{}
	d.instance.vk.GetPhysicalDeviceFormatProperties(d.physical, f, p)
	return p.OptimalTilingFeatures
}
