package metal

import (
	"fmt"
	"math/bits"
	"strings"
)

// Stages is a set of pipeline stages (MTLStages).
type Stages uint64

// The stages a barrier may name, with MTLStages' values.
const (
	StageVertex                Stages = 1 << 0
	StageFragment              Stages = 1 << 1
	StageTile                  Stages = 1 << 2
	StageObject                Stages = 1 << 3
	StageMesh                  Stages = 1 << 4
	StageResourceState         Stages = 1 << 26
	StageDispatch              Stages = 1 << 27
	StageBlit                  Stages = 1 << 28
	StageAccelerationStructure Stages = 1 << 29
	StageMachineLearning       Stages = 1 << 30
	StageAll                   Stages = 1<<63 - 1
)

// The stages each kind of encoder owns. Copies and fills run on the compute
// encoder in the blit stage.
const (
	RenderStages          = StageVertex | StageFragment | StageTile | StageObject | StageMesh
	ComputeStages         = StageDispatch | StageBlit | StageAccelerationStructure
	MachineLearningStages = StageMachineLearning
)

var stageNames = map[Stages]string{
	StageVertex: "vertex", StageFragment: "fragment", StageTile: "tile",
	StageObject: "object", StageMesh: "mesh", StageResourceState: "resourceState",
	StageDispatch: "dispatch", StageBlit: "blit",
	StageAccelerationStructure: "accelerationStructure",
	StageMachineLearning:       "machineLearning",
}

// String lists the set's stages in bit order, joined by "|"; the empty set is
// "none" and StageAll is "all".
func (s Stages) String() string {
	switch s {
	case 0:
		return "none"
	case StageAll:
		return "all"
	}
	return strings.Join(s.Names(), "|")
}

// Names lists the set's stages in bit order, by Metal's names without prefix.
func (s Stages) Names() []string {
	var names []string
	for rest := s; rest != 0; rest &= rest - 1 {
		one := Stages(1) << bits.TrailingZeros64(uint64(rest))
		name, ok := stageNames[one]
		if !ok {
			name = fmt.Sprintf("stage(%#x)", uint64(one))
		}
		names = append(names, name)
	}
	return names
}

// ParseStage returns the one stage of that name, such as "fragment".
func ParseStage(name string) (Stages, error) {
	for s, n := range stageNames {
		if n == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("metal: no stage is called %q: use vertex, object, mesh, fragment, tile, dispatch, blit, accelerationStructure or machineLearning", name)
}

// VisibilityOptions says what a barrier does besides ordering execution
// (MTL4VisibilityOptions).
type VisibilityOptions uint64

// The visibility options, with MTL4VisibilityOptions' values.
const (
	// VisibilityNone orders execution only: enough to write after a read.
	VisibilityNone VisibilityOptions = 0
	// VisibilityDevice also makes earlier writes visible to later accesses.
	VisibilityDevice VisibilityOptions = 1
	// VisibilityResourceAlias is for several virtual addresses on one page of a
	// placement-sparse resource. Ordinary aliasing in a heap does not need it.
	VisibilityResourceAlias VisibilityOptions = 2
)

// String names the options as plans write them.
func (v VisibilityOptions) String() string {
	switch v {
	case VisibilityNone:
		return "execution"
	case VisibilityDevice:
		return "device"
	case VisibilityResourceAlias:
		return "resourceAlias"
	case VisibilityDevice | VisibilityResourceAlias:
		return "device|resourceAlias"
	}
	return fmt.Sprintf("visibility(%d)", uint64(v))
}
