package graph

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"weft/metal"
)

// PlanDocument is a plan as its document, version 1, holds it, whoever made it.
// [ReadPlan] reads one, [Plan.Document] gives that of a plan of this package,
// and [Graph.Verify] judges it.
type PlanDocument struct {
	Encoders []Encoder
	Barriers []Barrier
	Culled   []string // passes
	Memory   Memory
}

// Document is what [Plan.WriteJSON] writes, as data.
func (p *Plan) Document() *PlanDocument {
	d := &PlanDocument{Encoders: p.Encoders(), Barriers: p.Barriers(), Memory: p.Memory()}
	for _, c := range p.Culled() {
		d.Culled = append(d.Culled, c.Pass)
	}
	return d
}

// ReadPlan reads a plan document, version 1. Unknown and missing keys, and words
// and numbers that mean nothing, are errors that name their place; whether the
// plan is right for a graph is judged by [Graph.Verify].
func ReadPlan(from io.Reader) (*PlanDocument, error) {
	data, err := io.ReadAll(from)
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	r, d := newReader(data), &PlanDocument{}
	if err := r.plan(d); err != nil {
		return nil, err
	}
	return d, nil
}

var (
	planKeys      = []string{"version", "encoders", "barriers", "culled", "memory"}
	encoderKeys   = []string{"kind", "passes"}
	barrierKeys   = []string{"kind", "encoder", "after_pass", "before_pass", "after", "before", "visibility", "because"}
	becauseKeys   = []string{"resource", "from", "to", "hazard", "aliasing", "frames"}
	memoryKeys    = []string{"heaps", "peak", "live_lower_bound", "without_aliasing"}
	heapKeys      = []string{"kind", "size", "placements"}
	placementKeys = []string{"resource", "offset", "size"}
)

// The words of plans, in the order of their values.
var (
	encoderWords    = []string{"render", "compute", "machineLearning"}
	encoderKinds    = []Kind{Render, Compute, MachineLearning}
	barrierWords    = []string{"consumer", "producer", "intra"}
	hazardWords     = []string{"readAfterWrite", "writeAfterRead", "writeAfterWrite"}
	visibilityWords = []string{"device"}
)

// record reads an object that has all of the keys but those that are optional.
func (r *reader) record(what string, keys []string, read func(key string) error, optional ...string) error {
	var seen uint64
	err := r.object(keys, func(key string) error {
		seen |= 1 << slices.Index(keys, key)
		return read(key)
	})
	if err != nil {
		return err
	}
	for i, key := range keys {
		if seen&(1<<i) == 0 && !slices.Contains(optional, key) {
			return r.errorf("%s has no %s", what, key)
		}
	}
	return nil
}

// choice reads one of a few words and returns which it was.
func (r *reader) choice(words []string) (int, error) {
	i, word, err := r.one(words)
	if err == nil && i < 0 {
		err = r.errorf("%q: use %s", word, strings.Join(words, ", "))
	}
	return i, err
}

func (r *reader) plan(d *PlanDocument) error {
	err := r.record("the plan", planKeys, func(key string) error {
		switch key {
		case "version":
			version := 0
			return r.whole(&version, 1, 1)
		case "encoders":
			return r.array(func(int) error {
				d.Encoders = append(d.Encoders, Encoder{})
				return r.encoder(&d.Encoders[len(d.Encoders)-1])
			})
		case "barriers":
			return r.array(func(int) error {
				d.Barriers = append(d.Barriers, Barrier{})
				return r.barrier(&d.Barriers[len(d.Barriers)-1])
			})
		case "culled":
			return r.texts(&d.Culled)
		}
		return r.memory(&d.Memory)
	})
	if err != nil {
		return err
	}
	return r.end()
}

func (r *reader) texts(into *[]string) error {
	return r.array(func(int) error {
		*into = append(*into, "")
		return r.text(&(*into)[len(*into)-1])
	})
}

func (r *reader) encoder(e *Encoder) error {
	return r.record("an encoder", encoderKeys, func(key string) error {
		if key == "passes" {
			return r.texts(&e.Passes)
		}
		i, err := r.choice(encoderWords)
		if err == nil {
			e.Kind = encoderKinds[i]
		}
		return err
	})
}

func (r *reader) barrier(b *Barrier) error {
	return r.record("a barrier", barrierKeys, func(key string) error {
		switch key {
		case "kind":
			i, err := r.choice(barrierWords)
			b.Kind = Consumer + BarrierKind(i)
			return err
		case "encoder":
			return r.whole(&b.Encoder, 0, 1<<31-1)
		case "after_pass":
			return r.text(&b.AfterPass)
		case "before_pass":
			return r.text(&b.BeforePass)
		case "after":
			return r.stages(&b.After)
		case "before":
			return r.stages(&b.Before)
		case "visibility":
			return r.array(func(int) error {
				_, err := r.choice(visibilityWords)
				b.Visibility = metal.VisibilityDevice
				return err
			})
		}
		return r.array(func(int) error {
			b.Because = append(b.Because, Because{})
			return r.because(&b.Because[len(b.Because)-1])
		})
	}, "after_pass", "before_pass")
}

func (r *reader) stages(into *metal.Stages) error {
	return r.array(func(int) error {
		i, err := r.choice(stageWords)
		if err != nil {
			return err
		}
		one := stage(stageWords[i])
		if *into&one != 0 {
			return r.errorf("%q comes twice", stageWords[i])
		}
		*into |= one
		return nil
	})
}

func (r *reader) because(w *Because) error {
	return r.record("a reason", becauseKeys, func(key string) error {
		switch key {
		case "resource":
			return r.text(&w.Resource)
		case "from":
			return r.text(&w.From)
		case "to":
			return r.text(&w.To)
		case "hazard":
			i, err := r.choice(hazardWords)
			w.Hazard = ReadAfterWrite + Hazard(i)
			return err
		case "aliasing":
			return r.truth(&w.Aliasing)
		}
		return r.whole(&w.Frames, 0, 1+MaxHistory)
	}, "aliasing")
}

func (r *reader) memory(m *Memory) error {
	return r.record("memory", memoryKeys, func(key string) error {
		switch key {
		case "peak":
			return r.whole(&m.Peak, 0, maxMemory)
		case "live_lower_bound":
			return r.whole(&m.LiveLowerBound, 0, maxMemory)
		case "without_aliasing":
			return r.whole(&m.WithoutAliasing, 0, maxMemory)
		}
		return r.array(func(int) error {
			m.Heaps = append(m.Heaps, Heap{})
			return r.heap(&m.Heaps[len(m.Heaps)-1])
		})
	})
}

func (r *reader) heap(h *Heap) error {
	return r.record("a heap", heapKeys, func(key string) error {
		switch key {
		case "kind":
			return r.text((*string)(&h.Kind))
		case "size":
			return r.whole(&h.Size, 0, maxMemory)
		}
		return r.array(func(int) error {
			h.Placements = append(h.Placements, Placement{})
			p := &h.Placements[len(h.Placements)-1]
			return r.record("a placement", placementKeys, func(key string) error {
				switch key {
				case "resource":
					return r.text(&p.Resource)
				case "offset":
					return r.whole(&p.Offset, 0, maxMemory)
				}
				return r.whole(&p.Size, 0, maxMemory)
			})
		})
	})
}
