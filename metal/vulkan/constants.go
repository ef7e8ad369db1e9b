package vulkan

import (
	"crypto/sha256"
	"sync"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// constantCache holds what networks read and nobody writes, each content once:
// pipelines of one package for other extents have the same weights.
type constantCache struct {
	mu  sync.Mutex // held while uploading, so that nobody gets what is not there yet
	all map[[sha256.Size]byte]*constants
}

// constants is memory of the GPU with a content that stays.
type constants struct {
	*buffer
	sum   [sha256.Size]byte
	users int
}

// constants returns memory with that content, uploaded if no pipeline has it;
// nil for none. Each call wants one releaseConstants.
func (d *Device) constants(label string, data []byte) (*constants, error) {
	if len(data) == 0 {
		return nil, nil
	}
	cache := &d.constant
	cache.mu.Lock()
	defer cache.mu.Unlock()
	sum := sha256.Sum256(data)
	if c := cache.all[sum]; c != nil {
		c.users++
		return c, nil
	}
	b, err := d.upload(label, data)
	if err != nil {
		return nil, err
	}
	if cache.all == nil {
		cache.all = map[[sha256.Size]byte]*constants{}
	}
	c := &constants{buffer: b, sum: sum, users: 1}
	cache.all[sum] = c
	return c, nil
}

// releaseConstants gives back what constants returned; nil is fine.
func (d *Device) releaseConstants(c *constants) {
	if c == nil {
		return
	}
	cache := &d.constant
	cache.mu.Lock()
	defer cache.mu.Unlock()
	if c.users--; c.users == 0 {
		delete(cache.all, c.sum)
		c.Release()
	}
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
