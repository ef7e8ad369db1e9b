package graph

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/metal"
)

// Whatever is changed in a good plan, the judge says so, and says what.
func TestEditedPlans(t *testing.T) { rapid.Check(t, judgeEdited) }

func FuzzEditedPlans(f *testing.F) { f.Fuzz(rapid.MakeFuzz(judgeEdited)) }

func judgeEdited(t *rapid.T) {
	r := drawFrame(t, 8)
	g := r.build(asIs)
	p, err := g.Plan([][]Option{nil, {PreferMemory()}}[rapid.IntRange(0, 1).Draw(t, "prefer")]...)
	require.NoError(t, err)
	d := clonePlan(p.Document())
	before := verify(t, g, d, AnyPreference)
	require.Empty(t, before.Findings)

	edit := rapid.SampledFrom(edits).Draw(t, "edit")
	want := edit(&editor{t, d})
	v := verify(t, g, d, AnyPreference)
	if want == nil {
		return // there was nothing to edit
	}
	require.True(t, slices.ContainsFunc(v.Findings, func(f Finding) bool { return slices.Contains(want, f.Fault) }),
		"one of %v is wanted: %v", want, v.Findings)

	// More edits, of which only an end is expected.
	for range rapid.IntRange(0, 5).Draw(t, "more") {
		rapid.SampledFrom(edits).Draw(t, "again")(&editor{t, d})
	}
	verify(t, g, d, MemoryPreference)
	verify(t, g, d, TimePreference)
}

// clonePlan copies what edits change.
func clonePlan(d *PlanDocument) *PlanDocument {
	out := &PlanDocument{Culled: slices.Clone(d.Culled), Memory: d.Memory}
	for _, e := range d.Encoders {
		out.Encoders = append(out.Encoders, Encoder{e.Kind, slices.Clone(e.Passes)})
	}
	for _, b := range d.Barriers {
		b.Because = slices.Clone(b.Because)
		out.Barriers = append(out.Barriers, b)
	}
	out.Memory.Heaps = slices.Clone(d.Memory.Heaps)
	for i := range out.Memory.Heaps {
		out.Memory.Heaps[i].Placements = slices.Clone(out.Memory.Heaps[i].Placements)
	}
	return out
}

type editor struct {
	t *rapid.T
	d *PlanDocument
}

func (e *editor) index(n int, what string) int { return rapid.IntRange(0, n-1).Draw(e.t, what) }

// barrier picks one, or is nil.
func (e *editor) barrier() *Barrier {
	if len(e.d.Barriers) == 0 {
		return nil
	}
	return &e.d.Barriers[e.index(len(e.d.Barriers), "barrier")]
}

// stage picks one that a set has, or one that it has not; 0 if there is none.
func (e *editor) stage(s metal.Stages, has bool) metal.Stages {
	var list []metal.Stages
	for _, word := range stageWords {
		if one := stage(word); (s&one != 0) == has {
			list = append(list, one)
		}
	}
	if len(list) == 0 {
		return 0
	}
	return rapid.SampledFrom(list).Draw(e.t, "stage")
}

