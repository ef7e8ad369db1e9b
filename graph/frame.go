package graph

import (
	"fmt"

	"weft/metal"
)

// Frame is the frame being encoded, as a pass sees it in Encode. It is valid
// only there. The getters of resources return what the plan gave the handle in
// this frame; asking for one that the pass did not declare is an error of the
// pass, which Run returns, and yields nil.
type Frame struct {
	m       *machine
	step    *step
	render  metal.RenderEncoder
	compute metal.ComputeEncoder
	ml      metal.MachineLearningEncoder
}

// Number counts frames from 0.
func (f *Frame) Number() uint64 { return f.m.number }

// Device is the device that the plan was compiled for.
func (f *Frame) Device() metal.Device { return f.m.device }

// Render is the open encoder of a render pass.
func (f *Frame) Render() metal.RenderEncoder {
	if f.render == nil {
		f.wrongEncoder("render")
	}
	return f.render
}

// Compute is the open encoder of a compute or blit pass.
func (f *Frame) Compute() metal.ComputeEncoder {
	if f.compute == nil {
		f.wrongEncoder("compute")
	}
	return f.compute
}

// MachineLearning is the open encoder of a machine-learning pass.
func (f *Frame) MachineLearning() metal.MachineLearningEncoder {
	if f.ml == nil {
		f.wrongEncoder("machineLearning")
	}
	return f.ml
}

func (f *Frame) wrongEncoder(asked string) {
	f.Fail(fmt.Errorf("asks for a %s encoder and is a %v pass", asked, f.step.pass.kind))
}

// Fail makes Run return err for this pass. Encode may go on; the first failure
// counts.
func (f *Frame) Fail(err error) {
	if f.m.fault == nil {
		f.m.fault = err
	}
}

// Scratch is the heap for the intermediates of a machine-learning pass; nil if
// it declared none.
func (f *Frame) Scratch() metal.Heap { return f.step.scratch }

// Texture is this frame's version of t.
func (f *Frame) Texture(t Texture) metal.Texture { return f.PreviousTexture(t, 0) }

// PreviousTexture is the version of t of frames ago.
func (f *Frame) PreviousTexture(t Texture, frames int) metal.Texture {
	i := f.declared(t.at, frames)
	if i < 0 {
		return nil
	}
	return f.m.texture(i, frames)
}

// Buffer is this frame's version of b.
func (f *Frame) Buffer(b Buffer) metal.Buffer { return f.PreviousBuffer(b, 0) }

// PreviousBuffer is the version of b of frames ago.
func (f *Frame) PreviousBuffer(b Buffer, frames int) metal.Buffer {
	i := f.declared(b.at, frames)
	if i < 0 {
		return nil
	}
	return f.m.buffers[f.m.copy(i, frames)]
}

// Tensor is this frame's version of t.
func (f *Frame) Tensor(t Tensor) metal.Tensor { return f.PreviousTensor(t, 0) }

// PreviousTensor is the version of t of frames ago.
func (f *Frame) PreviousTensor(t Tensor, frames int) metal.Tensor {
	i := f.declared(t.at, frames)
	if i < 0 {
		return nil
	}
	return f.m.tensors[f.m.copy(i, frames)]
}

// declared is the index of a resource of which the pass declared an access to
// that version; if it did not, that is noted, and the index is -1.
func (f *Frame) declared(at ref, frames int) int32 {
	resource := f.m.graph.index(at)
	for i := range f.step.accesses {
		a := &f.step.accesses[i]
		if a.resource == resource && int(a.frame) == -frames {
			return resource
		}
	}
	switch name := f.m.graph.nameOf(resource); {
	case name == "":
		f.Fail(fmt.Errorf("asks for a resource that is not of this graph"))
	case frames != 0:
		f.Fail(fmt.Errorf("uses the version of resource %q of %d frames ago and does not declare it: call Declaration.ReadPrevious", name, frames))
	default:
		f.Fail(fmt.Errorf("uses resource %q and does not declare it: call Declaration.Read or Write", name))
	}
	return -1
}

// Upload copies data, constants of this frame, into memory that the GPU reads,
// and returns where it lies: at a multiple of 256 bytes, valid for this frame.
// No barrier is needed: the memory is written before the frame is committed.
func (f *Frame) Upload(data []byte) (metal.Buffer, int) {
	b, offset, err := f.m.slot.uploads.put(data)
	if err != nil {
		f.Fail(fmt.Errorf("upload of %d bytes: %w", len(data), err))
	}
	return b, offset
}

// copy is the index of the copy of a resource that was current frames ago.
func (m *machine) copy(resource int32, frames int) int32 {
	s := &m.stores[resource]
	n := uint64(s.count)
	return s.first + int32((m.number%n+n-uint64(frames))%n)
}

func (m *machine) texture(resource int32, frames int) metal.Texture {
	return m.textures[m.copy(resource, frames)]
}
