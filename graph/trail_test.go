package graph

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/metal"
)

// undefinedReads counts reads of a transient that no earlier pass wrote there.
func undefinedReads(g *Graph) int {
	count := 0
	for i := range g.passes {
		for _, r := range g.accessesOf(&g.passes[i]) {
			found := r.write
			for j := 0; j < i && !found; j++ {
				for _, w := range g.accessesOf(&g.passes[j]) {
					found = found || w.write && w.resource == r.resource && g.boxOf(&w).overlaps(g.boxOf(&r))
				}
			}
			if !found {
				count++
			}
		}
	}
	return count
}

// Frames that go through many parts of one resource are culled and checked as
// the slow rules say, with trees as with lists.
func TestManyPartsOfOneResource(t *testing.T) {
	undefined, culled, trees := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		g := New()
		n, textured := rapid.IntRange(150, 220).Draw(t, "passes"), rapid.Bool().Draw(t, "textured")
		big := g.Buffer("big", metal.BufferDescriptor{Length: 16 * n})
		layers := g.Texture("layers", metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: 64, Height: 64, Mips: 4, Layers: n})
		others := rapid.IntRange(2, 40).Draw(t, "others")
		shape := rapid.SampledFrom([]string{"there and back", "there and there", "anywhere"}).Draw(t, "shape")
		for i := range n {
			at, width := i%(n/2), rapid.SampledFrom([]int{1, 1, 1, 1, 1, 1, 1, 1, 1, 2, n}[:rapid.IntRange(1, 11).Draw(t, "widest")]).Draw(t, "width")
			switch {
			case shape == "there and back" && i >= n/2:
				at = n - 1 - i
			case shape == "anywhere":
				at = rapid.IntRange(0, n-1).Draw(t, "at")
			}
			if width == n {
				at = 0 // the whole
			}
			end := min(at+width, n)
			write := i < n/2
			if rapid.IntRange(0, others).Draw(t, "other") == 0 {
				write = !write
			}
			addPass(g, fmt.Sprint(i), Compute, func(d *Declaration) {
				var r Resource = big
				part := Bytes(16*at, 16*end)
				if textured {
					r, part = layers, Part{Layers: Range{at, end}, Mips: Range{i % 4, i%4 + 1}}
				}
				if write {
					d.Write(r, 0, part)
				} else {
					d.Read(r, 0, part)
				}
				if i%5 == 0 {
					d.SideEffect()
				}
			})
		}
		c := new(compilation)
		c.begin(g, nil)
		c.validateContent()
		require.Equal(t, undefinedReads(g), len(c.faults.all)+c.faults.more)
		undefined += len(c.faults.all)
		require.NoError(t, cull(c))
		require.Equal(t, keptSlowly(g), c.kept)
		for i := range c.kept {
			if !c.kept[i] {
				culled++
			}
		}
		if c.contents.trees != nil || c.demands.trees != nil {
			trees++
		}
	})
	assert.Positive(t, undefined)
	assert.Positive(t, culled)
	assert.Positive(t, trees, "no tree was ever made: the test is empty")
}

// BenchmarkParts is the phases that look at parts, in a frame that writes each
// part of a buffer and reads each once all are written.
func BenchmarkParts(b *testing.B) {
	for _, n := range []int{1000, 10000, 100000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			g := New()
			big := g.Buffer("big", metal.BufferDescriptor{Length: 16 * n})
			s := &sample{handles: []Resource{big}}
			for i := range 2 * n {
				at := i % n
				s.passes = append(s.passes, samplePass{
					sample: s, name: fmt.Sprint(i), kind: Compute, depth: -1, sideEffect: i >= n,
					accesses: []sampleAccess{{write: i < n, parts: []Part{Bytes(16*at, 16*at+16)}}},
				})
			}
			for i := range s.passes {
				g.Add(&s.passes[i])
			}
			c := new(compilation)
			c.begin(g, nil)
			for b.Loop() {
				c.validateContent()
				if err := cull(c); err != nil || len(c.faults.all) > 0 {
					b.Fatal(err, c.faults.all)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(2*n), "ns/pass")
		})
	}
}

// skip finds what a walk along the list finds.
func TestTrailSkipsAsItWalks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := New()
		const cells = 30
		big := g.Buffer("big", metal.BufferDescriptor{Length: cells})
		addPass(g, "all", Compute, func(d *Declaration) {
			for range 100 {
				at := rapid.IntRange(0, cells-1).Draw(t, "at")
				d.Write(big, 0, Bytes(at, min(at+rapid.IntRange(1, 3).Draw(t, "width"), cells)))
			}
		})
		var w trail
		w.reset(1)
		for i := range g.accesses {
			a := &g.accesses[i]
			switch rapid.IntRange(0, 12).Draw(t, "step") {
			case 0:
				w.finish(0, -1)
			case 1, 2, 3:
				want := w.latest[0]
				for want > 0 && !w.list[want-1].part.overlaps(g.boxOf(a)) {
					want = w.list[want-1].next
				}
				require.Equal(t, want, w.skip(g, a))
			default:
				w.push(0, g.boxOf(a), false)
			}
		}
	})
}
