package graph

import (
	"weft/barriers"
	"weft/metal"
)

// Plan is a compiled frame. It keeps what its graph had declared when it was
// made; what is declared later changes nothing in it. One that was compiled for
// a device can [Plan.Run].
//
// Encoders, Barriers, Culled, Memory and what is made of them are found when
// asked for the first time. What they return is the plan's: read it only.
//
// A plan is not safe for use by several goroutines.
type Plan struct {
	c        *compilation
	machine  *machine // nil without a device
	released bool

	encoders []Encoder // these when somebody has asked
	barriers []Barrier
	judged   []barriers.Barrier
	culled   []Culled
	memory   Memory
}

// Encoder is one encoder of the frame and its passes, in order.
type Encoder struct {
	Kind   Kind // Render, Compute (for blit passes too) or MachineLearning
	Passes []string
}

// BarrierKind says where a barrier stands and what it orders.
type BarrierKind uint8

// The kinds of barriers.
const (
	// Consumer barriers hold later work of their encoder until stages of all
	// earlier encoders are done.
	Consumer BarrierKind = iota + 1
	// Producer barriers hold stages of all later encoders until the work so far
	// is done.
	Producer
	// Intra barriers order two neighbouring passes of one encoder.
	Intra
)

// String is the kind as plans write it.
func (k BarrierKind) String() string {
	if k < Consumer || k > Intra {
		return "none"
	}
	return [...]string{"consumer", "producer", "intra"}[k-1]
}

// Barrier is one barrier of a plan. A consumer barrier has BeforePass, a
// producer barrier AfterPass, an intra barrier both.
type Barrier struct {
	Kind                  BarrierKind
	Encoder               int
	AfterPass, BeforePass string
	After, Before         metal.Stages
	Visibility            metal.VisibilityOptions
	Because               []Because
}

// Hazard is the reason that two accesses need an order.
type Hazard uint8

// The hazards.
const (
	ReadAfterWrite Hazard = iota + 1
	WriteAfterRead
	WriteAfterWrite
)

// String is the hazard as plans write it.
func (h Hazard) String() string {
	if h < ReadAfterWrite || h > WriteAfterWrite {
		return "none"
	}
	return [...]string{"readAfterWrite", "writeAfterRead", "writeAfterWrite"}[h-1]
}

// Because is a hazard that a barrier is there for.
type Because struct {
	Resource string // what the second access touches
	From, To string // passes
	Hazard   Hazard
	Aliasing bool // two resources that share memory
	Frames   int  // how many frames apart
}

// Culled is a pass that was left out, and why.
type Culled struct{ Pass, Reason string }

// Memory is where the plan's transient resources lie. All sizes are in bytes.
type Memory struct {
	Heaps []Heap
	// Peak is the size of all heaps together. LiveLowerBound is the most that
	// is live at one pass, plus the largest scratch: no placement can do with
	// less. WithoutAliasing is what it would be if nothing shared memory.
	Peak, LiveLowerBound, WithoutAliasing int
}

// HeapKind says what a heap holds.
type HeapKind string

// The kinds of heaps.
const (
	TransientHeap HeapKind = "transient"
	ScratchHeap   HeapKind = "scratch"
)

// Heap is one heap of a plan.
type Heap struct {
	Kind       HeapKind
	Class      int // the device's class of what it holds
	Size       int
	Placements []Placement
}

// Placement is where a resource lies in its heap.
type Placement struct {
	Resource     string
	Offset, Size int
}
