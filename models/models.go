package models

import (
	"embed"
	"io/fs"
	"path/filepath"
	"runtime"

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

// Upscale is the network that doubles a frame's width and height. Its compiled
// form for macOS is where make models leaves it, in the source tree that the
// program was built from; programs that are carried elsewhere set Compiled.
func Upscale() metal.Network {
	folder, err := fs.Sub(files, "upscale.mlpackage")
	if err != nil {
		panic("BUG: the name of the embedded package is not a path: " + err.Error())
	}
	_, source, _, _ := runtime.Caller(0)
	return metal.Network{Name: "upscale", Package: folder, Compiled: filepath.Join(filepath.Dir(source), "upscale.mtlpackage")}
}
