package rules

import (
	"fmt"

	"weft/metal"
)

// Part is implemented by textures that may be views: of is the texture that has
// the memory, and level and slice are where the view begins in it.
type Part interface {
	Part() (of metal.Texture, level, slice int)
}

var (
	loads  = [...]string{"dontCare", "load", "clear"}
	stores = [...]string{"dontCare", "store", "multisampleResolve", "storeAndMultisampleResolve"}
)

// Pass is what a render pass's attachments amount to.
type Pass struct {
	Width, Height, Samples int
	Colors                 [metal.MaxColorAttachments]metal.PixelFormat
	DepthStencil           metal.PixelFormat
	Depth, Stencil         bool
	KeepsDepth             bool // attached read-only
	KeepsStencil           bool
}

// Begin is the rule of render passes.
func (p *Pass) Begin(d *metal.RenderPassDescriptor) error {
	*p = Pass{}
	for i := range d.Colors {
		a := &d.Colors[i].Attachment
		if a.Texture == nil {
			continue
		}
		n, err := p.attachment(a)
		if err == nil && (n.Format.HasDepth() || n.Format.HasStencil()) {
			err = fmt.Errorf("%s has the format %v: must be a color format", name("texture", a.Texture), n.Format)
		}
		if err != nil {
			return fmt.Errorf("color attachment %d: %w", i, err)
		}
		for j := range i {
			b := &d.Colors[j].Attachment
			if samePart(a.Texture, a.Level, a.Slice, b.Texture, b.Level, b.Slice) {
				return fmt.Errorf("color attachments %d and %d are the same part of %s", j, i, name("texture", a.Texture))
			}
			if samePart(a.Resolve, a.ResolveLevel, a.ResolveSlice, b.Resolve, b.ResolveLevel, b.ResolveSlice) {
				return fmt.Errorf("color attachments %d and %d are resolved into the same part of %s", j, i, name("texture", a.Resolve))
			}
		}
		p.Colors[i] = n.Format
	}
	if err := p.depthStencil(&d.Depth, &d.Stencil); err != nil {
		return err
	}
	if p.Samples == 0 {
		return fmt.Errorf("no attachments: a render pass has at least one")
	}
	return nil
}

func (p *Pass) depthStencil(depth, stencil *metal.DepthStencilAttachment) error {
	if depth.Texture != nil {
		n, err := p.attachment(&depth.Attachment)
		c := depth.ClearDepth
		switch {
		case err != nil:
		case !n.Format.HasDepth():
			err = fmt.Errorf("%s has the format %v: must be a depth format", name("texture", depth.Texture), n.Format)
		case depth.Load == metal.LoadActionClear && !(c >= 0 && c <= 1):
			err = fmt.Errorf("clear depth %g: must be from 0 to 1", c)
		case n.Format.HasStencil() && stencil.Texture == nil:
			err = fmt.Errorf("%s has stencil too: give it as the stencil attachment as well", name("texture", depth.Texture))
		}
		if err != nil {
			return fmt.Errorf("depth attachment: %w", err)
		}
		p.Depth, p.KeepsDepth, p.DepthStencil = true, depth.ReadOnly, n.Format
	}
	if stencil.Texture != nil {
		n, err := p.attachment(&stencil.Attachment)
		switch {
		case err != nil:
		case !n.Format.HasStencil():
			err = fmt.Errorf("%s has the format %v: must be a stencil format", name("texture", stencil.Texture), n.Format)
		case n.Format.HasDepth() && depth.Texture == nil:
			err = fmt.Errorf("%s has depth too: give it as the depth attachment as well", name("texture", stencil.Texture))
		}
		if err != nil {
			return fmt.Errorf("stencil attachment: %w", err)
		}
		p.Stencil, p.KeepsStencil, p.DepthStencil = true, stencil.ReadOnly, n.Format
	}
	if p.Depth && p.Stencil && !samePart(depth.Texture, depth.Level, depth.Slice, stencil.Texture, stencil.Level, stencil.Slice) {
		return fmt.Errorf("depth attachment %s and stencil attachment %s: give one texture of a combined format in both places", name("texture", depth.Texture), name("texture", stencil.Texture))
	}
	for _, a := range [...]*metal.DepthStencilAttachment{depth, stencil} {
		if a.Texture != nil && a.ReadOnly && (a.Load != metal.LoadActionLoad || a.Store != metal.StoreActionStore) {
			return fmt.Errorf("%s is attached read-only: its load action must be load, its store action store (load %s, store %s)", name("texture", a.Texture), loads[a.Load], stores[a.Store])
		}
	}
	return nil
}

