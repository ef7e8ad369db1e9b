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

// drawDemo draws frames of the demo at its smallest size, and returns both
// pictures after each number of them.
func drawDemo(t *testing.T, device metal.Device, network metal.Network, counts ...int) (pictures []*image.NRGBA) {
	t.Helper()
	queue, err := device.NewCommandQueue("upscale")
	require.NoError(t, err)
	defer queue.Release()
	s, err := scene.New(device, 4)
	require.NoError(t, err)
	defer s.Release()
	now := scene.Moment{Time: 0.5}
	f, err := declareFrame(s, network, smallestSceneSide, smallestSceneSide, &now)
	require.NoError(t, err)
	plan, err := f.graph.Compile(device)
	require.NoError(t, err)
	defer plan.Release()
	require.NoError(t, s.Bind(plan, f.scene))
	screen, err := device.NewTexture(metal.TextureDescriptor{
		Label: "screen", Format: metal.PixelFormatBGRA8Unorm, Width: 2 * smallestSceneSide, Height: 2 * smallestSceneSide, Usage: metal.TextureUsageRenderTarget,
	})
	require.NoError(t, err)
	defer screen.Release()
	require.NoError(t, plan.BindTexture(f.screen, screen))
	for _, n := range counts {
		for range n {
			require.NoError(t, plan.Run(queue))
		}
		require.NoError(t, plan.Wait())
		low, err := readImage(plan, f.low, f.graph.TextureDescriptor(f.scene.Color))
		require.NoError(t, err)
		if device, ok := device.(*record.Device); ok {
			require.Empty(t, device.Faults())
			continue
		}
		high, err := readImage(plan, f.high, f.graph.TextureDescriptor(f.screen))
		require.NoError(t, err)
		pictures = append(pictures, low, high)
	}
	return pictures
}

// The driver for Metal draws the demo's frame by messages, which the stand-in
// runtime carries out on Vulkan: nothing is wrong with one of them, what they
// encode is what any driver is told to, and the pictures are those that Vulkan
// draws by itself, byte for byte.
func TestTheFrameByMessages(t *testing.T) {
	network := compiledUpscale(t)
	beneath, err := vulkan.Open(vulkan.Options{})
	require.NoError(t, err)
	defer beneath.Release()
	want := drawDemo(t, beneath, network, 1, 2)

	runtime := standin.New(standin.Options{
		Device: beneath, Functions: shaders.All(), Networks: map[string]metal.Network{network.Compiled: network}, Log: true,
	})
	device, err := apple.OpenOn(runtime, apple.Options{})
	require.NoError(t, err)
	got := drawDemo(t, device, network, 1, 2)
	device.Release()
	require.Empty(t, runtime.Close())
	require.Empty(t, runtime.Faults())
	for i := range want {
		assert.Equal(t, want[i].Pix, got[i].Pix, "picture %d", i)
	}

	log := record.New(record.Options{Log: true})
	drawDemo(t, log, network, 1, 2)
	assert.Equal(t, recorded(log.Calls()), runtime.Encoded())
	t.Logf("%d messages checked, %d encoders and barriers compared", runtime.Messages(), len(runtime.Encoded()))
	assert.Positive(t, len(runtime.Encoded()))
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
