package graph

import (
	"slices"

	"weft/barriers"
	"weft/metal"
)

// makeSteps writes the frame down as it is encoded.
func (m *machine) makeSteps(c *compilation) error {
	g := c.g
	m.steps = make([]step, len(c.order))
	for i, p := range c.order {
		s := &m.steps[i]
		s.pass = g.passes[p]
		s.accesses = slices.Clone(g.accessesOf(&s.pass))
	}
	if err := m.makeTargets(c); err != nil {
		return err
	}
	for _, b := range c.derived {
		s := &m.steps[b.Pass]
		b.Because = nil
		if b.Kind == barriers.Producer {
			s.after = append(s.after, b)
		} else {
			s.before = append(s.before, b)
		}
	}
	for i := range c.blocks {
		b := &c.blocks[i]
		s := &m.steps[b.first]
		switch {
		case b.pass >= 0:
			s.scratch = m.heaps[b.heap]
		case b.shared && g.resources[b.resource].kind == kindTexture:
			list := g.accessesOf(c.pass(int(b.user)))
			s.discards = append(s.discards, discard{b.resource, stagesOf(list, b.resource)})
		}
	}
	for _, e := range c.encoders {
		for i := e.first; i < e.end; i++ {
			m.steps[i].grouped = e.end-e.first > 1
		}
	}
	if m.stamped {
		m.times = make([]Time, len(m.steps))
		m.ticks = make([]uint64, 2*len(m.steps))
		for i := range m.steps {
			m.times[i].Pass = m.steps[i].pass.name
		}
	}
	return nil
}

// makeTargets describes the attachments of each render encoder in its first step.
// Where passes share one, the later ones need what sets an encoder's state back.
func (m *machine) makeTargets(c *compilation) (err error) {
	for _, e := range c.encoders {
		if e.kind != barriers.RenderEncoder {
			continue
		}
		first := &m.steps[e.first]
		first.targets = c.joinTargets(e, nil)
		first.descriptor = describeTargets(first)
		for i := e.first + 1; i < e.end; i++ {
			s := &m.steps[i]
			s.follows = true
			s.width, s.height, _ = c.g.targetSize(&first.targets[0])
			s.depth = first.depths()
			if s.depth && m.plain == nil {
				if m.plain, err = m.device.NewDepthStencilState(metal.DepthStencilDescriptor{Label: "none", DepthCompare: metal.CompareFunctionAlways}); err != nil {
					return err
				}
				m.own(m.plain)
			}
		}
	}
	return nil
}

// depths reports whether a depth or stencil target is among those of a step.
func (s *step) depths() bool {
	return slices.ContainsFunc(s.targets, func(a attached) bool { return a.socket == socketDepth || a.socket == socketStencil })
}

// stagesOf is where a pass touches a resource.
func stagesOf(list []access, resource int32) (s metal.Stages) {
	for i := range list {
		if list[i].resource == resource {
			s |= list[i].stages
		}
	}
	return s
}

// describeTargets writes all of a render pass descriptor but its textures,
// which may be others in each frame.
func describeTargets(s *step) *metal.RenderPassDescriptor {
	d := &metal.RenderPassDescriptor{Label: s.pass.name}
	for i := range s.targets {
		a := &s.targets[i]
		to := metal.Attachment{Level: a.part.a0, Slice: a.part.b0, Load: a.load.Action, Store: metal.StoreActionStore}
		switch {
		case a.resolve >= 0 && a.discard:
			to.Store = metal.StoreActionMultisampleResolve
		case a.resolve >= 0:
			to.Store = metal.StoreActionStoreAndMultisampleResolve
		case a.discard:
			to.Store = metal.StoreActionDontCare
		}
		switch a.socket {
		case socketDepth:
			d.Depth = metal.DepthStencilAttachment{Attachment: to, ReadOnly: a.readOnly, ClearDepth: a.load.Depth}
		case socketStencil:
			d.Stencil = metal.DepthStencilAttachment{Attachment: to, ReadOnly: a.readOnly, ClearStencil: a.load.Stencil}
		default:
			d.Colors[a.socket] = metal.ColorAttachment{Attachment: to, Clear: a.load.Color}
		}
	}
	return d
}

// target is the attachment of a descriptor that belongs to a.
func (s *step) target(a *attached) *metal.Attachment {
	switch a.socket {
	case socketDepth:
		return &s.descriptor.Depth.Attachment
	case socketStencil:
		return &s.descriptor.Stencil.Attachment
	}
	return &s.descriptor.Colors[a.socket].Attachment
}
