package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/demos/upscale/picture"
	"weft/models"
)

func gradient(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{byte(255 * x / w), byte(255 * y / h), byte(64 + x*y%64), 255})
		}
	}
	return img
}

// The whole program at a small size: every file is there and says what it
// should.
func TestDemoWritesPicturesPlanAndReport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "out")
	var out, errs bytes.Buffer
	code := run([]string{"-frames", "2", "-width", "192", "-height", "176", "-seed", "3", "-out", dir}, &out, &errs)
	require.Equal(t, exitOK, code, errs.String())

	data, err := os.ReadFile(filepath.Join(dir, "report.json"))
	require.NoError(t, err)
	var r report
	require.NoError(t, json.Unmarshal(data, &r))
	assert.NotEmpty(t, r.Device)
	assert.Equal(t, [2]int{384, 352}, r.High)
	assert.Positive(t, r.MillisecondsPerFrame)
	assert.GreaterOrEqual(t, r.Reference.SamplesPerPixel, 16)
	require.Len(t, r.Quality, 3)
	assert.Positive(t, r.Barriers)

	sizes := map[string]image.Point{"low": {192, 176}, "compare": {}}
	for _, name := range []string{"low", "bilinear", "bicubic", "neural", "reference", "compare"} {
		img, err := picture.Load(filepath.Join(dir, name+".png"), 1, 1<<14)
		require.NoError(t, err)
		want, other := sizes[name]
		if !other {
			want = image.Pt(384, 352)
		}
		if name != "compare" {
			assert.Equal(t, want, img.Rect.Size(), name)
		}
		assert.Greater(t, variance(img), 100.0, "%s is all of one color", name)
	}

	var plan struct{ Encoders, Barriers []json.RawMessage }
	data, err = os.ReadFile(filepath.Join(dir, "plan.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &plan))
	assert.Len(t, plan.Encoders, r.Encoders)
	assert.Len(t, plan.Barriers, r.Barriers)
	assert.Contains(t, out.String(), "barrier")
	assert.Contains(t, out.String(), "PSNR")
	assert.Contains(t, out.String(), dir)
}

// What is hidden under pixels that let all light through does not show at the
// edges of what is left: a white disk stays white.
func TestHiddenColorsStayHidden(t *testing.T) {
	device, queue, err := (&options{}).open()
	require.NoError(t, err)
	defer device.Release()
	defer queue.Release()
	disk := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	for y := range 40 {
		for x := range 40 {
			if (x-20)*(x-20)+(y-20)*(y-20) < 144 {
				disk.SetNRGBA(x, y, color.NRGBA{255, 255, 255, 255})
			}
		}
	}
	big, err := enlarge(device, queue, models.Upscale(), disk)
	require.NoError(t, err)
	seen := 0
	for i := 0; i < len(big.Pix); i += 4 {
		if big.Pix[i+3] > 0 {
			require.GreaterOrEqual(t, min(big.Pix[i], big.Pix[i+1], big.Pix[i+2]), byte(250), "pixel %d: %v", i/4, big.Pix[i:i+4])
			seen++
		}
	}
	assert.Greater(t, seen, 4*400)
}

// variance is that of green.
func variance(img *image.NRGBA) float64 {
	var sum, squares, n float64
	for i := 1; i < len(img.Pix); i += 4 {
		v := float64(img.Pix[i])
		sum, squares, n = sum+v, squares+v*v, n+1
	}
	return squares/n - sum/n*sum/n
}

// A picture of the user's, of the smallest size and of an odd one, and one that
// lets light through.
func TestPhotosAreEnlarged(t *testing.T) {
	dir := t.TempDir()
	for _, size := range []image.Point{{16, 16}, {53, 37}, {16, 100}} {
		in, big := filepath.Join(dir, "in.png"), filepath.Join(dir, "big.png")
		photo := gradient(size.X, size.Y)
		photo.Pix[3] = 0 // the first pixel lets light through
		require.NoError(t, picture.Save(in, photo))
		var out, errs bytes.Buffer
		require.Equal(t, exitOK, run([]string{"-in", in, "-out", big}, &out, &errs), errs.String())
		got, err := picture.Load(big, 1, 4096)
		require.NoError(t, err)
		require.Equal(t, size.Mul(2), got.Rect.Size())
		assert.Less(t, got.Pix[3], byte(128))
		assert.EqualValues(t, 255, got.Pix[len(got.Pix)-1])
		// It still shows the same: enlarging by a classical filter differs little.
		psnr, err := picture.PSNR(got, picture.Bicubic(photo, 2*size.X, 2*size.Y))
		require.NoError(t, err)
		assert.Greater(t, psnr, 25.0, "%v", size)
	}
}
