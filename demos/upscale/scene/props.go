package scene

import "math"

// lampPost adds a street lamp that shines.
func (t *town) lampPost(b brush, arms int) {
	iron := b.of(paint, vec{0.10, 0.13, 0.12})
	iron.lathe([]ring{{0.20, 0}, {0.20, 0.12}, {0.13, 0.2}, {0.11, 0.7}, {0.07, 0.8}, {0.055, 1.0}, {0.045, 3.3}, {0.07, 3.34}, {0.07, 3.4}, {0.03, 3.46}}, 14, false)
	if arms == 1 {
		t.lantern(b.at(0, 3.46, 0))
		t.shine(b.to.apply(vec{0, 3.72, 0}), 9)
		return
	}
	for k := range arms {
		s, c := math.Sincos(2 * math.Pi * float64(k) / float64(arms))
		iron.tube([]vec{{0, 3.2, 0}, {0.3 * c, 3.2, 0.3 * s}, {0.5 * c, 3.35, 0.5 * s}, {0.55 * c, 3.5, 0.55 * s}}, 0.022, 7, false)
		t.lantern(b.at(0.55*c, 3.5, 0.55*s))
	}
	t.shine(b.to.apply(vec{0, 3.7, 0}), 10)
}

// lantern adds a six-sided lantern standing on its bottom.
func (t *town) lantern(b brush) {
	iron := b.of(paint, vec{0.10, 0.13, 0.12})
	iron.lathe([]ring{{0.05, 0}, {0.10, 0.03}, {0.10, 0.06}}, 6, false)
	b.of(bulb, vec{1, 0.82, 0.55}).lathe([]ring{{0.09, 0.06}, {0.15, 0.40}}, 6, false)
	iron.lathe([]ring{{0.18, 0.40}, {0.18, 0.43}, {0.07, 0.55}, {0.02, 0.57}, {0.02, 0.65}, {0, 0.66}}, 6, false)
	for k := range 6 {
		s, c := math.Sincos(2 * math.Pi * float64(k) / 6)
		iron.rod(vec{0.10 * c, 0.06, -0.10 * s}, vec{0.16 * c, 0.41, -0.16 * s}, 0.009, 4)
	}
}

// wallLamp adds a lantern on a bracket; the wall is the plane z = 0.
func (t *town) wallLamp(b brush) {
	iron := b.of(paint, vec{0.08, 0.09, 0.09})
	iron.tube([]vec{{0, 0, 0}, {0, 0.12, 0.12}, {0, 0.12, 0.3}}, 0.014, 6, false)
	iron.box(vec{-0.05, -0.1, 0}, vec{0.05, 0.12, 0.02})
	t.lantern(b.at(0, 0.12, 0.3).scaled(0.6))
}

// bench adds a bench of slats on iron legs, its back at negative z.
func (t *town) bench(b brush, c chance) {
	wood := b.of(planks, pick(c, t.style.woods...).mul(1.1))
	for i := range 4 {
		wood.at(0, 0.44, 0.05+0.11*float64(i)).block(1.7, 0.035, 0.085)
	}
	back := b.at(0, 0.52, 0).turned(vec{1, 0, 0}, -0.22)
	for i := range 3 {
		back.of(planks, wood.tint).at(0, 0.04+0.13*float64(i), 0).block(1.7, 0.095, 0.03)
	}
	iron := b.of(wire, vec{0.07, 0.08, 0.08})
	for _, x := range []float64{-0.7, 0.7} {
		iron.tube([]vec{{x, 0, 0.42}, {x, 0.40, 0.40}, {x, 0.43, 0.05}, {x, 0.52, -0.02}, {x, 0.95, -0.13}}, 0.018, 6, false)
		iron.tube([]vec{{x, 0, 0}, {x, 0.42, 0.06}}, 0.018, 6, false)
		iron.tube([]vec{{x, 0.62, -0.04}, {x, 0.66, 0.25}, {x, 0.60, 0.42}, {x, 0.43, 0.40}}, 0.014, 6, false)
	}
}

