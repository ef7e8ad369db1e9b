package picture

import (
	"image"

	"golang.org/x/image/draw"
)

// Bilinear enlarges a picture by linear interpolation.
func Bilinear(img *image.NRGBA, width, height int) *image.NRGBA {
	return enlarge(draw.BiLinear, img, width, height)
}

// Bicubic enlarges a picture by the cubic convolution of Keys (1981) with
// a = -1/2, the Catmull-Rom spline.
func Bicubic(img *image.NRGBA, width, height int) *image.NRGBA {
	return enlarge(draw.CatmullRom, img, width, height)
}

// Nearest enlarges a picture by repeating pixels.
func Nearest(img *image.NRGBA, width, height int) *image.NRGBA {
	return enlarge(draw.NearestNeighbor, img, width, height)
}

func enlarge(filter draw.Interpolator, img *image.NRGBA, width, height int) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	filter.Scale(out, out.Rect, img, img.Rect, draw.Src, nil)
	return out
}
