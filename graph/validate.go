package graph

import (
	"math"
	"strings"

	"weft/metal"
)

// validate looks for everything in the declaration that cannot be, and returns
// all of it together.
func validate(c *compilation) error {
	g := c.g
	c.faults.all = append(c.faults.all, g.faults.all...)
	c.faults.more = g.faults.more
	c.validateNames()
	for i := range g.passes {
		p := &g.passes[i]
		if p.bad {
			continue
		}
		if p.kind < Render || p.kind > MachineLearning {
			c.fault(p, -1, "has no kind: call Declaration.Kind with Render, Compute, Blit or MachineLearning")
			continue
		}
		c.validateAccesses(p)
		c.validateAttachments(p)
		if c.device != nil && p.kind == Render {
			c.validateTargets(p)
		}
		c.validateNumbers(p)
	}
	c.validateContent()
	return c.faults.err()
}

func (c *compilation) fault(p *pass, resource int32, format string, args ...any) {
	c.faults.add(p.name, c.g.nameOf(resource), p.place, format, args...)
}

// validateNames: plans speak of passes and resources by name.
func (c *compilation) validateNames() {
	g := c.g
	resource := func(i int32) string { return g.resources[i].name }
	c.resourceNames.reset(len(g.resources))
	scratch := false // a resource might be called as one
	for i := range g.resources {
		r := &g.resources[i]
		scratch = scratch || strings.HasSuffix(r.name, scratchSuffix)
		if first := c.resourceNames.add(int32(i), r.name, resource); first >= 0 && r.name != "" {
			c.faults.add("", r.name, r.place, "is declared twice, first at %s: give each resource a name of its own", at(g.resources[first].place))
		}
	}
	pass := func(i int32) string { return g.passes[i].name }
	c.passNames.reset(len(g.passes))
	for i := range g.passes {
		p := &g.passes[i]
		if first := c.passNames.add(int32(i), p.name, pass); first >= 0 {
			c.fault(p, -1, "is declared twice, first at %s: give each pass a name of its own", at(g.passes[first].place))
		}
		if scratch && p.scratch > 0 {
			if r := c.resourceNames.find(p.name+scratchSuffix, resource); r >= 0 {
				c.fault(p, r, "is what the plan calls the scratch of this pass: give the resource another name")
			}
		}
	}
}

// scratchSuffix makes the name of a pass's scratch in a plan.
const scratchSuffix = ".scratch"

func at(p place) string {
	if s := p.String(); s != "" {
		return s
	}
	return "an earlier place"
}

func (c *compilation) validateAccesses(p *pass) {
	g, owned := c.g, p.kind.Stages()
	list := g.accessesOf(p)
	for i := range list {
		a := &list[i]
		if foreign := a.stages &^ owned; foreign != 0 {
			c.fault(p, a.resource, "%s it in stage %v, which a %v pass does not run: use %v", verb(a.write), foreign, p.kind, owned)
		}
		if a.frame == 0 {
			continue
		}
		switch h := g.resources[a.resource].lifetime.history(); {
		case h == 0:
			c.fault(p, a.resource, "reads the version of %d frames ago, and the resource keeps none: declare it with History(%d)", -a.frame, -a.frame)
		case int(-a.frame) > h:
			c.fault(p, a.resource, "reads the version of %d frames ago: the resource keeps %d", -a.frame, h)
		}
	}
}

func (c *compilation) validateNumbers(p *pass) {
	if p.scratch < 0 || p.scratch > 1<<40 {
		c.fault(p, -1, "scratch of %d bytes: must be from 0 to 2^40", p.scratch)
	}
	if p.scratch > 0 && p.kind != MachineLearning {
		c.fault(p, -1, "has scratch and is a %v pass: only machineLearning passes have scratch", p.kind)
	}
	for _, cost := range c.g.costs[p.costs:p.costsEnd] {
		if foreign := cost.stages &^ p.kind.Stages(); foreign != 0 || cost.stages == 0 {
			c.fault(p, -1, "has a cost in stage %v, which a %v pass does not run: use %v", cost.stages, p.kind, p.kind.Stages())
		}
		if math.IsNaN(cost.ms) || cost.ms < 0 || cost.ms > 1e9 {
			c.fault(p, -1, "costs %v ms in %v: must be from 0 to 1e9", cost.ms, cost.stages)
		}
	}
}

// validateAttachments checks what the planner needs; what a device needs
// besides is checked where the attachments are made.
func (c *compilation) validateAttachments(p *pass) {
	g := c.g
	list := g.attachments[p.attaches:p.attachesEnd]
	if len(list) > 0 && p.kind != Render {
		c.fault(p, list[0].texture, "is an attachment of a %v pass: only render passes have attachments", p.kind)
		return
	}
	for i := range list {
		a := &list[i]
		format := g.textures[g.resources[a.texture].desc].Format
		depth := format.HasDepth() || format.HasStencil()
		switch {
		case a.socket < socketDepth && depth:
			c.fault(p, a.texture, "is a color attachment of format %v: declare it with Depth or Stencil", format)
		case a.socket == socketDepth && !format.HasDepth():
			c.fault(p, a.texture, "is a depth attachment of format %v: use a format with depth, such as depth32Float", format)
		case a.socket == socketStencil && !format.HasStencil():
			c.fault(p, a.texture, "is a stencil attachment of format %v: use a format with stencil, such as stencil8", format)
		case a.readOnly && !depth:
			c.fault(p, a.texture, "is a read-only color attachment: only depth and stencil can be read-only")
		case a.readOnly && a.load.Action != metal.LoadActionLoad:
			c.fault(p, a.texture, "is read-only and loads nothing: load it with Keep()")
		case a.readOnly && a.resolve >= 0:
			c.fault(p, a.texture, "is read-only and has a resolve target")
		case a.readOnly && a.discard:
			c.fault(p, a.texture, "is read-only and discarded: to discard is to write")
		}
		for j := range i {
			if a.socket != socketAny && list[j].socket == a.socket {
				c.fault(p, a.texture, "is the second attachment of the same index")
			}
		}
	}
}
