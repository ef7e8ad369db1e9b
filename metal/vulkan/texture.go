package vulkan

import (
	"sync"
	"unsafe"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// image is a VkImage, shared by a texture and its views.
type image struct {
	handle vk.Image
	desc   metal.TextureDescriptor // normalized
	format vk.Format
	usage  vk.ImageUsageFlags
	needs  metal.SizeAndAlign
	size   int     // as Vulkan asks for it: that of memory of its own
	own    *memory // nil when placed in a heap
	in     *heap   // that it is placed in
	whole  vk.ImageSubresourceRange

	prepared preparation // guarded by the lock of freshImages
}

// texture is an image, or a part of one, seen by shaders and passes.
type texture struct {
	object
	image *image
	desc  metal.TextureDescriptor // normalized; of the part, for a view
	part  vk.ImageSubresourceRange
	view  vk.ImageView // for shaders; 0 when no shader may see it
	owner bool         // of the image: not a view

	mu      sync.Mutex
	targets map[target]vk.ImageView
}

// target is one slice of one mip of a texture, as an attachment.
type target struct{ level, slice int }

var _ metal.Texture = (*texture)(nil)

// TextureSizeAndAlign is the room that a texture needs in a heap.
func (d *Device) TextureSizeAndAlign(desc metal.TextureDescriptor) (metal.SizeAndAlign, error) {
	info, err := d.imageInfo(desc)
	if err != nil {
		return metal.SizeAndAlign{}, err
	}
	r := &vk.MemoryRequirements2{SType: vk.StructureTypeMemoryRequirements2}
	d.vk.GetDeviceImageMemoryRequirements(d.handle, &vk.DeviceImageMemoryRequirements{
		SType: vk.StructureTypeDeviceImageMemoryRequirements, PCreateInfo: info,
	}, r)
	needs, err := d.placement(&r.MemoryRequirements, metal.StorageModePrivate)
	if err != nil {
		return needs, fail("texture", desc.Label, "%w", err)
	}
	return needs, nil
}

// NewTexture makes a texture in memory of its own.
func (d *Device) NewTexture(desc metal.TextureDescriptor) (metal.Texture, error) {
	t, err := d.createTexture(desc)
	if err != nil {
		return nil, err
	}
	dedicated := &vk.MemoryDedicatedAllocateInfo{SType: vk.StructureTypeMemoryDedicatedAllocateInfo, Image: t.image.handle}
	if t.image.own, err = d.allocate(t.image.size, t.image.needs.Class, metal.StorageModePrivate, dedicated); err != nil {
		t.Release()
		return nil, fail("texture", desc.Label, "%w", err)
	}
	if err := t.bind(t.image.own, 0); err != nil {
		t.Release()
		return nil, err
	}
	return t, nil
}

// createTexture makes a texture without memory.
func (d *Device) createTexture(desc metal.TextureDescriptor) (*texture, error) {
	info, err := d.imageInfo(desc)
	if err != nil {
		return nil, err
	}
	n := desc.Normalized()
	m := &image{desc: n, format: info.Format, usage: info.Usage, whole: vk.ImageSubresourceRange{
		AspectMask: aspects(n.Format), LevelCount: info.MipLevels, LayerCount: info.ArrayLayers,
	}}
	if r := d.vk.CreateImage(d.handle, info, nil, &m.handle); r != vk.Success {
		return nil, fail("texture", desc.Label, "%w", r)
	}
	t := &texture{object: object{d, desc.Label}, image: m, desc: n, part: m.whole, owner: true}
	var r vk.MemoryRequirements
	d.vk.GetImageMemoryRequirements(d.handle, m.handle, &r)
	m.size = int(r.Size)
	if m.needs, err = d.placement(&r, metal.StorageModePrivate); err != nil {
		t.Release()
		return nil, fail("texture", desc.Label, "%w", err)
	}
	return t, nil
}

func (t *texture) bind(m *memory, offset int) error {
	d := t.device
	if r := d.vk.BindImageMemory(d.handle, t.image.handle, m.handle, uint64(offset)); r != vk.Success {
		return fail("texture", t.label, "binding its memory: %w", r)
	}
	if err := t.makeShaderView(); err != nil {
		return err
	}
	d.fresh.add(t.image)
	return nil
}

// imageInfo checks a descriptor against the device.
func (d *Device) imageInfo(desc metal.TextureDescriptor) (*vk.ImageCreateInfo, error) {
	if err := desc.Validate(); err != nil {
		return nil, err
	}
	n := desc.Normalized()
	info := &vk.ImageCreateInfo{
		SType: vk.StructureTypeImageCreateInfo, ImageType: vk.ImageType2D, Format: pixelFormats[n.Format],
		Extent:    vk.Extent3D{Width: uint32(n.Width), Height: uint32(n.Height), Depth: uint32(n.Depth)},
		MipLevels: uint32(n.Mips), ArrayLayers: uint32(n.Slices()), Samples: vk.SampleCountFlags(n.Samples),
	}
	switch n.Type {
	case metal.TextureType3D:
		info.ImageType = vk.ImageType3D
	case metal.TextureType2DArray, metal.TextureTypeCube, metal.TextureTypeCubeArray:
		if n.Width == n.Height && n.Slices() >= 6 { // for views as cubes too
			info.Flags |= vk.ImageCreateCubeCompatibleBit
		}
	}
	if n.Usage&metal.TextureUsagePixelFormatView != 0 {
		info.Flags |= vk.ImageCreateMutableFormatBit | vk.ImageCreateExtendedUsageBit
	}
	info.Usage = d.imageUsage(n, info.Format)
	var p vk.ImageFormatProperties
	r := d.instance.vk.GetPhysicalDeviceImageFormatProperties(d.physical, info.Format, info.ImageType, info.Tiling, info.Usage, info.Flags, &p)
	switch {
	case r != vk.Success:
		return nil, fail("texture", desc.Label, "%v, type %v, usage %d: the device has no such textures (%w)", n.Format, n.Type, n.Usage, r)
	case info.Extent.Width > p.MaxExtent.Width || info.Extent.Height > p.MaxExtent.Height || info.Extent.Depth > p.MaxExtent.Depth:
		return nil, fail("texture", desc.Label, "%dx%dx%d: at most %dx%dx%d on this device", n.Width, n.Height, n.Depth, p.MaxExtent.Width, p.MaxExtent.Height, p.MaxExtent.Depth)
	case info.ArrayLayers > p.MaxArrayLayers:
		return nil, fail("texture", desc.Label, "%d slices: at most %d on this device", info.ArrayLayers, p.MaxArrayLayers)
	case info.Samples&p.SampleCounts == 0:
		return nil, fail("texture", desc.Label, "%d samples: %v cannot have as many on this device", n.Samples, n.Format)
	}
	return info, nil
}

// imageUsage is what an image is made for. Copies are always possible, except
// for memoryless attachments; an unknown usage is all that the format can do.
func (d *Device) imageUsage(n metal.TextureDescriptor, f vk.Format) vk.ImageUsageFlags {
	attachment := vk.ImageUsageColorAttachmentBit
	if aspects(n.Format) != vk.ImageAspectColorBit {
		attachment = vk.ImageUsageDepthStencilAttachmentBit
	}
	const copies = vk.ImageUsageTransferSrcBit | vk.ImageUsageTransferDstBit
	switch {
	case n.Storage == metal.StorageModeMemoryless:
		return attachment
	case n.Usage&^metal.TextureUsagePixelFormatView == 0:
		u := d.usages(f)
		if n.Samples > 1 { // multisampled storage is a feature of its own
			u &^= vk.ImageUsageStorageBit
		}
		return u | copies
	}
	u := vk.ImageUsageFlags(copies)
	if n.Usage&metal.TextureUsageShaderRead != 0 {
		u |= vk.ImageUsageSampledBit
	}
	if n.Usage&metal.TextureUsageShaderWrite != 0 {
		u |= vk.ImageUsageStorageBit
	}
	if n.Usage&metal.TextureUsageRenderTarget != 0 {
		u |= attachment
	}
	return u
}

func (t *texture) Descriptor() metal.TextureDescriptor { return t.desc }
func (t *texture) AllocatedSize() int                  { return t.image.needs.Size }

func (t *texture) Release() {
	d := t.device
	for _, v := range t.targets {
		d.passes.forget(d, v)
		d.vk.DestroyImageView(d.handle, v, nil)
	}
	if t.view != 0 {
		d.vk.DestroyImageView(d.handle, t.view, nil)
	}
	if t.owner {
		d.fresh.drop(d, t.image)
		d.vk.DestroyImage(d.handle, t.image.handle, nil)
		d.free(t.image.own)
		t.image.in.leave()
	}
}

// makeView makes a view of a part of the image with only the uses that the
// image and the view's format have in common.
func (t *texture) makeView(kind vk.ImageViewType, format vk.Format, part vk.ImageSubresourceRange) (vk.ImageView, error) {
	d := t.device
	usage := t.image.usage
	if format != t.image.format {
		usage &= d.usages(format)
	}
	info := &vk.ImageViewCreateInfo{
		SType: vk.StructureTypeImageViewCreateInfo, Image: t.image.handle, ViewType: kind, Format: format, SubresourceRange: part,
		PNext: unsafe.Pointer(&vk.ImageViewUsageCreateInfo{SType: vk.StructureTypeImageViewUsageCreateInfo, Usage: usage}),
	}
	var v vk.ImageView
	if r := d.vk.CreateImageView(d.handle, info, nil, &v); r != vk.Success {
		return 0, fail("texture", t.label, "a view: %w", r)
	}
	return v, nil
}
