package vulkan

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"weft/metal/vulkan/network"
	"weft/metal/vulkan/vk"
)

// kernel is one compiled shader of a network. Pipelines of one package for
// several extents have the same.
type kernel struct {
	handle vk.Pipeline
	layout vk.PipelineLayout
	set    vk.DescriptorSetLayout
}

// maxPushConstants is the words of push constants that every device has.
const maxPushConstants = 32

var bindingKinds = [...]vk.DescriptorType{
	network.StorageBuffer:      vk.DescriptorTypeStorageBuffer,
	network.UniformTexelBuffer: vk.DescriptorTypeUniformTexelBuffer,
}

// kernel returns a shader, compiled if no pipeline has it.
func (d *Device) kernel(from *network.Kernel) (*share[kernel], error) {
	if from.Constants > maxPushConstants {
		return nil, fmt.Errorf("BUG: %d push constants: at most %d", from.Constants, maxPushConstants)
	}
	data := make([]byte, 0, 4*len(from.Words)+len(from.Bindings)+1)
	for _, w := range from.Words {
		data = binary.LittleEndian.AppendUint32(data, w)
	}
	for _, b := range from.Bindings {
		data = append(data, byte(b))
	}
	data = append(data, byte(from.Constants))
	return d.shared.kernels.take(sha256.Sum256(data), func() (kernel, error) { return d.compileKernel(from) })
}

func (d *Device) compileKernel(from *network.Kernel) (k kernel, err error) {
	defer func() {
		if err != nil {
			d.destroyKernel(k)
		}
	}()
	list := make([]vk.DescriptorSetLayoutBinding, len(from.Bindings))
	for i, b := range from.Bindings {
		list[i] = vk.DescriptorSetLayoutBinding{
			Binding: uint32(i), DescriptorType: bindingKinds[b], DescriptorCount: 1, StageFlags: vk.ShaderStageComputeBit,
		}
	}
	if k.set, err = d.newSetLayout(list); err != nil {
		return k, err
	}
	if k.layout, err = d.newPipelineLayout([]vk.DescriptorSetLayout{k.set}, 4*from.Constants); err != nil {
		return k, err
	}
	k.handle, err = d.compileCompute(from.Words, k.layout)
	return k, err
}

func (d *Device) destroyKernel(k kernel) {
	d.vk.DestroyPipeline(d.handle, k.handle, nil)
	d.vk.DestroyPipelineLayout(d.handle, k.layout, nil)
	d.vk.DestroyDescriptorSetLayout(d.handle, k.set, nil)
}
