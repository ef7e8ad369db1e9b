package record

import (
	"fmt"

	"weft/metal"
)

// pass is what a render encoder's attachments amount to.
type pass struct {
	width, height, samples int
	colors                 [metal.MaxColorAttachments]metal.PixelFormat
	depthStencil           metal.PixelFormat
	depth, stencil         bool
	keepsDepth             bool // read-only
	keepsStencil           bool
}

// start checks the attachments of a pass and readies the encoder.
func (e *renderEncoder) start(p *metal.RenderPassDescriptor) error {
	e.renderState = renderState{}
	e.call = "RenderEncoder"
	for i := range p.Colors {
		a := &p.Colors[i].Attachment
		t, err := e.attachment("color", i, a)
		if err != nil {
			return err
		}
		if t == nil {
			continue
		}
		if f := t.descriptor.Format; f.HasDepth() || f.HasStencil() {
			return e.fail("color attachment %d: %s has the format %v: must be a color format", i, t, f)
		}
		for j := range i {
			b := &p.Colors[j].Attachment
			if samePart(a.Texture, a.Level, a.Slice, b.Texture, b.Level, b.Slice) {
				return e.fail("color attachments %d and %d are the same part of %s", j, i, t)
			}
			if samePart(a.Resolve, a.ResolveLevel, a.ResolveSlice, b.Resolve, b.ResolveLevel, b.ResolveSlice) {
				return e.fail("color attachments %d and %d are resolved into the same part of %s", j, i, name(a.Resolve))
			}
		}
		e.pass.colors[i] = t.descriptor.Format
	}
	depth, err := e.attachment("depth", -1, &p.Depth.Attachment)
	if err != nil {
		return err
	}
	stencil, err := e.attachment("stencil", -1, &p.Stencil.Attachment)
	if err != nil {
		return err
	}
	if depth != nil {
		if !depth.descriptor.Format.HasDepth() {
			return e.fail("depth attachment: %s has the format %v: must be a depth format", depth, depth.descriptor.Format)
		}
		if c := p.Depth.ClearDepth; p.Depth.Load == metal.LoadActionClear && !(c >= 0 && c <= 1) {
			return e.fail("depth attachment: clear depth %g: must be from 0 to 1", c)
		}
		e.pass.depth, e.pass.keepsDepth, e.pass.depthStencil = true, p.Depth.ReadOnly, depth.descriptor.Format
	}
	if stencil != nil {
		if !stencil.descriptor.Format.HasStencil() {
			return e.fail("stencil attachment: %s has the format %v: must be a stencil format", stencil, stencil.descriptor.Format)
		}
		e.pass.stencil, e.pass.keepsStencil, e.pass.depthStencil = true, p.Stencil.ReadOnly, stencil.descriptor.Format
	}
	for _, a := range [...]*metal.DepthStencilAttachment{&p.Depth, &p.Stencil} {
		if a.Texture != nil && a.ReadOnly && (a.Load != metal.LoadActionLoad || a.Store != metal.StoreActionStore) {
			return e.fail("%s is attached read-only: its load action must be load, its store action store (load %s, store %s)", name(a.Texture), loadAction(a.Load), storeAction(a.Store))
		}
	}
	switch {
	case depth != nil && stencil != nil && depth != stencil:
		return e.fail("depth attachment %s and stencil attachment %s: give one texture of a combined format in both places", depth, stencil)
	case depth != nil && stencil == nil && depth.descriptor.Format.HasStencil():
		return e.fail("depth attachment: %s has stencil too: give it as the stencil attachment as well", depth)
	case stencil != nil && depth == nil && stencil.descriptor.Format.HasDepth():
		return e.fail("stencil attachment: %s has depth too: give it as the depth attachment as well", stencil)
	case e.pass.samples == 0:
		return e.fail("no attachments: a render pass has at least one")
	}
	return nil
}

// attachment checks one attachment by itself and against those before it; nil
// where there is none.
func (e *renderEncoder) attachment(kind string, index int, a *metal.Attachment) (*texture, error) {
	if a.Texture == nil {
		return nil, nil
	}
	fail := func(format string, args ...any) (*texture, error) {
		where := kind + " attachment"
		if index >= 0 {
			where = fmt.Sprintf("%s %d", where, index)
		}
		return nil, e.fail("%s: %s", where, fmt.Sprintf(format, args...))
	}
	t, ok := a.Texture.(*texture)
	if !ok || t == nil {
		return fail("not a texture of this driver: %T", a.Texture)
	}
	if why := e.target(t, a.Level, a.Slice); why != "" {
		return fail("%s", why)
	}
	if a.Load > metal.LoadActionClear || a.Store > metal.StoreActionStoreAndMultisampleResolve {
		return fail("unknown load action %d or store action %d", a.Load, a.Store)
	}
	n := &t.descriptor
	stores := a.Store == metal.StoreActionStore || a.Store == metal.StoreActionStoreAndMultisampleResolve
	if n.Storage == metal.StorageModeMemoryless && (a.Load == metal.LoadActionLoad || stores) {
		return fail("%s is memoryless: it can be neither loaded nor stored (load %s, store %s)", t, loadAction(a.Load), storeAction(a.Store))
	}
	if why := e.resolve(t, a); why != "" {
		return fail("%s", why)
	}
	s := n.MipSize(a.Level)
	switch p := &e.pass; {
	case p.samples == 0:
		p.width, p.height, p.samples = s.Width, s.Height, n.Samples
	case p.width != s.Width || p.height != s.Height:
		return fail("%s is %dx%d: the pass is %dx%d, and all attachments have one size", t, s.Width, s.Height, p.width, p.height)
	case p.samples != n.Samples:
		return fail("%s has %d samples: the pass has %d, and all attachments have as many", t, n.Samples, p.samples)
	}
	if !e.touch(&t.allocation) {
		return nil, e.buffer.first
	}
	return t, nil
}

