package main

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/demos/upscale/scene"
	"weft/graph"
	"weft/metal"
	"weft/metal/apple"
	"weft/metal/apple/standin"
	"weft/metal/record"
	"weft/metal/vulkan"
	"weft/models"
	"weft/shaders"
)

// compiledUpscale is the network with a folder that stands for what
// metal-package-builder makes of it.
func compiledUpscale(t *testing.T) metal.Network {
	t.Helper()
	network := models.Upscale()
	network.Compiled = filepath.Join(t.TempDir(), "upscale.mtlpackage")
	require.NoError(t, os.Mkdir(network.Compiled, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(network.Compiled, "manifest.json"), []byte("{}"), 0o644))
	return network
}

// demo is the demo's frame on a device, at its smallest size.
type demo struct {
	*frame
	queue metal.CommandQueue
	plan  *graph.Plan
}

func newDemo(t *testing.T, device metal.Device, network metal.Network) *demo {
	t.Helper()
	queue, err := device.NewCommandQueue("upscale")
	require.NoError(t, err)
	s, err := scene.New(device, 4)
	require.NoError(t, err)
	f, err := declareFrame(s, network, smallestSceneSide, smallestSceneSide, &scene.Moment{Time: 0.5})
	require.NoError(t, err)
	plan, err := f.graph.Compile(device)
	require.NoError(t, err)
	require.NoError(t, s.Bind(plan, f.scene))
	screen, err := device.NewTexture(metal.TextureDescriptor{
		Label: "screen", Format: metal.PixelFormatBGRA8Unorm, Width: 2 * smallestSceneSide, Height: 2 * smallestSceneSide, Usage: metal.TextureUsageRenderTarget,
	})
	require.NoError(t, err)
	require.NoError(t, plan.BindTexture(f.screen, screen))
	t.Cleanup(func() {
		screen.Release()
		plan.Release()
		s.Release()
		queue.Release()
		device.Release()
	})
	return &demo{f, queue, plan}
}

// draw draws frames, which are in flight together.
func (d *demo) draw(t *testing.T, frames int) {
	t.Helper()
	for range frames {
		require.NoError(t, d.plan.Run(d.queue))
	}
	require.NoError(t, d.plan.Wait())
}

// pictures reads what is drawn: at the scene's size and on the screen.
func (d *demo) pictures(t *testing.T) (list []*image.NRGBA) {
	t.Helper()
	low, err := readImage(d.plan, d.low, d.graph.TextureDescriptor(d.scene.Color))
	require.NoError(t, err)
	high, err := readImage(d.plan, d.high, d.graph.TextureDescriptor(d.frame.screen))
	require.NoError(t, err)
	return []*image.NRGBA{low, high}
}

// The driver for Metal draws the demo's frame by messages, which the stand-in
// runtime carries out on Vulkan: nothing is wrong with one of them, what they
// encode is what any driver is told to, and the pictures are those that Vulkan
// draws by itself, byte for byte.
func TestTheFrameByMessages(t *testing.T) {
	network := compiledUpscale(t)
	d, runtime, _ := byMessages(t, network)
	d.draw(t, 1)
	got := d.pictures(t)
	d.draw(t, 2)
	got = append(got, d.pictures(t)...)
	require.Empty(t, runtime.Faults())

	beneath, err := vulkan.Open(vulkan.Options{})
	require.NoError(t, err)
	v := newDemo(t, beneath, network)
	v.draw(t, 3)
	want := v.pictures(t)
	for i := range got {
		assert.Equal(t, want[i%2].Pix, got[i].Pix, "picture %d", i)
	}

	log := record.New(record.Options{Log: true})
	newDemo(t, log, network).draw(t, 3)
	encoded := runtime.Encoded()
	assert.Equal(t, recorded(log.Calls()), encoded)
	t.Logf("%d messages checked, %d encoders and barriers compared", runtime.Messages(), len(encoded))
	assert.Positive(t, len(encoded))
}

// byMessages is the demo by the driver for Metal, on the stand-in runtime, with
// something between them that can meddle.
func byMessages(t *testing.T, network metal.Network) (*demo, *standin.Runtime, *standin.Meddler) {
	t.Helper()
	beneath, err := vulkan.Open(vulkan.Options{})
	require.NoError(t, err)
	runtime := standin.New(standin.Options{
		Device: beneath, Functions: shaders.All(), Networks: map[string]metal.Network{network.Compiled: network}, Log: true,
	})
	before := 0
	t.Cleanup(func() {
		assert.Empty(t, runtime.Close()[before:], "faults at the end, or something is left behind")
		beneath.Release()
	})
	meddler := &standin.Meddler{Runtime: runtime}
	device, err := apple.OpenOn(meddler, apple.Options{})
	require.NoError(t, err)
	d := newDemo(t, device, network)
	t.Cleanup(func() { before = len(runtime.Faults()) }) // runs first
	return d, runtime, meddler
}

// No barrier of the frame can go: without it, two accesses are not ordered, here
// or in the frame that follows, and the fault names both.
func TestEveryBarrierIsMissedByMessages(t *testing.T) {
	d, runtime, meddler := byMessages(t, compiledUpscale(t))
	d.draw(t, 3)
	require.Empty(t, runtime.Faults())
	barriers := len(d.plan.Barriers())
	require.Positive(t, barriers)
	for dropped := range barriers {
		before := len(runtime.Faults())
		require.NoError(t, d.plan.Run(d.queue))
		seen := 0
		meddler.Meddle(func(selector string, _ []uintptr) bool {
			if !strings.HasPrefix(selector, "barrier") {
				return true
			}
			seen++
			return seen-1 != dropped
		})
		require.NoError(t, d.plan.Run(d.queue))
		meddler.Meddle(nil)
		d.draw(t, 1)
		require.Equal(t, barriers, seen)
		faults := runtime.Faults()[before:]
		if assert.NotEmpty(t, faults, "barrier %d of %d is not missed: %v", dropped, barriers, d.plan.Barriers()[dropped]) {
			t.Log(dropped, faults[0])
		}
		for _, f := range faults {
			assert.Contains(t, f, "not ordered after")
		}
	}
}

// recorded lists the encoders and barriers of a log as standin.Runtime.Encoded
// does.
func recorded(calls []record.Call) []string {
	var lines []string
	for _, c := range calls {
		switch {
		case strings.HasSuffix(c.Name, "Encoder"):
			kind := strings.TrimSuffix(c.Name, "Encoder")
			lines = append(lines, fmt.Sprintf("%s encoder %q", strings.ToLower(kind[:1])+kind[1:], c.Arg("label")))
		case strings.HasPrefix(c.Name, "Barrier"):
			lines = append(lines, fmt.Sprintf("%s after=%v before=%v visibility=%v", c.Name, c.Arg("after"), c.Arg("before"), c.Arg("visibility")))
		}
	}
	return lines
}
