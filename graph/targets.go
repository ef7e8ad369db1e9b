package graph

import "weft/metal"

// validateTargets checks what a device asks of the attachments of a pass, and a
// plan alone does not.
func (c *compilation) validateTargets(p *pass) {
	g := c.g
	list := g.attachments[p.attaches:p.attachesEnd]
	if len(list) == 0 {
		c.fault(p, -1, "is a render pass without attachments: declare one with Color, Depth or Stencil")
		return
	}
	first := &list[0]
	width, height, samples := g.targetSize(first)
	c.validateOwnTargets(p)
	var depth, stencil *attached
	for i := range list {
		a := &list[i]
		d := &g.textures[g.resources[a.texture].desc]
		w, h, n := g.targetSize(a)
		name := g.resources[first.texture].name
		switch {
		case d.Depth > 1:
			c.fault(p, a.texture, "is a 3D texture: a target is 2D, or a slice of an array")
		case w != width || h != height:
			c.fault(p, a.texture, "is a target of %dx%d beside %q of %dx%d: all targets of a pass have one size", w, h, name, width, height)
		case n != samples:
			c.fault(p, a.texture, "is a target of %d samples beside %q of %d: all targets of a pass have as many", n, name, samples)
		}
		switch a.socket {
		case socketDepth:
			depth = a
		case socketStencil:
			stencil = a
		}
		c.validateResolve(p, a)
	}
	both := func(a *attached) bool {
		f := g.textures[g.resources[a.texture].desc].Format
		return f.HasDepth() && f.HasStencil()
	}
	switch {
	case depth != nil && stencil != nil && depth.texture != stencil.texture:
		c.fault(p, stencil.texture, "is the stencil target beside another depth target: use one texture of a combined format as both")
	case depth != nil && stencil == nil && both(depth):
		c.fault(p, depth.texture, "has stencil too: declare it with Stencil as well")
	case stencil != nil && depth == nil && both(stencil):
		c.fault(p, stencil.texture, "has depth too: declare it with Depth as well")
	}
}

// validateOwnTargets refuses a pass whose shaders touch what it draws into, read
// only depth aside. Functions of the tile stage may: their attachments lie in
// tile memory.
func (c *compilation) validateOwnTargets(p *pass) {
	list := c.g.accessesOf(p)
	for _, a := range list {
		if a.attachment || a.frame != 0 || a.stages&metal.StageTile != 0 {
			continue
		}
		for _, b := range list {
			if b.attachment && b.resource == a.resource && (a.write || b.write) && c.g.boxOf(&a).overlaps(c.g.boxOf(&b)) {
				c.fault(p, a.resource, "%s it in stage %v, and it is an attachment of the same pass: declare another pass, or use another texture", verb(a.write), a.stages)
				break
			}
		}
	}
}

// targetSize is the size in texels and the samples of an attachment.
func (g *Graph) targetSize(a *attached) (width, height, samples int) {
	d := &g.textures[g.resources[a.texture].desc]
	s := d.MipSize(a.part.a0)
	return s.Width, s.Height, d.Samples
}

func (c *compilation) validateResolve(p *pass, a *attached) {
	if a.resolve < 0 {
		return
	}
	g := c.g
	from, to := &g.textures[g.resources[a.texture].desc], &g.textures[g.resources[a.resolve].desc]
	switch {
	case from.Samples == 1:
		c.fault(p, a.texture, "has a resolve target and one sample: only multisampled targets are resolved")
	case to.Samples != 1:
		c.fault(p, a.resolve, "is a resolve target of %d samples: it must have one", to.Samples)
	case to.Format != from.Format || to.Width != from.Width || to.Height != from.Height:
		c.fault(p, a.resolve, "is a resolve target of %v %dx%d: it must be as the target, %v %dx%d",
			to.Format, to.Width, to.Height, from.Format, from.Width, from.Height)
	}
}
