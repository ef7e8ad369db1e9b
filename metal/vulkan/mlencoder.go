package vulkan

import (
	"fmt"
	"slices"
	"unsafe"

	"weft/metal"
	"weft/metal/vulkan/network"
	"weft/metal/vulkan/vk"
)

// networkEncoder runs a network: its dispatches in order, with the barriers
// between them that the plan asks for. What comes before and after the network
// is ordered by the caller's barriers of the stage machineLearning.
type networkEncoder struct {
	encoder
	pipeline  *networkPipeline
	table     *argumentTable
	constants [maxPushConstants]uint32
	boundSet  vk.DescriptorSet
}

var _ metal.MachineLearningEncoder = (*networkEncoder)(nil)

func (e *networkEncoder) reset() { e.pipeline, e.table = nil, nil }

func (e *networkEncoder) SetMachineLearningPipeline(p metal.MachineLearningPipeline) {
	x, ok := p.(*networkPipeline)
	if !ok || x.device != e.cb.device {
		e.cb.fail("BUG: SetMachineLearningPipeline with a pipeline that is nil or of another device")
		return
	}
	e.pipeline = x
}

func (e *networkEncoder) SetArgumentTable(t metal.ArgumentTable) {
	x, ok := t.(*argumentTable)
	if !ok || x.device != e.cb.device {
		e.cb.fail("BUG: SetArgumentTable with a table that is nil or of another device")
		return
	}
	e.table = x
}

func (e *networkEncoder) DispatchNetwork(h metal.Heap) {
	if !e.recording("DispatchNetwork") {
		return
	}
	if err := e.dispatch(h); err != nil {
		e.cb.fail("DispatchNetwork: %w", err)
	}
}

func (e *networkEncoder) dispatch(h metal.Heap) error {
	p := e.pipeline
	switch {
	case p == nil:
		return fmt.Errorf("BUG: no machine-learning pipeline is set")
	case e.table == nil:
		return fmt.Errorf("%s: no argument table is set", p.user)
	case e.table.err != nil:
		return e.table.err
	}
	scratch, err := e.scratch(h)
	if err != nil {
		return fmt.Errorf("%s: %w", p.user, err)
	}
	for i := range p.bindings {
		if err := e.checkTensor(&p.bindings[i]); err != nil {
			return fmt.Errorf("%s: %w", p.user, err)
		}
	}
	for i := range p.plan.Dispatches {
		if err := e.kernel(i, scratch); err != nil {
			return fmt.Errorf("%s, %q: %w", p.user, p.plan.Dispatches[i].Label, err)
		}
	}
	return nil
}

// scratch is the buffer over the intermediates heap, nil where none is needed.
func (e *networkEncoder) scratch(h metal.Heap) (*buffer, error) {
	need := e.pipeline.IntermediatesHeapSize()
	if need == 0 {
		return nil, nil
	}
	x, ok := h.(*heap)
	switch {
	case !ok || x.device != e.cb.device:
		return nil, fmt.Errorf("the intermediates heap is nil or of another device: it needs %d bytes", need)
	case x.size < need:
		return nil, fmt.Errorf("the intermediates heap %q has %d bytes: it needs %d", x.label, x.size, need)
	case x.placed.Load() > 0:
		return nil, fmt.Errorf("the intermediates heap %q holds %d resources: a network uses it as a whole", x.label, x.placed.Load())
	}
	return x.whole()
}

// checkTensor checks what the table has for one input or output.
func (e *networkEncoder) checkTensor(b *metal.TensorBinding) error {
	t := e.tensor(b.Index)
	if t == nil {
		return fmt.Errorf("tensor %d, %q, is not set in argument table %q", b.Index, b.Name, e.table.label)
	}
	d := &t.desc
	switch {
	case d.Type != b.Type || !slices.Equal(d.Dimensions, b.Dimensions):
		return fmt.Errorf("tensor %d, %q: it is %v %v, the table has %q of %v %v", b.Index, b.Name, b.Type, b.Dimensions, t.label, d.Type, d.Dimensions)
	case d.Usage&metal.TensorUsageMachineLearning == 0:
		return fmt.Errorf("tensor %d, %q: %q lacks the usage machineLearning", b.Index, b.Name, t.label)
	}
	return nil
}

