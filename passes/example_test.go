package passes_test

import (
	"fmt"
	"log"

	"weft/graph"
	"weft/metal"
	"weft/models"
	"weft/passes"
)

// A network between two render passes: the passes around it that pack the
// texture and draw the result are added by themselves.
func ExampleMachineLearning() {
	g := graph.New()
	small := g.Texture("small", metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: 640, Height: 360})
	big := g.Texture("big", metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: 1280, Height: 720})
	screen := g.Texture("screen", metal.TextureDescriptor{Format: metal.PixelFormatBGRA8Unorm, Width: 1280, Height: 720}, graph.Fresh)

	g.Add(passes.Render{Name: "scene", Color: []graph.Attachment{{Texture: small, Load: graph.Clear(0, 0, 0, 1)}}})
	g.Add(passes.MachineLearning{
		Name: "upscale", Network: models.Upscale(),
		Inputs:  passes.Bind{models.ColorInput: small},
		Outputs: passes.Bind{models.UpscaledOutput: big},
	})
	g.Add(passes.Present{Source: big, Target: screen})

	plan, err := g.Plan()
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range plan.Encoders() {
		fmt.Println(e.Kind, e.Passes)
	}
	// Output:
	// render [scene]
	// compute [upscale.pack.color]
	// machineLearning [upscale]
	// render [upscale.unpack.upscaled]
	// render [present]
}
