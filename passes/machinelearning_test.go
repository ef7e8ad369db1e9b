package passes_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/coreml"
	"weft/coreml/reference"
	"weft/graph"
	"weft/metal"
	"weft/metal/record"
	"weft/models"
	"weft/passes"
)

// upscaling is a frame with a network between two render passes.
func upscaling(w, h int, pixels []byte) (*graph.Graph, *passes.ReadTexture) {
	g := graph.New()
	g.SetName("upscaling")
	picture := g.Texture("picture", texture(metal.PixelFormatRGBA8Unorm, w, h))
	small := g.Texture("small", texture(metal.PixelFormatRGBA8Unorm, w, h))
	big := g.Texture("big", texture(metal.PixelFormatRGBA8Unorm, 2*w, 2*h))
	screen := g.Texture("screen", texture(metal.PixelFormatBGRA8Unorm, 2*w, 2*h), graph.Persistent)
	fill(g, picture, pixels)
	g.Add(passes.Present{Name: "scene", Source: picture, Target: small})
	g.Add(passes.MachineLearning{
		Name: "upscale", Network: models.Upscale(),
		Inputs: passes.Bind{models.ColorInput: small}, Outputs: passes.Bind{models.UpscaledOutput: big},
	})
	g.Add(passes.Present{Source: big, Target: screen})
	read := &passes.ReadTexture{Name: "read", Texture: screen}
	g.Add(read)
	return g, read
}

// The network's picture is the one that the slow reference computes.
func TestNetworkBetweenRenderPasses(t *testing.T) {
	d, queue := gpu(t)
	const w, h = 24, 18
	pixels := make([]byte, w*h*4)
	planar := make([]float32, 3*w*h)
	for y := range h {
		for x := range w {
			for c := range 3 {
				v := byte((x*(7+2*c) + y*5*(3-c)) % 256)
				pixels[(y*w+x)*4+c] = v
				planar[(c*h+y)*w+x] = float32(v) / 255
			}
		}
	}
	pkg, err := coreml.Open(models.Upscale().Package)
	require.NoError(t, err)
	program, err := pkg.Specialize(map[string][]int{models.ColorInput: {1, 3, h, w}})
	require.NoError(t, err)
	out, err := reference.Run(program, map[string][]float32{models.ColorInput: planar}, reference.Options{Half: true})
	require.NoError(t, err)
	want := out[models.UpscaledOutput].Values

	g, read := upscaling(w, h, pixels)
	plan := compile(t, g, d)
	for range 4 {
		require.NoError(t, plan.Run(queue))
	}
	require.NoError(t, plan.Wait())
	got := read.Pixels(plan)
	require.Len(t, got, 4*4*w*h)
	for i := range 4 * w * h {
		for c := range 3 {
			v := 255 * min(max(want[c*4*w*h+i], 0), 1)
			require.InDelta(t, v, float64(got[4*i+2-c]), 2, "pixel %d, channel %d", i, c) // blue first
		}
	}
}

func TestNetworkRecords(t *testing.T) {
	d, queue := recorder(t, record.Options{Log: true})
	g, _ := upscaling(48, 32, make([]byte, 48*32*4))
	plan := compile(t, g, d)
	require.NoError(t, plan.Run(queue))
	into, outOf := false, false
	for _, b := range plan.Barriers() {
		into = into || b.Before&metal.StageMachineLearning != 0 && b.After&(metal.StageFragment|metal.StageDispatch) != 0
		outOf = outOf || b.After&metal.StageMachineLearning != 0 && b.Before&(metal.StageFragment|metal.StageDispatch) != 0
	}
	assert.True(t, into, "nothing orders the network after what it reads")
	assert.True(t, outOf, "nothing orders what reads the network after it")
}

func TestFrameAllocatesNothing(t *testing.T) {
	d, queue := recorder(t, record.Options{})
	g := graph.New()
	small := g.Texture("small", texture(metal.PixelFormatRGBA16Float, 32, 32))
	big := g.Texture("big", texture(metal.PixelFormatRGBA16Float, 64, 64))
	screen := g.Texture("screen", texture(metal.PixelFormatBGRA8Unorm, 100, 100), graph.Persistent)
	g.Add(passes.Render{Name: "scene", Color: []graph.Attachment{{Texture: small, Load: graph.Clear(1, 0.5, 0, 1)}}})
	g.Add(passes.MachineLearning{
		Name: "upscale", Network: models.Upscale(),
		Inputs: passes.Bind{models.ColorInput: small}, Outputs: passes.Bind{models.UpscaledOutput: big},
	})
	g.Add(passes.Present{Source: big, Target: screen, SourceEncoding: passes.SRGB})
	plan := compile(t, g, d)
	frame := func() {
		if err := plan.Run(queue); err != nil {
			t.Error(err)
		}
	}
	for range 6 {
		frame()
	}
	assert.Zero(t, testing.AllocsPerRun(20, frame))
}
