package standin

import (
	"fmt"
	"math"

	"weft/metal"
)

// renderState is what a render encoder has been told.
type renderState struct {
	metal            metal.RenderEncoder
	descriptor       metal.RenderPassDescriptor
	attachments      []*attachment
	width, height    int
	samples          int
	depthStencil     metal.PixelFormat
	colors           [metal.MaxColorAttachments]metal.PixelFormat
	pipeline         *renderPipeline
	set              metal.RenderPipeline // the variant that the device beneath has now
	state            *depthStencil
	vertex, fragment *argumentTable
}

// attachment is one of a pass.
type attachment struct {
	what         string // "color attachment 0"
	texture      *texture
	level, slice int
	resolve      *texture
	resolveLevel int
	resolveSlice int
	load         metal.LoadAction
	color        bool
	depth        bool // of the two of a combined format
	written      bool
}

// startRender reads an MTL4RenderPassDescriptor and opens the pass.
func (e *encoder) startRender(c *call, d *object) error {
	r := &renderState{}
	e.render = r
	array := d.child("colorAttachments")
	for i := range metal.MaxColorAttachments {
		a := array.element(i)
		if a == nil || a.child("texture") == nil {
			continue
		}
		to := &r.descriptor.Colors[i]
		if err := r.attachment(c, fmt.Sprintf("color attachment %d", i), a, &to.Attachment); err != nil {
			return err
		}
		clear := a.doubles("clearColor")
		to.Clear = metal.ClearColor{Red: clear[0], Green: clear[1], Blue: clear[2], Alpha: clear[3]}
		r.colors[i] = r.last().texture.descriptor.Format
		r.last().color = true
	}
	if a := d.child("depthAttachment"); a != nil && a.child("texture") != nil {
		if err := r.attachment(c, "depth attachment", a, &r.descriptor.Depth.Attachment); err != nil {
			return err
		}
		r.descriptor.Depth.ClearDepth = a.double("clearDepth")
		r.depthStencil = r.last().texture.descriptor.Format
		r.last().depth = true
		if !r.depthStencil.HasDepth() {
			return fmt.Errorf("depth attachment: %s has the format %v", r.last().texture, r.depthStencil)
		}
	}
	if a := d.child("stencilAttachment"); a != nil && a.child("texture") != nil {
		if err := r.attachment(c, "stencil attachment", a, &r.descriptor.Stencil.Attachment); err != nil {
			return err
		}
		r.descriptor.Stencil.ClearStencil = uint32(a.integer("clearStencil"))
		r.depthStencil = r.last().texture.descriptor.Format
		if !r.depthStencil.HasStencil() {
			return fmt.Errorf("stencil attachment: %s has the format %v", r.last().texture, r.depthStencil)
		}
	}
	if r.samples == 0 {
		return fmt.Errorf("no attachments: this stand-in's passes have at least one")
	}
	var err error
	r.metal, err = e.buffer.recording.metal.RenderEncoder(&r.descriptor)
	e.metal = r.metal
	return err
}

func (r *renderState) last() *attachment { return r.attachments[len(r.attachments)-1] }

// attachment reads what all attachments have.
func (r *renderState) attachment(c *call, what string, a *object, to *metal.Attachment) error {
	x := &attachment{
		what: what, level: a.integer("level"), slice: a.integer("slice"),
		resolveLevel: a.integer("resolveLevel"), resolveSlice: a.integer("resolveSlice"),
		load: metal.LoadAction(a.integer("loadAction")),
	}
	x.texture = a.child("texture").state.(*texture)
	n := &x.texture.descriptor
	if err := targetable(x.texture, x.level, x.slice); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	size := n.MipSize(x.level)
	switch {
	case r.samples == 0:
		r.width, r.height, r.samples = size.Width, size.Height, n.Samples
	case r.width != size.Width || r.height != size.Height:
		return fmt.Errorf("%s: %s is %dx%d, the pass %dx%d", what, x.texture, size.Width, size.Height, r.width, r.height)
	case r.samples != n.Samples:
		return fmt.Errorf("%s: %s has %d samples, the pass %d", what, x.texture, n.Samples, r.samples)
	}
	*to = metal.Attachment{
		Texture: x.texture.metal, Level: x.level, Slice: x.slice,
		Load: x.load, Store: metal.StoreAction(a.integer("storeAction")),
	}
	stores := to.Store == metal.StoreActionStore || to.Store == metal.StoreActionStoreAndMultisampleResolve
	if x.texture.nowhere && (x.load == metal.LoadActionLoad || stores) {
		return fmt.Errorf("%s: %s is memoryless: it can be neither loaded nor stored (load action %d, store action %d)", what, x.texture, to.Load, to.Store)
	}
	resolves := to.Store == metal.StoreActionMultisampleResolve || to.Store == metal.StoreActionStoreAndMultisampleResolve
	target := a.child("resolveTexture")
	switch {
	case resolves && target == nil:
		return fmt.Errorf("%s: store action %d resolves, and there is no resolve texture", what, to.Store)
	case resolves:
		x.resolve = target.state.(*texture)
		if err := targetable(x.resolve, x.resolveLevel, x.resolveSlice); err != nil {
			return fmt.Errorf("%s: resolve texture: %w", what, err)
		}
		to.Resolve, to.ResolveLevel, to.ResolveSlice = x.resolve.metal, x.resolveLevel, x.resolveSlice
	case target != nil:
		return fmt.Errorf("%s: a resolve texture with store action %d, which does not resolve", what, to.Store)
	}
	r.attachments = append(r.attachments, x)
	return nil
}

