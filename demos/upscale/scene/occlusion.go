package scene

import "math"

// occlusion is how open the ground is to the sky, seen from above: side by side
// values over a square of meters by meters about the middle.
type occlusion struct{ open []float32 }

const (
	occlusionSide   = 512
	occlusionMeters = 64.0 // shaders/scene.frag knows it
)

func (o *occlusion) begin() {
	if o.open == nil {
		o.open = make([]float32, occlusionSide*occlusionSide)
		for i := range o.open {
			o.open[i] = 1
		}
	}
}

// each visits the texels of a rectangle in meters.
func (o *occlusion) each(x0, z0, x1, z1 float64, visit func(x, z float64, open *float32)) {
	o.begin()
	index := func(m float64) int {
		return int(clamp((m/occlusionMeters+0.5)*occlusionSide, 0, occlusionSide-1))
	}
	for j := index(z0); j <= index(z1); j++ {
		for i := index(x0); i <= index(x1); i++ {
			meters := func(k int) float64 { return ((float64(k)+0.5)/occlusionSide - 0.5) * occlusionMeters }
			visit(meters(i), meters(j), &o.open[j*occlusionSide+i])
		}
	}
}

// disc darkens the ground under and around a round thing.
func (o *occlusion) disc(x, z, radius float64) {
	reach := radius*1.6 + 0.3
	o.each(x-reach, z-reach, x+reach, z+reach, func(px, pz float64, open *float32) {
		d := math.Hypot(px-x, pz-z)
		*open *= float32(lerp(0.45, 1, smooth(radius*0.3, reach, d)))
	})
}

// outside darkens what lies near the houses and beyond their fronts.
func (o *occlusion) outside(side, back float64) {
	half := occlusionMeters / 2
	o.each(-half, -half, half, half, func(x, z float64, open *float32) {
		d := min(side-math.Abs(x), z+back)
		*open *= float32(lerp(0.42, 1, smooth(-0.3, 3.5, d)))
	})
}

// finish makes sure that there is a map.
func (o *occlusion) finish() { o.begin() }

// bytes are the values as 8-bit codes, row by row of growing z.
func (o *occlusion) bytes() []byte {
	out := make([]byte, len(o.open))
	for i, v := range o.open {
		out[i] = byte(unorm8(float64(v)))
	}
	return out
}
