package graph

import (
	"fmt"

	"weft/barriers"
)

// Preference says which rule about memory a plan is held to.
type Preference uint8

// The preferences.
const (
	AnyPreference    Preference = iota // none: how much memory is shared is not judged
	TimePreference                     // memory is shared only where that costs no barrier
	MemoryPreference                   // the peak is near the least
)

// Verdict is what [Graph.Verify] found.
type Verdict struct {
	// Findings is all that is wrong. A plan without findings is right.
	Findings []Finding

	// Unjudged says what could not be judged, and why.
	Unjudged []string

	// Makespan estimates how long 3 + the largest history frames take with the
	// plan's barriers, Derived with those of [barriers.Derive] for the plan's
	// order and memory; no barriers at all can do with less than Bound. They are
	// 0 if the barriers were not judged. The unit is that of the passes' costs.
	Makespan, Derived, Bound float64
}

// OK says whether nothing is wrong with the plan.
func (v *Verdict) OK() bool { return len(v.Findings) == 0 }

// A Finding is one thing that is wrong with a plan.
type Finding struct {
	Fault   PlanFault
	Problem string // names passes, resources, and what would be right
}

func (f Finding) String() string { return string(f.Fault) + ": " + f.Problem }

// PlanFault is what kind of thing is wrong.
type PlanFault string

// The kinds of faults.
const (
	FaultEncoder     PlanFault = "encoder"     // what the encoders hold is not what may be
	FaultCulled      PlanFault = "culled"      // too much or too little is kept
	FaultOrder       PlanFault = "order"       // the passes run in an order that means something else
	FaultMemory      PlanFault = "memory"      // placements, or figures about them
	FaultBarrier     PlanFault = "barrier"     // Metal or the format does not allow a barrier
	FaultUnordered   PlanFault = "unordered"   // conflicting accesses that nothing orders
	FaultUnflushed   PlanFault = "unflushed"   // ordered, but what is written may not be seen
	FaultSuperfluous PlanFault = "superfluous" // something of a barrier can go
	FaultBecause     PlanFault = "because"     // a reason that is none
)

// Verify judges a plan for the graph, whoever made it, by the rules for plans
// without a device: sizes follow from the declarations. It trusts nothing that
// the plan says and shares nothing with the compiler but the declarations. The
// error, if any, is about the graph.
func (g *Graph) Verify(d *PlanDocument, prefer Preference) (*Verdict, error) {
	if err := validate(&compilation{g: g}); err != nil {
		return nil, err
	}
	v := &verifier{g: g, d: d, prefer: prefer, verdict: &Verdict{}}
	v.readEncoders()
	v.judgeCulling()
	v.judgeOrder()
	v.lower()
	v.judgeMemory()
	v.judgeBarriers()
	return v.verdict, nil
}

// verifier is a plan being judged. A position is a place in the plan's order.
type verifier struct {
	g       *Graph
	d       *PlanDocument
	prefer  Preference
	verdict *Verdict

	passes    map[string]int32 // of the graph
	order     []int32          // passes by position
	position  []int32          // by pass; -1 if the plan does not run it
	misfit    bool             // some pass is in an encoder of another kind
	encoderAt []int32          // by position, of the frame
	encoderOf []int32          // of the plan, by encoder of the frame

	frame     barriers.Frame
	resources map[string]int32 // of the frame: the graph's, then scratches
	size      []int            // of what is to be placed; 0 for the rest
	lives     []span           // positions, by resource of the frame

	list []barriers.Barrier // those that can be judged
	nth  []int              // their indices in the plan
}

// span is the positions from first to last; none if first is -1.
type span struct{ first, last int32 }

func (v *verifier) find(fault PlanFault, format string, args ...any) {
	v.verdict.Findings = append(v.verdict.Findings, Finding{fault, fmt.Sprintf(format, args...)})
}

func (v *verifier) name(position int) string { return v.g.passes[v.order[position]].name }