func (e *networkEncoder) tensor(index int) *tensor {
	if index >= len(e.table.buffers) {
		return nil
	}
	return e.table.buffers[index].tensor
}

// bound is the tensor that a binding or stride of the plan means.
func (e *networkEncoder) bound(s network.Source, index int) *tensor {
	if s == network.FromOutput {
		index += len(e.pipeline.plan.Inputs)
	}
	return e.tensor(index)
}

// kernel records dispatch i.
func (e *networkEncoder) kernel(i int, scratch *buffer) error {
	p, d, cb := e.pipeline, e.cb.device, e.cb.handle
	w := &p.plan.Dispatches[i]
	k := &p.kernels[w.Kernel].object
	if w.Barrier {
		e.cb.barriers.add(metal.StageMachineLearning, metal.StageMachineLearning, metal.VisibilityDevice)
		e.cb.barriers.record(d, cb)
	}
	set, err := e.write(w, k, scratch)
	if err != nil {
		return err
	}
	d.vk.CmdBindPipeline(cb, vk.PipelineBindPointCompute, k.handle)
	if len(w.Bindings) > 0 {
		e.boundSet = set
		d.vk.CmdBindDescriptorSets(cb, vk.PipelineBindPointCompute, k.layout, 0, 1, &e.boundSet, 0, nil)
	}
	if n := copy(e.constants[:], w.Constants); n > 0 {
		for _, s := range p.strides[i] {
			e.constants[s.Constant] = uint32(e.bound(s.Source, s.Index).desc.Strides[s.Dimension])
		}
		d.vk.CmdPushConstants(cb, k.layout, vk.ShaderStageComputeBit, 0, uint32(4*n), unsafe.Pointer(&e.constants))
	}
	d.vk.CmdDispatch(cb, w.Groups[0], w.Groups[1], w.Groups[2])
	return nil
}

// write makes the descriptor set of one dispatch.
func (e *networkEncoder) write(dispatch *network.Dispatch, k *kernel, scratch *buffer) (vk.DescriptorSet, error) {
	a := e.cb.allocator
	n := len(dispatch.Bindings)
	if n == 0 {
		return 0, nil
	}
	set, err := a.descriptorSet(k.set)
	if err != nil {
		return 0, fmt.Errorf("a descriptor set: %w", err)
	}
	w := &a.writer
	w.reset(n)
	for i := range dispatch.Bindings {
		b := &dispatch.Bindings[i]
		from, offset, size := e.source(b, scratch)
		w.writes[i] = vk.WriteDescriptorSet{
			SType: vk.StructureTypeWriteDescriptorSet, DstSet: set, DstBinding: uint32(i), DescriptorCount: 1, DescriptorType: bindingKinds[b.Kind],
		}
		if b.Kind == network.UniformTexelBuffer {
			size -= size % b.Format.Bytes()
			if w.views[i], err = from.view(viewRange{elementFormats[b.Format], offset, size}); err != nil {
				return 0, err
			}
			w.writes[i].PTexelBufferView = &w.views[i]
			continue
		}
		w.buffers[i] = vk.DescriptorBufferInfo{Buffer: from.handle, Offset: uint64(offset), Range: uint64(size)}
		w.writes[i].PBufferInfo = &w.buffers[i]
	}
	e.cb.device.vk.UpdateDescriptorSets(e.cb.device.handle, uint32(n), &w.writes[0], 0, nil)
	return set, nil
}

// source is the range of memory that a binding means. Tensors are bound whole.
func (e *networkEncoder) source(b *network.Binding, scratch *buffer) (from *buffer, offset, size int) {
	switch b.Source {
	case network.FromWeights:
		return e.pipeline.weights.object, int(b.Offset), int(b.Size)
	case network.FromTables:
		return e.pipeline.tables.object, int(b.Offset), int(b.Size)
	case network.FromHeap:
		return scratch, int(b.Offset), int(b.Size)
	}
	t := e.bound(b.Source, b.Index)
	return t.buffer, t.offset, roundUp(t.desc.Size(), 4)
}
