package scene

import "math"

// overhead strings wires, lights and pennants across the square.
func (t *town) overhead(b brush, c chance) {
	anchor := func(side float64) vec { return vec{side * (sideFront - 0.05), c.between(5.6, 7.5), c.between(-12, 4)} }
	black := b.of(wire, vec{0.05, 0.05, 0.06})
	for range 3 + c.IntN(3) { // strings of bulbs or pennants
		from, to := anchor(-1), anchor(1)
		sag := c.between(0.6, 1.4)
		n := int(to.sub(from).length() / 0.55)
		line := hanging(from, to, sag, n)
		black.tube(line, 0.008, 3, false)
		flags := c.yes(0.45)
		for i := 1; i < n-1; i++ {
			p := line[i]
			if flags {
				next := line[i+1]
				q := p.mix(next, 0.62)
				tip := p.mix(next, 0.31).add(vec{0, -0.34, 0})
				b.of(cloth, t.style.bright[i%len(t.style.bright)]).face(p, tip, q)
				continue
			}
			black.rod(p, p.add(vec{0, -0.07, 0}), 0.012, 5)
			b.of(bulb, pick(c, vec{1, 0.80, 0.48}, vec{1, 0.86, 0.6})).place(p.add(vec{0, -0.115, 0})).ball(0.05, 8)
		}
	}
	for range 2 { // lanterns that swing on a wire
		from, to := anchor(-1), anchor(1)
		line := hanging(from, to, 0.7, 16)
		black.tube(line, 0.010, 4, false)
		for _, at := range []int{4, 8, 11} {
			p := line[at]
			part := t.part(motion{pivot: p, axis: vec{c.between(-0.3, 0.3), 0, 1}.unit(), facing: identity, swing: c.between(0.10, 0.22), rate: c.between(1.3, 2.1), phase: c.between(0, 6)})
			h := b.as(part)
			h.of(wire, vec{0.05, 0.05, 0.06}).rod(vec{}, vec{0, -0.5, 0}, 0.008, 4)
			h.of(gloss, pick(c, t.style.bright...)).at(0, -0.78, 0).lathe([]ring{{0.30, 0}, {0.28, 0.08}, {0.12, 0.24}, {0.05, 0.30}, {0, 0.31}}, 18, true)
			h.of(bulb, vec{1, 0.84, 0.58}).at(0, -0.78, 0).ball(0.09, 12)
			if len(t.lamps) < maxLamps {
				t.lamps = append(t.lamps, lamp{at: vec{0, -0.9, 0}, reach: 8, part: part})
			}
		}
	}
	// Power lines on poles along the back and the sides, over the roofs.
	z := -backFront - 6.5
	var last vec
	for i := range 5 {
		p := vec{-24 + 12*float64(i), 0, z}
		pole := b.place(p)
		wood := pole.of(bark, hsv(0.07, 0.25, 0.4))
		wood.rod(vec{}, vec{0, 15, 0}, 0.14, 8)
		wood.beam(vec{0, 14.2, -1.1}, vec{0, 14.2, 1.1}, 0.12, 0.14)
		wood.beam(vec{0, 13.4, -0.8}, vec{0, 13.4, 0.8}, 0.12, 0.14)
		for k, dz := range []float64{-1, -0.5, 0.5, 1} {
			pole.of(gloss, vec{0.75, 0.80, 0.78}).at(0, 14.27, dz).lathe([]ring{{0.05, 0}, {0.07, 0.06}, {0.04, 0.1}, {0.06, 0.14}, {0, 0.2}}, 8, false)
			if i > 0 {
				off := vec{0, 14.45, dz}
				black.tube(hanging(last.add(off), p.add(off), 0.7+0.08*float64(k), 14), 0.016, 3, false)
			}
		}
		last = p
	}
	// Tram wires along the square: a pair held by cross wires.
	zt := c.between(7.6, 9)
	if c.yes(0.6) {
		for _, dz := range []float64{0, 1.4} {
			black.rod(vec{-sideFront, 5.4, zt - 8 + dz}, vec{sideFront, 5.4, zt - 8 + dz}, 0.010, 4)
			black.tube(hanging(vec{-sideFront, 6.4, zt - 8 + dz}, vec{sideFront, 6.4, zt - 8 + dz}, 0.9, 18), 0.008, 3, false)
			for i := range 11 {
				x := -sideFront + 2*sideFront*float64(i+1)/12
				u := float64(i+1) / 12
				black.rod(vec{x, 5.4, zt - 8 + dz}, vec{x, 6.4 - 4*0.9*u*(1-u), zt - 8 + dz}, 0.005, 3)
			}
		}
	}
}

