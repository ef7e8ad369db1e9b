package barriers

import (
	"fmt"

	"weft/metal"
)

// dice draws a number from 0 to n-1: by rapid, from a fuzzer's bytes, or at
// random.
type dice func(n int) int

func (d dice) chance(percent int) bool { return d(100) < percent }

func pick[T any](d dice, from ...T) T { return from[d(len(from))] }

// randomFrame draws a small frame with every feature. No conflict in it is one
// that barriers cannot order.
func randomFrame(d dice, passes int) *Frame {
	f := &Frame{}
	for i := range 1 + d(6) {
		f.Resources = append(f.Resources, randomResource(d, i))
	}
	for p := range passes {
		kind := pick(d, RenderEncoder, RenderEncoder, ComputeEncoder, ComputeEncoder, MachineLearningEncoder)
		pass := Pass{Name: fmt.Sprintf("p%d", p), Encoder: len(f.Encoders)}
		switch kind {
		case RenderEncoder:
			pass.Runs = pick(d, metal.StageVertex, metal.StageVertex, metal.StageMesh, metal.StageObject|metal.StageMesh) | metal.StageFragment
		case ComputeEncoder:
			pass.Runs = pick(d, metal.StageDispatch, metal.StageDispatch, metal.StageBlit, metal.StageDispatch|metal.StageBlit)
		default:
			pass.Runs = metal.StageMachineLearning
		}
		if d.chance(30) {
			pass.Cost = append(pass.Cost, StageCost{pick(d, metal.StageFragment, metal.StageDispatch), float64(d(9))})
		}
		f.Passes = append(f.Passes, pass)
		f.Encoders = append(f.Encoders, Encoder{kind})
		accesses := d(4)
		if kind == RenderEncoder && p > 0 && d.chance(70) {
			accesses = min(accesses, repeatAttachments(f, p))
		}
		for range accesses {
			a := randomAccess(d, f, p, kind)
			f.Accesses = append(f.Accesses, a)
			if a.Attachment && a.Write && d.chance(30) { // loaded as well
				a.Write = false
				f.Accesses = append(f.Accesses, a)
			}
		}
		if kind == MachineLearningEncoder && d.chance(50) { // scratch, in a heap that holds nothing else
			f.Accesses = append(f.Accesses, Access{Pass: p, Resource: len(f.Resources), Stages: metal.StageMachineLearning, Write: true})
			f.Resources = append(f.Resources, Resource{Name: fmt.Sprintf("p%d.scratch", p), Memory: Placement{Heap: 2 + d(2), Size: int64(256 * (1 + d(3)))}})
		}
	}
	mergeAtRandom(d, f)
	return f
}

func randomResource(d dice, i int) Resource {
	r := Resource{Name: fmt.Sprintf("r%d", i)}
	switch d(8) {
	case 0:
		r.Lifetime = Fresh
	case 1:
		r.Lifetime = Imported
	case 2:
		r.Lifetime, r.History = Persistent, 1+d(3)
	case 3:
		r.Lifetime = Persistent
	default:
		if d.chance(60) {
			r.Memory = Placement{d(2), int64(256 * d(4)), int64(256 * (1 + d(3)))}
		}
	}
	return r
}

// repeatAttachments lets a pass go on with the attachments of the one before, so
// that the two may share an encoder. It returns how much else it may do.
func repeatAttachments(f *Frame, pass int) int {
	most := 4
	for _, a := range f.Accesses {
		if a.Pass == pass-1 && a.Attachment {
			a.Pass = pass
			f.Accesses = append(f.Accesses, a)
			most = 1
		}
	}
	return most
}

