package scene

import (
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// lab is a picture in CIE L*a*b*, blurred a little in linear light first: how
// it looks from where single texels cannot be told apart.
func lab(m *image.NRGBA) []vec {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	lit := make([]vec, w*h)
	for i := range lit {
		lit[i] = light(vec{float64(m.Pix[4*i]) / 255, float64(m.Pix[4*i+1]) / 255, float64(m.Pix[4*i+2]) / 255})
	}
	kernel := [5]float64{1. / 16, 4. / 16, 6. / 16, 4. / 16, 1. / 16}
	blur := func(in []vec, dx, dy int) []vec {
		out := make([]vec, len(in))
		for y := range h {
			for x := range w {
				for k, weight := range kernel {
					sx, sy := min(max(x+dx*(k-2), 0), w-1), min(max(y+dy*(k-2), 0), h-1)
					out[y*w+x] = out[y*w+x].add(in[sy*w+sx].mul(weight))
				}
			}
		}
		return out
	}
	out := blur(blur(lit, 1, 0), 0, 1)
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	for i, c := range out { // IEC 61966-2-1 primaries, D65
		x := f((0.4124*c.X + 0.3576*c.Y + 0.1805*c.Z) / 0.9505)
		y := f(0.2126*c.X + 0.7152*c.Y + 0.0722*c.Z)
		z := f((0.0193*c.X + 0.1192*c.Y + 0.9505*c.Z) / 1.089)
		out[i] = vec{116*y - 16, 500 * (x - y), 200 * (y - z)}
	}
	return out
}

// difference is the mean and the 99.5th percentile of the distance in Lab
// between two pictures of one size.
func difference(a, b *image.NRGBA) (mean, most float64) {
	la, lb := lab(a), lab(b)
	all := make([]float64, len(la))
	for i := range la {
		all[i] = la[i].sub(lb[i]).length()
		mean += all[i] / float64(len(la))
	}
	slices.Sort(all)
	return mean, all[len(all)*995/1000]
}

func load(t *testing.T, path string) *image.NRGBA {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	m, err := png.Decode(f)
	require.NoError(t, err)
	out := image.NewNRGBA(m.Bounds())
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			out.Set(x, y, m.At(x, y))
		}
	}
	return out
}

func store(t *testing.T, path string, m image.Image) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	f, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, png.Encode(f, m))
	require.NoError(t, f.Close())
}

// The measure sees what a viewer would, and lets pass what none would.
func TestDifference(t *testing.T) {
	flat := func(v, noise uint8) *image.NRGBA {
		m := image.NewNRGBA(image.Rect(0, 0, 64, 64))
		for i := range m.Pix {
			m.Pix[i] = v
			if (i/4+i/256)%2 == 0 {
				m.Pix[i] += noise
			}
		}
		return m
	}
	mean, _ := difference(flat(120, 0), flat(120, 2))
	require.Less(t, mean, 0.6, "a checkerboard of single texels")
	mean, _ = difference(flat(120, 0), flat(130, 0))
	require.Greater(t, mean, 3.0, "a lighter gray")
	spot := flat(120, 0)
	for y := 20; y < 30; y++ {
		for x := 20; x < 30; x++ {
			spot.Pix[4*(64*y+x)] = 250
		}
	}
	_, most := difference(flat(120, 0), spot)
	require.Greater(t, most, 20.0, "a spot of another color")
}
