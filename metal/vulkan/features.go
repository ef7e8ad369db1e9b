package vulkan

import (
	"fmt"
	"strings"
	"unsafe"

	"weft/metal/vulkan/vk"
)

// features are the optional features that the device has; all are switched on.
type features struct {
	core vk.PhysicalDeviceFeatures
	v11  vk.PhysicalDeviceVulkan11Features
	v12  vk.PhysicalDeviceVulkan12Features
	v13  vk.PhysicalDeviceVulkan13Features
}

// wantFeatures asks for what the driver uses of what the device has, and chains
// it to info. Mesa's llvmpipe 22.3 lacks descriptorIndexing, so nothing here
// needs it.
func (in *instance) wantFeatures(p vk.PhysicalDevice, info *vk.DeviceCreateInfo) (features, error) {
	have := newFeatureChain()
	in.vk.GetPhysicalDeviceFeatures2(p, &have.root)
	var missing []string
	for _, need := range []struct {
		name string
		have vk.Bool32
	}{
		{"timelineSemaphore", have.v12.TimelineSemaphore},
		{"synchronization2", have.v13.Synchronization2},
		{"maintenance4", have.v13.Maintenance4},
	} {
		if need.have == vk.False {
			missing = append(missing, need.name)
		}
	}
	if len(missing) > 0 {
		return features{}, fmt.Errorf("it lacks %s", strings.Join(missing, ", "))
	}
	on := newFeatureChain()
	on.v12.TimelineSemaphore, on.v13.Synchronization2, on.v13.Maintenance4 = vk.True, vk.True, vk.True
	on.root.Features = vk.PhysicalDeviceFeatures{
		FullDrawIndexUint32:                  have.root.Features.FullDrawIndexUint32,
		ImageCubeArray:                       have.root.Features.ImageCubeArray,
		IndependentBlend:                     have.root.Features.IndependentBlend,
		SampleRateShading:                    have.root.Features.SampleRateShading,
		DrawIndirectFirstInstance:            have.root.Features.DrawIndirectFirstInstance,
		DepthBiasClamp:                       have.root.Features.DepthBiasClamp,
		SamplerAnisotropy:                    have.root.Features.SamplerAnisotropy,
		VertexPipelineStoresAndAtomics:       have.root.Features.VertexPipelineStoresAndAtomics,
		FragmentStoresAndAtomics:             have.root.Features.FragmentStoresAndAtomics,
		ShaderImageGatherExtended:            have.root.Features.ShaderImageGatherExtended,
		ShaderStorageImageExtendedFormats:    have.root.Features.ShaderStorageImageExtendedFormats,
		ShaderStorageImageReadWithoutFormat:  have.root.Features.ShaderStorageImageReadWithoutFormat,
		ShaderStorageImageWriteWithoutFormat: have.root.Features.ShaderStorageImageWriteWithoutFormat,
		ShaderInt64:                          have.root.Features.ShaderInt64,
		ShaderInt16:                          have.root.Features.ShaderInt16,
	}
	on.v11.StorageBuffer16BitAccess = have.v11.StorageBuffer16BitAccess
	on.v11.UniformAndStorageBuffer16BitAccess = have.v11.UniformAndStorageBuffer16BitAccess
	on.v11.ShaderDrawParameters = have.v11.ShaderDrawParameters
	on.v12.SamplerMirrorClampToEdge = have.v12.SamplerMirrorClampToEdge
	on.v12.StorageBuffer8BitAccess = have.v12.StorageBuffer8BitAccess
	on.v12.UniformAndStorageBuffer8BitAccess = have.v12.UniformAndStorageBuffer8BitAccess
	on.v12.ShaderFloat16, on.v12.ShaderInt8 = have.v12.ShaderFloat16, have.v12.ShaderInt8
	on.v12.ScalarBlockLayout = have.v12.ScalarBlockLayout
	on.v13.SubgroupSizeControl, on.v13.ComputeFullSubgroups = have.v13.SubgroupSizeControl, have.v13.ComputeFullSubgroups
	info.PNext = unsafe.Pointer(&on.root)
	return features{core: on.root.Features, v11: on.v11, v12: on.v12, v13: on.v13}, nil
}

// featureChain is the structure that asks for or switches on features, with its
// extensions behind it.
type featureChain struct {
	root vk.PhysicalDeviceFeatures2
	v11  vk.PhysicalDeviceVulkan11Features
	v12  vk.PhysicalDeviceVulkan12Features
	v13  vk.PhysicalDeviceVulkan13Features
}

func newFeatureChain() *featureChain {
	c := &featureChain{}
	c.root.SType = vk.StructureTypePhysicalDeviceFeatures2
	c.v11.SType = vk.StructureTypePhysicalDeviceVulkan11Features
	c.v12.SType = vk.StructureTypePhysicalDeviceVulkan12Features
	c.v13.SType = vk.StructureTypePhysicalDeviceVulkan13Features
	c.root.PNext, c.v11.PNext, c.v12.PNext = unsafe.Pointer(&c.v11), unsafe.Pointer(&c.v12), unsafe.Pointer(&c.v13)
	return c
}
