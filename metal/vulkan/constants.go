package vulkan

import (
	"crypto/sha256"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// constants is memory of the GPU that networks read and nobody writes.
// Pipelines of one package for several extents have the same weights.
type constants = share[*buffer]

// constants returns memory with that content, uploaded if no pipeline has it;
// nil for none.
func (d *Device) constants(label string, data []byte) (*constants, error) {
	if len(data) == 0 {
		return nil, nil
	}
	return d.shared.constants.take(sha256.Sum256(data), func() (*buffer, error) { return d.upload(label, data) })
}

// upload copies data into private memory, and waits for that.
func (d *Device) upload(label string, data []byte) (*buffer, error) {
	desc := metal.BufferDescriptor{Label: label, Length: len(data), Storage: metal.StorageModePrivate}
	b, err := d.newBuffer(desc)
	if err != nil {
		return nil, err
	}
	desc.Storage = metal.StorageModeShared
	staging, err := d.newBuffer(desc)
	if err == nil {
		defer staging.Release()
		copy(staging.data, data)
		err = d.runNow(func(cb vk.CommandBuffer) {
			d.vk.CmdCopyBuffer(cb, staging.handle, b.handle, 1, &vk.BufferCopy{Size: uint64(len(data))})
		})
	}
	if err != nil {
		b.Release()
		return nil, err
	}
	return b, nil
}
