package graph

import (
	"reflect"
	"slices"

	"weft/metal"
)

// A change is what differs between a declaration and one before.
type change uint8

const (
	unchanged change = iota
	sizes            // of resources, and nothing else
	anything
)

// latest is where a graph keeps its latest compilation of a sort, by which it
// answers when it is asked again.
func (g *Graph) latest(device metal.Device, o *options) **compilation {
	switch {
	case device != nil:
		return &g.running
	case o.preferMemory:
		return &g.planned[1]
	}
	return &g.planned[0]
}

// forget leaves nothing to answer by but plans for a device.
func (g *Graph) forget() { g.planned = [2]*compilation{} }

// compilation returns memory to compile in, if it can be that of old, whose plan
// is not used any more then.
func (g *Graph) compilation(old *compilation) *compilation {
	n := len(g.idle)
	if n == 0 {
		return new(compilation)
	}
	i := max(slices.Index(g.idle, old), 0)
	c := g.idle[i]
	g.idle = slices.Delete(g.idle, i, i+1)
	for i := range g.planned {
		if g.planned[i] == c {
			g.planned[i] = nil
		}
	}
	c.letGo()
	return c
}

// reuse makes the plan of an earlier compilation the answer for what is declared
// now. Passes may be other nodes, in other lines.
func (g *Graph) reuse(c *compilation) *Plan {
	if i := slices.Index(g.idle, c); i >= 0 {
		g.idle = slices.Delete(g.idle, i, i+1)
		c.plan.released = false
	}
	if m := c.plan.machine; m != nil {
		for i, p := range c.order {
			now := &g.passes[p]
			m.steps[i].pass.node, m.steps[i].pass.place = now.node, now.place
		}
	}
	return c.plan
}

// changeSince compares what g declares with what c was made from. For a device,
// a pass that prepares or holds objects must be the same pointer as before;
// others only encode, and the new one may do that.
func (g *Graph) changeSince(c *compilation) change {
	old := c.g
	if g.name != old.name || g.document != old.document || len(g.faults.all) > 0 ||
		len(g.resources) != len(old.resources) || len(g.passes) != len(old.passes) ||
		len(g.accesses) != len(old.accesses) || len(g.parts) != len(old.parts) ||
		len(g.attachments) != len(old.attachments) || len(g.costs) != len(old.costs) {
		return anything
	}
	for i := range g.passes {
		a, b := &old.passes[i], &g.passes[i]
		if !a.same(b) || c.device != nil && c.kept[i] && !interchangeable(a.node, b.node) {
			return anything
		}
	}
	for i := range g.attachments {
		if g.attachments[i] != old.attachments[i] {
			return anything
		}
	}
	for i := range g.costs {
		if g.costs[i] != old.costs[i] {
			return anything
		}
	}
	found := unchanged
	for i := range g.resources {
		d := g.resourceChange(old, i)
		if d == anything {
			return d
		}
		found = max(found, d)
	}
	for i := range g.accesses {
		if g.accesses[i] != old.accesses[i] {
			return anything
		}
	}
	for i := range g.parts {
		if g.parts[i] != old.parts[i] {
			return anything
		}
	}
	return found
}

// same reports whether two declarations of a pass differ in nothing but the
// node and the line.
func (p *pass) same(q *pass) bool {
	return p.name == q.name && p.kind == q.kind && p.sideEffect == q.sideEffect && p.scratch == q.scratch &&
		p.accessesEnd == q.accessesEnd && p.attachesEnd == q.attachesEnd && p.costsEnd == q.costsEnd
}

// interchangeable reports whether b can encode where a was compiled.
func interchangeable(a, b Pass) bool {
	t := reflect.TypeOf(a)
	if t == reflect.TypeOf(b) && t.Kind() == reflect.Pointer && a == b {
		return true
	}
	return !holds(a) && !holds(b)
}

// holds reports whether a pass may hold objects of a device.
func holds(p Pass) bool {
	switch p.(type) {
	case Preparer, Releaser:
		return true
	}
	return p == nil
}

// resourceChange compares one resource.
func (g *Graph) resourceChange(old *Graph, i int) change {
	a, b := &old.resources[i], &g.resources[i]
	if a.name != b.name || a.kind != b.kind || a.lifetime != b.lifetime || a.storage != b.storage {
		return anything
	}
	switch a.kind {
	case kindTexture:
		x, y := &old.textures[a.desc], &g.textures[b.desc]
		if *x == *y {
			return unchanged
		}
		sized := *x
		sized.Width, sized.Height, sized.Depth = y.Width, y.Height, y.Depth
		if sized != *y {
			return anything
		}
		return sizes
	case kindTensor:
		x, y := &old.tensors[a.desc], &g.tensors[b.desc]
		switch {
		case x.Type != y.Type || x.Usage != y.Usage || x.Storage != y.Storage:
			return anything
		case equal(x.Dimensions, y.Dimensions) && equal(x.Strides, y.Strides):
			return unchanged
		}
		return sizes
	}
	if a.length == b.length {
		return unchanged
	}
	return sizes
}
