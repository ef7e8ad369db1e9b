package picture

import "image"

// Bleed returns the picture with the color of every pixel that lets all light
// through replaced by that of the nearest pixels that do not, so that what lies
// hidden there, mostly black, does not show at the edges when the picture is
// enlarged. Alpha stays.
func Bleed(img *image.NRGBA) *image.NRGBA {
	out := toNRGBA(img)
	w, h := out.Rect.Dx(), out.Rect.Dy()
	known := make([]bool, w*h)
	var edge []int // pixels whose neighbors may be unknown, nearest first
	for i := range known {
		if known[i] = out.Pix[4*i+3] > 0; known[i] {
			edge = append(edge, i)
		}
	}
	// One ring of pixels after another, breadth first.
	for len(edge) > 0 {
		var ring []int
		for _, i := range edge {
			for _, n := range neighbors(i, w, h) {
				if n >= 0 && !known[n] {
					known[n] = true
					ring = append(ring, n)
					copy(out.Pix[4*n:4*n+3], out.Pix[4*i:4*i+3])
				}
			}
		}
		edge = ring
	}
	return out
}

// neighbors are the four pixels beside pixel i; -1 where there is none.
func neighbors(i, w, h int) [4]int {
	n := [4]int{i - 1, i + 1, i - w, i + w}
	if i%w == 0 {
		n[0] = -1
	}
	if i%w == w-1 {
		n[1] = -1
	}
	if i < w {
		n[2] = -1
	}
	if i/w == h-1 {
		n[3] = -1
	}
	return n
}