func randomAccess(d dice, f *Frame, pass int, kind EncoderKind) Access {
	a := Access{Pass: pass, Resource: d(len(f.Resources)), Write: d.chance(50)}
	switch kind {
	case RenderEncoder:
		a.Stages = pick(d, metal.StageVertex, metal.StageFragment, metal.StageFragment, metal.StageFragment, metal.StageFragment, metal.StageVertex|metal.StageFragment, metal.StageTile,
			metal.StageMesh, metal.StageObject, metal.StageObject|metal.StageFragment)
		a.Attachment = a.Stages == metal.StageFragment && d.chance(70)
	case ComputeEncoder:
		a.Stages = pick(d, metal.StageDispatch, metal.StageDispatch, metal.StageBlit, metal.StageAccelerationStructure, metal.StageDispatch|metal.StageBlit)
	default:
		a.Stages = metal.StageMachineLearning
	}
	if h := f.Resources[a.Resource].History; h > 0 && !a.Write {
		a.Frame = -d(h + 1)
	}
	part := func(r *Range, percent int) {
		if d.chance(percent) {
			r.First = int64(d(3))
			r.End = r.First + 1 + int64(d(2))
		}
	}
	part(&a.Part.Mips, 25)
	part(&a.Part.Layers, 10)
	part(&a.Part.Bytes, 10)
	return a
}

// mergeAtRandom puts neighbours into one encoder where that is allowed.
func mergeAtRandom(d dice, f *Frame) {
	for p := 1; p < len(f.Passes); p++ {
		e := f.Passes[p].Encoder
		if f.Encoders[e].Kind != f.Encoders[e-1].Kind || f.Encoders[e].Kind == MachineLearningEncoder || d.chance(40) {
			continue
		}
		merged := *f
		merged.Passes = append([]Pass(nil), f.Passes...)
		for q := p; q < len(f.Passes); q++ {
			merged.Passes[q].Encoder--
		}
		merged.Encoders = append(append([]Encoder(nil), f.Encoders[:e]...), f.Encoders[e+1:]...)
		if orderable(&merged) {
			*f = merged
		}
	}
}

// orderable says that no conflict in an encoder begins in fragment or tile.
func orderable(f *Frame) bool {
	q := newModelQueue(f, 1)
	for u, from := range q.events {
		for _, to := range q.events[u+1:] {
			if from.stage&(metal.StageFragment|metal.StageTile) != 0 &&
				f.Passes[from.pass].Encoder == f.Passes[to.pass].Encoder && len(q.conflicts(from, to)) > 0 {
				return false
			}
		}
	}
	return true
}

// randomBarrier draws any legal barrier.
func randomBarrier(d dice, f *Frame) Barrier {
	b := Barrier{Pass: d(len(f.Passes)), Kind: pick(d, Consumer, Producer, Intra)}
	b.Encoder = f.Passes[b.Pass].Encoder
	if b.Kind == Intra && (b.Pass == 0 || f.Passes[b.Pass-1].Encoder != b.Encoder) {
		b.Kind = Consumer
	}
	all := []metal.Stages{
		metal.StageVertex, metal.StageFragment, metal.StageTile, metal.StageObject, metal.StageMesh, metal.StageDispatch,
		metal.StageBlit, metal.StageAccelerationStructure, metal.StageMachineLearning,
	}
	for range 1 + d(3) {
		b.After |= all[d(len(all))]
		b.Before |= all[d(len(all))]
	}
	if d.chance(3) {
		b.After = metal.StageAll
	}
	if d.chance(3) {
		b.Before = metal.StageAll
	}
	if b.Kind == Intra {
		owns := f.Encoders[b.Encoder].Kind.Owns()
		b.After &= owns &^ (metal.StageFragment | metal.StageTile)
		b.Before &= owns
	}
	if d.chance(60) {
		b.Visibility = metal.VisibilityDevice
	}
	return b
}

// broken returns the barriers with one thing changed: something taken away,
// moved, or added.
func broken(d dice, f *Frame, barriers []Barrier) []Barrier {
	list := append([]Barrier(nil), barriers...)
	if len(list) == 0 || d.chance(15) {
		return append(list, randomBarrier(d, f))
	}
	n := d(len(list))
	b := &list[n]
	switch d(6) {
	case 0:
		return append(list[:n], list[n+1:]...)
	case 1:
		b.After &= b.After - 1
	case 2:
		b.Before &= b.Before - 1
	case 3:
		b.Visibility ^= metal.VisibilityDevice
	case 4:
		moved := randomBarrier(d, f)
		if b.Kind == moved.Kind && b.Kind != Intra {
			b.Pass, b.Encoder = moved.Pass, moved.Encoder
		} else {
			*b = moved
		}
	case 5:
		b.Kind = pick(d, Consumer, Producer)
	}
	return list
}
