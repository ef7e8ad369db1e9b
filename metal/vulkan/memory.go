package vulkan

import (
	"fmt"
	"unsafe"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// memoryTypes are a device's memory types, and the two that buffers use.
type memoryTypes struct {
	flags   []vk.MemoryPropertyFlags // by index
	private int                      // device-local
	shared  int                      // mapped by the CPU, coherent
}

func (in *instance) memoryTypes(p vk.PhysicalDevice) (memoryTypes, error) {
	props := &vk.PhysicalDeviceMemoryProperties{}
	in.vk.GetPhysicalDeviceMemoryProperties(p, props)
	m := memoryTypes{}
	for _, t := range props.MemoryTypes[:props.MemoryTypeCount] {
		m.flags = append(m.flags, t.PropertyFlags)
	}
	const all = ^uint32(0)
	m.private = m.choose(all, metal.StorageModePrivate)
	m.shared = m.choose(all, metal.StorageModeShared)
	if m.private < 0 || m.shared < 0 {
		return m, fmt.Errorf("it has no memory that the CPU can map")
	}
	return m, nil
}

// choose returns the best of the types whose bits are set in allowed, or -1.
// Private memory wants to be on the device and not, without need, in the small
// window that the CPU can see; shared memory must be mapped and coherent, and
// is better cached, since readback reads it.
func (m *memoryTypes) choose(allowed uint32, mode metal.StorageMode) int {
	const mapped = vk.MemoryPropertyHostVisibleBit | vk.MemoryPropertyHostCoherentBit
	const never = vk.MemoryPropertyLazilyAllocatedBit | vk.MemoryPropertyProtectedBit
	best, bestScore := -1, -1
	for i, f := range m.flags {
		if allowed&(1<<i) == 0 || f&never != 0 {
			continue
		}
		score := 0
		if mode == metal.StorageModeShared {
			if f&mapped != mapped {
				continue
			}
			if f&vk.MemoryPropertyHostCachedBit != 0 {
				score = 1
			}
		} else {
			if f&vk.MemoryPropertyDeviceLocalBit != 0 {
				score += 2
			}
			if f&vk.MemoryPropertyHostVisibleBit == 0 {
				score++
			}
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	return best
}

// class tells apart resources that must lie in different heaps: 0 is the memory
// type of buffers, 1+i another type i.
func (m *memoryTypes) class(bits uint32, mode metal.StorageMode) (int, error) {
	usual := m.private
	if mode == metal.StorageModeShared {
		usual = m.shared
	}
	if bits&(1<<usual) != 0 {
		return 0, nil
	}
	i := m.choose(bits, mode)
	if i < 0 {
		return 0, fmt.Errorf("no memory type of the device can hold it")
	}
	return 1 + i, nil
}

// index is the memory type of a class.
func (m *memoryTypes) index(class int, mode metal.StorageMode) int {
	switch {
	case class > 0:
		return class - 1
	case mode == metal.StorageModeShared:
		return m.shared
	}
	return m.private
}

// memory is one VkDeviceMemory: a heap, or what one resource has for itself.
type memory struct {
	handle vk.DeviceMemory
	size   int
	mapped []byte // nil for private memory
}

func (d *Device) allocate(size, class int, mode metal.StorageMode, dedicated *vk.MemoryDedicatedAllocateInfo) (*memory, error) {
	if class < 0 || class > len(d.memory.flags) {
		return nil, fmt.Errorf("memory class %d: use the Class that SizeAndAlign gave", class)
	}
	m := &memory{size: size}
	info := &vk.MemoryAllocateInfo{
		SType: vk.StructureTypeMemoryAllocateInfo, AllocationSize: uint64(size),
		MemoryTypeIndex: uint32(d.memory.index(class, mode)), PNext: unsafe.Pointer(dedicated),
	}
	if r := d.vk.AllocateMemory(d.handle, info, nil, &m.handle); r != vk.Success {
		return nil, fmt.Errorf("%d bytes of %s memory: %w", size, storageName(mode), r)
	}
	if mode == metal.StorageModeShared {
		var p unsafe.Pointer
		if r := d.vk.MapMemory(d.handle, m.handle, 0, vk.WholeSize, 0, &p); r != vk.Success {
			d.vk.FreeMemory(d.handle, m.handle, nil)
			return nil, fmt.Errorf("mapping %d bytes: %w", size, r)
		}
		m.mapped = unsafe.Slice((*byte)(p), size)
	}
	return m, nil
}

// free gives memory back; nil is fine. Mapped memory is unmapped by it.
func (d *Device) free(m *memory) {
	if m != nil {
		d.vk.FreeMemory(d.handle, m.handle, nil)
	}
}

func storageName(m metal.StorageMode) string {
	if m == metal.StorageModeShared {
		return "shared"
	}
	return "private"
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }
