package apple

import (
	"math"

	"weft/metal"
	"weft/metal/apple/objc"
)

// passDescriptor is an MTL4RenderPassDescriptor that a command buffer keeps, so
// that a pass sends only what differs from the pass before.
type passDescriptor struct {
	id             objc.ID
	colors         [metal.MaxColorAttachments]attachment
	depth, stencil attachment
	clears         [4]float64 // of one message
}

// attachment is an MTLRenderPassAttachmentDescriptor and what it was told.
type attachment struct {
	id                         objc.ID
	texture, resolve           objc.ID
	level, slice               int
	resolveLevel, resolveSlice int
	load                       metal.LoadAction
	store                      metal.StoreAction
	color                      metal.ClearColor
	depth                      float64
	stencil                    int64
}

// open makes the descriptor and finds its attachments, once.
func (p *passDescriptor) open(c *caller) {
	if p.id != 0 {
		return
	}
	defer c.Push().Pop()
	p.id = c.make(classMTL4RenderPassDescriptor)
	colors := c.object(p.id, selColorAttachments)
	for i := range p.colors {
		id := c.retain(c.object(colors, selObjectAtIndexedSubscript, uintptr(i)))
		p.colors[i] = untold(id)
	}
	p.depth = untold(c.retain(c.object(p.id, selDepthAttachment)))
	p.stencil = untold(c.retain(c.object(p.id, selStencilAttachment)))
}

// untold is an attachment that has only its textures, none: whatever else it is
// told is said the first time, so that no default counts.
func untold(id objc.ID) attachment {
	return attachment{
		id: id, level: -1, slice: -1, resolveLevel: -1, resolveSlice: -1,
		load: ^metal.LoadAction(0), store: ^metal.StoreAction(0),
		color: metal.ClearColor{Red: math.NaN()}, depth: math.NaN(), stencil: -1,
	}
}

func (p *passDescriptor) release(c *caller) {
	if p.id == 0 {
		return
	}
	for i := range p.colors {
		c.release(p.colors[i].id)
	}
	c.release(p.depth.id)
	c.release(p.stencil.id)
	c.release(p.id)
	*p = passDescriptor{}
}

// forget takes the textures out, which the descriptor would keep alive.
func (p *passDescriptor) forget(c *caller) {
	if p.id == 0 {
		return
	}
	for i := range p.colors {
		p.colors[i].set(c, &metal.Attachment{})
	}
	p.depth.set(c, &metal.Attachment{})
	p.stencil.set(c, &metal.Attachment{})
}

// set makes the descriptor say what d says.
func (p *passDescriptor) set(c *caller, d *metal.RenderPassDescriptor) {
	p.open(c)
	doubles := func(to objc.ID, s selector, n int) {
		c.device.runtime.SendDoubles(to, c.device.selectors[s], p.clears[:n])
	}
	for i := range d.Colors {
		a, want := &p.colors[i], &d.Colors[i]
		a.set(c, &want.Attachment)
		if want.Texture != nil && want.Load == metal.LoadActionClear && want.Clear != a.color {
			a.color = want.Clear
			p.clears = [4]float64{want.Clear.Red, want.Clear.Green, want.Clear.Blue, want.Clear.Alpha}
			doubles(a.id, selSetClearColor, 4)
		}
	}
	p.depth.set(c, &d.Depth.Attachment)
	if d.Depth.Texture != nil && d.Depth.Load == metal.LoadActionClear && d.Depth.ClearDepth != p.depth.depth {
		p.depth.depth = d.Depth.ClearDepth
		p.clears[0] = d.Depth.ClearDepth
		doubles(p.depth.id, selSetClearDepth, 1)
	}
	p.stencil.set(c, &d.Stencil.Attachment)
	if d.Stencil.Texture != nil && d.Stencil.Load == metal.LoadActionClear && change(&p.stencil.stencil, int64(d.Stencil.ClearStencil)) {
		c.send(p.stencil.id, selSetClearStencil, uintptr(d.Stencil.ClearStencil))
	}
}

// set makes an attachment say what want says. The textures are of this driver.
func (a *attachment) set(c *caller, want *metal.Attachment) {
	texture, resolve := idOf(want.Texture), idOf(want.Resolve)
	if change(&a.texture, texture) {
		c.send(a.id, selSetTexture, uintptr(texture))
	}
	if change(&a.resolve, resolve) {
		c.send(a.id, selSetResolveTexture, uintptr(resolve))
	}
	if texture == 0 {
		return
	}
	if change(&a.level, want.Level) {
		c.send(a.id, selSetLevel, uintptr(want.Level))
	}
	if change(&a.slice, want.Slice) {
		c.send(a.id, selSetSlice, uintptr(want.Slice))
	}
	if change(&a.load, want.Load) {
		c.send(a.id, selSetLoadAction, uintptr(want.Load))
	}
	if change(&a.store, want.Store) {
		c.send(a.id, selSetStoreAction, uintptr(want.Store))
	}
	if resolve == 0 {
		return
	}
	if change(&a.resolveLevel, want.ResolveLevel) {
		c.send(a.id, selSetResolveLevel, uintptr(want.ResolveLevel))
	}
	if change(&a.resolveSlice, want.ResolveSlice) {
		c.send(a.id, selSetResolveSlice, uintptr(want.ResolveSlice))
	}
}

// change sets a value and reports whether it was another one.
func change[T comparable](have *T, want T) bool {
	if *have == want {
		return false
	}
	*have = want
	return true
}

// idOf is the Objective-C object of a texture, nil for nil.
func idOf(x metal.Texture) objc.ID {
	if t, ok := x.(*texture); ok && t != nil {
		return t.id
	}
	return 0
}
