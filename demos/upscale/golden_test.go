package main

import (
	"image"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/demos/upscale/picture"
	"weft/demos/upscale/scene"
	"weft/metal"
	"weft/metal/system"
	"weft/models"
)

// A picture of another device may differ in single pixels of edges, and in the
// last bits everywhere. It passes if nobody would see that: at least this close
// to the golden by both measures.
const (
	goldenPSNR = 34   // dB
	goldenSSIM = 0.98 // of 1
)

// A moment looks like the golden, and three more frames of it, all in flight
// together, end in the same picture to the byte.
func TestGoldenPictures(t *testing.T) {
	o := options{width: smallestSceneSide, height: smallestSceneSide}
	device, queue, err := o.open()
	require.NoError(t, err)
	defer device.Release()
	defer queue.Release()
	s, err := scene.New(device, 4)
	require.NoError(t, err)
	defer s.Release()
	now := scene.Moment{Time: 0.5}
	f, err := declareFrame(s, models.Upscale(), o.width, o.height, &now)
	require.NoError(t, err)
	plan, err := f.graph.Compile(device)
	require.NoError(t, err)
	defer plan.Release()
	require.NoError(t, s.Bind(plan, f.scene))
	screen, err := device.NewTexture(metal.TextureDescriptor{
		Label: "screen", Format: metal.PixelFormatBGRA8Unorm, Width: 2 * o.width, Height: 2 * o.height, Usage: metal.TextureUsageRenderTarget,
	})
	require.NoError(t, err)
	defer screen.Release()
	require.NoError(t, plan.BindTexture(f.screen, screen))

	draw := func(frames int) (low, high *image.NRGBA) {
		for range frames {
			require.NoError(t, plan.Run(queue))
		}
		require.NoError(t, plan.Wait())
		low, err := readImage(plan, f.low, f.graph.TextureDescriptor(f.scene.Color))
		require.NoError(t, err)
		high, err = readImage(plan, f.high, f.graph.TextureDescriptor(f.screen))
		require.NoError(t, err)
		return low, high
	}
	low, high := draw(1)
	looksLike(t, "low", low)
	looksLike(t, "neural", high)
	again, highAgain := draw(3)
	assert.Equal(t, low.Pix, again.Pix)
	assert.Equal(t, high.Pix, highAgain.Pix)
}

// looksLike compares a picture with the golden of that name, and leaves the
// picture in out/golden if they differ visibly.
func looksLike(t *testing.T, name string, got *image.NRGBA) {
	t.Helper()
	path := filepath.Join("testdata", name+".png")
	if *update {
		require.NoError(t, picture.Save(path, got))
	}
	want, err := picture.Load(path, 1, 4096)
	require.NoError(t, err)
	psnr, err := picture.PSNR(got, want)
	require.NoError(t, err)
	ssim, err := picture.SSIM(got, want)
	require.NoError(t, err)
	if psnr >= goldenPSNR && ssim >= goldenSSIM {
		return
	}
	dir := filepath.Join("..", "..", "out", "golden")
	require.NoError(t, os.MkdirAll(dir, 0o755))
	left := filepath.Join(dir, name+".png")
	require.NoError(t, picture.Save(left, got))
	t.Errorf("%s differs from %s: PSNR %.1f dB, SSIM %.4f; see %s", name, path, psnr, ssim, left)
}

// The network is worth its time on scenes that it was not trained on (seeds
// below 1001 are held out, see models/README.md).
func TestTheNetworkBeatsBicubic(t *testing.T) {
	device, err := system.Device(system.Options{})
	require.NoError(t, err)
	defer device.Release()
	queue, err := device.NewCommandQueue("quality")
	require.NoError(t, err)
	defer queue.Release()
	for _, seed := range []int64{102, 105} {
		studio, err := scene.NewStudio(device, seed, scene.StudioOptions{Width: 320, Height: 180})
		require.NoError(t, err)
		low, reference, err := studio.Pair(15)
		studio.Release()
		require.NoError(t, err)
		neural, err := enlarge(device, queue, models.Upscale(), low)
		require.NoError(t, err)
		q, err := compare([]picture.Labelled{
			{Label: "bicubic", Picture: picture.Bicubic(low, 640, 360)}, {Label: "neural", Picture: neural},
		}, picture.Labelled{Label: "reference", Picture: reference})
		require.NoError(t, err)
		assert.Greater(t, q[1].PSNR, q[0].PSNR+0.5, "seed %d: %v", seed, q)
		assert.Greater(t, q[1].SSIM, q[0].SSIM+0.01, "seed %d: %v", seed, q)
	}
}
