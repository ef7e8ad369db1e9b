package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/mil"
)

// put writes a file into a folder and returns its path.
func put(t *testing.T, dir, name string, data []byte) string {
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

// colors is a picture whose every pixel is another.
func colors(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		img.SetNRGBA(i%width, i/width, color.NRGBA{byte(3 * i), byte(100 + i), byte(255 - 2*i), 255})
	}
	return img
}

func pngOf(t *testing.T, img image.Image) []byte {
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}

// A network that does nothing, with an image in another order on each side and
// an array of any size.
func TestRunConvertsFiles(t *testing.T) {
	dir := t.TempDir()
	b := mil.NewBuilder("CoreML7")
	b.OutputImage(b.Op("identity", "swapped", mil.Args{"x": b.Image("picture", coreml.RGB, 3, 5)}), coreml.BGR)
	x := b.Input("x", coreml.Float16, 1, 3, coreml.Dynamic, coreml.Dynamic)
	b.Output(b.Op("mul", "half", mil.Args{"x": x, "y": 0.5}))
	p, err := b.Package()
	require.NoError(t, err)
	pkg := filepath.Join(dir, "nothing.mlpackage")
	require.NoError(t, mil.WriteDir(pkg, p))

	img := colors(5, 3)
	picture, array2 := put(t, dir, "in.png", pngOf(t, img)), put(t, dir, "x.png", pngOf(t, colors(7, 2)))
	swapped, half, raw := filepath.Join(dir, "out.png"), filepath.Join(dir, "half.npy"), filepath.Join(dir, "again.f32")
	status, stdout, stderr := weft("", "run", "-frames", "2", "-in", "picture="+picture, "-in", "x="+array2, "-scale", "x=2", "-bias", "x=-1",
		"-out", "swapped="+swapped, "-out", "half="+half, pkg)
	require.Zero(t, status, stderr)
	assert.Regexp(t, `ran on .+: the network took [0-9.e+-]+ ms by GPU timestamps, median of 2 frames`, stdout)
	assert.Contains(t, stdout, "half: fp16 [1, 3, 2, 7], from ")
	data, err := os.ReadFile(swapped)
	require.NoError(t, err)
	got, err := png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	for y := range 3 {
		for x := range 5 {
			want := img.NRGBAAt(x, y)
			want.R, want.B = want.B, want.R
			require.Equal(t, want, color.NRGBAModel.Convert(got.At(x, y)))
		}
	}
	data, err = os.ReadFile(half)
	require.NoError(t, err)
	a, err := readNPY(data)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 3, 2, 7}, a.shape)
	assert.InDelta(t, 0.5*(2*100.0/255-1), a.values[14], 1e-3, "the green of the first pixel")

	// An .npy sets the extents, too; a .f32 takes them from -shape.
	args := []string{"run", "-frames", "0", "-in", "picture=" + picture}
	status, stdout, stderr = weft("", append(args, "-in", "x="+half, "-out", "half="+raw, pkg)...)
	require.Zero(t, status, stderr)
	assert.Contains(t, stdout, "not timed\n")
	quarter, err := os.ReadFile(raw)
	require.NoError(t, err)
	assert.InDelta(t, 0.5*a.values[14], decode(coreml.Float32, quarter)[14], 1e-3)
	status, stdout, stderr = weft("", append(args, "-in", "x="+half, "-check", "half="+raw, "-within", "1e-6", pkg)...)
	require.Zero(t, status, stderr)
	assert.Contains(t, stdout, "half: differs by at most 0 at element 0, 0% of the reference's range")
	status, stdout, _ = weft("", append(args, "-in", "x="+half, "-check", "half="+half, "-within", "0.1", pkg)...)
	assert.Equal(t, 1, status, stdout)
	status, _, stderr = weft("", append(args, "-in", "x="+raw, "-shape", "x=1x3x7x2", "-out", "half="+filepath.Join(dir, "big.npy"), pkg)...)
	require.Zero(t, status, stderr)

	before, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, c := range []struct{ args, want string }{
		{"-in picture=" + picture, `the input "x" has no file: give -in x=FILE`},
		{"-in " + picture, "there are 2 inputs, so say which by NAME=: picture, x"},
		{"-in picture=" + picture + " -in y=" + half, `-in: there is no input "y": there is picture, x`},
		{"-in picture=" + array2 + " -in x=" + half, `for the input "picture": it does not take the shape [1, 3, 2, 7]; it takes [1, 3, 3, 5]`},
		{"-in picture=" + picture + " -in x=" + raw, "it has 168 bytes: x takes 3 floats of 4 bytes, [1, 3, 1, 1]"},
		{"-in picture=" + picture + " -in x=none.npy", "none.npy: no such file"},
		{"-in picture=" + picture + " -in x=" + half + " -out half=out.jpg", "out.jpg: use a file named .png, .npy or .f32"},
		{"-in picture=" + picture + " -in x=" + half + " -scale 0", "-scale 0"},
		{"-in picture=" + half + " -in x=" + half, "for the input \"picture\": it does not take the shape"},
		{"-in picture=" + picture + " -in x=" + half + " -check half=" + picture, "a PNG is rounded"},
	} {
		status, stdout, stderr := weft("", append(append([]string{"run"}, strings.Fields(c.args)...), pkg)...)
		assert.Equal(t, 1, status, c.args)
		assert.Empty(t, stdout, c.args)
		assert.Contains(t, stderr, c.want, c.args)
	}
	after, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, after, len(before), "nothing is written by what fails")
}

