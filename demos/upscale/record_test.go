package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/demos/upscale/scene"
	"weft/metal"
	"weft/metal/record"
	"weft/models"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The calls of one frame of the demo, as Metal 4 would get them: one command
// buffer, and barriers on both sides of the network.
func TestCallsOfTheFrame(t *testing.T) {
	device := record.New(record.Options{Log: true})
	defer device.Release()
	queue, err := device.NewCommandQueue("upscale")
	require.NoError(t, err)
	defer queue.Release()
	s, err := scene.New(device, 7)
	require.NoError(t, err)
	defer s.Release()
	f, err := declareFrame(s, models.Upscale(), 640, 360, nil)
	require.NoError(t, err)
	plan, err := f.graph.Compile(device)
	require.NoError(t, err)
	defer plan.Release()
	require.NoError(t, s.Bind(plan, f.scene))
	screen, err := device.NewTexture(metal.TextureDescriptor{
		Label: "screen", Format: metal.PixelFormatBGRA8Unorm, Width: 1280, Height: 720, Usage: metal.TextureUsageRenderTarget,
	})
	require.NoError(t, err)
	defer screen.Release()
	require.NoError(t, plan.BindTexture(f.screen, screen))

	require.NoError(t, plan.Run(queue)) // the first frame also starts what needs a start
	device.ClearCalls()
	require.NoError(t, plan.Run(queue))
	calls := device.Calls()
	require.NoError(t, plan.Wait())
	require.Empty(t, device.Faults())

	commits := 0
	var network int
	for i, c := range calls {
		if c.Name == "Commit" && strings.HasPrefix(c.Object, "command queue") {
			commits++
			assert.Equal(t, 1, strings.Count(c.String(), "command buffer"), "%v", c)
		}
		if c.Name == "DispatchNetwork" {
			network = i
		}
	}
	assert.Equal(t, 1, commits)
	require.Positive(t, network)
	work := metal.StageFragment | metal.StageDispatch
	assert.True(t, anyBarrier(calls[:network], work, metal.StageMachineLearning), "no barrier orders rendering before the network")
	assert.True(t, anyBarrier(calls, metal.StageMachineLearning, work), "no barrier orders the network before rendering")

	golden := filepath.Join("testdata", "frame.txt")
	got := record.Text(calls)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "run with -update if the change is meant")
}

// anyBarrier reports whether one of the calls is a barrier from any of the
// stages after to any of the stages before.
func anyBarrier(calls []record.Call, after, before metal.Stages) bool {
	for _, c := range calls {
		if !strings.HasPrefix(c.Name, "Barrier") {
			continue
		}
		a, okA := c.Arg("after").(metal.Stages)
		b, okB := c.Arg("before").(metal.Stages)
		if okA && okB && a&after != 0 && b&before != 0 {
			return true
		}
	}
	return false
}