// attachment is the rule of one attachment by itself and against those before.
func (p *Pass) attachment(a *metal.Attachment) (metal.TextureDescriptor, error) {
	t := a.Texture
	n := t.Descriptor()
	if err := target(t, &n, a.Level, a.Slice); err != nil {
		return n, err
	}
	if a.Load > metal.LoadActionClear || a.Store > metal.StoreActionStoreAndMultisampleResolve {
		return n, fmt.Errorf("unknown load action %d or store action %d", a.Load, a.Store)
	}
	keeps := a.Store == metal.StoreActionStore || a.Store == metal.StoreActionStoreAndMultisampleResolve
	if n.Storage == metal.StorageModeMemoryless && (a.Load == metal.LoadActionLoad || keeps) {
		return n, fmt.Errorf("%s is memoryless: it can be neither loaded nor stored (load %s, store %s)", name("texture", t), loads[a.Load], stores[a.Store])
	}
	if err := resolve(&n, a); err != nil {
		return n, err
	}
	switch s := n.MipSize(a.Level); {
	case p.Samples == 0:
		p.Width, p.Height, p.Samples = s.Width, s.Height, n.Samples
	case p.Width != s.Width || p.Height != s.Height:
		return n, fmt.Errorf("%s is %dx%d: the pass is %dx%d, and all attachments have one size", name("texture", t), s.Width, s.Height, p.Width, p.Height)
	case p.Samples != n.Samples:
		return n, fmt.Errorf("%s has %d samples: the pass has %d, and all attachments have as many", name("texture", t), n.Samples, p.Samples)
	}
	return n, nil
}

// target is the rule of a part of a texture that is rendered to.
func target(t metal.Texture, n *metal.TextureDescriptor, level, slice int) error {
	switch {
	case level < 0 || level >= n.Mips:
		return fmt.Errorf("level %d of %s, which has %d mips", level, name("texture", t), n.Mips)
	case slice < 0 || slice >= n.Slices():
		return fmt.Errorf("slice %d of %s, which has %d", slice, name("texture", t), n.Slices())
	case n.Usage&^metal.TextureUsagePixelFormatView != metal.TextureUsageUnknown && n.Usage&metal.TextureUsageRenderTarget == 0:
		return fmt.Errorf("%s lacks the usage renderTarget", name("texture", t))
	case n.Type == metal.TextureType3D:
		return fmt.Errorf("%s is a 3D texture: render to 2D textures or slices", name("texture", t))
	}
	return nil
}

func resolve(n *metal.TextureDescriptor, a *metal.Attachment) error {
	resolves := a.Store == metal.StoreActionMultisampleResolve || a.Store == metal.StoreActionStoreAndMultisampleResolve
	switch {
	case !resolves && a.Resolve != nil:
		return fmt.Errorf("a resolve texture with store action %s: use multisampleResolve or storeAndMultisampleResolve", stores[a.Store])
	case !resolves:
		return nil
	case a.Resolve == nil:
		return fmt.Errorf("store action %s needs a resolve texture", stores[a.Store])
	case n.Samples == 1:
		return fmt.Errorf("%s has one sample: there is nothing to resolve", name("texture", a.Texture))
	}
	r := a.Resolve.Descriptor()
	if err := target(a.Resolve, &r, a.ResolveLevel, a.ResolveSlice); err != nil {
		return fmt.Errorf("resolve: %w", err)
	}
	switch s, to := n.MipSize(a.Level), r.MipSize(a.ResolveLevel); {
	case r.Samples != 1:
		return fmt.Errorf("resolve: %s has %d samples: must have one", name("texture", a.Resolve), r.Samples)
	case r.Format != n.Format:
		return fmt.Errorf("resolve: %s has the format %v: must be %v", name("texture", a.Resolve), r.Format, n.Format)
	case s != to:
		return fmt.Errorf("resolve: %s is %dx%d: must be %dx%d", name("texture", a.Resolve), to.Width, to.Height, s.Width, s.Height)
	}
	return nil
}

// samePart reports whether two places are one, also where one is in a view.
func samePart(a metal.Texture, level, slice int, b metal.Texture, otherLevel, otherSlice int) bool {
	if a == nil || b == nil {
		return false
	}
	a, level, slice = whole(a, level, slice)
	b, otherLevel, otherSlice = whole(b, otherLevel, otherSlice)
	return a == b && level == otherLevel && slice == otherSlice
}

func whole(t metal.Texture, level, slice int) (metal.Texture, int, int) {
	if p, ok := t.(Part); ok {
		of, l, s := p.Part()
		return of, l + level, s + slice
	}
	return t, level, slice
}
