package vulkan

import (
	"weft/metal"
	"weft/metal/vulkan/vk"
)

// buffer is a VkBuffer with all uses switched on.
type buffer struct {
	object
	handle vk.Buffer
	length int
	needs  metal.SizeAndAlign
	mode   metal.StorageMode
	own    *memory // nil when placed in a heap
	in     *heap   // that it is placed in
	data   []byte  // the mapped memory of a shared buffer
	views  map[viewRange]vk.BufferView
}

var _ metal.Buffer = (*buffer)(nil)

// viewRange is a part of a buffer seen as texels.
type viewRange struct {
	format       vk.Format
	offset, size int
}

const bufferUsage = vk.BufferUsageTransferSrcBit | vk.BufferUsageTransferDstBit |
	vk.BufferUsageUniformTexelBufferBit | vk.BufferUsageStorageTexelBufferBit |
	vk.BufferUsageUniformBufferBit | vk.BufferUsageStorageBufferBit |
	vk.BufferUsageIndexBufferBit | vk.BufferUsageIndirectBufferBit

// checkBuffer checks a descriptor of a buffer that shaders may see as a whole.
// The driver's own may be larger.
func (d *Device) checkBuffer(desc metal.BufferDescriptor) error {
	if most := d.Limits().MaxBufferLength; desc.Length < 1 || desc.Length > most {
		return fail("buffer", desc.Label, "length %d: must be from 1 to %d bytes on this device", desc.Length, most)
	}
	return checkStorage("buffer", desc.Label, desc.Storage)
}

func checkStorage(kind, label string, m metal.StorageMode) error {
	if m != metal.StorageModePrivate && m != metal.StorageModeShared {
		return fail(kind, label, "storage mode %d: must be private or shared", m)
	}
	return nil
}

// bufferInfo rounds lengths up to whole words, which fills and storage buffers
// count in.
func bufferInfo(length int) *vk.BufferCreateInfo {
	return &vk.BufferCreateInfo{SType: vk.StructureTypeBufferCreateInfo, Size: uint64(roundUp(length, 16)), Usage: bufferUsage}
}

// placement turns what Vulkan asks for into what a heap has to give.
func (d *Device) placement(r *vk.MemoryRequirements, mode metal.StorageMode) (metal.SizeAndAlign, error) {
	class, err := d.memory.class(r.MemoryTypeBits, mode)
	align := max(int(r.Alignment), d.placementAlign())
	return metal.SizeAndAlign{Size: roundUp(int(r.Size), align), Align: align, Class: class}, err
}

// BufferSizeAndAlign is the room that a buffer needs in a heap.
func (d *Device) BufferSizeAndAlign(desc metal.BufferDescriptor) (metal.SizeAndAlign, error) {
	if err := d.checkBuffer(desc); err != nil {
		return metal.SizeAndAlign{}, err
	}
	r := &vk.MemoryRequirements2{SType: vk.StructureTypeMemoryRequirements2}
	d.vk.GetDeviceBufferMemoryRequirements(d.handle, &vk.DeviceBufferMemoryRequirements{
		SType: vk.StructureTypeDeviceBufferMemoryRequirements, PCreateInfo: bufferInfo(desc.Length),
	}, r)
	needs, err := d.placement(&r.MemoryRequirements, desc.Storage)
	if err != nil {
		return needs, fail("buffer", desc.Label, "%w", err)
	}
	return needs, nil
}

// NewBuffer makes a buffer in memory of its own. A shared one holds zeros, as in
// Metal; what a private one holds is undefined.
func (d *Device) NewBuffer(desc metal.BufferDescriptor) (metal.Buffer, error) {
	if err := d.checkBuffer(desc); err != nil {
		return nil, err
	}
	b, err := d.newBuffer(desc)
	if err != nil {
		return nil, err
	}
	return b, nil
}

func (d *Device) newBuffer(desc metal.BufferDescriptor) (*buffer, error) {
	b, err := d.createBuffer(desc)
	if err != nil {
		return nil, err
	}
	if b.own, err = d.allocate(b.needs.Size, b.needs.Class, desc.Storage, nil); err != nil {
		b.Release()
		return nil, fail("buffer", desc.Label, "%w", err)
	}
	if err := b.bind(b.own, 0); err != nil {
		b.Release()
		return nil, err
	}
	clear(b.data)
	return b, nil
}

// createBuffer makes a buffer without memory.
func (d *Device) createBuffer(desc metal.BufferDescriptor) (*buffer, error) {
	b := &buffer{object: object{d, desc.Label}, length: desc.Length, mode: desc.Storage}
	if r := d.vk.CreateBuffer(d.handle, bufferInfo(desc.Length), nil, &b.handle); r != vk.Success {
		return nil, fail("buffer", desc.Label, "%d bytes: %w", desc.Length, r)
	}
	var r vk.MemoryRequirements
	d.vk.GetBufferMemoryRequirements(d.handle, b.handle, &r)
	var err error
	if b.needs, err = d.placement(&r, desc.Storage); err != nil {
		b.Release()
		return nil, fail("buffer", desc.Label, "%w", err)
	}
	return b, nil
}

func (b *buffer) bind(m *memory, offset int) error {
	if r := b.device.vk.BindBufferMemory(b.device.handle, b.handle, m.handle, uint64(offset)); r != vk.Success {
		return fail("buffer", b.label, "binding its memory: %w", r)
	}
	if m.mapped != nil {
		b.data = m.mapped[offset : offset+b.length : offset+b.length]
	}
	return nil
}

func (b *buffer) Length() int        { return b.length }
func (b *buffer) AllocatedSize() int { return b.needs.Size }
func (b *buffer) Contents() []byte   { return b.data }

func (b *buffer) Release() {
	for _, v := range b.views {
		b.device.vk.DestroyBufferView(b.device.handle, v, nil)
	}
	b.device.vk.DestroyBuffer(b.device.handle, b.handle, nil)
	b.device.free(b.own)
	b.in.leave()
}

// view returns the buffer seen as texels, made once for each range. It is
// called while pipelines and tables are prepared, under the device's lock.
func (b *buffer) view(v viewRange) (vk.BufferView, error) {
	d := b.device
	d.mu.Lock()
	defer d.mu.Unlock()
	if h, ok := b.views[v]; ok {
		return h, nil
	}
	var h vk.BufferView
	info := &vk.BufferViewCreateInfo{
		SType: vk.StructureTypeBufferViewCreateInfo, Buffer: b.handle, Format: v.format,
		Offset: uint64(v.offset), Range: uint64(v.size),
	}
	if r := d.vk.CreateBufferView(d.handle, info, nil, &h); r != vk.Success {
		return 0, fail("buffer", b.label, "a view of texels at %d: %w", v.offset, r)
	}
	if b.views == nil {
		b.views = map[viewRange]vk.BufferView{}
	}
	b.views[v] = h
	return h, nil
}
