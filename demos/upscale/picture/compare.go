package picture

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Labelled is a picture with its name, as Compare shows it.
type Labelled struct {
	Label   string
	Picture *image.NRGBA
}

// The layout of a comparison, in pixels. Details are shown at twice their size
// so that single pixels can be told apart.
const (
	detailWidth, detailHeight = 160, 120
	detailZoom                = 2
	gap                       = 8
	captionHeight             = 28
)

// Compare lays the same details of several pictures side by side: a column a
// picture, its label on top, a row a detail. All pictures have one size, at
// least that of a detail, 160x120.
func Compare(columns []Labelled, details []image.Point) (*image.NRGBA, error) {
	face, err := captionFace()
	if err != nil {
		return nil, err
	}
	const cellWidth, cellHeight = detailZoom * detailWidth, detailZoom * detailHeight
	sheet := image.NewNRGBA(image.Rect(0, 0,
		gap+len(columns)*(cellWidth+gap), captionHeight+gap+len(details)*(cellHeight+gap)))
	draw.Draw(sheet, sheet.Rect, image.NewUniform(color.NRGBA{24, 24, 27, 255}), image.Point{}, draw.Src)
	for c, column := range columns {
		left := gap + c*(cellWidth+gap)
		caption(sheet, face, column.Label, left, cellWidth)
		for r, at := range details {
			crop := image.Rectangle{at, at.Add(image.Pt(detailWidth, detailHeight))}
			if !crop.In(column.Picture.Rect) {
				return nil, fmt.Errorf("picture: the detail %v lies outside %q, %v", crop, column.Label, column.Picture.Rect)
			}
			part := toNRGBA(column.Picture.SubImage(crop))
			top := captionHeight + gap + r*(cellHeight+gap)
			draw.Draw(sheet, image.Rect(left, top, left+cellWidth, top+cellHeight), Nearest(part, cellWidth, cellHeight), image.Point{}, draw.Src)
		}
	}
	return sheet, nil
}

// Details picks up to n places of a comparison: those where a picture is
// farthest from the reference for what there is to see, none overlapping another.
func Details(img, reference *image.NRGBA, n int) ([]image.Point, error) {
	if err := sameSize(img, reference); err != nil {
		return nil, err
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var picked []image.Point
	for range n {
		best, bestError := image.Point{}, -1.0
		for y := 0; y+detailHeight <= h; y += detailHeight / 4 {
			for x := 0; x+detailWidth <= w; x += detailWidth / 4 {
				p := image.Pt(x, y)
				if overlapsAny(p, picked) {
					continue
				}
				if e := relativeError(img, reference, p); e > bestError {
					best, bestError = p, e
				}
			}
		}
		if bestError < 0 {
			break
		}
		picked = append(picked, best)
	}
	return picked, nil
}

func overlapsAny(p image.Point, others []image.Point) bool {
	for _, o := range others {
		if math.Abs(float64(p.X-o.X)) < detailWidth && math.Abs(float64(p.Y-o.Y)) < detailHeight {
			return true
		}
	}
	return false
}

// relativeError is how far a detail is from the reference, in the reference's
// own contrast there: so a railing before the sky counts as much as a tree,
// whose leaves make larger differences without being missed. Green carries most
// of luma and stands for it.
func relativeError(img, reference *image.NRGBA, at image.Point) float64 {
	var errors, sum, squares float64
	for y := at.Y; y < at.Y+detailHeight; y++ {
		for x := at.X; x < at.X+detailWidth; x++ {
			r := float64(reference.Pix[reference.PixOffset(x, y)+1])
			d := float64(img.Pix[img.PixOffset(x, y)+1]) - r
			errors, sum, squares = errors+d*d, sum+r, squares+r*r
		}
	}
	const n = detailWidth * detailHeight
	const visible = 300 // variance below which there is little to see
	return errors / (squares - sum*sum/n + visible*n)
}

func captionFace() (font.Face, error) {
	parsed, err := opentype.Parse(gomedium.TTF)
	if err != nil {
		return nil, fmt.Errorf("picture: caption font: %w", err)
	}
	return opentype.NewFace(parsed, &opentype.FaceOptions{Size: 17, DPI: 72, Hinting: font.HintingFull})
}

func caption(sheet *image.NRGBA, face font.Face, text string, left, width int) {
	d := font.Drawer{Dst: sheet, Src: image.NewUniform(color.NRGBA{235, 235, 240, 255}), Face: face}
	indent := max((width-d.MeasureString(text).Ceil())/2, 0)
	d.Dot = fixed.P(left+indent, captionHeight-7)
	d.DrawString(text)
}
