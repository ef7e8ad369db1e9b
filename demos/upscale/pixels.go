package main

import (
	"fmt"
	"image"

	"weft/graph"
	"weft/metal"
	"weft/passes"
)

// readImage makes a picture of what a pass has read from a texture of rgba8 or
// bgra8.
func readImage(plan *graph.Plan, read *passes.ReadTexture, d metal.TextureDescriptor) (*image.NRGBA, error) {
	pixels := read.Pixels(plan)
	img := image.NewNRGBA(image.Rect(0, 0, d.Width, d.Height))
	if len(pixels) != len(img.Pix) {
		return nil, fmt.Errorf("BUG: %s read %d bytes of a picture of %d", read.Name, len(pixels), len(img.Pix))
	}
	copy(img.Pix, pixels)
	if d.Format == metal.PixelFormatBGRA8Unorm {
		for i := 0; i < len(img.Pix); i += 4 {
			img.Pix[i], img.Pix[i+2] = img.Pix[i+2], img.Pix[i]
		}
	}
	return img, nil
}