// samePart reports whether two places are one, also where one is in a view.
func samePart(x metal.Texture, level, slice int, y metal.Texture, otherLevel, otherSlice int) bool {
	a, _ := x.(*texture)
	b, _ := y.(*texture)
	return a != nil && b != nil && a.root == b.root && a.level+level == b.level+otherLevel && a.slice+slice == b.slice+otherSlice
}

// target says why a part of a texture cannot be rendered to, or "".
func (e *renderEncoder) target(t *texture, level, slice int) string {
	n := &t.descriptor
	switch {
	case level < 0 || level >= n.Mips:
		return fmt.Sprintf("level %d of %s, which has %d mips", level, t, n.Mips)
	case slice < 0 || slice >= n.Slices():
		return fmt.Sprintf("slice %d of %s, which has %d", slice, t, n.Slices())
	case n.Usage&metal.TextureUsageRenderTarget == 0:
		return fmt.Sprintf("%s lacks the usage renderTarget", t)
	case n.Type == metal.TextureType3D:
		return fmt.Sprintf("%s is a 3D texture: render to 2D textures or slices", t)
	}
	return ""
}

func (e *renderEncoder) resolve(t *texture, a *metal.Attachment) string {
	resolves := a.Store == metal.StoreActionMultisampleResolve || a.Store == metal.StoreActionStoreAndMultisampleResolve
	if !resolves {
		if a.Resolve != nil {
			return fmt.Sprintf("a resolve texture with store action %s: use multisampleResolve or storeAndMultisampleResolve", storeAction(a.Store))
		}
		return ""
	}
	r, ok := a.Resolve.(*texture)
	if !ok || r == nil {
		return fmt.Sprintf("store action %s needs a resolve texture: got %T", storeAction(a.Store), a.Resolve)
	}
	if t.descriptor.Samples == 1 {
		return fmt.Sprintf("%s has one sample: there is nothing to resolve", t)
	}
	if why := e.target(r, a.ResolveLevel, a.ResolveSlice); why != "" {
		return "resolve: " + why
	}
	n, s, rs := &r.descriptor, t.descriptor.MipSize(a.Level), r.descriptor.MipSize(a.ResolveLevel)
	switch {
	case n.Samples != 1:
		return fmt.Sprintf("resolve: %s has %d samples: must have one", r, n.Samples)
	case n.Format != t.descriptor.Format:
		return fmt.Sprintf("resolve: %s has the format %v: must be %v", r, n.Format, t.descriptor.Format)
	case s != rs:
		return fmt.Sprintf("resolve: %s is %dx%d: must be %dx%d", r, rs.Width, rs.Height, s.Width, s.Height)
	}
	e.touch(&r.allocation)
	return ""
}

// passArgs are a pass's descriptor in the log.
func passArgs(p *metal.RenderPassDescriptor) []Arg {
	if p == nil {
		return nil
	}
	args := []Arg{{"label", p.Label}}
	add := func(what string, a *metal.Attachment, clear string, readOnly bool) {
		if a.Texture == nil {
			return
		}
		load := loadAction(a.Load)
		if a.Load == metal.LoadActionClear {
			load += clear
		}
		text := fmt.Sprintf("%s %s %s", name(a.Texture), load, storeAction(a.Store))
		if a.Level != 0 || a.Slice != 0 {
			text += fmt.Sprintf(" level %d slice %d", a.Level, a.Slice)
		}
		if a.Resolve != nil {
			text += " resolve " + name(a.Resolve)
		}
		if readOnly {
			text += " read-only"
		}
		args = append(args, Arg{what, "(" + text + ")"})
	}
	for i := range p.Colors {
		c := &p.Colors[i]
		add(fmt.Sprintf("color%d", i), &c.Attachment, fmt.Sprintf("(%g,%g,%g,%g)", c.Clear.Red, c.Clear.Green, c.Clear.Blue, c.Clear.Alpha), false)
	}
	add("depth", &p.Depth.Attachment, fmt.Sprintf("(%g)", p.Depth.ClearDepth), p.Depth.ReadOnly)
	add("stencil", &p.Stencil.Attachment, fmt.Sprintf("(%d)", p.Stencil.ClearStencil), p.Stencil.ReadOnly)
	return args
}
