package main

import (
	"weft/demos/upscale/scene"
	"weft/graph"
	"weft/metal"
	"weft/models"
	"weft/passes"
)

// frame is the demo's frame: the scene drawn small, enlarged by the network and
// presented, with nothing but barriers between.
type frame struct {
	graph  *graph.Graph
	scene  scene.Picture
	screen graph.Texture // stands for a window's drawable
	low    *passes.ReadTexture
	high   *passes.ReadTexture
}

// declareFrame adds to a new graph the scene at width x height, the network, a
// screen of twice the size, and the reading of both pictures.
func declareFrame(s *scene.Scene, network metal.Network, width, height int, now *scene.Moment) (*frame, error) {
	g := graph.New()
	g.SetName("upscale")
	f := &frame{graph: g}
	var err error
	if f.scene, err = s.Add(g, scene.View{Width: width, Height: height, Now: now}); err != nil {
		return nil, err
	}
	wide, high := models.UpscaleFactor*width, models.UpscaleFactor*height
	big := g.Texture("big", metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: wide, Height: high})
	f.screen = g.Texture("screen", metal.TextureDescriptor{Format: metal.PixelFormatBGRA8Unorm, Width: wide, Height: high}, graph.Imported)
	g.Add(passes.MachineLearning{
		Name:    "upscale",
		Network: network,
		Inputs:  passes.Bind{models.ColorInput: f.scene.Color},
		Outputs: passes.Bind{models.UpscaledOutput: big},
	})
	g.Add(passes.Present{Name: "present", Source: big, Target: f.screen})
	f.low = &passes.ReadTexture{Name: "read low", Texture: f.scene.Color}
	f.high = &passes.ReadTexture{Name: "read screen", Texture: f.screen}
	g.Add(f.low)
	g.Add(f.high)
	return f, nil
}
