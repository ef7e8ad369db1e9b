package graph

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

// BenchmarkFrame records and commits a frame on a device without a GPU.
func BenchmarkFrame(b *testing.B) {
	d := device(b, record.Options{})
	queue, screen := queueOf(b, d), screenOf(b, d)
	f := newTestFrame()
	plan, err := f.g.Compile(d)
	require.NoError(b, err)
	b.Cleanup(plan.Release)
	b.ReportAllocs()
	for b.Loop() {
		if plan.BindTexture(f.screen, screen) != nil || plan.Run(queue) != nil {
			b.Fatal("a frame failed")
		}
	}
}

// chain is passes in a row, each reading the one before; layered is layers of
// passes, each reading three of the layer before.
func chain(n int) *Graph {
	return layers(n, 1, 1)
}

func layered(n int) *Graph {
	width := 10
	for width*width < n {
		width += 10
	}
	return layers(n/width, width, 3)
}

func layers(depth, width, reads int) *Graph {
	g := New()
	desc := metal.TextureDescriptor{Format: metal.PixelFormatRGBA16Float, Width: 1920, Height: 1080}
	var before []Texture
	for l := range depth {
		var layer []Texture
		for w := range width {
			t := g.Texture(fmt.Sprintf("t%d.%d", l, w), desc)
			layer = append(layer, t)
			name := fmt.Sprintf("p%d.%d", l, w)
			g.Add(&testPass{declare: func(d *Declaration) {
				d.Name(name)
				d.Kind(Compute)
				for r := range min(reads, len(before)) {
					d.Read(before[(w+r)%width], 0)
				}
				d.Write(t, 0)
				if l == depth-1 {
					d.SideEffect()
				}
			}})
		}
		before = layer
	}
	return g
}

// BenchmarkCompile declares and compiles a frame.
func BenchmarkCompile(b *testing.B) {
	for _, shape := range []struct {
		name  string
		build func(int) *Graph
	}{{"chain", chain}, {"layered", layered}} {
		for _, n := range []int{100, 1000} {
			b.Run(fmt.Sprintf("%s/%d", shape.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := shape.build(n).Plan(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
