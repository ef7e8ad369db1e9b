package barriers

import (
	"fmt"

	"weft/metal"
)

// Kind is the kind of a barrier.
type Kind uint8

const (
	// Consumer is encoded in Encoder before the commands of Pass. Stages Before
	// of this encoder's work from there on wait for stages After of all earlier
	// encoders, earlier frames included.
	Consumer Kind = iota
	// Producer is encoded in Encoder after the commands of Pass. Stages Before
	// of all later encoders wait for stages After of this encoder's work so far
	// and of all earlier encoders.
	Producer
	// Intra is encoded in Encoder before the commands of Pass, which is not the
	// encoder's first. Stages Before of its work from there on wait for stages
	// After of its work so far.
	Intra
)

// String names the kind as plans write it.
func (k Kind) String() string {
	switch k {
	case Consumer:
		return "consumer"
	case Producer:
		return "producer"
	case Intra:
		return "intra"
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// A Barrier is one Metal 4 barrier. It is encoded once in each frame.
type Barrier struct {
	Kind    Kind
	Encoder int

	// Pass is the index in Frame.Passes of the pass that the barrier stands
	// before (Consumer, Intra) or after (Producer).
	Pass int

	After, Before metal.Stages
	Visibility    metal.VisibilityOptions // VisibilityDevice or VisibilityNone

	// Because lists hazards that would be unordered or unflushed if this barrier
	// alone were taken away; in what Derive returns it is never empty.
	Because []Hazard
}

// HazardKind says how two accesses conflict.
type HazardKind uint8

// The kinds of hazard.
const (
	ReadAfterWrite HazardKind = iota
	WriteAfterRead
	WriteAfterWrite
)

// String names the kind as plans write it.
func (k HazardKind) String() string {
	switch k {
	case ReadAfterWrite:
		return "readAfterWrite"
	case WriteAfterRead:
		return "writeAfterRead"
	case WriteAfterWrite:
		return "writeAfterWrite"
	}
	return fmt.Sprintf("HazardKind(%d)", uint8(k))
}

// A Hazard is two conflicting accesses in two passes, or in one pass in two
// frames.
type Hazard struct {
	Kind HazardKind

	// From and To are passes; From runs Frames frames before To.
	From, To int
	Frames   int

	// FromStages and ToStages are the stages of the two accesses.
	FromStages, ToStages metal.Stages

	// Resource is what To accesses. FromResource is what From accesses: the
	// same, or with Aliasing another one in the same memory.
	Resource, FromResource int
	Aliasing               bool
}
