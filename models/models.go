package models

import (
	"embed"
	"io/fs"

	"weft/metal"
)

// The features of [Upscale], and the range of the extents of its input.
const (
	ColorInput     = "color"
	UpscaledOutput = "upscaled"
	UpscaleFactor  = 2
	MinExtent      = 16
	MaxExtent      = 2048
)

//go:embed all:upscale.mlpackage
var files embed.FS

// Upscale is the network that doubles a frame's width and height.
func Upscale() metal.Network {
	folder, err := fs.Sub(files, "upscale.mlpackage")
	if err != nil {
		panic("BUG: the name of the embedded package is not a path: " + err.Error())
	}
	return metal.Network{Name: "upscale", Package: folder}
}
