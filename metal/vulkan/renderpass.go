package vulkan

import (
	"fmt"
	"slices"
	"sync"
	"unsafe"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// maxAttachments is the number of images of a render pass: colors, depth and
// stencil in one, and as many that take resolved samples.
const maxAttachments = 2 * (metal.MaxColorAttachments + 1)

// loadStore is what happens to an attachment before and after a VkRenderPass.
type loadStore struct {
	load  vk.AttachmentLoadOp
	store vk.AttachmentStoreOp // Store, or None of what is only tested against
}

// attachmentKey is what a VkRenderPass knows of one attachment.
type attachmentKey struct {
	format vk.Format // 0: not there
	loadStore
	resolve bool
}

// passKey is what tells VkRenderPasses apart.
type passKey struct {
	colors  [metal.MaxColorAttachments]attachmentKey
	depth   attachmentKey // or stencil, or both
	stencil loadStore
	samples vk.SampleCountFlags
}

// loading is the same pass with everything loaded: what goes on after a barrier
// in its middle, and what pipelines are made for.
func (k passKey) loading() passKey {
	for i := range k.colors {
		k.colors[i].load = vk.AttachmentLoadOpLoad
	}
	k.depth.load, k.stencil.load = vk.AttachmentLoadOpLoad, vk.AttachmentLoadOpLoad
	return k
}

// framebufferKey is what tells framebuffers apart.
type framebufferKey struct {
	pass          vk.RenderPass
	views         [maxAttachments]vk.ImageView
	count         int
	width, height int
}

// passCache keeps render passes for the life of the device, and framebuffers
// for that of their views.
type passCache struct {
	mu           sync.Mutex
	passes       map[passKey]vk.RenderPass
	framebuffers map[framebufferKey]vk.Framebuffer
}

func (c *passCache) release(d *Device) {
	for _, f := range c.framebuffers {
		d.vk.DestroyFramebuffer(d.handle, f, nil)
	}
	for _, p := range c.passes {
		d.vk.DestroyRenderPass(d.handle, p, nil)
	}
}

// forget drops the framebuffers of a view that is about to be destroyed.
func (c *passCache) forget(d *Device, v vk.ImageView) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, f := range c.framebuffers {
		if slices.Contains(k.views[:k.count], v) {
			d.vk.DestroyFramebuffer(d.handle, f, nil)
			delete(c.framebuffers, k)
		}
	}
}

func (d *Device) renderPass(k *passKey) (vk.RenderPass, error) {
	c := &d.passes
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.passes[*k]; ok {
		return p, nil
	}
	p, err := d.newRenderPass(k)
	if err != nil {
		return 0, err
	}
	if c.passes == nil {
		c.passes = map[passKey]vk.RenderPass{}
	}
	c.passes[*k] = p
	return p, nil
}

// newRenderPass makes one subpass that declares no dependencies and changes no
// layouts: nothing orders it but the plan's barriers. All that is written is
// stored, since a barrier may split the pass; where a store action says that
// nothing need be, that costs nothing on the GPUs that Vulkan runs on here. What
// is only read is not: to synchronization a store is a write.
func (d *Device) newRenderPass(k *passKey) (vk.RenderPass, error) {
	const general = vk.ImageLayoutGeneral
	var list []vk.AttachmentDescription2
	add := func(f vk.Format, samples vk.SampleCountFlags, depth, stencil loadStore, aspect vk.ImageAspectFlags) vk.AttachmentReference2 {
		list = append(list, vk.AttachmentDescription2{
			SType: vk.StructureTypeAttachmentDescription2, Format: f, Samples: samples,
			LoadOp: depth.load, StoreOp: depth.store, StencilLoadOp: stencil.load, StencilStoreOp: stencil.store,
			InitialLayout: general, FinalLayout: general,
		})
		return vk.AttachmentReference2{SType: vk.StructureTypeAttachmentReference2, Attachment: uint32(len(list) - 1), Layout: general, AspectMask: aspect}
	}
	unused := vk.AttachmentReference2{SType: vk.StructureTypeAttachmentReference2, Attachment: vk.AttachmentUnused, Layout: general}
	dontCare := loadStore{load: vk.AttachmentLoadOpDontCare}
	var colors, resolves [metal.MaxColorAttachments]vk.AttachmentReference2
	n, resolving := 0, false
	for i, a := range k.colors {
		colors[i], resolves[i] = unused, unused
		if a.format != 0 {
			n = i + 1
			colors[i] = add(a.format, k.samples, a.loadStore, dontCare, vk.ImageAspectColorBit)
		}
	}
	for i, a := range k.colors {
		if a.resolve {
			resolving = true
			resolves[i] = add(a.format, vk.SampleCount1Bit, dontCare, dontCare, vk.ImageAspectColorBit)
		}
	}
	sub := &vk.SubpassDescription2{SType: vk.StructureTypeSubpassDescription2, ColorAttachmentCount: uint32(n), PColorAttachments: &colors[0]}
	if resolving {
		sub.PResolveAttachments = &resolves[0]
	}
	if k.depth.format != 0 {
		aspect := formatAspects(k.depth.format)
		ref := add(k.depth.format, k.samples, k.depth.loadStore, k.stencil, aspect)
		sub.PDepthStencilAttachment = &ref
		if k.depth.resolve {
			to := add(k.depth.format, vk.SampleCount1Bit, dontCare, dontCare, aspect)
			r := &vk.SubpassDescriptionDepthStencilResolve{SType: vk.StructureTypeSubpassDescriptionDepthStencilResolve, PDepthStencilResolveAttachment: &to}
			if aspect&vk.ImageAspectDepthBit != 0 {
				r.DepthResolveMode = vk.ResolveModeSampleZeroBit
			}
			if aspect&vk.ImageAspectStencilBit != 0 {
				r.StencilResolveMode = vk.ResolveModeSampleZeroBit
			}
			sub.PNext = unsafe.Pointer(r)
		}
	}
	info := &vk.RenderPassCreateInfo2{
		SType: vk.StructureTypeRenderPassCreateInfo2, AttachmentCount: uint32(len(list)), PAttachments: unsafe.SliceData(list),
		SubpassCount: 1, PSubpasses: sub,
	}
	var p vk.RenderPass
	if r := d.vk.CreateRenderPass2(d.handle, info, nil, &p); r != vk.Success {
		return 0, fmt.Errorf("a render pass: %w", r)
	}
	return p, nil
}

// formatAspects are the parts of a depth or stencil format.
func formatAspects(f vk.Format) vk.ImageAspectFlags {
	for m, v := range pixelFormats {
		if v == f {
			return aspects(m)
		}
	}
	return vk.ImageAspectColorBit
}

func (d *Device) framebuffer(k *framebufferKey) (vk.Framebuffer, error) {
	c := &d.passes
	c.mu.Lock()
	defer c.mu.Unlock()
	if f, ok := c.framebuffers[*k]; ok {
		return f, nil
	}
	views := k.views
	info := &vk.FramebufferCreateInfo{
		SType: vk.StructureTypeFramebufferCreateInfo, RenderPass: k.pass, AttachmentCount: uint32(k.count), PAttachments: &views[0],
		Width: uint32(k.width), Height: uint32(k.height), Layers: 1,
	}
	var f vk.Framebuffer
	if r := d.vk.CreateFramebuffer(d.handle, info, nil, &f); r != vk.Success {
		return 0, fmt.Errorf("a framebuffer: %w", r)
	}
	if c.framebuffers == nil {
		c.framebuffers = map[framebufferKey]vk.Framebuffer{}
	}
	c.framebuffers[*k] = f
	return f, nil
}
