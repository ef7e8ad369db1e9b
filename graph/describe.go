package graph

import (
	"weft/barriers"
)

// A compilation leaves numbers. What people read is made of them when somebody
// asks.

// Name is the graph's name.
func (p *Plan) Name() string { return p.c.g.name }

// Encoders are the frame's encoders, in order of encoding.
func (p *Plan) Encoders() []Encoder {
	if p.encoders != nil {
		return p.encoders
	}
	c := p.c
	names := make([]string, len(c.order))
	for i := range names {
		names[i] = c.pass(i).name
	}
	p.encoders = make([]Encoder, 0, len(c.encoders))
	for _, e := range c.encoders {
		p.encoders = append(p.encoders, Encoder{Kind: kindOf(e.kind), Passes: names[e.first:e.end:e.end]})
	}
	return p.encoders
}

// Barriers are the frame's barriers, by place, each with the hazards that it is
// there for.
func (p *Plan) Barriers() []Barrier {
	if p.barriers != nil {
		return p.barriers
	}
	c := p.c
	p.judged = barriers.Explain(c.namedFrame(), c.derived)
	p.barriers = make([]Barrier, 0, len(p.judged))
	for i := range p.judged {
		p.barriers = append(p.barriers, c.describeBarrier(&p.judged[i]))
	}
	return p.barriers
}

// Culled are the passes that were left out, in order of declaration.
func (p *Plan) Culled() []Culled {
	if p.culled != nil {
		return p.culled
	}
	c := p.c
	p.culled = make([]Culled, 0, len(c.g.passes)-len(c.order))
	for i, kept := range c.kept {
		if pass := &c.g.passes[i]; !kept {
			p.culled = append(p.culled, Culled{Pass: pass.name, Reason: c.whyNotKept(pass)})
		}
	}
	return p.culled
}

// Memory is where the plan's transient resources lie.
func (p *Plan) Memory() Memory {
	if p.memory.Heaps == nil {
		p.memory = p.c.describeMemory()
	}
	return p.memory
}

// namedFrame is the frame that barriers were derived for, with the names that
// its deriver did not need.
func (c *compilation) namedFrame() *barriers.Frame {
	if c.named {
		return &c.frame
	}
	c.named = true
	f := &c.frame
	for i := range c.g.resources {
		f.Resources[i].Name = c.g.resources[i].name
	}
	scratch := len(c.g.resources)
	for i, p := range c.order {
		name := c.g.passes[p].name
		f.Passes[i].Name = name
		if c.scratch[p] > 0 {
			f.Resources[scratch].Name = name + scratchSuffix
			scratch++
		}
	}
	return f
}

func kindOf(k barriers.EncoderKind) Kind {
	switch k {
	case barriers.RenderEncoder:
		return Render
	case barriers.MachineLearningEncoder:
		return MachineLearning
	}
	return Compute
}

func (c *compilation) describeBarrier(b *barriers.Barrier) Barrier {
	out := Barrier{Encoder: b.Encoder, After: b.After, Before: b.Before, Visibility: b.Visibility}
	switch b.Kind {
	case barriers.Consumer:
		out.Kind, out.BeforePass = Consumer, c.pass(b.Pass).name
	case barriers.Producer:
		out.Kind, out.AfterPass = Producer, c.pass(b.Pass).name
	case barriers.Intra:
		out.Kind, out.AfterPass, out.BeforePass = Intra, c.pass(b.Pass-1).name, c.pass(b.Pass).name
	}
	seen := make(map[Because]bool, len(b.Because))
	for _, h := range b.Because {
		why := Because{
			Resource: c.frame.Resources[h.Resource].Name,
			From:     c.pass(h.From).name, To: c.pass(h.To).name,
			Hazard: Hazard(h.Kind) + ReadAfterWrite, Aliasing: h.Aliasing, Frames: h.Frames,
		}
		if !seen[why] { // else the same in another stage
			seen[why] = true
			out.Because = append(out.Because, why)
		}
	}
	return out
}

func (c *compilation) describeMemory() Memory {
	m := Memory{LiveLowerBound: c.bound, Heaps: make([]Heap, 0, len(c.heaps))}
	for _, h := range c.heaps {
		m.Heaps = append(m.Heaps, Heap{Kind: h.kind, Class: h.class, Size: h.size})
		m.Peak += h.size
	}
	frame := c.namedFrame()
	for i := range c.blocks {
		b := &c.blocks[i]
		h := &m.Heaps[b.heap]
		h.Placements = append(h.Placements, Placement{Resource: frame.Resources[b.resource].Name, Offset: b.offset, Size: b.size})
		m.WithoutAliasing += b.size
	}
	return m
}
