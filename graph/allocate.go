package graph

import (
	"fmt"

	"weft/metal"
)

// allocate makes the device's objects and the steps of the frame.
func allocate(c *compilation) error {
	if c.device == nil {
		return nil
	}
	m := &machine{device: c.device, graph: c.g, passes: c.prepared, encoders: c.encoders}
	c.plan.machine = m
	m.frame.m = m
	for _, make := range []func(*compilation) error{m.makeQueueObjects, m.makeHeaps, m.makeResources, m.makeSlots} {
		if err := make(c); err != nil {
			return fmt.Errorf("graph: %w", err)
		}
	}
	m.set.Commit()
	if err := m.makeSteps(c); err != nil {
		return fmt.Errorf("graph: %w", err)
	}
	return nil
}

func (m *machine) makeQueueObjects(c *compilation) (err error) {
	label := c.g.name
	if m.buffer, err = m.device.NewCommandBuffer(label); err != nil {
		return err
	}
	m.own(m.buffer)
	m.commit[0] = m.buffer
	if m.event, err = m.device.NewSharedEvent(label); err != nil {
		return err
	}
	m.own(m.event)
	if m.set, err = m.device.NewResidencySet(label); err != nil {
		return err
	}
	m.own(m.set)
	return nil
}

func (m *machine) makeHeaps(c *compilation) error {
	for i, h := range c.heaps {
		label := fmt.Sprintf("%s heap %d", h.kind, i)
		heap, err := m.device.NewHeap(metal.HeapDescriptor{Label: label, Size: h.size, Storage: metal.StorageModePrivate, Class: h.class})
		if err != nil {
			return err
		}
		m.own(heap)
		m.heaps = append(m.heaps, heap)
		m.set.Add(heap)
	}
	return nil
}

// makeResources makes all copies of all resources that the frame uses.
func (m *machine) makeResources(c *compilation) error {
	g := c.g
	m.stores = make([]store, len(g.resources))
	place := make([]*block, len(g.resources))
	for i := range c.blocks {
		if b := &c.blocks[i]; b.pass < 0 {
			place[b.resource] = b
		}
	}
	for i := range g.resources {
		r := &g.resources[i]
		s := &m.stores[i]
		*s = store{name: r.name, kind: r.kind, lifetime: r.lifetime, desc: r.desc, length: r.length}
		s.first = int32(map[resourceKind]int{kindTexture: len(m.textures), kindBuffer: len(m.buffers), kindTensor: len(m.tensors)}[r.kind])
		if c.lives[i].first < 0 {
			continue // no kept pass uses it
		}
		s.count = int32(1 + r.lifetime.history())
		if r.lifetime.imported() {
			m.imported = append(m.imported, int32(i))
		}
		for copy := range int(s.count) {
			if err := m.makeCopy(c, i, copy, place[i]); err != nil {
				return fmt.Errorf("resource %q: %w", r.name, err)
			}
		}
	}
	return nil
}

func (m *machine) makeCopy(c *compilation, i, copy int, b *block) error {
	r := &c.g.resources[i]
	label := r.name
	if r.lifetime.history() > 0 {
		label = fmt.Sprintf("%s %d", r.name, copy)
	}
	switch r.kind {
	case kindTexture:
		d := c.textureDescriptor(i)
		d.Label = label
		t, err := m.makeTexture(d, r, b)
		m.textures = append(m.textures, t)
		return err
	case kindTensor:
		d := c.g.tensors[r.desc]
		d.Label, d.Storage = label, r.storage
		t, err := m.makeTensor(d, r, b)
		m.tensors = append(m.tensors, t)
		return err
	}
	buffer, err := m.makeBuffer(metal.BufferDescriptor{Label: label, Length: r.length, Storage: r.storage}, r, b)
	m.buffers = append(m.buffers, buffer)
	return err
}

func (m *machine) makeTexture(d metal.TextureDescriptor, r *resource, b *block) (t metal.Texture, err error) {
	if r.lifetime.imported() {
		return nil, nil
	}
	if b != nil {
		t, err = m.heaps[b.heap].NewTexture(d, b.offset)
	} else if t, err = m.device.NewTexture(d); err == nil {
		m.set.Add(t)
	}
	if err == nil {
		m.own(t)
	}
	return t, err
}

func (m *machine) makeBuffer(d metal.BufferDescriptor, r *resource, b *block) (x metal.Buffer, err error) {
	if r.lifetime.imported() {
		return nil, nil
	}
	if b != nil {
		d.Storage = metal.StorageModePrivate
		x, err = m.heaps[b.heap].NewBuffer(d, b.offset)
	} else if x, err = m.device.NewBuffer(d); err == nil {
		m.set.Add(x)
	}
	if err == nil {
		m.own(x)
	}
	return x, err
}

// makeTensor: heaps hold no tensors, so one in a heap is a buffer there with the
// tensor at its start.
func (m *machine) makeTensor(d metal.TensorDescriptor, r *resource, b *block) (t metal.Tensor, err error) {
	switch {
	case r.lifetime.imported():
		return nil, nil
	case b != nil:
		var buffer metal.Buffer
		buffer, err = m.makeBuffer(metal.BufferDescriptor{Label: d.Label, Length: d.Size()}, r, b)
		if err == nil {
			d.Storage = metal.StorageModePrivate
			t, err = buffer.NewTensor(d, 0)
		}
	default:
		if t, err = m.device.NewTensor(d); err == nil {
			m.set.Add(t)
		}
	}
	if err == nil {
		m.own(t)
	}
	return t, err
}

func (m *machine) makeSlots(c *compilation) error {
	m.stamped = c.options.timestamps
	m.slots = make([]slot, c.options.inFlight)
	for i := range m.slots {
		s := &m.slots[i]
		var err error
		if s.allocator, err = m.device.NewCommandAllocator(fmt.Sprintf("%s %d", c.g.name, i)); err != nil {
			return err
		}
		m.own(s.allocator)
		if s.set, err = m.device.NewResidencySet(fmt.Sprintf("%s imported %d", c.g.name, i)); err != nil {
			return err
		}
		m.own(s.set)
		s.resident = make([]metal.Allocation, len(m.imported))
		s.uploads = arena{device: m.device, set: s.set}
		if m.stamped && len(c.order) > 0 {
			if s.counters, err = m.device.NewCounterHeap(fmt.Sprintf("%s %d", c.g.name, i), 2*len(c.order)); err != nil {
				return err
			}
			m.own(s.counters)
		}
	}
	return nil
}
