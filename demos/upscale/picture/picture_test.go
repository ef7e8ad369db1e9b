package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func noise(w, h int, seed uint64) *image.NRGBA {
	r := rand.New(rand.NewPCG(seed, 1))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(r.UintN(256))
	}
	return img
}

func flat(w, h int, c color.NRGBA) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func TestPSNR(t *testing.T) {
	a := flat(16, 16, color.NRGBA{100, 100, 100, 255})
	got, err := PSNR(a, flat(16, 16, color.NRGBA{105, 105, 105, 0}))
	require.NoError(t, err)
	assert.InDelta(t, 20*math.Log10(255.0/5), got, 1e-9, "alpha does not count")
	got, err = PSNR(a, a)
	require.NoError(t, err)
	assert.True(t, math.IsInf(got, 1))
	_, err = PSNR(a, noise(8, 8, 1))
	assert.ErrorContains(t, err, "sizes differ")
}

// slowSSIM takes each window by itself, as the paper writes it.
func slowSSIM(a, b *image.NRGBA) float64 {
	x, y := luma(a), luma(b)
	w, h := a.Rect.Dx(), a.Rect.Dy()
	sum, n := 0.0, 0.0
	for top := 0; top+ssimWindow <= h; top++ {
		for left := 0; left+ssimWindow <= w; left++ {
			var mx, my, mxx, myy, mxy float64
			for j := range ssimWindow {
				for i := range ssimWindow {
					g := window[i] * window[j]
					p, q := x[(top+j)*w+left+i], y[(top+j)*w+left+i]
					mx, my, mxx, myy, mxy = mx+g*p, my+g*q, mxx+g*p*p, myy+g*q*q, mxy+g*p*q
				}
			}
			sum += similarity(mx, my, mxx, myy, mxy)
			n++
		}
	}
	return sum / n
}

func TestSSIMEqualsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(11, 30).Draw(t, "w"), rapid.IntRange(11, 30).Draw(t, "h")
		a, b := noise(w, h, rapid.Uint64().Draw(t, "a")), noise(w, h, rapid.Uint64().Draw(t, "b"))
		got, err := SSIM(a, b)
		require.NoError(t, err)
		assert.InDelta(t, slowSSIM(a, b), got, 1e-9)
		same, err := SSIM(a, a)
		require.NoError(t, err)
		assert.InDelta(t, 1, same, 1e-12)
	})
	_, err := SSIM(noise(10, 20, 1), noise(10, 20, 1))
	assert.ErrorContains(t, err, "too small")
}

func TestBicubicIsCatmullRom(t *testing.T) {
	in := flat(8, 8, color.NRGBA{0, 0, 0, 255})
	for y := range 8 { // a step between columns 3 and 4
		for x := 4; x < 8; x++ {
			in.SetNRGBA(x, y, color.NRGBA{200, 200, 200, 255})
		}
	}
	out := Bicubic(in, 16, 16)
	// Output column 7 lies a quarter of a pixel right of column 3: Keys' kernel
	// gives columns 4 and 5, at distances 3/4 and 7/4, these weights.
	w := func(x float64) float64 {
		if x <= 1 {
			return 1.5*x*x*x - 2.5*x*x + 1
		}
		return -0.5*x*x*x + 2.5*x*x - 4*x + 2
	}
	assert.InDelta(t, 200*(w(0.75)+w(1.75)), float64(out.NRGBAAt(7, 8).R), 1.01)
}

func TestLoadSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, data, 0o600))
		return path
	}
	encode := func(w, h int) []byte {
		var buf bytes.Buffer
		require.NoError(t, png.Encode(&buf, noise(w, h, 3)))
		return buf.Bytes()
	}
	whole := encode(40, 20)
	for name, test := range map[string]struct{ path, want string }{
		"missing":   {filepath.Join(dir, "none.png"), "cannot read"},
		"directory": {dir, "cannot read"},
		"no image":  {write("text.png", []byte("hello")), "give a PNG or a JPEG"},
		"empty":     {write("empty.png", nil), "give a PNG or a JPEG"},
		"cut":       {write("cut.png", whole[:len(whole)/2]), "is a broken png"},
		"small":     {write("small.png", encode(15, 40)), "15x40: sides must be from 16 to 1024"},
		"large":     {write("large.png", encode(1025, 16)), "1025x16: sides must be from 16 to 1024"},
	} {
		_, err := Load(test.path, 16, 1024)
		require.ErrorContains(t, err, test.want, name)
		assert.NotContains(t, err.Error(), "\n", name)
		assert.Contains(t, err.Error(), test.path, name)
	}
	img, err := Load(write("good.png", whole), 16, 1024)
	require.NoError(t, err)
	assert.Equal(t, noise(40, 20, 3).Pix, img.Pix)
}

// withOrientation puts an EXIF segment behind a JPEG's start marker.
func withOrientation(data []byte, order binary.AppendByteOrder, value uint16) []byte {
	tiff := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		tiff = []byte("MM\x00*")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, value)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(segment)+2))...)
	return append(append(out, segment...), data[2:]...)
}

