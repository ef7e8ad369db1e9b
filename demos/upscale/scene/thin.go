package scene

import "math"

// railing adds a handrail along points on the floor, with a bar every pitch.
func (t *town) railing(b brush, path []vec, height, pitch float64) {
	iron := b.of(wire, vec{0.06, 0.07, 0.08})
	for i := range len(path) - 1 {
		from, to := path[i], path[i+1]
		up := func(p vec, y float64) vec { p.Y += y; return p }
		iron.beam(up(from, height), up(to, height), 0.05, 0.03)
		iron.beam(up(from, 0.1), up(to, 0.1), 0.025, 0.025)
		n := max(int(to.sub(from).length()/pitch), 1)
		for k := range n + 1 {
			p := from.mix(to, float64(k)/float64(n))
			r := 0.009
			if k == 0 || k == n {
				r = 0.02
			}
			iron.sides(p.add(vec{-r, 0, -r}), p.add(vec{r, height, r}), false, false)
		}
	}
}

// antenna adds a mast with a comb of rods.
func (t *town) antenna(b brush, c chance, height float64) {
	iron := b.turned(vec{0, 1, 0}, c.between(0, 3)).of(wire, vec{0.30, 0.31, 0.33})
	iron.rod(vec{}, vec{0, height, 0}, 0.018, 6)
	iron.rod(vec{-0.2, height - 0.15, 0}, vec{1.0, height - 0.15, 0}, 0.011, 5)
	for i := range 6 {
		x := -0.15 + 0.2*float64(i)
		l := 0.36 - 0.03*float64(i)
		iron.rod(vec{x, height - 0.15, -l}, vec{x, height - 0.15, l}, 0.007, 4)
	}
	for k := range 3 { // guys
		s, cos := math.Sincos(2*math.Pi*float64(k)/3 + 0.4)
		iron.rod(vec{0, height * 0.8, 0}, vec{1.1 * cos, 0.05, 1.1 * s}, 0.005, 3)
	}
}

// mast adds a lattice tower.
func (t *town) mast(b brush, height, foot, head float64) {
	n := int(height / 1.1)
	corner := func(i, k int) vec {
		y := float64(i) / float64(n)
		w := lerp(foot, head, y) / 2
		s := [4][2]float64{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}[k%4]
		return vec{s[0] * w, y * height, s[1] * w}
	}
	for i := range n {
		iron := b.of(wire, vec{0.62, 0.16, 0.12})
		if i%4 >= 2 {
			iron = b.of(wire, vec{0.85, 0.84, 0.82})
		}
		for k := range 4 {
			iron.rod(corner(i, k), corner(i+1, k), 0.035, 4)
			iron.rod(corner(i, k), corner(i+1, k+1), 0.018, 3)
			iron.rod(corner(i+1, k), corner(i+1, k+1), 0.018, 3)
		}
	}
	b.of(wire, vec{0.8, 0.8, 0.8}).rod(vec{0, height, 0}, vec{0, height + 3, 0}, 0.03, 5)
	b.of(bulb, vec{1, 0.1, 0.08}).at(0, height+3, 0).ball(0.12, 8)
}

// fence adds chain link between posts, from x = 0 to length.
func (t *town) fence(b brush, length, height, pitch float64) {
	mesh := b.of(wire, vec{0.50, 0.53, 0.55})
	for x := -height; x < length; x += pitch {
		for _, lean := range []float64{1, -1} {
			// A wire from (x, 0) to (x + height, height), clipped to the field.
			a, c := max(x, 0), min(x+height, length)
			if c-a < 0.02 {
				continue
			}
			y0, y1 := a-x, c-x
			z := 0.004 * lean
			if lean < 0 {
				y0, y1 = height-y0, height-y1
			}
			mesh.tube([]vec{{a, y0 + 0.05, z}, {c, y1 + 0.05, z}}, 0.0045, 3, false)
		}
	}
	post := b.of(paint, vec{0.30, 0.36, 0.33})
	n := max(int(length/2.2), 1)
	for i := range n + 1 {
		x := length * float64(i) / float64(n)
		post.rod(vec{x, 0, 0}, vec{x, height + 0.14, 0}, 0.03, 8)
		post.at(x, height+0.14, 0).ball(0.042, 8)
	}
	post.rod(vec{0, height + 0.06, 0}, vec{length, height + 0.06, 0}, 0.02, 6)
}

// bicycle adds a bicycle along x, leaning a little.
func (t *town) bicycle(b brush, c chance) {
	b = b.turned(vec{1, 0, 0}, -0.12)
	black, steel := b.of(wire, vec{0.05, 0.05, 0.06}), b.of(brushed, gray(0.85))
	frame := b.of(gloss, pick(c, t.style.bright...))
	const r = 0.34
	for _, x := range []float64{0, 1.05} {
		hub := vec{x, r, 0}
		black.tube(circle(hub, vec{1, 0, 0}, vec{0, 1, 0}, r, 28), 0.017, 6, true)
		steel.tube(circle(hub, vec{1, 0, 0}, vec{0, 1, 0}, r-0.025, 28), 0.008, 4, true)
		for k := range 16 {
			s, cos := math.Sincos(2 * math.Pi * float64(k) / 16)
			z := 0.03 * float64(2*(k%2)-1)
			steel.rod(hub.add(vec{0, 0, z}), hub.add(vec{(r - 0.02) * cos, (r - 0.02) * s, 0}), 0.0025, 3)
		}
		steel.rod(hub.add(vec{0, 0, -0.05}), hub.add(vec{0, 0, 0.05}), 0.02, 8)
	}
	seat, crank, head, bar := vec{0.32, 0.80, 0}, vec{0.45, 0.30, 0}, vec{0.86, 0.78, 0}, vec{0.80, 1.0, 0}
	for _, s := range [][2]vec{{crank, seat}, {seat.add(vec{0.02, -0.06, 0}), head}, {crank, head.add(vec{0.02, -0.1, 0})}, {vec{0, r, 0}, crank}, {vec{0, r, 0}, seat.add(vec{0.02, -0.08, 0})}, {vec{1.05, r, 0}, head}, {head, bar}} {
		frame.rod(s[0], s[1], 0.015, 7)
	}
	black.rod(bar.add(vec{-0.12, 0.02, -0.27}), bar.add(vec{0, 0, 0}), 0.012, 6)
	black.rod(bar.add(vec{-0.12, 0.02, 0.27}), bar.add(vec{0, 0, 0}), 0.012, 6)
	frame.rod(seat, seat.add(vec{-0.03, 0.12, 0}), 0.012, 6)
	b.of(canvas, vec{0.25, 0.15, 0.10}).place(seat.add(vec{-0.03, 0.12, 0})).box(vec{-0.14, 0, -0.07}, vec{0.12, 0.05, 0.07})
	steel.tube(circle(crank, vec{1, 0, 0}, vec{0, 1, 0}, 0.09, 16), 0.008, 4, true)
	basket := b.of(wire, vec{0.4, 0.3, 0.2}).at(0.98, 0.78, 0)
	for i := range 8 {
		y := 0.04 * float64(i)
		basket.tube([]vec{{0, y, -0.14}, {0.24, y, -0.14}, {0.24, y, 0.14}, {0, y, 0.14}}, 0.004, 3, true)
		x := 0.24 * float64(i) / 7
		for _, z := range []float64{-0.14, 0.14} {
			basket.rod(vec{x, 0, z}, vec{x, 0.28, z}, 0.004, 3)
		}
	}
}