// table adds a café table with chairs and perhaps a parasol.
func (t *town) table(b brush, c chance, parasol bool) {
	iron := b.of(wire, vec{0.08, 0.09, 0.09})
	top := b.at(0, 0.72, 0)
	switch c.IntN(3) {
	case 0:
		top.of(mosaic, pick(c, t.style.bright...)).cap(vec{0, 0.02, 0}, vec{0, 1, 0}, 0.38, 28)
	case 1:
		top.of(gloss, vec{0.95, 0.94, 0.92}).cap(vec{0, 0.02, 0}, vec{0, 1, 0}, 0.38, 28)
	default:
		top.of(planks, pick(c, t.style.woods...)).cap(vec{0, 0.02, 0}, vec{0, 1, 0}, 0.38, 28)
	}
	top.of(brushed, gray(0.7)).lathe([]ring{{0, -0.01}, {0.38, -0.01}, {0.39, 0}, {0.38, 0.02}}, 28, false)
	iron.rod(vec{0, 0.03, 0}, vec{0, 0.71, 0}, 0.022, 8)
	for k := range 3 {
		s, cos := math.Sincos(2*math.Pi*float64(k)/3 + 0.3)
		iron.tube([]vec{{0.3 * cos, 0.01, 0.3 * s}, {0.12 * cos, 0.06, 0.12 * s}, {0, 0.12, 0}}, 0.014, 5, false)
	}
	// Cups, a bottle.
	cup := top.of(gloss, pick(c, vec{0.95, 0.95, 0.93}, t.style.bright[1], t.style.bright[2]))
	for range 2 {
		p := cup.at(c.between(-0.2, 0.2), 0.02, c.between(-0.2, 0.2))
		p.lathe([]ring{{0.02, 0}, {0.03, 0.005}, {0.042, 0.06}, {0.038, 0.06}, {0.02, 0.01}, {0, 0.01}}, 12, true)
		p.lathe([]ring{{0, 0.002}, {0.07, 0.008}, {0.07, 0.011}, {0, 0.011}}, 14, false)
	}
	top.of(glass, vec{0.10, 0.30, 0.16}).at(c.between(-0.1, 0.1), 0.02, c.between(-0.1, 0.1)).lathe([]ring{{0, 0}, {0.037, 0.005}, {0.037, 0.15}, {0.013, 0.22}, {0.013, 0.28}, {0, 0.28}}, 12, true)
	chairs := 2 + c.IntN(2)
	tint := pick(c, t.style.bright...)
	for k := range chairs {
		t.chair(b.turned(vec{0, 1, 0}, 2*math.Pi*float64(k)/float64(chairs)+c.between(-0.3, 0.3)).at(0, 0, 0.72), tint)
	}
	if !parasol {
		return
	}
	b.of(boards, vec{0.75, 0.68, 0.58}).rod(vec{0, 0.7, 0}, vec{0, 2.75, 0}, 0.02, 8)
	shades := [2]vec{pick(c, t.style.bright...), {0.95, 0.93, 0.88}}
	const n = 8
	for k := range n {
		p := func(i int, r, y float64) vec {
			s, cos := math.Sincos(2 * math.Pi * float64(i) / n)
			return vec{r * cos, y, r * s}
		}
		s := b.of(canvas, shades[k%2])
		s.face(vec{0, 2.7, 0}, p(k+1, 1.35, 2.15), p(k, 1.35, 2.15))
		s.sheet(p(k, 1.35, 2.0), p(k+1, 1.35, 2.0), p(k+1, 1.35, 2.15), p(k, 1.35, 2.15))
		b.of(wire, gray(0.7)).rod(vec{0, 2.66, 0}, p(k, 1.33, 2.13), 0.006, 3)
	}
}

// chair adds a chair of bent wire that faces negative z.
func (t *town) chair(b brush, tint vec) {
	iron := b.of(wire, vec{0.09, 0.10, 0.10})
	for _, x := range []float64{-0.18, 0.18} {
		iron.tube([]vec{{x, 0, -0.18}, {x, 0.44, -0.17}}, 0.011, 5, false)
		iron.tube([]vec{{x * 1.1, 0, 0.22}, {x, 0.44, 0.17}, {x, 0.86, 0.22}}, 0.011, 5, false)
	}
	iron.tube([]vec{{-0.18, 0.86, 0.22}, {0, 0.9, 0.24}, {0.18, 0.86, 0.22}}, 0.011, 5, false)
	for i := range 6 {
		s := b.of(boards, tint)
		s.at(0, 0.44, -0.17+0.066*float64(i)).block(0.4, 0.018, 0.05)
		if i < 3 {
			s.at(0, 0.56+0.1*float64(i), 0.19+0.008*float64(i)).block(0.38, 0.06, 0.015)
		}
	}
}

