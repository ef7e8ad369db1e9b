package scene

import "math"

// dais adds round steps and returns a brush on top of them.
func (t *town) dais(b brush, c chance, radius float64) brush {
	m := pick(c, ashlar, tiles, mosaic)
	tint := hsv(0.1, c.between(0.02, 0.15), c.between(0.62, 0.9))
	for i := range 3 {
		r := radius - 0.35*float64(i)
		b.of(ashlar, tint).lathe([]ring{{r, 0}, {r, 0.14}, {r - 0.37, 0.14}}, 48, false)
		b = b.at(0, 0.14, 0)
	}
	b.of(m, tint).cap(vec{}, vec{0, 1, 0}, radius-1.0, 48)
	return b
}

// centerpiece adds what stands in the middle of the square.
func (t *town) centerpiece(b brush, c chance) {
	switch c.IntN(5) {
	case 0:
		t.fountain(b, c, true)
	case 1:
		t.fountain(b, c, false)
	case 2:
		t.clock(t.dais(b, c, 2.4), c)
	case 3:
		t.knot(t.dais(b, c, 2.6), c)
	default:
		t.rotor(t.dais(b, c, 2.4), c)
	}
}

// fountain adds a basin of glazed tiles with an armillary sphere or bowls.
func (t *town) fountain(b brush, c chance, sphere bool) {
	stone := b.of(ashlar, hsv(0.1, 0.08, c.between(0.65, 0.85)))
	stone.lathe([]ring{{2.5, 0}, {2.5, 0.14}, {2.15, 0.14}, {2.15, 0.55}, {2.22, 0.58}, {2.22, 0.68}, {1.85, 0.68}, {1.85, 0.3}}, 40, false)
	b.of(mosaic, pick(c, t.style.bright...)).lathe([]ring{{2.158, 0.2}, {2.158, 0.5}}, 40, false)
	b.of(water, vec{0.05, 0.12, 0.13}).cap(vec{0, 0.52, 0}, vec{0, 1, 0}, 1.86, 40)
	stone.lathe([]ring{{0.55, 0.4}, {0.5, 0.6}, {0.24, 0.8}, {0.2, 1.4}, {0.34, 1.6}, {0.38, 1.7}, {0, 1.7}}, 24, false)
	if !sphere {
		glaze := b.of(gloss, pick(c, t.style.bright...))
		glaze.at(0, 1.65, 0).lathe([]ring{{0.1, 0}, {0.5, 0.08}, {0.95, 0.32}, {1.0, 0.4}, {0.94, 0.4}, {0.5, 0.2}, {0, 0.16}}, 36, true)
		glaze.at(0, 1.8, 0).lathe([]ring{{0.12, 0}, {0.09, 0.5}, {0.14, 0.6}}, 16, true)
		glaze.at(0, 2.4, 0).lathe([]ring{{0.06, 0}, {0.3, 0.06}, {0.52, 0.22}, {0.55, 0.28}, {0.5, 0.28}, {0.25, 0.14}, {0, 0.12}}, 28, true)
		glaze.at(0, 2.5, 0).lathe([]ring{{0.08, 0}, {0.05, 0.3}, {0.16, 0.5}, {0.1, 0.72}, {0.02, 0.9}, {0, 0.92}}, 16, true)
		b.of(water, vec{0.05, 0.12, 0.13}).cap(vec{0, 2.0, 0}, vec{0, 1, 0}, 0.92, 30)
		for k := range 10 { // falling water
			s, cos := math.Sincos(2 * math.Pi * float64(k) / 10)
			b.of(glass, vec{0.55, 0.62, 0.66}).tube([]vec{{0.99 * cos, 2.05, 0.99 * s}, {1.12 * cos, 1.95, 1.12 * s}, {1.22 * cos, 1.5, 1.22 * s}, {1.3 * cos, 0.5, 1.3 * s}}, 0.018, 5, false)
		}
		return
	}
	center := vec{0, 2.75, 0}
	metal := pick(c, brass, brushed)
	tint := rgb(0xe8c070)
	if metal == brushed {
		tint = gray(0.85)
	}
	b.of(metal, tint).rod(vec{0, 1.7, 0}, vec{0, 1.85, 0}, 0.09, 12)
	for i, r := range []float64{1.0, 0.86, 0.72} {
		axis := []vec{{0, 1, 0}, {1, 0, 0}, {0.6, 0, 0.8}}[i]
		part := t.part(motion{pivot: b.to.apply(center), axis: axis, facing: identity, spin: []float64{0.35, 0.6, -0.9}[i] * c.between(0.7, 1.3), phase: c.between(0, 6)})
		p := b.as(part).of(metal, tint)
		tilt := p.turned(vec{1, 0, 0}, float64(i)*0.7)
		tilt.band(r, 0.045, 0.13, 64)
		if i == 0 {
			for k := range 24 {
				tilt.turned(vec{0, 0, 1}, 2*math.Pi*float64(k)/24).at(r, 0, 0).box(vec{0.02, -0.008, -0.08}, vec{0.05, 0.008, 0.08})
			}
		}
		p.rod(axis.mul(-r-0.06), axis.mul(r+0.06), 0.018, 6)
	}
	b.place(center).of(gloss, pick(c, t.style.bright...)).ball(0.34, 32)
}

