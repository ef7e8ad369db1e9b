package graph

import (
	"fmt"
	"weft/metal"
)

type machine struct {
	device metal.Device
	number uint64
}

// BindTexture gives the texture behind an imported handle, from the next Run
// on; for a Fresh one, for the next Run only.
func (p *Plan) BindTexture(h Texture, t metal.Texture) error { return errNotYet }

// BindBuffer gives the buffer behind an imported handle.
func (p *Plan) BindBuffer(h Buffer, b metal.Buffer) error { return errNotYet }

// BindTensor gives the tensor behind an imported handle.
func (p *Plan) BindTensor(h Tensor, t metal.Tensor) error { return errNotYet }

// Run records one frame into one command buffer and commits it to queue. It
// waits only if all frames in flight are still busy.
func (p *Plan) Run(queue metal.CommandQueue) error { return errNotYet }

// Wait blocks until all frames that were run are done.
func (p *Plan) Wait() error { return errNotYet }

// Release waits and gives back everything that the plan and its passes made.
func (p *Plan) Release() {}

// Time is how long a pass took on the GPU.
type Time struct {
	Pass         string
	Milliseconds float64
}

// Times returns the times of the passes of the latest finished frame, in the
// plan's order. It needs the option Timestamps. The slice is valid until the
// next call.
func (p *Plan) Times() []Time { return nil }

// Texture is the texture behind a persistent or imported handle, to be read by
// others once [Plan.Wait] has returned; of a history, the newest version.
func (p *Plan) Texture(h Texture) metal.Texture { return nil }

// Buffer is the buffer behind a persistent or imported handle.
func (p *Plan) Buffer(h Buffer) metal.Buffer { return nil }

// Tensor is the tensor behind a persistent or imported handle.
func (p *Plan) Tensor(h Tensor) metal.Tensor { return nil }

func (m *machine) release() {}

var errNotYet = fmt.Errorf("graph: not yet")
