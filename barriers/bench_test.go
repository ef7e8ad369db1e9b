package barriers

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"weft/metal"
)

// layeredFrame has layers of 10 passes, a tenth of them compute, that write one
// transient each and read three of the layer before.
func layeredFrame(passes int) *Frame {
	const width = 10
	r := rand.New(rand.NewPCG(7, 7))
	f := &Frame{}
	for p := range passes {
		stage, kind := metal.StageFragment, RenderEncoder
		if p%width == 0 {
			stage, kind = metal.StageDispatch, ComputeEncoder
		}
		runs := stage
		if kind == RenderEncoder {
			runs |= metal.StageVertex
		}
		f.Encoders = append(f.Encoders, Encoder{kind})
		f.Passes = append(f.Passes, Pass{Name: fmt.Sprint("p", p), Encoder: p, Runs: runs})
		f.Resources = append(f.Resources, Resource{Name: fmt.Sprint("t", p)})
		f.Accesses = append(f.Accesses, Access{Pass: p, Resource: p, Stages: stage, Write: true, Attachment: kind == RenderEncoder})
		if layer := p / width; layer > 0 {
			for _, k := range r.Perm(width)[:3] {
				f.Accesses = append(f.Accesses, Access{Pass: p, Resource: (layer-1)*width + k, Stages: stage})
			}
		}
	}
	return f
}

// chainFrame has passes that each read what the one before wrote.
func chainFrame(passes int) *Frame {
	f := layeredFrame(passes)
	writes := f.Accesses[:0]
	for _, a := range f.Accesses {
		if a.Write {
			writes = append(writes, a)
		}
	}
	f.Accesses = writes
	for p := 1; p < passes; p++ {
		f.Accesses = append(f.Accesses, Access{Pass: p, Resource: p - 1, Stages: writes[p].Stages})
	}
	return f
}

func BenchmarkDerive(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10000} {
		b.Run(fmt.Sprint("render/", n), func(b *testing.B) { benchmarkDerive(b, uniformFrame(n, RenderEncoder)) })
		b.Run(fmt.Sprint("compute/", n), func(b *testing.B) { benchmarkDerive(b, uniformFrame(n, ComputeEncoder)) })
		b.Run(fmt.Sprint("layered/", n), func(b *testing.B) { benchmarkDerive(b, layeredFrame(n)) })
		b.Run(fmt.Sprint("chain/", n), func(b *testing.B) { benchmarkDerive(b, chainFrame(n)) })
	}
}

// uniformFrame is layeredFrame with passes of one kind: compute passes share one
// encoder, render passes have one each.
func uniformFrame(passes int, kind EncoderKind) *Frame {
	f := layeredFrame(passes)
	stage, runs := metal.StageFragment, metal.StageVertex|metal.StageFragment
	if kind == ComputeEncoder {
		stage, runs = metal.StageDispatch, metal.StageDispatch
		f.Encoders = f.Encoders[:1]
	}
	for i := range f.Encoders {
		f.Encoders[i].Kind = kind
	}
	for i := range f.Passes {
		f.Passes[i].Runs = runs
		if kind == ComputeEncoder {
			f.Passes[i].Encoder = 0
		}
	}
	for i := range f.Accesses {
		f.Accesses[i].Stages = stage
		f.Accesses[i].Attachment = kind == RenderEncoder && f.Accesses[i].Write
	}
	return f
}

func benchmarkDerive(b *testing.B, f *Frame) {
	var d Deriver
	d.Derive(f)
	b.ReportAllocs()
	var count int
	for b.Loop() {
		count = len(d.Derive(f))
	}
	b.ReportMetric(float64(count), "barriers")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(f.Passes)), "ns/pass")
	b.ReportMetric(d.Makespan()/d.Bound(), "bounds")
}
