package graph

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"weft/metal"
)

// Each texture is what it was declared as, however many are alike, also when the
// graph is declared anew; and each that is wrong is told of by name.
func TestTexturesAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := New()
		for range 2 {
			g.Reset()
			few := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) metal.TextureDescriptor {
				small := rapid.IntRange(0, 3)
				return metal.TextureDescriptor{
					Label:  "none",
					Format: rapid.SampledFrom([]metal.PixelFormat{0, metal.PixelFormatR8Unorm, metal.PixelFormatRGBA16Float}).Draw(t, "format"),
					Width:  small.Draw(t, "width"), Height: small.Draw(t, "height"), Depth: small.Draw(t, "depth"),
					Layers: small.Draw(t, "layers"), Mips: small.Draw(t, "mips"), Samples: small.Draw(t, "samples"),
					Usage: metal.TextureUsage(small.Draw(t, "usage")),
				}
			}), 1, 4).Draw(t, "descriptors")
			var wrong []string
			for i := range rapid.IntRange(1, 20).Draw(t, "textures") {
				d, name := rapid.SampledFrom(few).Draw(t, "descriptor"), fmt.Sprint("texture ", i)
				h := g.Texture(name, d)
				d.Label = name
				require.Equal(t, d.Normalized(), g.TextureDescriptor(h))
				require.Equal(t, d.Slices(), g.resources[i].all.b1)
				if err := d.Validate(); err != nil && len(wrong) < maxFaults {
					wrong = append(wrong, problemOf(err))
				}
			}
			var got []string
			for _, f := range g.faults.all {
				got = append(got, f.Problem)
			}
			require.Equal(t, wrong, got)
		}
	})
}