// targetable says why a part of a texture cannot be rendered to, or nil.
func targetable(t *texture, level, slice int) error {
	switch n := &t.descriptor; {
	case t.gone:
		return fmt.Errorf("%s is used after its last release", t)
	case level >= n.Mips || slice >= n.Slices():
		return fmt.Errorf("level %d, slice %d of %s, which has %d mips and %d slices", level, slice, t, n.Mips, n.Slices())
	case t.root.descriptor.Usage&metal.TextureUsageRenderTarget == 0:
		return fmt.Errorf("%s lacks the usage renderTarget (4)", t)
	}
	return nil
}

// attach notes the attachments of a pass that begins.
func (e *encoder) attach(c *call) {
	for _, a := range e.render.attachments {
		e.touch(c, &a.texture.allocation)
		if a.resolve != nil {
			e.touch(c, &a.resolve.allocation)
		}
	}
}

// finishRender adds what the pass does to its attachments: they are loaded,
// tested, drawn into and stored in the fragment stage of each draw, and a pass
// without a draw clears.
func (e *encoder) finishRender() {
	p := e.pass
	if len(p.commands) == 0 {
		p.add(command{name: "load and store", runs: metal.StageFragment})
	}
	for i := range p.commands {
		for _, a := range e.render.attachments {
			// Depth and stencil that are loaded and only tested are not changed
			// by the store.
			write := a.color || a.written || a.load != metal.LoadActionLoad
			p.commands[i].attach(a.texture, a.level, a.slice, write)
			if a.resolve != nil {
				p.commands[i].attach(a.resolve, a.resolveLevel, a.resolveSlice, true)
			}
		}
	}
}

func (m *machine) setRenderPipeline(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	r, p := e.render, c.object(0).state.(*renderPipeline)
	for i, f := range r.colors {
		want := metal.PixelFormatInvalid
		if i < len(p.descriptor.Colors) {
			want = p.descriptor.Colors[i].Format
		}
		if want != f && want != metal.PixelFormatInvalid {
			c.fault("%s draws %v into color attachment %d, which has the format %v", p.object, want, i, f)
			return
		}
	}
	if p.descriptor.Samples != r.samples {
		c.fault("%s has %d samples, the pass %d", p.object, p.descriptor.Samples, r.samples)
		return
	}
	r.pipeline, r.set = p, nil
	e.needs(c, p.object)
}

func (m *machine) setRenderTable(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	var t *argumentTable
	if o := c.object(0); o != nil {
		t = o.state.(*argumentTable)
	}
	const vertex, fragment, all = 1, 2, 31 // MTLRenderStages
	s := c.word(1)
	if s == 0 || s&^all != 0 {
		c.fault("stages %#x: must be of MTLRenderStages", s)
		return
	}
	if s&vertex != 0 {
		e.render.vertex = t
	}
	if s&fragment != 0 {
		e.render.fragment = t
	}
}

func (m *machine) setViewport(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	var v [6]float64
	for i, w := range c.structure(0) {
		v[i] = math.Float64frombits(w)
		if math.IsNaN(v[i]) || math.IsInf(v[i], 0) {
			c.fault("%v: must be finite numbers", v)
			return
		}
	}
	e.render.metal.SetViewport(metal.Viewport{X: v[0], Y: v[1], Width: v[2], Height: v[3], Near: v[4], Far: v[5]})
}

func (m *machine) setScissor(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	s, w, h := c.structure(0), uint64(e.render.width), uint64(e.render.height)
	if s[0] > w || s[2] > w-s[0] || s[1] > h || s[3] > h-s[1] {
		c.fault("%dx%d at (%d, %d): must lie inside the attachments, %dx%d", s[2], s[3], s[0], s[1], w, h)
		return
	}
	e.render.metal.SetScissor(int(s[0]), int(s[1]), int(s[2]), int(s[3]))
}

func (m *machine) setCullMode(c *call) {
	if e := encoding(c); e != nil {
		e.render.metal.SetCullMode(metal.CullMode(c.word(0)))
	}
}

func (m *machine) setFrontFacing(c *call) {
	if e := encoding(c); e != nil {
		e.render.metal.SetFrontFacing(metal.Winding(c.word(0)))
	}
}

func (m *machine) setDepthStencil(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	if c.object(0) == nil {
		c.fault("no state: this stand-in cannot go back to none; set one that always passes")
		return
	}
	s := c.object(0).state.(*depthStencil)
	e.render.state = s
	e.needs(c, s.object)
	e.render.metal.SetDepthStencilState(s.metal)
}

func (m *machine) setDepthBias(c *call) {
	if e := encoding(c); e != nil {
		f := c.floats()
		e.render.metal.SetDepthBias(f[0], f[1], f[2])
	}
}

func (m *machine) setBlendColor(c *call) {
	if e := encoding(c); e != nil {
		f := c.floats()
		e.render.metal.SetBlendColor(f[0], f[1], f[2], f[3])
	}
}

func (m *machine) setStencilReference(c *call) {
	if e := encoding(c); e != nil {
		e.render.metal.SetStencilReference(uint32(c.word(0)))
	}
}

func (m *machine) renderTimestamp(c *call) {
	e := encoding(c)
	if e == nil {
		return
	}
	if h := counters(c, 2, 3); h != nil {
		e.needs(c, h.object)
		e.render.metal.WriteTimestamp(metal.Stages(c.word(1)), h.metal, c.integer(3))
	}
}
