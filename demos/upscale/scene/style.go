package scene

import "math"

// style is what a seed decides about light and colors. Light is in units in
// which a white wall in the noon sun has radiance 1 to 3.
type style struct {
	sun                              vec // direction to it
	sunLight                         vec
	glow                             float64 // sharpness of the sky's glow about the sun
	zenith, horizon, bounce          vec
	haze                             float64 // per meter, base 2
	exposure                         float64
	lit                              float64 // lamps: 0 by day, 1 at dusk
	cover, cloudSize, driftX, driftZ float64
	walls, trims, woods, bright      []vec // sRGB code values
}

// newStyle draws the time of day and the colors.
func newStyle(seed int64) style {
	c := newChance(seed, "style")
	var s style
	azimuth := c.sign() * c.between(0.35, 1.25) // from behind the camera
	var elevation float64
	warm := func(t float64) vec { return light(rgb(0xfff4e6)).mix(light(rgb(0xff9a4a)), t) }
	blue := vec{0.20, 0.42, 0.95}
	switch c.IntN(5) {
	case 0: // morning
		elevation = c.between(0.40, 0.60)
		s.sunLight, s.zenith, s.horizon = warm(0.25).mul(2.7), blue.mul(0.62), vec{0.80, 0.88, 0.98}
		s.haze, s.lit = 0.003, 0
	case 1: // noon
		elevation = c.between(0.70, 0.95)
		s.sunLight, s.zenith, s.horizon = warm(0.05).mul(3.0), blue.mul(0.70), vec{0.72, 0.86, 1.02}
		s.haze, s.lit = 0.0015, 0
	case 2: // late afternoon
		elevation = c.between(0.24, 0.36)
		s.sunLight, s.zenith, s.horizon = warm(0.62).mul(2.7), vec{0.16, 0.30, 0.62}.mul(0.8), vec{0.95, 0.72, 0.50}
		s.haze, s.lit = 0.004, 0.3
	case 3: // dusk
		elevation = c.between(0.14, 0.22)
		s.sunLight, s.zenith, s.horizon = light(rgb(0xff8a50)).mul(1.25), vec{0.07, 0.12, 0.30}, vec{0.55, 0.33, 0.30}
		s.haze, s.lit = 0.004, 1
	default: // bright haze
		elevation = c.between(0.45, 0.75)
		s.sunLight, s.zenith, s.horizon = warm(0.2).mul(1.9), vec{0.40, 0.50, 0.68}, vec{0.70, 0.75, 0.80}
		s.haze, s.lit = 0.005, 0.1
	}
	sin, cos := math.Sincos(elevation)
	s.sun = vec{math.Sin(azimuth) * cos, sin, math.Cos(azimuth) * cos}
	s.glow = c.between(30, 60)
	// What the ground sends back of sun and sky.
	s.bounce = s.sunLight.mul(0.10 * sin).add(s.horizon.mul(0.20)).scale(vec{1, 0.9, 0.78})
	s.exposure = 0.95 / (0.33*(s.sunLight.dot(vec{0.3, 0.6, 0.1})*(0.45+0.55*sin)) + 0.55*s.zenith.add(s.horizon).mul(0.5).dot(vec{0.3, 0.6, 0.1}))
	s.exposure = clamp(s.exposure, 0.7, 2.0)
	s.cover = c.between(0.35, 0.62)
	s.cloudSize, s.driftX, s.driftZ = c.between(0.9, 2.2), c.between(0, 50), c.between(0, 50)

	walls, bright := pick(c, wallColors...), pick(c, brightColors...)
	for i := range 7 {
		s.walls = append(s.walls, vary(c, rgb(walls[i%len(walls)])))
		s.bright = append(s.bright, vary(c, rgb(bright[i%len(bright)])))
		s.trims = append(s.trims, hsv(0.1, c.between(0, 0.12), c.between(0.80, 0.95)))
		s.woods = append(s.woods, hsv(0.05+0.04*c.Float64(), c.between(0.30, 0.60), c.between(0.32, 0.70)))
	}
	return s
}

// vary is a color a little off.
func vary(c chance, code vec) vec {
	k := c.between(0.92, 1.06)
	return vec{code.X * k * c.between(0.97, 1.03), code.Y * k, code.Z * k * c.between(0.97, 1.03)}
}

// wallColors are houses that stand well beside each other.
var wallColors = [][]uint32{
	{0xe3c48f, 0xd99a6c, 0xeadcc0, 0xc97b5a, 0xe8d3a4, 0xd8b08a, 0xf0e4cd}, // ochre and terracotta
	{0xf0ebe0, 0xdcd6ca, 0xc9cdd0, 0xe6dfd2, 0xb9b4aa, 0xf3efe6, 0xa9b1b5}, // chalk and gray
	{0xe9b7a0, 0xf1dcc0, 0xa9c0b4, 0xd8c9a8, 0x9fb6c9, 0xe8cdb5, 0xcf8f86}, // pastel
	{0x8fa3a8, 0xd7c8b0, 0xb86b4b, 0xe4dacb, 0x6f8791, 0xc9a27e, 0xefe6d8}, // harbor
	{0xd6574a, 0xe3a23f, 0x4f8fa0, 0xf0dcb2, 0x8c4f5f, 0x5f9a78, 0xe8c7a0}, // painted island
	{0xb9a58c, 0xd9cbb4, 0x9c8b78, 0xe9dfcd, 0xc7b299, 0xa99a86, 0xddd0bb}, // sandstone
}

// brightColors are for cloth, doors, shutters, pots and signs.
var brightColors = [][]uint32{
	{0xb23a2e, 0x27536b, 0xd9a441, 0x2f6b52, 0x8a2f3c, 0x3f7f8c, 0xd07a3a},
	{0x1f4e79, 0xc8452f, 0xe0b04a, 0x3b7d6e, 0x6d3b5e, 0x2d6f9e, 0xa63d40},
	{0x2e5d4b, 0xa84832, 0x274060, 0xcf9b3c, 0x5b7f4a, 0x7d2e3a, 0x3a6b7c},
	{0xc4472f, 0xe08a2e, 0xdfb94e, 0x2f7f86, 0x23506b, 0x8d3b52, 0x4b8a5f},
	{0x6b2737, 0x1d3f4f, 0xb98b3e, 0x44624a, 0x935135, 0x2f4a7a, 0x7a4f7d},
	{0x2a9d8f, 0xe76f51, 0xe9c46a, 0x264653, 0xf4a261, 0x8a3f4d, 0x3e7cb1},
}
