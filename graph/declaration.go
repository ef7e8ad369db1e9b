package graph

import (
	"fmt"

	"weft/metal"
)

// Kind is the kind of a pass, which decides its encoder and its stages.
type Kind uint8

// The kinds of passes.
const (
	Render          Kind = iota + 1 // vertex, object, mesh, fragment, tile
	Compute                         // dispatch, blit, accelerationStructure
	Blit                            // the same; mainly copies
	MachineLearning                 // one network
)

// String is the kind as plans write it: "render", "compute", "blit" or
// "machineLearning".
func (k Kind) String() string {
	if k < Render || k > MachineLearning {
		return fmt.Sprintf("kind(%d)", uint8(k))
	}
	return [...]string{"render", "compute", "blit", "machineLearning"}[k-1]
}

// Stages are the stages that a pass of this kind may run.
func (k Kind) Stages() metal.Stages {
	switch k {
	case Render:
		return metal.RenderStages
	case Compute, Blit:
		return metal.ComputeStages
	case MachineLearning:
		return metal.MachineLearningStages
	}
	return 0
}

// mainStage is where a pass of this kind works that names no stage.
func (k Kind) mainStage() metal.Stages {
	return [...]metal.Stages{0, metal.StageFragment, metal.StageDispatch, metal.StageBlit, metal.StageMachineLearning}[k]
}

// access is one read or write of a pass.
type access struct {
	stages     metal.Stages
	resource   int32 // index
	part       int32 // in parts of the graph, -1 is all of the resource: see boxOf
	frame      int16 // 0 or, for a read of an earlier version, -1 and down
	write      bool
	attachment bool
	discard    bool // a write that leaves the part undefined
}

func (a *access) whole() bool { return a.part < 0 }

// pass is one declared pass.
type pass struct {
	name                  string
	node                  Pass
	kind                  Kind
	sideEffect            bool
	bad                   bool // a fault was found: later phases leave it alone
	accesses, accessesEnd int32
	attaches, attachesEnd int32
	scratch               int
	costs, costsEnd       int32
	place                 place
}

// cost is a pass's time in stages, in milliseconds.
type cost struct {
	stages metal.Stages
	ms     float64
}

// Declaration is what a pass declares about itself. It is valid only inside
// Pass.Declare.
type Declaration struct {
	g *Graph
	p *pass
}

// Name names the pass in errors, plans and captures. Names are unique in a
// graph.
func (d *Declaration) Name(name string) { d.p.name = name }

// Kind says what kind of encoder the pass needs. Call it before Read and Write.
func (d *Declaration) Kind(k Kind) { d.p.kind = k }

// Read declares a read of r, or of parts of it, in stages; 0 is the kind's main
// stage: fragment, dispatch, blit or machineLearning.
func (d *Declaration) Read(r Resource, stages metal.Stages, parts ...Part) {
	d.access(d.g.indexOf(r), 0, false, stages, parts)
}

// ReadPrevious declares a read of the version that a resource with a history
// had frames ago.
func (d *Declaration) ReadPrevious(r Resource, frames int, stages metal.Stages, parts ...Part) {
	if frames < 1 || frames > MaxHistory {
		d.fault(d.g.indexOf(r), "reads the version of %d frames ago: must be from 1 to the resource's history", frames)
		return
	}
	d.access(d.g.indexOf(r), -int32(frames), false, stages, parts)
}

// Write declares a write of r, or of parts of it, in stages. A write without a
// read of the same part by the same pass replaces that part whole.
func (d *Declaration) Write(r Resource, stages metal.Stages, parts ...Part) {
	d.access(d.g.indexOf(r), 0, true, stages, parts)
}

// SideEffect keeps the pass even if nobody reads what it writes.
func (d *Declaration) SideEffect() { d.p.sideEffect = true }

// Scratch is the size in bytes of the heap that a network needs for its
// intermediates. [Preparation.Scratch] says it later, when the network has been
// compiled.
func (d *Declaration) Scratch(bytes int) { d.p.scratch = bytes }

// Cost says how long the pass takes in stages, in milliseconds, from a profile.
func (d *Declaration) Cost(stages metal.Stages, milliseconds float64) {
	d.g.costs = append(d.g.costs, cost{stages, milliseconds})
}

// Errorf adds a fault that the pass itself has found. It comes back from
// Compile with the pass's name and place.
func (d *Declaration) Errorf(format string, args ...any) { d.fault(-1, format, args...) }

// fault is about a resource by its index, or -1.
func (d *Declaration) fault(resource int32, format string, args ...any) {
	d.p.bad = true
	d.g.faults.add(d.p.name, d.g.nameOf(resource), d.p.place, format, args...)
}

func (d *Declaration) access(resource, frame int32, write bool, stages metal.Stages, parts []Part) {
	if resource < 0 {
		d.fault(-1, "%s a resource that is not of this graph: use the handle that Texture, Buffer or Tensor returned", verb(write))
		return
	}
	r := &d.g.resources[resource]
	if stages == 0 && d.p.kind <= MachineLearning {
		stages = d.p.kind.mainStage()
	}
	if stages == 0 {
		d.fault(resource, "%s it in no stage, for the pass has no kind yet: call Kind before Read and Write", verb(write))
		return
	}
	if stages&metal.StageTile != 0 {
		stages |= metal.StageFragment // the tile stage alone protects nothing (field report, M5 Max)
	}
	if len(parts) == 0 {
		d.g.addAccess(resource, frame, write, stages, -1)
		return
	}
	for _, p := range parts {
		part, err := d.g.box(r, p)
		if err != nil {
			d.fault(resource, "%s %v", verb(write), err)
			continue
		}
		d.g.addAccess(resource, frame, write, stages, d.g.partIn(r, part))
	}
}

func (g *Graph) addAccess(resource, frame int32, write bool, stages metal.Stages, part int32) {
	g.accesses = append(g.accesses, access{})
	a := &g.accesses[len(g.accesses)-1]
	a.stages, a.resource, a.part, a.frame, a.write = stages, resource, part, int16(frame), write
}

func verb(write bool) string {
	if write {
		return "writes"
	}
	return "reads"
}
