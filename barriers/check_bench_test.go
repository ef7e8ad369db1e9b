package barriers

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"weft/metal"
)

// longPlan is a frame with barriers that are enough for it.
type longPlan struct {
	f        *Frame
	barriers []Barrier
}

const flush = metal.VisibilityDevice

// longPlans are the shapes that Check must be fast at, with barriers made by
// simple means.
var longPlans = map[string]func(n int) longPlan{
	// Each pass reads what the one before wrote; a consumer barrier before each.
	"chain": func(n int) longPlan {
		f := chainFrame(n)
		return longPlan{f, everyPass(f, Consumer, 1)}
	},
	// Ten passes side by side read three of the ten before.
	"layered": func(n int) longPlan {
		f := layeredFrame(n)
		return longPlan{f, everyPass(f, Producer, 10)}
	},
	// Each pass draws a transient of its own: one barrier for the next frame.
	"apart": func(n int) longPlan {
		f := passesOf(n, metal.StageFragment)
		for p := range n {
			f.Resources = append(f.Resources, Resource{Name: "t"})
			f.Accesses = append(f.Accesses, Access{Pass: p, Resource: p, Stages: metal.StageFragment, Write: true})
		}
		return longPlan{f, []Barrier{{Kind: Producer, Encoder: n - 1, Pass: n - 1, After: metal.StageFragment, Before: metal.StageFragment, Visibility: flush}}}
	},
	// All passes read and write one buffer.
	"counter": func(n int) longPlan {
		f := passesOf(n, metal.StageDispatch)
		f.Resources = []Resource{{Name: "counter", Lifetime: Persistent}}
		for p := range n {
			f.Accesses = append(f.Accesses, Access{Pass: p, Stages: metal.StageDispatch}, Access{Pass: p, Stages: metal.StageDispatch, Write: true})
		}
		return longPlan{f, everyPass(f, Consumer, 1)}
	},
	// One pass writes a texture, all others read it.
	"fan": func(n int) longPlan {
		f := passesOf(n, metal.StageFragment)
		f.Resources = []Resource{{Name: "shadow"}}
		for p := range n {
			f.Accesses = append(f.Accesses, Access{Pass: p, Stages: metal.StageFragment, Write: p == 0})
		}
		return longPlan{f, []Barrier{
			{Kind: Producer, After: metal.StageFragment, Before: metal.StageFragment, Visibility: flush},
			{Kind: Consumer, After: metal.StageFragment, Before: metal.StageFragment},
		}}
	},
	// One compute encoder, with an intra-pass barrier between all passes.
	"encoder": func(n int) longPlan {
		f := chainFrame(n)
		for i := range f.Accesses {
			f.Accesses[i].Stages, f.Accesses[i].Attachment = metal.StageDispatch, false
		}
		barriers := []Barrier{{Kind: Consumer, After: metal.StageDispatch, Before: metal.StageDispatch, Visibility: flush}}
		for p := range f.Passes {
			f.Passes[p].Encoder, f.Passes[p].Runs = 0, metal.StageDispatch
			if p > 0 {
				barriers = append(barriers, Barrier{Kind: Intra, Pass: p, After: metal.StageDispatch, Before: metal.StageDispatch, Visibility: flush})
			}
		}
		f.Encoders = []Encoder{{ComputeEncoder}}
		return longPlan{f, barriers}
	},
	// A chain whose transients lie in three places of one heap.
	"aliased": func(n int) longPlan {
		f := chainFrame(n)
		for r := range f.Resources {
			f.Resources[r].Memory = Placement{Offset: int64(r%3) * 256, Size: 256 + int64(r%2)*64}
		}
		return longPlan{f, everyPass(f, Consumer, 1)}
	},
	// Each pass writes its own part of one buffer, and reads all of the one
	// that is written in the next frame.
	"parts": func(n int) longPlan {
		f := passesOf(n, metal.StageDispatch)
		f.Resources = []Resource{{Name: "particles", Lifetime: Persistent, History: 1}}
		for p := range n {
			f.Accesses = append(f.Accesses, Access{Pass: p, Stages: metal.StageDispatch, Frame: -1},
				Access{Pass: p, Stages: metal.StageDispatch, Write: true, Part: Part{Bytes: Range{int64(p), int64(p) + 1}}})
		}
		return longPlan{f, []Barrier{{Kind: Producer, Encoder: n - 1, Pass: n - 1, After: metal.StageDispatch, Before: metal.StageDispatch, Visibility: flush}}}
	},
	// The same with barriers for all stages between all passes, as some engines
	// have them.
	"all stages": func(n int) longPlan {
		f := mixedFrame(n)
		return longPlan{f, everything(f)}
	},
	// All kinds of passes, accesses and sharing at random, and all-stages
	// barriers before every pass.
	"mixed": func(n int) longPlan {
		f := mixedFrame(n)
		return longPlan{f, everyPass(f, Consumer, 1)}
	},
}