// band adds a flat ring about the z axis.
func (b brush) band(radius, thick, wide float64, sides int) {
	b.turned(vec{1, 0, 0}, math.Pi/2).lathe([]ring{
		{radius - thick/2, wide / 2}, {radius - thick/2, -wide / 2}, {radius + thick/2, -wide / 2}, {radius + thick/2, wide / 2}, {radius - thick/2, wide / 2},
	}, sides, false)
}

// clock adds a column with four dials whose hands turn.
func (t *town) clock(b brush, c chance) {
	coat := pick(c, t.style.bright...).mul(0.7)
	iron := b.of(gloss, coat)
	iron.lathe([]ring{{0.5, 0}, {0.5, 0.25}, {0.32, 0.4}, {0.28, 1.0}, {0.34, 1.06}, {0.34, 1.14}, {0.20, 1.25}, {0.15, 3.2}, {0.26, 3.35}, {0.26, 3.45}, {0.12, 3.5}}, 20, false)
	for k := range 10 {
		s, cos := math.Sincos(2 * math.Pi * float64(k) / 10)
		b.of(brass, rgb(0xe0b860)).rod(vec{0.19 * cos, 1.25, 0.19 * s}, vec{0.15 * cos, 3.2, 0.15 * s}, 0.014, 5)
	}
	head := b.at(0, 4.15, 0)
	head.of(gloss, coat).box(vec{-0.62, -0.66, -0.62}, vec{0.62, 0.66, 0.62})
	head.of(brass, rgb(0xe0b860)).at(0, 0.66, 0).lathe([]ring{{0.95, 0}, {0.95, 0.06}, {0.7, 0.2}, {0.3, 0.34}, {0.12, 0.6}, {0.03, 0.9}, {0, 1.0}}, 4, false)
	face := pick(c, t.faces...)
	for k := range 4 {
		side := head.turned(vec{0, 1, 0}, math.Pi/2*float64(k)).at(0, 0, 0.625)
		t.dial(side, c, face, 0.56)
	}
}

// dial adds a clock face in the plane z = 0.
func (t *town) dial(b brush, c chance, face *lettering, radius float64) {
	glow := b.of(paint, vec{0.96, 0.95, 0.90})
	if t.style.lit > 0.5 {
		glow = b.of(neon, vec{0.42, 0.40, 0.34})
	}
	glow.cap(vec{}, vec{0, 0, 1}, radius, 40)
	b.of(brass, rgb(0xe0b860)).tube(circle(vec{}, vec{1, 0, 0}, vec{0, 1, 0}, radius, 40), 0.035*radius/0.56, 7, true)
	ink := b.of(paint, vec{0.05, 0.05, 0.06})
	for i, roman := range []string{"XII", "I", "II", "III", "IIII", "V", "VI", "VII", "VIII", "IX", "X", "XI"} {
		a := 2 * math.Pi * float64(i) / 12
		ink.turned(vec{0, 0, 1}, -a).at(0, radius*0.74, 0.004).text(face, roman, radius*0.23, 0)
	}
	for i := range 60 {
		w := 0.006 * radius
		if i%5 == 0 {
			w *= 2.5
		}
		ink.turned(vec{0, 0, 1}, 2*math.Pi*float64(i)/60).at(0, radius*0.88, 0.003).quad(vec{-w, 0, 0}, vec{w, 0, 0}, vec{w, 0.06 * radius, 0}, vec{-w, 0.06 * radius, 0})
	}
	pivot, axis := b.to.apply(vec{0, 0, 0.012}), b.to.turn(vec{0, 0, 1})
	start := c.between(0, 6)
	for i, l := range []float64{0.8, 0.5} {
		hand := t.part(motion{pivot: pivot.add(axis.mul(0.012 * float64(i))), axis: axis, facing: b.to, spin: []float64{-0.5, -0.5 / 12}[i], phase: start})
		p := b.as(hand).of(paint, vec{0.04, 0.04, 0.05})
		w := (0.025 + 0.012*float64(i)) * radius
		p.quad(vec{-w, -0.15 * radius, 0}, vec{w, -0.15 * radius, 0}, vec{w * 0.4, l * radius, 0}, vec{-w * 0.4, l * radius, 0})
	}
}

