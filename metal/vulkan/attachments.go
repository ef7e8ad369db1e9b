package vulkan

import (
	"fmt"

	"weft/metal"
	"weft/metal/vulkan/vk"
)

// attachments gathers what a render encoder's descriptor says.
type attachments struct {
	key         passKey
	framebuffer framebufferKey
	clears      [maxAttachments]vk.ClearValue
	color       [metal.MaxColorAttachments]metal.PixelFormat // by index
	depth       metal.PixelFormat
	first       *texture // whose size is the pass's
	level       int
	resolves    [metal.MaxColorAttachments]vk.ImageView
	samples     int
}

// gather checks a descriptor. Views come in the order of newRenderPass: colors,
// resolved colors, depth, resolved depth.
func (a *attachments) gather(d *Device, desc *metal.RenderPassDescriptor) error {
	*a = attachments{}
	for i := range desc.Colors {
		c := &desc.Colors[i]
		if c.Texture == nil {
			continue
		}
		t, view, err := a.attachment(d, &c.Attachment)
		if err == nil && aspects(t.desc.Format) != vk.ImageAspectColorBit {
			err = fmt.Errorf("texture %q is %v, no color", t.label, t.desc.Format)
		}
		if err != nil {
			return fmt.Errorf("color %d: %w", i, err)
		}
		for j := range i {
			b := &desc.Colors[j].Attachment
			if u, ok := b.Texture.(*texture); ok && t.is(c.Level, c.Slice, u, b.Level, b.Slice) {
				return fmt.Errorf("colors %d and %d are the same part of texture %q", j, i, t.label)
			}
		}
		a.color[i] = t.desc.Format
		a.key.colors[i].format = pixelFormats[t.desc.Format]
		if a.key.colors[i].load, err = loadOp(c.Load); err != nil {
			return fmt.Errorf("color %d: %w", i, err)
		}
		a.add(view, clearColor(t.desc.Format, c.Clear))
		if a.resolves[i], err = a.resolve(d, &c.Attachment, t); err != nil {
			return fmt.Errorf("color %d: %w", i, err)
		}
		a.key.colors[i].resolve = a.resolves[i] != 0
	}
	for _, v := range a.resolves {
		if v != 0 {
			a.add(v, vk.ClearValue{})
		}
	}
	if err := a.depthStencil(d, desc); err != nil {
		return err
	}
	if a.first == nil {
		return fmt.Errorf("the pass has no attachment: give it at least one")
	}
	a.key.samples = vk.SampleCountFlags(a.samples)
	size := a.first.desc.MipSize(a.level)
	a.framebuffer.width, a.framebuffer.height = size.Width, size.Height
	return nil
}

func (a *attachments) add(v vk.ImageView, clear vk.ClearValue) {
	a.framebuffer.views[a.framebuffer.count] = v
	a.clears[a.framebuffer.count] = clear
	a.framebuffer.count++
}

// attachment checks one attachment against those before it.
func (a *attachments) attachment(d *Device, x *metal.Attachment) (*texture, vk.ImageView, error) {
	t, ok := x.Texture.(*texture)
	if !ok || t.device != d {
		return nil, 0, fmt.Errorf("BUG: a texture of another device")
	}
	view, err := t.target(x.Level, x.Slice)
	if err != nil {
		return nil, 0, err
	}
	stores := x.Store == metal.StoreActionStore || x.Store == metal.StoreActionStoreAndMultisampleResolve
	switch {
	case x.Store > metal.StoreActionStoreAndMultisampleResolve:
		return nil, 0, fmt.Errorf("unknown store action %d", x.Store)
	case t.desc.Storage == metal.StorageModeMemoryless && (stores || x.Load == metal.LoadActionLoad):
		return nil, 0, fmt.Errorf("texture %q is memoryless: it can be neither loaded nor stored", t.label)
	}
	if a.first == nil {
		a.first, a.level, a.samples = t, x.Level, t.desc.Samples
	}
	size, want := t.desc.MipSize(x.Level), a.first.desc.MipSize(a.level)
	switch {
	case size != want:
		return nil, 0, fmt.Errorf("texture %q, mip %d, is %dx%d, but %q is %dx%d: attachments of one pass have one size", t.label, x.Level, size.Width, size.Height, a.first.label, want.Width, want.Height)
	case t.desc.Samples != a.samples:
		return nil, 0, fmt.Errorf("texture %q has %d samples, but %q has %d: attachments of one pass have one sample count", t.label, t.desc.Samples, a.first.label, a.samples)
	}
	return t, view, nil
}