func passesOf(n int, stage metal.Stages) *Frame {
	kind := ComputeEncoder
	if stage&metal.RenderStages != 0 {
		kind = RenderEncoder
	}
	f := &Frame{}
	for p := range n {
		f.Encoders = append(f.Encoders, Encoder{kind})
		f.Passes = append(f.Passes, Pass{Name: fmt.Sprint("p", p), Encoder: p, Runs: stage})
	}
	return f
}

// everyPass puts a barrier at every so many passes that takes in all stages with
// work: before the pass, or after the last of so many.
func everyPass(f *Frame, kind Kind, step int) []Barrier {
	runs := make([]metal.Stages, len(f.Passes))
	for i := range f.Accesses {
		runs[f.Accesses[i].Pass] |= withTile(f.Accesses[i].Stages)
	}
	var all metal.Stages
	for _, s := range runs {
		all |= s
	}
	var list []Barrier
	for p := range f.Passes {
		b := Barrier{Kind: kind, Pass: p, Encoder: f.Passes[p].Encoder, After: all, Before: all, Visibility: flush}
		switch {
		case kind == Producer && (p+1)%step != 0:
			continue
		case kind == Consumer:
			b.Before = runs[p]
		}
		list = append(list, b)
	}
	return list
}

// mixedFrame has resources of all kinds that passes of all kinds touch, most of
// them near to where they were touched before.
func mixedFrame(n int) *Frame {
	r := rand.New(rand.NewPCG(5, uint64(n)))
	d := dice(r.IntN)
	f := &Frame{}
	for i := range n {
		x := randomResource(d, i)
		if x.Memory.Size > 0 {
			x.Memory = Placement{0, int64(256 * d(200)), int64(256 * (1 + d(4)))}
		}
		f.Resources = append(f.Resources, x)
	}
	for p := range n {
		kind := pick(d, RenderEncoder, ComputeEncoder, ComputeEncoder, MachineLearningEncoder)
		pass := Pass{Name: fmt.Sprint("p", p), Encoder: p}
		if kind == RenderEncoder {
			pass.Runs = metal.StageVertex | metal.StageFragment
		}
		f.Passes, f.Encoders = append(f.Passes, pass), append(f.Encoders, Encoder{kind})
		for range 3 {
			a := randomAccess(d, f, p, kind)
			if d.chance(95) {
				a.Resource = max(0, p-d(10))
				a.Frame = 0
			}
			f.Accesses = append(f.Accesses, a)
		}
	}
	return f
}

// without returns the barriers but for one in the middle.
func (p *longPlan) without() []Barrier {
	middle := len(p.barriers) / 2
	return append(append([]Barrier(nil), p.barriers[:middle]...), p.barriers[middle+1:]...)
}

// TestCheckScales judges long frames, right and wrong. A judge that went through
// all pairs would need many minutes for each.
func TestCheckScales(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 2_000
	}
	for name, shape := range longPlans {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			p := shape(n)
			report := Check(p.f, p.barriers)
			require.True(t, report.Sufficient(), "%.2000s", report)
			report = Check(p.f, p.without())
			require.NotEmpty(t, report.Unordered)
			require.LessOrEqual(t, len(report.Unordered), maxFound)
			require.Equal(t, len(report.Unordered) == maxFound, report.Omitted > 0)
			require.Less(t, time.Since(start), 20*time.Second)
		})
	}
}

// TestTreesOfPlaces: where places find each other by a tree, the report is the
// same; where it is cut short, it is a part of it and counts the rest.
func TestTreesOfPlaces(t *testing.T) {
	frames, omitted := 2000, 0
	if testing.Short() {
		frames = 200
	}
	for i := range frames {
		d := dice(rand.New(rand.NewPCG(10, uint64(i))).IntN)
		f := randomFrame(d, 1+d(20))
		var barriers []Barrier
		for range d(2 * len(f.Passes)) {
			barriers = append(barriers, randomBarrier(d, f))
		}
		want := Check(f, barriers)
		require.Zero(t, want.Omitted)
		got := check(f, barriers, limits{few: 0, found: maxFound, patience: maxPatience})
		require.Equal(t, want, got, "%v", dump(f, barriers))

		short := check(f, barriers, limits{few: d(4), found: 5, patience: maxPatience})
		require.Equal(t, want.Superfluous, short.Superfluous)
		require.Len(t, short.Unordered, min(5, len(want.Unordered)))
		require.Subset(t, want.Unordered, short.Unordered)
		require.GreaterOrEqual(t, short.Omitted, len(want.Unordered)-len(short.Unordered))
		require.False(t, len(want.Unordered) < 5 && short.Omitted > 0)
		omitted += short.Omitted
	}
	require.Greater(t, omitted, frames)
}

func BenchmarkCheck(b *testing.B) {
	for name, shape := range longPlans {
		for _, n := range []int{1000, 10_000, 100_000} {
			p := shape(n)
			for verdict, barriers := range map[string][]Barrier{"right": p.barriers, "one less": p.without(), "none": nil} {
				b.Run(fmt.Sprintf("%s/%s/%d", name, verdict, n), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						if report := Check(p.f, barriers); report.Sufficient() != (verdict == "right") {
							b.Fatalf("%.2000s", report)
						}
					}
				})
			}
		}
	}
}