// knot adds a glossy torus knot that turns.
func (t *town) knot(b brush, c chance) {
	b.of(ashlar, hsv(0.1, 0.06, 0.75)).lathe([]ring{{0.75, 0}, {0.75, 0.2}, {0.6, 0.25}, {0.55, 1.1}, {0.68, 1.2}, {0.68, 1.3}, {0, 1.3}}, 8, false)
	part := t.part(motion{pivot: b.to.apply(vec{0, 2.75, 0}), axis: vec{0, 1, 0}, facing: identity, spin: c.between(0.2, 0.4), phase: c.between(0, 6)})
	p, q := 2.0, 3.0
	if c.yes(0.5) {
		p, q = 3, 4
	}
	const n = 260
	path := make([]vec, n)
	for i := range path {
		a := 2 * math.Pi * float64(i) / n
		r := 0.95 * (1 + 0.38*math.Cos(q*a))
		path[i] = vec{r * math.Cos(p*a), r * math.Sin(p*a) * 0.98, 0.62 * math.Sin(q*a)}
	}
	m, tint := pick(c, gloss, brass, brushed), pick(c, t.style.bright...)
	switch m {
	case brass:
		tint = pick(c, rgb(0xf0c674), rgb(0xe09a6a))
	case brushed:
		tint = gray(0.9)
	}
	b.as(part).of(m, tint).tube(path, 0.17, 20, true)
}

// rotor adds a wind sculpture: two wheels of blades against each other.
func (t *town) rotor(b brush, c chance) {
	b.of(brushed, gray(0.7)).lathe([]ring{{0.4, 0}, {0.4, 0.05}, {0.12, 0.12}, {0.08, 1.2}, {0.05, 4.2}, {0, 4.25}}, 16, false)
	for i, y := range []float64{3.3, 3.3} {
		z := 0.18 - 0.36*float64(i)
		part := t.part(motion{pivot: b.to.apply(vec{0, y, z}), axis: b.to.turn(vec{0, 0, 1}), facing: b.to, spin: []float64{0.7, -0.55}[i], phase: c.between(0, 6)})
		wheel := b.as(part)
		const n = 14
		for k := range n {
			blade := wheel.turned(vec{0, 0, 1}, 2*math.Pi*float64(k)/n)
			blade.of(wire, vec{0.2, 0.2, 0.21}).rod(vec{0.05, 0, 0}, vec{1.55, 0, 0}, 0.012, 5)
			cup := blade.at(1.25, 0, 0).turned(vec{1, 0, 0}, 0.6)
			m, tint := gloss, t.style.bright[i]
			if k%2 == 0 {
				m, tint = brass, rgb(0xe8b878)
			}
			s := cup.of(m, tint)
			s.sheet(vec{-0.28, -0.13, 0}, vec{0.30, -0.19, 0}, vec{0.30, 0.19, 0}, vec{-0.28, 0.13, 0})
		}
		wheel.of(brass, rgb(0xe0b860)).ball(0.11, 14)
		wheel.of(brushed, gray(0.8)).tube(circle(vec{}, vec{1, 0, 0}, vec{0, 1, 0}, 0.75, 48), 0.012, 5, true)
	}
}
