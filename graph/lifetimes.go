package graph

import (
	"weft/barriers"
	"weft/metal"
)

// life is where a resource is used: from its first position to its last.
type life struct {
	first, last int32        // first is -1 if no kept pass uses it
	user        int32        // the pass that uses it first, at first or behind it
	stages      metal.Stages // in which it is used
	usage       metal.TextureUsage
}

// lifetimes finds the positions between which each resource lives, and how
// textures are used. Scratch lives in its own pass.
func lifetimes(c *compilation) error {
	c.lives = filled(c.lives, len(c.frame.Resources), life{first: -1})
	scratch := len(c.g.resources)
	for position, p := range c.order {
		list, at := c.g.accessesOf(&c.g.passes[p]), int32(position)
		for i := range list {
			a := &list[i]
			l := &c.lives[a.resource]
			if l.first < 0 {
				l.first, l.user = at, at
			}
			l.last, l.stages, l.usage = at, l.stages|a.stages, l.usage|a.usage()
		}
		if c.scratch[p] > 0 {
			c.lives[scratch] = life{first: at, last: at, user: at, stages: metal.StageMachineLearning}
			scratch++
		}
	}
	c.beginJoined()
	return nil
}

// usage is what an access needs a texture for.
func (a *access) usage() metal.TextureUsage {
	switch {
	case a.attachment:
		return metal.TextureUsageRenderTarget
	case a.stages&^metal.StageBlit == 0: // copies need no usage
		return 0
	case a.write:
		return metal.TextureUsageShaderWrite
	}
	return metal.TextureUsageShaderRead
}

// beginJoined: in a render encoder nothing can wait for fragment, and discards
// come before the first draw. So what a later pass of one is the first to use
// lives from the encoder's first pass on.
func (c *compilation) beginJoined() {
	for i := range c.g.resources {
		l := &c.lives[i]
		if l.first < 0 {
			continue
		}
		if e := &c.encoders[c.frame.Passes[l.first].Encoder]; e.kind == barriers.RenderEncoder {
			l.first = e.first
		}
	}
}