// stall adds a market stall, its open side at positive z.
func (t *town) stall(b brush, c chance) {
	wood := b.of(planks, pick(c, t.style.woods...))
	for _, x := range []float64{-1.1, 1.1} {
		wood.beam(vec{x, 0, -0.6}, vec{x, 2.5, -0.6}, 0.07, 0.07)
		wood.beam(vec{x, 0, 0.6}, vec{x, 2.15, 0.6}, 0.07, 0.07)
	}
	wood.at(0, 0, 0.1).box(vec{-1.15, 0.72, -0.5}, vec{1.15, 0.78, 0.55})
	wood.at(0, 0, 0.1).box(vec{-1.12, 0.1, 0.48}, vec{1.12, 0.72, 0.52})
	shades := [2]vec{pick(c, t.style.bright...), {0.94, 0.92, 0.86}}
	const n = 10
	for i := range n {
		x0, x1 := -1.35+2.7*float64(i)/n, -1.35+2.7*float64(i+1)/n
		s := b.of(canvas, shades[i%2])
		s.sheet(vec{x0, 2.12, 0.95}, vec{x1, 2.12, 0.95}, vec{x1, 2.62, -0.8}, vec{x0, 2.62, -0.8})
		s.sheet(vec{x0, 1.92, 0.96}, vec{x1, 1.92, 0.96}, vec{x1, 2.12, 0.95}, vec{x0, 2.12, 0.95})
	}
	for i := range 4 { // crates of fruit, tilted to the buyer
		crate := b.at(-0.82+0.545*float64(i), 0.80, 0.12).turned(vec{1, 0, 0}, 0.28)
		slat := crate.of(planks, vec{0.80, 0.66, 0.46})
		for k := range 3 {
			y := 0.05 * float64(k)
			slat.at(0, y, 0.25).block(0.5, 0.035, 0.012)
			slat.at(0, y, -0.25).block(0.5, 0.035, 0.012)
			slat.at(0.245, y, 0).block(0.012, 0.035, 0.5)
			slat.at(-0.245, y, 0).block(0.012, 0.035, 0.5)
		}
		fruit := pick(c, hsv(0.01, 0.8, 0.75), hsv(0.08, 0.9, 0.95), hsv(0.14, 0.8, 0.95), hsv(0.25, 0.65, 0.6), hsv(0.8, 0.5, 0.4), hsv(0.98, 0.75, 0.55))
		for k := range 25 {
			p := crate.at(-0.19+0.095*float64(k%5), 0.10+c.between(0, 0.025), -0.19+0.095*float64(k/5))
			p.of(gloss, fruit.mul(c.between(0.8, 1.1))).ball(0.05, 8)
		}
	}
	if len(t.faces) > 0 {
		text := pick(c, "FRESH", "2.80 / kg", "FRUIT", "Obst", "MARKET", "3 for 5")
		face := pick(c, t.faces...)
		sign := b.at(0, 0.42, 0.625)
		sign.of(paint, vec{0.12, 0.15, 0.13}).box(vec{-0.6, -0.16, 0}, vec{0.6, 0.16, 0.02})
		sign.at(0, 0, 0.02).of(paint, vec{0.94, 0.94, 0.9}).text(face, text, min(0.24, 1.05/face.width(text)), 0.004)
	}
}

