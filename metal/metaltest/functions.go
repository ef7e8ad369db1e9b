package metaltest

import (
	"embed"

	"weft/metal"
)

// The functions of testdata, compiled by
// glslangValidator -V --target-env vulkan1.3 -o NAME.spv NAME.
//
//go:embed testdata/*.spv
var compiled embed.FS

var (
	scaleFunction    = function("scale.comp", metal.Size{Width: 64, Height: 1, Depth: 1})
	whereFunction    = function("where.comp", metal.Size{Width: 4, Height: 2, Depth: 2})
	sampleFunction   = function("sample.comp", metal.Size{Width: 16, Height: 1, Depth: 1})
	imageFunction    = function("image.comp", metal.Size{Width: 8, Height: 8, Depth: 1})
	meshFunction     = function("mesh.vert", metal.Size{})
	colorFunction    = function("color.frag", metal.Size{})
	targetsFunction  = function("targets.frag", metal.Size{})
	texturedFunction = function("textured.frag", metal.Size{})
)

func function(name string, threads metal.Size) metal.Function {
	code, err := compiled.ReadFile("testdata/" + name + ".spv")
	if err != nil {
		panic(err) // embedded: cannot be missing
	}
	stages := map[string]metal.Stages{"comp": metal.StageDispatch, "vert": metal.StageVertex, "frag": metal.StageFragment}
	return metal.Function{Name: name, Stage: stages[name[len(name)-4:]], SPIRV: code, Threads: threads}
}
