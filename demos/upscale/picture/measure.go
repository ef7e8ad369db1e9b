package picture

import (
	"fmt"
	"image"
	"math"
)

// PSNR is the peak signal-to-noise ratio over red, green and blue in decibels:
// 10 log10(255^2 / mean squared error). Equal pictures have +Inf.
func PSNR(a, b *image.NRGBA) (float64, error) {
	if err := sameSize(a, b); err != nil {
		return 0, err
	}
	sum := 0.0
	w, h := a.Rect.Dx(), a.Rect.Dy()
	for y := range h {
		rowA, rowB := a.Pix[y*a.Stride:][:4*w], b.Pix[y*b.Stride:][:4*w]
		for i := range rowA {
			if i%4 == 3 {
				continue
			}
			d := float64(rowA[i]) - float64(rowB[i])
			sum += d * d
		}
	}
	return 10 * math.Log10(255*255*float64(3*w*h)/sum), nil
}

// SSIM is the mean structural similarity of luma, at most 1 for equal pictures:
// Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error
// visibility to structural similarity", IEEE TIP 13 (4), 2004; 11x11 Gaussian
// window of deviation 1.5, K1 = 0.01, K2 = 0.03, windows wholly inside. Both
// sides must be at least 11 pixels.
func SSIM(a, b *image.NRGBA) (float64, error) {
	if err := sameSize(a, b); err != nil {
		return 0, err
	}
	w, h := a.Rect.Dx(), a.Rect.Dy()
	if w < ssimWindow || h < ssimWindow {
		return 0, fmt.Errorf("picture: %dx%d is too small for SSIM: its windows are %d pixels", w, h, ssimWindow)
	}
	x, y := luma(a), luma(b)
	product := func(p, q []float64) []float64 {
		out := make([]float64, len(p))
		for i := range p {
			out[i] = p[i] * q[i]
		}
		return out
	}
	meanX, meanY := blur(x, w, h), blur(y, w, h)
	meanXX, meanYY, meanXY := blur(product(x, x), w, h), blur(product(y, y), w, h), blur(product(x, y), w, h)
	sum := 0.0
	for i := range meanX {
		sum += similarity(meanX[i], meanY[i], meanXX[i], meanYY[i], meanXY[i])
	}
	return sum / float64(len(meanX)), nil
}

const ssimWindow = 11

// similarity is equation 13 of the paper for one window, from its means.
func similarity(mx, my, mxx, myy, mxy float64) float64 {
	const c1, c2 = 0.01 * 255 * 0.01 * 255, 0.03 * 255 * 0.03 * 255
	return (2*mx*my + c1) * (2*(mxy-mx*my) + c2) /
		((mx*mx + my*my + c1) * (mxx - mx*mx + myy - my*my + c2))
}

// luma is Rec. 709's weighting of the encoded values, 0 to 255.
func luma(img *image.NRGBA) []float64 {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := make([]float64, 0, w*h)
	for y := range h {
		row := img.Pix[y*img.Stride:][:4*w]
		for x := range w {
			out = append(out, 0.2126*float64(row[4*x])+0.7152*float64(row[4*x+1])+0.0722*float64(row[4*x+2]))
		}
	}
	return out
}

// window is the 1D Gaussian of SSIM, its sum 1.
var window = func() (g [ssimWindow]float64) {
	sum := 0.0
	for i := range g {
		d := float64(i - ssimWindow/2)
		g[i] = math.Exp(-d * d / (2 * 1.5 * 1.5))
		sum += g[i]
	}
	for i := range g {
		g[i] /= sum
	}
	return g
}()

// blur averages over windows wholly inside: the result is smaller by 10 in both
// directions. The Gaussian separates into rows and columns.
func blur(in []float64, w, h int) []float64 {
	ow, oh := w-ssimWindow+1, h-ssimWindow+1
	rows := make([]float64, ow*h)
	for y := range h {
		for x := range ow {
			s := 0.0
			for i, g := range window {
				s += g * in[y*w+x+i]
			}
			rows[y*ow+x] = s
		}
	}
	out := make([]float64, ow*oh)
	for y := range oh {
		for x := range ow {
			s := 0.0
			for i, g := range window {
				s += g * rows[(y+i)*ow+x]
			}
			out[y*ow+x] = s
		}
	}
	return out
}

func sameSize(a, b *image.NRGBA) error {
	if a.Rect.Size() != b.Rect.Size() {
		return fmt.Errorf("picture: cannot compare %v with %v: sizes differ", a.Rect.Size(), b.Rect.Size())
	}
	return nil
}