// edits each put one fault into a good plan and return what may be said to it,
// or nil if there is nothing to edit.
var edits = []func(e *editor) []PlanFault{
	func(e *editor) []PlanFault { // drop a barrier
		if len(e.d.Barriers) == 0 {
			return nil
		}
		n := e.index(len(e.d.Barriers), "barrier")
		e.d.Barriers = slices.Delete(e.d.Barriers, n, n+1)
		return []PlanFault{FaultUnordered, FaultUnflushed}
	},
	func(e *editor) []PlanFault { // the same barrier twice
		b := e.barrier()
		if b == nil {
			return nil
		}
		e.d.Barriers = append(e.d.Barriers, *b)
		return []PlanFault{FaultSuperfluous}
	},
	func(e *editor) []PlanFault { // drop a stage
		b := e.barrier()
		if b == nil {
			return nil
		}
		side := rapid.SampledFrom([]*metal.Stages{&b.After, &b.Before}).Draw(e.t, "side")
		if *side &^= e.stage(*side, true); *side == 0 {
			return []PlanFault{FaultBarrier}
		}
		return []PlanFault{FaultUnordered, FaultUnflushed}
	},
	func(e *editor) []PlanFault { // add a stage: something can go now, perhaps elsewhere
		b := e.barrier()
		if b == nil {
			return nil
		}
		side := rapid.SampledFrom([]*metal.Stages{&b.After, &b.Before}).Draw(e.t, "side")
		*side |= e.stage(*side, false)
		return []PlanFault{FaultSuperfluous, FaultBarrier}
	},
	func(e *editor) []PlanFault { // no flush
		b := e.barrier()
		if b == nil || b.Visibility == 0 {
			return nil
		}
		b.Visibility = 0
		return []PlanFault{FaultUnflushed}
	},
	func(e *editor) []PlanFault { // a flush too many
		b := e.barrier()
		if b == nil || b.Visibility != 0 {
			return nil
		}
		b.Visibility = metal.VisibilityDevice
		return []PlanFault{FaultSuperfluous}
	},
	func(e *editor) []PlanFault { // into another encoder
		b := e.barrier()
		if b == nil {
			return nil
		}
		b.Encoder += rapid.SampledFrom([]int{-1, 1, 1 << 20, -1 << 40}).Draw(e.t, "encoders")
		return []PlanFault{FaultBarrier}
	},
	func(e *editor) []PlanFault { // no reasons
		b := e.barrier()
		if b == nil {
			return nil
		}
		b.Because = nil
		return []PlanFault{FaultBecause}
	},
	func(e *editor) []PlanFault { // a false reason
		b := e.barrier()
		if b == nil || len(b.Because) == 0 {
			return nil
		}
		b.Because[0].From, b.Because[0].Frames = b.Because[0].To, 0
		return []PlanFault{FaultBecause}
	},
	func(e *editor) []PlanFault { // drop a pass
		if len(e.d.Encoders) == 0 {
			return nil
		}
		n := &e.d.Encoders[e.index(len(e.d.Encoders), "encoder")]
		if len(n.Passes) == 0 {
			return nil
		}
		n.Passes = n.Passes[1:]
		return []PlanFault{FaultEncoder}
	},
	func(e *editor) []PlanFault { // a pass twice
		if len(e.d.Encoders) == 0 || len(e.d.Encoders[0].Passes) == 0 {
			return nil
		}
		n := &e.d.Encoders[e.index(len(e.d.Encoders), "encoder")]
		n.Passes = append(n.Passes, e.d.Encoders[0].Passes[0])
		return []PlanFault{FaultEncoder}
	},
	func(e *editor) []PlanFault { // another kind of encoder
		if len(e.d.Encoders) == 0 {
			return nil
		}
		n := &e.d.Encoders[e.index(len(e.d.Encoders), "encoder")]
		n.Kind = map[Kind]Kind{Render: Compute, Compute: MachineLearning, MachineLearning: Render}[n.Kind]
		return []PlanFault{FaultEncoder}
	},
	func(e *editor) []PlanFault { // cull what is culled, or what runs, once more
		for _, n := range e.d.Encoders {
			e.d.Culled = append(e.d.Culled, n.Passes...)
		}
		e.d.Culled = append(e.d.Culled, e.d.Culled...)
		return []PlanFault{FaultCulled}
	},
	func(e *editor) []PlanFault { // figures
		m := &e.d.Memory
		*rapid.SampledFrom([]*int{&m.Peak, &m.LiveLowerBound, &m.WithoutAliasing}).Draw(e.t, "figure") += 256
		return []PlanFault{FaultMemory}
	},
	func(e *editor) []PlanFault { // a placement
		if len(e.d.Memory.Heaps) == 0 {
			return nil
		}
		h := &e.d.Memory.Heaps[e.index(len(e.d.Memory.Heaps), "heap")]
		if len(h.Placements) == 0 {
			return nil
		}
		x := &h.Placements[e.index(len(h.Placements), "placement")]
		switch rapid.IntRange(0, 4).Draw(e.t, "how") {
		case 0:
			x.Offset += 1
		case 1:
			x.Size += 256
		case 2:
			x.Offset = -256 << rapid.IntRange(0, 50).Draw(e.t, "far")
		case 3:
			x.Offset = h.Size
		default:
			x.Resource += "?"
		}
		return []PlanFault{FaultMemory}
	},
	func(e *editor) []PlanFault { // a heap of another kind
		if len(e.d.Memory.Heaps) == 0 {
			return nil
		}
		h := &e.d.Memory.Heaps[e.index(len(e.d.Memory.Heaps), "heap")]
		h.Kind = map[HeapKind]HeapKind{TransientHeap: ScratchHeap, ScratchHeap: TransientHeap}[h.Kind]
		return []PlanFault{FaultMemory}
	},
}
