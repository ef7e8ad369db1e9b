package scene

import "math"

// decode is the sRGB curve from code values in [0, 1] to linear light, encode
// its inverse.
func decode(c float64) float64 {
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

func encode(c float64) float64 {
	if c <= 0.0031308 {
		return 12.92 * c
	}
	return 1.055*math.Pow(c, 1/2.4) - 0.055
}

// curves are decode and encode in steps, for textures: encode by the square root
// of light, which spreads the dark end.
type curves struct{ decoded, encoded [1024]float64 }

func newCurves() *curves {
	c := &curves{}
	for i := range c.decoded {
		x := float64(i) / 1023
		c.decoded[i], c.encoded[i] = decode(x), encode(x*x)
	}
	return c
}

func between(table *[1024]float64, x float64) float64 {
	x = clamp(x, 0, 1) * 1023
	i := min(int(x), 1022)
	return lerp(table[i], table[i+1], x-float64(i))
}

func (c *curves) decode(x float64) float64 { return between(&c.decoded, x) }
func (c *curves) encode(x float64) float64 { return between(&c.encoded, math.Sqrt(max(x, 0))) }

// rgb is a color by its sRGB code values, such as 0xc84b31.
func rgb(hex uint32) vec {
	return vec{float64(hex>>16&255) / 255, float64(hex>>8&255) / 255, float64(hex&255) / 255}
}

// hsv is a color by hue in turns, saturation and value, as sRGB code values.
func hsv(h, s, v float64) vec {
	h = (h - math.Floor(h)) * 6
	channel := func(n float64) float64 {
		k := math.Mod(n+h, 6)
		return v - v*s*clamp(min(k, 4-k), 0, 1)
	}
	return vec{channel(5), channel(3), channel(1)}
}

// light is a color in linear light.
func light(code vec) vec { return vec{decode(code.X), decode(code.Y), decode(code.Z)} }

func unorm8(x float64) uint32 { return uint32(clamp(x, 0, 1)*255 + 0.5) }
