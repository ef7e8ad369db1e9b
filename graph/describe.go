package graph

import "weft/barriers"

// describe writes the plan as plain data, by names.
func describe(c *compilation) error {
	p := &Plan{Name: c.g.name, frame: c.frame, derived: c.derived}
	c.plan = p
	for _, e := range c.encoders {
		out := Encoder{Kind: kindOf(e.kind)}
		for i := e.first; i < e.end; i++ {
			out.Passes = append(out.Passes, c.pass(int(i)).name)
		}
		p.Encoders = append(p.Encoders, out)
	}
	for i := range c.derived {
		p.Barriers = append(p.Barriers, c.describeBarrier(&c.derived[i]))
	}
	for i, kept := range c.kept {
		if !kept {
			p.Culled = append(p.Culled, Culled{Pass: c.g.passes[i].name, Reason: c.reasons[i]})
		}
	}
	p.Memory = c.describeMemory()
	return nil
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
	m := Memory{LiveLowerBound: c.bound}
	for _, h := range c.heaps {
		m.Heaps = append(m.Heaps, Heap{Kind: h.kind, Class: h.class, Size: h.size})
		m.Peak += h.size
	}
	for i := range c.blocks {
		b := &c.blocks[i]
		h := &m.Heaps[b.heap]
		h.Placements = append(h.Placements, Placement{Resource: c.frame.Resources[b.resource].Name, Offset: b.offset, Size: b.size})
		m.WithoutAliasing += b.size
	}
	return m
}