// Gray pictures, 16 bits a channel, and transparency.
func TestPictureElements(t *testing.T) {
	deep := image.NewNRGBA64(image.Rect(0, 0, 2, 1))
	deep.SetNRGBA64(0, 0, color.NRGBA64{0x8000, 0x1234, 0xffff, 0x8000})
	data := pngOf(t, deep)
	e := newEndpoint(coreml.Feature{Kind: coreml.ImageFeature, ColorSpace: coreml.BGR}, 9, 9)
	got, err := e.fromPNG(data, []int{1, 3, 1, 2})
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{255, 0, 255 * 0x1234 / 65535.0, 0, 127.50195, 0}, got, 1e-3, "alpha is dropped")
	gray := newEndpoint(coreml.Feature{}, 1, 0)
	got, err = gray.fromPNG(pngOf(t, &image.Gray{Pix: []byte{51, 255}, Stride: 2, Rect: image.Rect(0, 0, 2, 1)}), []int{1, 2})
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{0.2, 1}, got, 1e-4)
	_, err = gray.toPNG(&array{shape: []int{1, 2, 3, 4}})
	assert.ErrorContains(t, err, "no picture: use .npy or .f32")
	content, err := gray.toPNG(&array{shape: []int{1, 1, 1, 3}, values: []float64{-1, 0.5, 7}})
	require.NoError(t, err)
	img, err := png.Decode(bytes.NewReader(content))
	require.NoError(t, err)
	for i, want := range []byte{0, 128, 255} {
		assert.Equal(t, color.NRGBA{want, want, want, 255}, color.NRGBAModel.Convert(img.At(i, 0)))
	}
}

func TestCompare(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		got, want         []float64
		largest, relative float64
	}{
		{[]float64{1, 2, 3}, []float64{1, 2, 5}, 2, 0.5},
		{[]float64{1, nan, inf}, []float64{1, nan, inf}, 0, 0},
		{[]float64{1, nan}, []float64{1, 2}, inf, inf},
		{[]float64{1, 2}, []float64{1, nan}, inf, inf},
		{[]float64{1, 3, 2}, []float64{1, inf, 3}, inf, inf},
		{[]float64{4.5, 4}, []float64{4, 4}, 0.5, 0.125},
	} {
		d := compare(&array{values: c.got}, &array{values: c.want})
		assert.Equal(t, c.largest, d.largest, c.got)
		assert.Equal(t, c.relative, d.relative(), c.got)
	}
	d := compare(&array{values: []float64{10, 20}}, &array{values: []float64{10, 20.5}})
	e := endpoint{scale: 255}
	assert.Equal(t, "differs by at most 0.5 at element 1, 4.762% of the reference's range 10 to 20.5; PSNR 57.16 dB for the range 255", d.text(&e, []int{1, 1, 1, 2}))
}

var differs = regexp.MustCompile(`(?m)^(\S+): differs by at most (\S+) at element \d+, .* range (\S+) to ([^;\n]+)`)

// TestRunOthers runs packages made by others and compares with what an
// independent translation gave, within what those packages' README allows:
// images by 2 of 255, other outputs by 1% of their range.
func TestRunOthers(t *testing.T) {
	dir := modelsDir(t)
	for _, c := range []struct {
		name  string
		slow  bool
		whole float64 // what is 255 in the output's own range; 0 for no image
	}{
		{name: "SRGAN_4x", whole: 255},
		{name: "RealESRGAN_x4v3_tensor", whole: 1},
		{name: "yunet"},
		{name: "realcugan-up2x-no-denoise", slow: true, whole: 255},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.slow && testing.Short() {
				t.Skip("it takes seconds")
			}
			golden := filepath.Join(dir, "golden", c.name)
			var meta struct{ Inputs, Outputs map[string][]int }
			data, err := os.ReadFile(filepath.Join(golden, "meta.json"))
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(data, &meta))
			args := []string{"run", "-frames", "0"}
			for _, name := range slices.Sorted(maps.Keys(meta.Inputs)) {
				args = append(args, "-in", name+"="+filepath.Join(golden, "in_"+name+".f32"))
			}
			for _, name := range slices.Sorted(maps.Keys(meta.Outputs)) {
				args = append(args, "-check", name+"="+filepath.Join(golden, "out_"+name+".f32"))
			}
			status, stdout, stderr := weft("", append(args, filepath.Join(dir, c.name+".mlpackage"))...)
			require.Zero(t, status, stderr)
			found := differs.FindAllStringSubmatch(stdout, -1)
			require.Len(t, found, len(meta.Outputs), stdout)
			for _, m := range found {
				off, low, high := number(t, m[2]), number(t, m[3]), number(t, m[4])
				allowed := 0.01 * (high - low)
				if c.whole > 0 {
					allowed = min(allowed, 2.0/255*c.whole)
				}
				// The smallest halves are multiples of 2^-24.
				assert.LessOrEqual(t, off, max(allowed, 0x1p-22), m[1])
			}
		})
	}
}

func number(t *testing.T, text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return v
}
