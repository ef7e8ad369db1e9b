package barriers

import (
	"fmt"

	"weft/metal"
)

// A Frame is what barriers are derived from: the passes of one frame in
// encoding order, and every part of every resource that they touch. The same
// frame repeats for ever on one queue.
//
// All references are indices into the slices of the frame.
type Frame struct {
	Encoders  []Encoder
	Passes    []Pass
	Resources []Resource
	Accesses  []Access
}

// EncoderKind is the kind of a command encoder.
type EncoderKind uint8

// The kinds of encoder that Metal 4 has.
const (
	RenderEncoder EncoderKind = iota
	ComputeEncoder
	MachineLearningEncoder
)

// Owns returns the stages that an encoder of this kind can run.
func (k EncoderKind) Owns() metal.Stages {
	switch k {
	case RenderEncoder:
		return metal.RenderStages
	case ComputeEncoder:
		return metal.ComputeStages
	case MachineLearningEncoder:
		return metal.MachineLearningStages
	}
	return 0
}

// String names the kind as plans write it.
func (k EncoderKind) String() string {
	switch k {
	case RenderEncoder:
		return "render"
	case ComputeEncoder:
		return "compute"
	case MachineLearningEncoder:
		return "machineLearning"
	}
	return fmt.Sprintf("EncoderKind(%d)", uint8(k))
}

// An Encoder is one command encoder of the frame. It holds the passes that
// name it, at least one.
type Encoder struct {
	Kind EncoderKind
}

// A Pass is one pass, encoded into one encoder. Passes are listed in encoding
// order, so those of one encoder are neighbours and Encoder never decreases.
type Pass struct {
	Name    string
	Encoder int

	// Runs is the set of stages in which the pass encodes work, a subset of
	// what its encoder owns. A render pass runs fragment, and vertex unless it
	// works in object or mesh. Stages of the pass's accesses need not be named.
	Runs metal.Stages

	// Cost is how long each stage takes, in any one unit. A stage that is not
	// listed costs DefaultCost. It steers Derive's choices and Makespan, and
	// has no say in what is right.
	Cost []StageCost
}

// StageCost is the time that one stage of a pass takes, at least 0.
type StageCost struct {
	Stage metal.Stages
	Time  float64
}

// DefaultCost returns the relative cost of one stage that no profile knows.
func DefaultCost(stage metal.Stages) float64 {
	switch stage {
	case metal.StageFragment:
		return 4
	case metal.StageDispatch:
		return 3
	case metal.StageMachineLearning:
		return 6
	}
	return 1
}

// Lifetime says which memory a resource has from frame to frame.
type Lifetime uint8

const (
	// Transient content lives inside one frame. Its memory is the same in each
	// frame and may be shared with other transients (Resource.Memory). The
	// intermediates ("scratch") of a machine-learning pass are a transient that
	// this pass alone writes, in stage machineLearning.
	Transient Lifetime = iota
	// Persistent content carries on to the next frame in one copy.
	Persistent
	// Imported content is the caller's, in one copy.
	Imported
	// Fresh content is the caller's, another copy each frame: nothing is a
	// hazard from frame to frame.
	Fresh
)

// String names the lifetime.
func (l Lifetime) String() string {
	switch l {
	case Transient:
		return "transient"
	case Persistent:
		return "persistent"
	case Imported:
		return "imported"
	case Fresh:
		return "fresh"
	}
	return fmt.Sprintf("Lifetime(%d)", uint8(l))
}

// A Resource is a buffer, texture, tensor, or the scratch of an ML pass.
type Resource struct {
	Name     string
	Lifetime Lifetime

	// History is how many earlier frames' versions are kept: History+1 copies
	// take turns. 0 for one copy; only persistent resources have more.
	History int

	// Memory is where a transient lies. Two transients that overlap in one
	// heap share memory. Size 0 means memory of its own.
	Memory Placement
}

// A Placement is a range of bytes in one heap.
type Placement struct {
	Heap         int
	Offset, Size int64
}

// An Access is one thing that a pass does to a part of a resource. A pass that
// reads and writes a part has two accesses.
type Access struct {
	Pass     int
	Resource int

	// Stages are the stages in which the pass does it, at least one, all owned
	// by its encoder. An access in tile is planned as one in tile and fragment.
	Stages metal.Stages
	Part   Part

	// Frame is 0 for this frame's version of the resource, and -n for that of
	// n frames ago, with n at most the resource's History.
	Frame int

	Write bool

	// Attachment marks the accesses of a render pass to its attachments. Metal
	// itself orders those among the passes of one encoder.
	Attachment bool
}

// A Part is a box of a resource. A zero range stands for the whole of that
// axis, the zero Part for the whole resource.
type Part struct {
	Mips, Layers, Bytes Range
}

// whole says whether the part is the whole resource; field by field, which takes
// a fraction of the time of comparing structs.
func (p *Part) whole() bool {
	return p.Mips.First|p.Mips.End|p.Layers.First|p.Layers.End|p.Bytes.First|p.Bytes.End == 0
}

// A Range holds First and what follows up to but not including End.
type Range struct {
	First, End int64
}

// Whole says whether the range stands for everything.
func (r Range) Whole() bool { return r.First|r.End == 0 }
