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
	hue                              float64
}

// newStyle draws the time of day and the colors.
func newStyle(seed int64) style {
	c := newChance(seed, "style")
	var s style
	azimuth := c.sign() * c.between(0.45, 1.75) // from behind the camera
	var elevation float64
	warm := func(t float64) vec { return light(rgb(0xfff4e6)).mix(light(rgb(0xff9a4a)), t) }
	blue := vec{0.20, 0.42, 0.95}
	switch c.IntN(5) {
	case 0: // morning
		elevation = c.between(0.40, 0.60)
		s.sunLight, s.zenith, s.horizon = warm(0.25).mul(2.7), blue.mul(0.62), vec{0.80, 0.88, 0.98}
		s.haze, s.lit = 0.004, 0
	case 1: // noon
		elevation = c.between(0.70, 0.95)
		s.sunLight, s.zenith, s.horizon = warm(0.05).mul(3.0), blue.mul(0.70), vec{0.72, 0.86, 1.02}
		s.haze, s.lit = 0.002, 0
	case 2: // late afternoon
		elevation = c.between(0.24, 0.36)
		s.sunLight, s.zenith, s.horizon = warm(0.62).mul(2.7), vec{0.16, 0.30, 0.62}.mul(0.8), vec{0.95, 0.72, 0.50}
		s.haze, s.lit = 0.007, 0.25
	case 3: // dusk
		elevation = c.between(0.14, 0.22)
		s.sunLight, s.zenith, s.horizon = light(rgb(0xff8048)).mul(1.5), vec{0.10, 0.13, 0.32}.mul(0.9), vec{0.66, 0.36, 0.34}
		s.haze, s.lit = 0.008, 1
	default: // bright haze
		elevation = c.between(0.45, 0.75)
		s.sunLight, s.zenith, s.horizon = warm(0.2).mul(1.5), vec{0.52, 0.60, 0.74}, vec{0.86, 0.88, 0.90}
		s.haze, s.lit = 0.012, 0.1
	}
	sin, cos := math.Sincos(elevation)
	s.sun = vec{math.Sin(azimuth) * cos, sin, math.Cos(azimuth) * cos}
	s.glow = c.between(30, 60)
	// What the ground sends back of sun and sky.
	s.bounce = s.sunLight.mul(0.10 * sin).add(s.horizon.mul(0.16)).scale(vec{1, 0.9, 0.78})
	s.exposure = 1.05 / (0.33*(s.sunLight.dot(vec{0.3, 0.6, 0.1})*(0.45+0.55*sin)) + 0.55*s.zenith.add(s.horizon).mul(0.5).dot(vec{0.3, 0.6, 0.1}))
	s.exposure = clamp(s.exposure, 0.8, 2.0)
	s.cover = c.between(0.25, 0.62)
	s.cloudSize, s.driftX, s.driftZ = c.between(0.9, 2.2), c.between(0, 50), c.between(0, 50)

	s.hue = c.Float64()
	family := c.IntN(3)
	for i := range 7 {
		switch family {
		case 0: // warm plaster
			s.walls = append(s.walls, hsv(0.04+0.10*c.Float64(), c.between(0.12, 0.50), c.between(0.68, 0.95)))
		case 1: // all hues, pale
			s.walls = append(s.walls, hsv(s.hue+float64(i)*0.381966, c.between(0.15, 0.42), c.between(0.66, 0.92)))
		default: // one hue and grays
			s.walls = append(s.walls, hsv(s.hue, c.between(0.0, 0.38), c.between(0.52, 0.94)))
		}
		s.trims = append(s.trims, hsv(0.1, c.between(0, 0.12), c.between(0.78, 0.96)))
		s.woods = append(s.woods, hsv(0.05+0.05*c.Float64(), c.between(0.25, 0.6), c.between(0.30, 0.75)))
		s.bright = append(s.bright, hsv(s.hue+0.5+float64(i)*0.381966, c.between(0.6, 0.9), c.between(0.45, 0.85)))
	}
	return s
}