func TestJPEGsAreTurnedUpright(t *testing.T) {
	// Red top left, green top right, blue bottom left, white bottom right.
	upright := flat(64, 32, color.NRGBA{255, 255, 255, 255})
	corner := func(x, y int, c color.NRGBA) {
		for j := range 16 {
			for i := range 32 {
				upright.SetNRGBA(x+i, y+j, c)
			}
		}
	}
	corner(0, 0, color.NRGBA{255, 0, 0, 255})
	corner(32, 0, color.NRGBA{0, 255, 0, 255})
	corner(0, 16, color.NRGBA{0, 0, 255, 255})
	inverse := []int{0, 1, 2, 3, 4, 5, 8, 7, 6}
	for value := 1; value <= 8; value++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			var buf bytes.Buffer
			require.NoError(t, jpeg.Encode(&buf, turn(upright, inverse[value]), &jpeg.Options{Quality: 95}))
			path := filepath.Join(t.TempDir(), "photo.jpg")
			require.NoError(t, os.WriteFile(path, withOrientation(buf.Bytes(), order, uint16(value)), 0o600))
			got, err := Load(path, 16, 1024)
			require.NoError(t, err)
			require.Equal(t, upright.Rect, got.Rect, "orientation %d", value)
			for _, at := range []image.Point{{8, 8}, {56, 8}, {8, 24}, {56, 24}} {
				w, g := upright.NRGBAAt(at.X, at.Y), got.NRGBAAt(at.X, at.Y)
				assert.InDelta(t, w.R, g.R, 12, "orientation %d at %v", value, at)
				assert.InDelta(t, w.G, g.G, 12, "orientation %d at %v", value, at)
				assert.InDelta(t, w.B, g.B, 12, "orientation %d at %v", value, at)
			}
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(withOrientation([]byte{0xff, 0xd8, 0xff, 0xd9}, binary.LittleEndian, 6))
	f.Add([]byte{0xff, 0xd8, 0xff, 0xe1, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		if v := orientation(data); v < 1 || v > 8 {
			t.Fatalf("orientation %d", v)
		}
	})
}

func TestSaveIsWholeOrNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.png")
	require.NoError(t, Save(path, noise(4, 4, 1)))
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	// A PNG of no pixels cannot be encoded; a folder that is missing cannot be written.
	require.Error(t, Save(path, image.NewNRGBA(image.Rectangle{})))
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, before, after)
	require.ErrorContains(t, Save(filepath.Join(dir, "none", "a.png"), noise(4, 4, 1)), "cannot write")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 1, "no part of a file is left behind")
}

func TestCompareShowsEachDetailOfEachPicture(t *testing.T) {
	reference := flat(640, 360, color.NRGBA{50, 50, 50, 255})
	img := flat(640, 360, color.NRGBA{50, 50, 50, 255})
	for y := 200; y < 240; y++ {
		for x := 400; x < 440; x++ {
			img.SetNRGBA(x, y, color.NRGBA{250, 250, 250, 255})
		}
	}
	details, err := Details(img, reference, 3)
	require.NoError(t, err)
	require.Len(t, details, 3)
	assert.True(t, image.Rect(400, 200, 440, 240).In(image.Rectangle{details[0], details[0].Add(image.Pt(detailWidth, detailHeight))}),
		"the worst place comes first, %v", details[0])
	sheet, err := Compare([]Labelled{{"one", img}, {"reference", reference}}, details)
	require.NoError(t, err)
	x, y := gap+detailZoom*(410-details[0].X), captionHeight+gap+detailZoom*(210-details[0].Y)
	assert.EqualValues(t, 250, sheet.NRGBAAt(x, y).R)
	assert.EqualValues(t, 50, sheet.NRGBAAt(x+gap+detailZoom*detailWidth, y).R)
	_, err = Compare([]Labelled{{"one", img}}, []image.Point{{600, 300}})
	assert.ErrorContains(t, err, `outside "one"`)
}

// Bleed fills what lets all light through from the nearest pixel that does not,
// as far away as it may be, and leaves the rest and alpha alone.
func TestBleed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 12).Draw(t, "w"), rapid.IntRange(1, 12).Draw(t, "h")
		img := noise(w, h, rapid.Uint64().Draw(t, "seed"))
		keep := rapid.IntRange(0, w*h-1).Draw(t, "keep")
		for i := 0; i < w*h; i++ {
			if i != keep && img.Pix[4*i]%3 > 0 {
				img.Pix[4*i+3] = 0
			}
		}
		out := Bleed(img)
		for i := 0; i < w*h; i++ {
			require.Equal(t, img.Pix[4*i+3], out.Pix[4*i+3])
			if img.Pix[4*i+3] > 0 {
				require.Equal(t, img.Pix[4*i:4*i+3], out.Pix[4*i:4*i+3])
				continue
			}
			require.True(t, isNearest(img, out, i), "pixel %d", i)
		}
	})
}

// isNearest reports whether pixel i of out has the color of one of the visible
// pixels of img that are nearest by steps along rows and columns.
func isNearest(img, out *image.NRGBA, i int) bool {
	w := img.Rect.Dx()
	best, found, visible := math.MaxInt, false, false
	for j := 0; 4*j < len(img.Pix); j++ {
		if img.Pix[4*j+3] == 0 {
			continue
		}
		visible = true
		dx, dy := i%w-j%w, i/w-j/w
		d := max(dx, -dx) + max(dy, -dy)
		same := bytes.Equal(img.Pix[4*j:4*j+3], out.Pix[4*i:4*i+3])
		if d < best {
			best, found = d, same
		} else if d == best {
			found = found || same
		}
	}
	return found || !visible
}
