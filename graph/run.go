package graph

import (
	"errors"
	"fmt"

	"weft/barriers"
	"weft/metal"
)

var errNoDevice = errors.New("graph: the plan has no device: it was made by Graph.Plan, released, or followed by another of its graph")

// Run records one frame into one command buffer and commits it to queue. It
// waits only if all frames in flight are still busy. Imported resources are
// bound before. Frames that follow one another on one queue are ordered by the
// plan's own barriers; a change of queue waits for the frames before.
//
// If Run fails, the frame did not happen: nothing was committed.
func (p *Plan) Run(queue metal.CommandQueue) error {
	m := p.machine
	if m == nil {
		return errNoDevice
	}
	if queue == nil {
		return errors.New("graph: Run: the queue is nil: give one that metal.Device.NewCommandQueue made")
	}
	if queue != m.queue {
		if err := m.waitAll(); err != nil {
			return err
		}
		m.queue = queue
	}
	if err := m.bound(); err != nil {
		return err
	}
	s := &m.slots[m.number%uint64(len(m.slots))]
	if err := m.waitFor(s.done); err != nil {
		return err
	}
	if err := m.recordFrame(s); err != nil {
		return err
	}
	if err := queue.Commit(m.commit[:]); err != nil {
		return fmt.Errorf("graph: frame %d: %w", m.number, err)
	}
	m.number++
	s.done = m.number
	m.unbindFresh()
	if err := queue.SignalEvent(m.event, m.number); err != nil {
		return fmt.Errorf("graph: frame %d: %w", m.number-1, err)
	}
	return nil
}

// recordFrame records the frame into the command buffer. It ends what it began
// also if a pass panics, so that an engine that recovers can go on.
func (m *machine) recordFrame(s *slot) (err error) {
	m.slot = s
	s.uploads.reset()
	m.makeResident(s)
	if err := s.allocator.Reset(); err != nil {
		return fmt.Errorf("graph: frame %d: %w", m.number, err)
	}
	if err := m.buffer.Begin(s.allocator); err != nil {
		return fmt.Errorf("graph: frame %d: %w", m.number, err)
	}
	defer func() {
		if end := m.buffer.End(); err == nil && end != nil {
			err = fmt.Errorf("graph: frame %d: %w", m.number, end)
		}
	}()
	m.buffer.UseResidencySet(m.set)
	m.buffer.UseResidencySet(s.set)
	for i := range m.encoders {
		if err := m.recordEncoder(&m.encoders[i]); err != nil {
			return err
		}
	}
	return nil
}

func (m *machine) recordEncoder(e *encoder) error {
	f, first := &m.frame, &m.steps[e.first]
	f.render, f.compute, f.ml = nil, nil, nil
	var open metal.Encoder
	var err error
	switch e.kind {
	case barriers.RenderEncoder:
		m.aim(first)
		f.render, err = m.buffer.RenderEncoder(first.descriptor)
		open = f.render
	case barriers.ComputeEncoder:
		f.compute, err = m.buffer.ComputeEncoder(first.pass.name)
		open = f.compute
	case barriers.MachineLearningEncoder:
		m.stampBuffer(int(e.first), 0)
		f.ml, err = m.buffer.MachineLearningEncoder(first.pass.name)
		open = f.ml
	}
	if err != nil {
		return first.pass.wrap(err)
	}
	err = m.recordSteps(e, open)
	if e.kind == barriers.MachineLearningEncoder {
		m.stampBuffer(int(e.first), 1)
	}
	return err
}

func (m *machine) recordSteps(e *encoder, open metal.Encoder) error {
	defer open.EndEncoding()
	for i := int(e.first); i < int(e.end); i++ {
		if err := m.recordStep(i, open); err != nil {
			return err
		}
	}
	return nil
}

// aim puts this frame's textures into the descriptor of a render pass.
func (m *machine) aim(s *step) {
	for i := range s.targets {
		a := &s.targets[i]
		to := s.target(a)
		to.Texture = m.texture(a.texture, 0)
		if a.resolve >= 0 {
			to.Resolve = m.texture(a.resolve, 0)
		}
	}
}

func (m *machine) recordStep(i int, open metal.Encoder) error {
	s := &m.steps[i]
	for j := range s.before {
		b := &s.before[j]
		if b.Kind == barriers.Intra {
			open.BarrierAfterEncoderStages(b.After, b.Before, b.Visibility)
		} else {
			open.BarrierAfterQueueStages(b.After, b.Before, b.Visibility)
		}
	}
	for _, d := range s.discards {
		open.DiscardContents(m.texture(d.resource, 0), d.stages)
	}
	if s.follows {
		m.setBack(s)
	}
	m.stampEncoder(i, 0)
	err := m.encode(s, open)
	m.stampEncoder(i, 1)
	for j := range s.after {
		b := &s.after[j]
		open.BarrierAfterStages(b.After, b.Before, b.Visibility)
	}
	return err
}

// setBack gives a pass that follows another in a render encoder the state that
// an encoder begins with.
func (m *machine) setBack(s *step) {
	e := m.frame.render
	e.SetViewport(metal.Viewport{Width: float64(s.width), Height: float64(s.height), Far: 1})
	e.SetScissor(0, 0, s.width, s.height)
	e.SetCullMode(metal.CullModeNone)
	e.SetFrontFacing(metal.WindingClockwise)
	e.SetDepthBias(0, 0, 0)
	e.SetBlendColor(0, 0, 0, 0)
	if s.depth {
		e.SetDepthStencilState(m.plain)
		e.SetStencilReference(0)
	}
}

// encode lets the pass encode itself. Where the pass went on after a mistake
// that was noted, and panicked over its consequences, the mistake is the error.
func (m *machine) encode(s *step, open metal.Encoder) (err error) {
	if s.grouped {
		open.PushDebugGroup(s.pass.name)
		defer open.PopDebugGroup()
	}
	m.frame.step, m.fault = s, nil
	defer func() {
		if m.fault == nil {
			return
		}
		_ = recover()
		err = s.pass.wrap(m.fault)
	}()
	if err := s.pass.node.Encode(&m.frame); err != nil {
		return s.pass.wrap(err)
	}
	return nil
}