// resolve checks the target of resolved samples; 0 when nothing is resolved.
func (a *attachments) resolve(d *Device, x *metal.Attachment, t *texture) (vk.ImageView, error) {
	if x.Store != metal.StoreActionMultisampleResolve && x.Store != metal.StoreActionStoreAndMultisampleResolve {
		return 0, nil
	}
	r, ok := x.Resolve.(*texture)
	switch {
	case !ok || r.device != d:
		return 0, fmt.Errorf("the store action resolves samples, and Resolve is nil or of another device")
	case t.desc.Samples == 1:
		return 0, fmt.Errorf("the store action resolves samples, and texture %q has one", t.label)
	}
	view, err := r.target(x.ResolveLevel, x.ResolveSlice)
	if err == nil && (r.desc.Samples != 1 || r.desc.Format != t.desc.Format || r.desc.MipSize(x.ResolveLevel) != t.desc.MipSize(x.Level)) {
		err = fmt.Errorf("texture %q cannot take the resolved samples of %q: format and size must be equal, its samples 1", r.label, t.label)
	}
	return view, err
}

// depthStencil adds the depth and stencil attachments, which are one image.
func (a *attachments) depthStencil(d *Device, desc *metal.RenderPassDescriptor) error {
	depth, stencil := &desc.Depth, &desc.Stencil
	if depth.Texture == nil && stencil.Texture == nil {
		return nil
	}
	one, what := depth, "depth"
	if depth.Texture == nil {
		one, what = stencil, "stencil"
	} else if stencil.Texture != nil && (stencil.Texture != depth.Texture || stencil.Level != depth.Level || stencil.Slice != depth.Slice) {
		return fmt.Errorf("depth and stencil are different textures: give both the same one of a combined format")
	}
	t, view, err := a.attachment(d, &one.Attachment)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	f := t.desc.Format
	if depth.Texture != nil && !f.HasDepth() || stencil.Texture != nil && !f.HasStencil() {
		return fmt.Errorf("%s: texture %q is %v, which lacks that part", what, t.label, f)
	}
	if c := depth.ClearDepth; depth.Texture != nil && depth.Load == metal.LoadActionClear && !(c >= 0 && c <= 1) {
		return fmt.Errorf("depth: clear depth %g: must be from 0 to 1", c)
	}
	a.depth = f
	a.key.depth.format = pixelFormats[f]
	if a.key.depth.loadStore, err = depthLoadStore(depth); err != nil {
		return fmt.Errorf("depth: %w", err)
	}
	if a.key.stencil, err = depthLoadStore(stencil); err != nil {
		return fmt.Errorf("stencil: %w", err)
	}
	a.add(view, vk.ClearDepth(float32(depth.ClearDepth), stencil.ClearStencil))
	to, err := a.resolve(d, &one.Attachment, t)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if to != 0 {
		a.key.depth.resolve = true
		a.add(to, vk.ClearValue{})
	}
	return nil
}

// depthLoadStore is what happens to the depths or stencils. A part that is not
// attached, or only tested against, keeps what it holds.
func depthLoadStore(x *metal.DepthStencilAttachment) (loadStore, error) {
	keep := loadStore{vk.AttachmentLoadOpLoad, vk.AttachmentStoreOpNone}
	if x.Texture == nil {
		return keep, nil
	}
	if x.ReadOnly {
		if x.Load != metal.LoadActionLoad || x.Store != metal.StoreActionStore {
			return keep, fmt.Errorf("texture %q is read-only: its load action must be load, its store action store", x.Texture.Label())
		}
		return keep, nil
	}
	load, err := loadOp(x.Load)
	return loadStore{load: load}, err
}

// keeps reports whether the pass keeps a part that a state writes.
func (a *attachments) keeps(desc *metal.DepthStencilDescriptor) bool {
	const none = vk.AttachmentStoreOpNone
	return a.key.depth.store == none && desc.DepthWrite || a.key.stencil.store == none && desc.StencilWrite()
}

func loadOp(l metal.LoadAction) (vk.AttachmentLoadOp, error) {
	switch l {
	case metal.LoadActionDontCare:
		return vk.AttachmentLoadOpDontCare, nil
	case metal.LoadActionLoad:
		return vk.AttachmentLoadOpLoad, nil
	case metal.LoadActionClear:
		return vk.AttachmentLoadOpClear, nil
	}
	return 0, fmt.Errorf("unknown load action %d", l)
}

// clearColor is a clear value in the kind of number that the format holds.
func clearColor(f metal.PixelFormat, c metal.ClearColor) vk.ClearValue {
	switch {
	case f.IsUnsigned():
		return vk.ClearValue{uint32(c.Red), uint32(c.Green), uint32(c.Blue), uint32(c.Alpha)}
	case f.IsSigned():
		return vk.ClearValue{uint32(int32(c.Red)), uint32(int32(c.Green)), uint32(int32(c.Blue)), uint32(int32(c.Alpha))}
	}
	return vk.ClearColor(float32(c.Red), float32(c.Green), float32(c.Blue), float32(c.Alpha))
}
