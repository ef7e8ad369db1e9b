package graph

import (
	"math/bits"
	"slices"

	"weft/barriers"
	"weft/metal"
)

// lower writes the frame as the package barriers sees it. Its passes are
// positions, its resources the graph's, followed by one for the scratch of each
// pass that has some. Names are for later (see namedFrame).
func (c *compilation) lower() {
	g, f := c.g, &c.frame
	scratches := 0
	for _, i := range c.order {
		if c.scratch[i] > 0 {
			scratches++
		}
	}
	f.Resources = zeroed(f.Resources, len(g.resources)+scratches)[:len(g.resources)]
	for i := range g.resources {
		if l := g.resources[i].lifetime; l != transient {
			f.Resources[i] = l.lowered()
		}
	}
	c.lowerCosts()
	costs := c.costList
	f.Passes = resize(f.Passes, len(c.order))
	f.Accesses = slices.Grow(f.Accesses[:0], len(g.accesses)+scratches)
	for position, i := range c.order {
		p := &g.passes[i]
		list := g.accessesOf(p)
		first := len(f.Accesses)
		f.Accesses = f.Accesses[:first+len(list)]
		var accessed metal.Stages
		for j := range list {
			a, out := &list[j], &f.Accesses[first+j]
			accessed |= a.stages
			out.Pass, out.Resource, out.Frame = position, int(a.resource), int(a.frame)
			out.Stages, out.Write, out.Attachment = a.stages, a.write, a.attachment
			if out.Part = (barriers.Part{}); !a.whole() {
				out.Part = g.part(a)
			}
		}
		if c.scratch[i] > 0 {
			f.Accesses = append(f.Accesses, barriers.Access{
				Pass: position, Resource: len(f.Resources), Stages: metal.StageMachineLearning, Write: true,
			})
			f.Resources = append(f.Resources, barriers.Resource{})
		}
		out := &f.Passes[position]
		out.Name, out.Runs, out.Cost = "", runs(p.kind, accessed), nil
		if n := g.stagesWithCost(p); n > 0 {
			out.Cost, costs = costs[:n:n], costs[n:]
		}
	}
	c.lowerEncoders()
}

func (l Lifetime) lowered() barriers.Resource {
	switch l {
	case Imported:
		return barriers.Resource{Lifetime: barriers.Imported}
	case Fresh:
		return barriers.Resource{Lifetime: barriers.Fresh}
	}
	return barriers.Resource{Lifetime: barriers.Persistent, History: l.history()}
}

// lowerCosts lists the costs of the kept passes' stages, pass by pass.
func (c *compilation) lowerCosts() {
	c.costList = c.costList[:0]
	if len(c.g.costs) == 0 {
		return
	}
	for _, i := range c.order {
		p := &c.g.passes[i]
		for _, cost := range c.g.costs[p.costs:p.costsEnd] {
			for rest := cost.stages; rest != 0; rest &= rest - 1 {
				c.costList = append(c.costList, barriers.StageCost{Stage: rest & -rest, Time: cost.ms})
			}
		}
	}
}

// stagesWithCost is how many of those a pass has.
func (g *Graph) stagesWithCost(p *pass) int {
	n := 0
	for _, cost := range g.costs[p.costs:p.costsEnd] {
		n += bits.OnesCount64(uint64(cost.stages))
	}
	return n
}

func (c *compilation) lowerEncoders() {
	c.frame.Encoders = c.frame.Encoders[:0]
	for i, e := range c.encoders {
		c.frame.Encoders = append(c.frame.Encoders, barriers.Encoder{Kind: e.kind})
		for p := e.first; p < e.end; p++ {
			c.frame.Passes[p].Encoder = i
		}
	}
}

// runs is the set of stages in which a pass encodes work: a render pass always
// fragment, and vertex unless it works in object or mesh; another the stages
// that it accesses, if none its main one.
func runs(k Kind, s metal.Stages) metal.Stages {
	switch {
	case k == Render && s&(metal.StageObject|metal.StageMesh) == 0:
		s |= metal.StageVertex | metal.StageFragment
	case k == Render:
		s |= metal.StageFragment
	case s == 0:
		s = k.mainStage()
	}
	return s
}

// part is the part of an access, the whole resource as the zero Part.
func (g *Graph) part(a *access) barriers.Part {
	if a.whole() {
		return barriers.Part{}
	}
	return g.resources[a.resource].lowered(g.parts[a.part])
}

// lowered is a box of a resource as the package barriers sees it: an axis that
// is everything is zero.
func (r *resource) lowered(x box) barriers.Part {
	all := r.all
	var p barriers.Part
	first := barriers.Range{First: int64(x.a0), End: int64(x.a1)}
	if r.kind != kindTexture {
		p.Bytes = first
		return p
	}
	if x.a0 != all.a0 || x.a1 != all.a1 {
		p.Mips = first
	}
	if x.b0 != all.b0 || x.b1 != all.b1 {
		p.Layers = barriers.Range{First: int64(x.b0), End: int64(x.b1)}
	}
	return p
}
