package graph

import "weft/metal"

// Frame is the frame being encoded, as a pass sees it in Encode. It is valid
// only there. The getters of resources return what the plan gave the handle in
// this frame; asking for one that the pass did not declare is an error of the
// pass, which Run returns, and yields nil.
type Frame struct {
	m *machine
}

// Number counts frames from 0.
func (f *Frame) Number() uint64 { return f.m.number }

// Device is the device that the plan was compiled for.
func (f *Frame) Device() metal.Device { return f.m.device }

// Render is the open render encoder of a render pass.
func (f *Frame) Render() metal.RenderEncoder { return nil }

// Compute is the open compute encoder of a compute or blit pass.
func (f *Frame) Compute() metal.ComputeEncoder { return nil }

// MachineLearning is the open encoder of a machine-learning pass.
func (f *Frame) MachineLearning() metal.MachineLearningEncoder { return nil }

// Scratch is the heap for the intermediates of a machine-learning pass; nil if
// it declared none.
func (f *Frame) Scratch() metal.Heap { return nil }

// Texture is this frame's version of t.
func (f *Frame) Texture(t Texture) metal.Texture { return nil }

// PreviousTexture is the version of t of frames ago.
func (f *Frame) PreviousTexture(t Texture, frames int) metal.Texture { return nil }

// Buffer is this frame's version of b.
func (f *Frame) Buffer(b Buffer) metal.Buffer { return nil }

// PreviousBuffer is the version of b of frames ago.
func (f *Frame) PreviousBuffer(b Buffer, frames int) metal.Buffer { return nil }

// Tensor is this frame's version of t.
func (f *Frame) Tensor(t Tensor) metal.Tensor { return nil }

// PreviousTensor is the version of t of frames ago.
func (f *Frame) PreviousTensor(t Tensor, frames int) metal.Tensor { return nil }

// Upload copies data, constants of this frame, into memory that the GPU reads,
// and returns where it lies: at a multiple of 256 bytes, valid for this frame.
func (f *Frame) Upload(data []byte) (metal.Buffer, int) { return nil, 0 }
