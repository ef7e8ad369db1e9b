package graph

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

// The benchmarks declare, compile and run frames of three shapes:
//
//   - chain: each pass reads what the one before wrote;
//   - layered: layers of ten passes, each reading three of the layer before and
//     writing a texture of its own;
//   - mixed: views as engines draw them, with attachments, networks, parts, and
//     resources of every lifetime.
var samples = []struct {
	name  string
	build func(passes int) *sample
}{
	{"chain", func(n int) *sample { return layers(n, 1, 1) }},
	{"layered", func(n int) *sample { return layers(n/10, 10, 3) }},
	{"mixed", mixed},
}

func eachSample(b *testing.B, run func(b *testing.B, s *sample)) {
	for _, x := range samples {
		for _, n := range []int{10, 100, 1000, 10000} {
			b.Run(fmt.Sprintf("%s/%d", x.name, n), func(b *testing.B) {
				s := x.build(n)
				b.ReportAllocs()
				run(b, s)
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/pass")
			})
		}
	}
}

// BenchmarkDeclare declares a frame.
func BenchmarkDeclare(b *testing.B) {
	eachSample(b, func(b *testing.B, s *sample) {
		g := New()
		for b.Loop() {
			g.Reset()
			s.declare(g)
		}
	})
}

// BenchmarkCompile declares and compiles a frame, all of it each time.
func BenchmarkCompile(b *testing.B) {
	eachSample(b, func(b *testing.B, s *sample) {
		g := New()
		for b.Loop() {
			g.Reset()
			g.forget()
			s.declare(g)
			plan, err := g.Plan()
			if err != nil {
				b.Fatal(err)
			}
			plan.Release()
		}
	})
}

// BenchmarkRecompile declares a frame that has not changed, and compiles it.
func BenchmarkRecompile(b *testing.B) {
	eachSample(b, func(b *testing.B, s *sample) {
		g := New()
		for b.Loop() {
			g.Reset()
			s.declare(g)
			if _, err := g.Plan(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkFrame records and commits a frame on a device without a GPU.
func BenchmarkFrame(b *testing.B) {
	eachSample(b, func(b *testing.B, s *sample) {
		d := device(b, record.Options{})
		queue := queueOf(b, d)
		g := New()
		s.declare(g)
		plan, err := g.Compile(d)
		require.NoError(b, err)
		b.Cleanup(plan.Release)
		for i, x := range s.resources {
			if x.lifetime.imported() {
				t, err := d.NewTexture(metal.TextureDescriptor{Format: x.texture.Format, Width: x.texture.Width, Height: x.texture.Height, Usage: metal.TextureUsageRenderTarget})
				require.NoError(b, err)
				b.Cleanup(t.Release)
				require.NoError(b, plan.BindTexture(s.handles[i].(Texture), t))
			}
		}
		for b.Loop() {
			if err := plan.Run(queue); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkFront is the phases that read the declaration: validate, cull and the
// lowering of the frame.
func BenchmarkFront(b *testing.B) {
	eachSample(b, func(b *testing.B, s *sample) {
		g := New()
		s.declare(g)
		c := new(compilation)
		g.asked = options{inFlight: 3}
		c.begin(g, nil)
		for b.Loop() {
			if validate(c) != nil || cull(c) != nil || prepare(c) != nil {
				b.Fatal("a fault")
			}
			c.declare()
			c.lower()
		}
	})
}

// BenchmarkReadJSON reads the document of a frame.
func BenchmarkReadJSON(b *testing.B) {
	eachSample(b, func(b *testing.B, s *sample) {
		g := New()
		s.declare(g)
		var document bytes.Buffer
		require.NoError(b, g.WriteJSON(&document))
		for b.Loop() {
			if _, err := ReadJSON(bytes.NewReader(document.Bytes())); err != nil {
				b.Fatal(err)
			}
		}
	})
}