// crates adds a heap of boxes and a barrel.
func (t *town) crates(b brush, c chance) {
	for i := range 3 {
		p := b.at(0.62*float64(i%2)+c.between(-0.05, 0.05), 0.5*float64(i/2), c.between(-0.1, 0.1)).turned(vec{0, 1, 0}, c.between(-0.3, 0.3))
		wood := pick(c, t.style.woods...).mix(vec{0.8, 0.66, 0.46}, 0.5)
		p.of(wire, vec{0.12, 0.09, 0.07}).at(0, 0.02, 0).block(0.44, 0.44, 0.44)
		for k := range 4 {
			s := p.of(planks, wood.mul(c.between(0.85, 1.1))).at(0, 0.01+0.125*float64(k), 0)
			s.at(0, 0, 0.24).block(0.5, 0.10, 0.02)
			s.at(0, 0, -0.24).block(0.5, 0.10, 0.02)
			s.at(0.24, 0, 0).block(0.02, 0.10, 0.46)
			s.at(-0.24, 0, 0).block(0.02, 0.10, 0.46)
			p.of(planks, wood).at(-0.18+0.12*float64(k), 0.46, 0).block(0.10, 0.02, 0.5)
		}
	}
	barrel := b.at(1.35, 0, 0.1)
	barrel.of(planks, pick(c, t.style.woods...)).lathe([]ring{{0.25, 0}, {0.31, 0.22}, {0.33, 0.42}, {0.31, 0.62}, {0.25, 0.84}, {0.23, 0.84}, {0.23, 0.80}, {0, 0.80}}, 20, false)
	for _, y := range []float64{0.12, 0.30, 0.55, 0.74} {
		barrel.of(brushed, gray(0.45)).at(0, y-0.02, 0).lathe([]ring{{0.333 - 0.25*(y-0.42)*(y-0.42)*2.6, 0}, {0.333 - 0.25*(y-0.42)*(y-0.42)*2.6, 0.04}}, 20, false)
	}
}

// signboard adds a folding board with a text on both sides.
func (t *town) signboard(b brush, c chance) {
	face := pick(c, t.faces...)
	for _, turn := range []float64{0, math.Pi} {
		p := b.turned(vec{0, 1, 0}, turn).at(0, 0, 0.26).turned(vec{1, 0, 0}, -0.24)
		p.of(boards, pick(c, t.style.woods...)).box(vec{-0.34, 0, -0.02}, vec{0.34, 1.08, 0.012})
		p.of(paint, vec{0.10, 0.12, 0.11}).box(vec{-0.28, 0.2, 0}, vec{0.28, 1.02, 0.018})
		for i, text := range []string{pick(c, "TODAY", "MENU", "Heute", "LUNCH"), pick(c, "Soup 4.5", "Cake 3.2", "Fish 9.8"), pick(c, "Tea 2.1", "Pie 5.0", "Ale 3.9"), "– – –"} {
			p.at(0, 0.88-0.19*float64(i), 0.019).of(paint, vec{0.93, 0.92, 0.86}).text(face, text, min(0.15, 0.5/face.width(text)), 0.002)
		}
	}
}

// tank adds a water tank on legs.
func (t *town) tank(b brush, c chance) {
	iron := b.of(wire, vec{0.25, 0.22, 0.2})
	for _, x := range []float64{-0.7, 0.7} {
		for _, z := range []float64{-0.7, 0.7} {
			iron.rod(vec{x, 0, z}, vec{x, 1.4, z}, 0.05, 6)
			iron.rod(vec{x, 0.1, z}, vec{-x, 1.3, z}, 0.02, 4)
			iron.rod(vec{x, 0.1, z}, vec{x, 1.3, -z}, 0.02, 4)
		}
	}
	b.of(planks, pick(c, t.style.woods...)).at(0, 1.4, 0).cylinder(1.05, 1.9, 24)
	b.of(slate, vec{0.35, 0.33, 0.32}).at(0, 3.3, 0).lathe([]ring{{1.15, 0}, {0, 0.7}}, 24, false)
}

// bollards adds posts joined by chains from a to c.
func (t *town) bollards(b brush, from, to vec, n int) {
	var last vec
	for i := range n {
		p := from.mix(to, float64(i)/float64(n-1))
		b.place(p).of(paint, vec{0.11, 0.12, 0.13}).lathe([]ring{{0.11, 0}, {0.11, 0.08}, {0.07, 0.12}, {0.06, 0.7}, {0.085, 0.74}, {0.085, 0.80}, {0.05, 0.88}, {0, 0.9}}, 14, false)
		t.blocks(p, 0.15)
		top := p.add(vec{0, 0.72, 0})
		if i > 0 {
			b.of(wire, vec{0.2, 0.2, 0.21}).tube(hanging(last, top, 0.25, 9), 0.014, 4, false)
		}
		last = top
	}
}
