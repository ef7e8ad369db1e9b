package vulkan

import (
	"weft/metal"
	"weft/metal/vulkan/vk"
)

// sampler is a VkSampler.
type sampler struct {
	object
	handle vk.Sampler
}

var _ metal.Sampler = (*sampler)(nil)

var addressModes = [...]vk.SamplerAddressMode{
	metal.AddressModeClampToEdge:       vk.SamplerAddressModeClampToEdge,
	metal.AddressModeMirrorClampToEdge: vk.SamplerAddressModeMirrorClampToEdge,
	metal.AddressModeRepeat:            vk.SamplerAddressModeRepeat,
	metal.AddressModeMirrorRepeat:      vk.SamplerAddressModeMirroredRepeat,
	metal.AddressModeClampToZero:       vk.SamplerAddressModeClampToBorder,
	metal.AddressModeClampToBorder:     vk.SamplerAddressModeClampToBorder,
}

var borderColors = [...]vk.BorderColor{
	metal.BorderColorTransparentBlack: vk.BorderColorFloatTransparentBlack,
	metal.BorderColorOpaqueBlack:      vk.BorderColorFloatOpaqueBlack,
	metal.BorderColorOpaqueWhite:      vk.BorderColorFloatOpaqueWhite,
}

// NewSampler makes a sampler.
func (d *Device) NewSampler(desc metal.SamplerDescriptor) (metal.Sampler, error) {
	if err := d.checkSampler(desc); err != nil {
		return nil, err
	}
	info := &vk.SamplerCreateInfo{
		SType:     vk.StructureTypeSamplerCreateInfo,
		MagFilter: vk.Filter(desc.MagFilter), MinFilter: vk.Filter(desc.MinFilter),
		AddressModeU: addressModes[desc.AddressU], AddressModeV: addressModes[desc.AddressV], AddressModeW: addressModes[desc.AddressW],
		MinLod: desc.LodMin, MaxLod: desc.LodMax, BorderColor: borderColors[desc.Border],
	}
	if desc.AddressU == metal.AddressModeClampToZero || desc.AddressV == metal.AddressModeClampToZero || desc.AddressW == metal.AddressModeClampToZero {
		info.BorderColor = vk.BorderColorFloatTransparentBlack
	}
	switch {
	case desc.MipFilter == metal.MipFilterNotMipmapped:
		info.MinLod, info.MaxLod = 0, 0.25 // the base mip, with both filters by size, as the Vulkan guide for this case says
	case desc.LodMax == 0:
		info.MaxLod = vk.LODClampNone
	}
	if desc.MipFilter == metal.MipFilterLinear {
		info.MipmapMode = vk.SamplerMipmapModeLinear
	}
	if desc.MaxAnisotropy > 1 && d.features.core.SamplerAnisotropy == vk.True && !d.llvmpipe22 {
		info.AnisotropyEnable, info.MaxAnisotropy = vk.True, min(float32(desc.MaxAnisotropy), d.limits.MaxSamplerAnisotropy)
	}
	if desc.Compare != metal.CompareFunctionNever {
		info.CompareEnable, info.CompareOp = vk.True, vk.CompareOp(desc.Compare)
	}
	s := &sampler{object: object{d, desc.Label}}
	if r := d.vk.CreateSampler(d.handle, info, nil, &s.handle); r != vk.Success {
		return nil, fail("sampler", desc.Label, "%w", r)
	}
	return s, nil
}

func (d *Device) checkSampler(desc metal.SamplerDescriptor) error {
	for _, m := range []metal.AddressMode{desc.AddressU, desc.AddressV, desc.AddressW} {
		if int(m) >= len(addressModes) {
			return fail("sampler", desc.Label, "unknown address mode %d", m)
		}
		if m == metal.AddressModeMirrorClampToEdge && d.features.v12.SamplerMirrorClampToEdge == vk.False {
			return fail("sampler", desc.Label, "the device lacks the address mode mirrorClampToEdge")
		}
	}
	if int(desc.Border) >= len(borderColors) || desc.Compare > metal.CompareFunctionAlways ||
		desc.MinFilter > metal.FilterLinear || desc.MagFilter > metal.FilterLinear || desc.MipFilter > metal.MipFilterLinear {
		return fail("sampler", desc.Label, "border %d, compare %d or filters %d, %d, %d: an unknown value", desc.Border, desc.Compare, desc.MinFilter, desc.MagFilter, desc.MipFilter)
	}
	if desc.LodMin < 0 || desc.LodMax != 0 && desc.LodMax < desc.LodMin {
		return fail("sampler", desc.Label, "mips from %g to %g: must rise from 0 or more", desc.LodMin, desc.LodMax)
	}
	return nil
}

func (s *sampler) Release() { s.device.vk.DestroySampler(s.device.handle, s.handle, nil) }