// skyline adds what looks over the roofs: a tower, a lattice mast, far houses.
func (t *town) skyline(b brush, c chance) {
	x := c.between(-9, 9)
	tower := b.at(x, 0, -backFront-13)
	t.tower(tower, c)
	if c.yes(0.75) {
		t.mast(b.at(-x+c.between(-6, 6), 0, -backFront-18), c.between(20, 27), 3.2, 0.7)
	}
	for i := range 26 {
		a := math.Pi * (float64(i) + c.Float64()) / 26
		r := c.between(38, 70)
		far := b.at(-r*math.Cos(a), 0, -r*math.Sin(a)-8).turned(vec{0, 1, 0}, c.between(-0.3, 0.3))
		w, h, d := c.between(6, 13), c.between(8, 20), c.between(6, 12)
		far.of(plaster, pick(c, t.style.walls...).mul(0.9)).block(w, h, d)
		roof := far.at(0, h, 0).of(rooftile, hsv(0.03, 0.45, 0.55))
		roof.quad(vec{-w / 2, 0, d / 2}, vec{w / 2, 0, d / 2}, vec{w / 2, w * 0.3, 0}, vec{-w / 2, w * 0.3, 0})
		roof.quad(vec{w / 2, 0, -d / 2}, vec{-w / 2, 0, -d / 2}, vec{-w / 2, w * 0.3, 0}, vec{w / 2, w * 0.3, 0})
		for k := range int(w / 1.6) {
			for f := range int(h/3) - 1 {
				g := glass
				if c.yes(0.3) {
					g = window
				}
				p := vec{-w/2 + 0.8 + 1.6*float64(k), 1.2 + 3*float64(f), d/2 + 0.02}
				far.of(g, vec{0.5, 0.5, 0.55}).place(p).quad(vec{-0.4, 0, 0}, vec{0.4, 0, 0}, vec{0.4, 1.4, 0}, vec{-0.4, 1.4, 0})
			}
		}
	}
}

// tower adds a bell tower with dials.
func (t *town) tower(b brush, c chance) {
	h := c.between(15, 20)
	wall := b.of(pick(c, brick, ashlar), hsv(c.between(0.02, 0.1), c.between(0.12, 0.45), c.between(0.55, 0.75)))
	wall.block(4.4, h, 4.4)
	trim := b.of(ashlar, hsv(0.1, 0.1, 0.8))
	trim.at(0, h, 0).block(4.9, 0.35, 4.9)
	trim.at(0, h-5, 0).block(4.6, 0.25, 4.6)
	for k := range 4 {
		side := b.turned(vec{0, 1, 0}, math.Pi/2*float64(k))
		if k == 0 {
			t.dial(side.at(0, h-1.9, 2.23), c, t.faces[0], 1.35)
		}
		for _, x := range []float64{-0.9, 0.9} { // bell openings
			side.of(wire, vec{0.05, 0.05, 0.06}).at(x, h-4.5, 2.21).quad(vec{-0.4, -2, 0}, vec{0.4, -2, 0}, vec{0.4, -0.2, 0}, vec{-0.4, -0.2, 0})
			side.of(louver, hsv(0.1, 0.2, 0.5)).at(x, h-4.5, 2.22).quad(vec{-0.36, -1.95, 0}, vec{0.36, -1.95, 0}, vec{0.36, -0.25, 0}, vec{-0.36, -0.25, 0})
		}
	}
	roof := c.between(5, 9)
	b.of(slate, pick(c, hsv(0.45, 0.35, 0.55), hsv(0.6, 0.1, 0.4), hsv(0.03, 0.5, 0.5))).at(0, h+0.35, 0).turned(vec{0, 1, 0}, math.Pi/4).lathe([]ring{{3.2, 0}, {2.6, roof * 0.18}, {0.12, roof}, {0, roof + 0.1}}, 4, false)
	vane := t.part(motion{pivot: b.to.apply(vec{0, h + roof + 1.6, 0}), axis: vec{0, 1, 0}, facing: identity, swing: 0.9, rate: 0.5, phase: c.between(0, 6)})
	gold := b.of(brass, rgb(0xf0c060))
	gold.rod(vec{0, h + roof, 0}, vec{0, h + roof + 2.2, 0}, 0.035, 6)
	gold.at(0, h+roof+0.9, 0).ball(0.22, 12)
	v := b.as(vane).of(brass, rgb(0xf0c060))
	v.beam(vec{-0.8, 0, 0}, vec{0.8, 0, 0}, 0.04, 0.04)
	v.face(vec{-1.2, 0.3, 0}, vec{-1.2, -0.3, 0}, vec{-0.6, 0, 0})
	v.face(vec{0.75, 0.18, 0}, vec{0.75, -0.18, 0}, vec{1.15, 0, 0})
}

// birds circle over the roofs.
func (t *town) birds(b brush, c chance) {
	for range 9 {
		part := t.part(motion{
			pivot: vec{c.between(-8, 8), c.between(9, 15), c.between(-16, -4)}, axis: vec{0, 1, 0}, facing: identity,
			spin: c.sign() * c.between(0.25, 0.5), phase: c.between(0, 6),
		})
		r := c.between(3, 8)
		f := b.as(part).at(r, 0, 0).of(wire, vec{0.10, 0.10, 0.12})
		if t.parts[part-1].spin < 0 {
			f = f.turned(vec{0, 1, 0}, math.Pi)
		}
		up := c.between(-0.1, 0.25)
		f.face(vec{0, 0, -0.3}, vec{0.1, 0, 0.12}, vec{-0.1, 0, 0.12})
		for _, s := range []float64{-1, 1} {
			f.face(vec{0, 0, -0.12}, vec{0, 0, 0.06}, vec{0.30 * s, up, 0})
			f.face(vec{0.30 * s, up, 0}, vec{0, 0, 0.06}, vec{0.55 * s, up * 0.8, 0.10})
		}
	}
}
