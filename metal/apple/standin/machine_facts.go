package standin

import (
	"unsafe"

	"weft/metal"
)

// Facts about objects that the client asks for.

func (m *machine) newCompiler(c *call) { c.create("MTL4Compiler", nil) }

func (m *machine) heapSize(c *call) {
	if h, ok := c.self().state.(*heap); ok {
		c.answer(uint64(h.size))
	}
}

// bufferContents is real memory: the client writes to it without a message.
func (m *machine) bufferContents(c *call) {
	if b, ok := c.self().state.(*buffer); ok && b.storage == metal.StorageModeShared {
		c.answer(uint64(uintptr(unsafe.Pointer(unsafe.SliceData(b.metal.Contents())))))
	}
}

func (m *machine) gpuAddress(c *call) {
	if b, ok := c.self().state.(*buffer); ok {
		c.answer(b.address)
	}
}

func (m *machine) resourceID(c *call) {
	switch x := c.self().state.(type) {
	case *texture:
		c.answer(x.id)
	case *tensor:
		c.answer(x.id)
	case *sampler:
		if !x.usable {
			c.fault("a sampler that was made without supportArgumentBuffers has no resource ID")
		}
		c.answer(x.id)
	}
}

func (m *machine) textureFact(c *call) {
	t, ok := c.self().state.(*texture)
	if !ok {
		return
	}
	switch c.selector() {
	case "width":
		c.answer(uint64(t.descriptor.Width))
	case "height":
		c.answer(uint64(t.descriptor.Height))
	case "pixelFormat":
		c.answer(uint64(t.descriptor.Format))
	}
}

// release gives back what the client has released for the last time.
func (m *machine) release(o *object) {
	m.gone[o] = true
	for _, q := range m.queues {
		for _, w := range q.history {
			if w.touched[o] {
				o.fault("it is released while commit %d of %s, which uses it, may still run: wait for an event that is signaled after it", w.number, q.object)
				q.done.Wait(w.number, patience)
			}
		}
	}
	switch x := o.state.(type) {
	case interface{ base() *allocation }:
		a := x.base()
		a.gone = true
		a.drop()
	case *sampler:
		x.metal.Release()
	case *depthStencil:
		x.metal.Release()
	case *computePipeline:
		x.metal.Release()
	case *renderPipeline:
		for _, v := range x.variants {
			v.Release()
		}
	case *networkPipeline:
		if x.metal != nil {
			x.metal.Release()
		}
	case *argumentTable:
		x.metal.Release()
	case *allocator:
		x.metal.Release()
	case *counterHeap:
		x.metal.Release()
	case *event:
		x.metal.Release()
	case *commandBuffer:
		if x.recording != nil {
			m.spare = append(m.spare, x.recording.metal)
		}
	case *queue:
		x.release()
	case *layer:
		m.dropRing(x)
	}
}

func (q *queue) release() {
	m := q.machine
	m.apart(q.reports.Wait)
	q.done.Wait(q.commits, patience)
	q.metal.Release()
	q.done.Release()
	for i, other := range m.queues {
		if other == q {
			m.queues = append(m.queues[:i], m.queues[i+1:]...)
			break
		}
	}
}

// close gives back what the machine keeps for itself.
func (m *machine) close() {
	for _, b := range m.spare {
		b.Release()
	}
	m.spare = nil
}
