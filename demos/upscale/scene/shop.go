package scene

import "math"

// names are what shops are called, by what kind of type suits them.
var names = []string{
	"CAFÉ METAL", "BOOKS & MAPS", "Bäckerei", "HARDWARE", "Tea House", "RECORDS", "FLOWERS", "Optik Lux",
	"BARBER", "Hotel Aurora", "PHARMACY", "Cycle Works", "GELATO", "Weft & Warp", "FISH MARKET", "CERAMICS",
	"The Old Loom", "TAILOR", "Pixel Bar", "CLOCKS", "RADIO", "Spice Route", "ATELIER 9", "TYPE FOUNDRY",
}

// boards are what is written on small signs.
var notices = []string{"OPEN", "SOUP 4.50", "TEA", "SALE", "No. 42", "BAR", "WIFI", "PIZZA", "1892", "ICE"}

// shopfront adds a ground floor with a display window, a door, a sign and an
// awning.
func (h *house) shopfront(b brush) {
	frame := b.of(boards, h.bright.mul(0.75)).shade(0.9)
	door := 0.45
	if h.c.yes(0.5) {
		door = h.width - 1.55
	}
	const sill, head = 0.55, 2.55
	holes := []opening{{0.4, sill, h.width - 0.8 - 1.35, head - sill}, {door, 0.02, 1.1, head - 0.02}}
	if door < 1 {
		holes[0].x = 1.75
		holes[0], holes[1] = holes[1], holes[0]
	}
	old, tint := h.walls, h.tint
	h.walls, h.tint = boards, h.bright.mul(0.75)
	h.wall(b, 0, h.ground, holes)
	h.walls, h.tint = old, tint
	for _, o := range holes {
		if o.w == 1.1 {
			h.door(b.at(o.x, o.y, 0), o.w, o.h)
			continue
		}
		n := max(int(o.w/1.15), 1)
		step := o.w / float64(n)
		for i := range n {
			h.display(b.at(o.x+float64(i)*step, o.y, -0.12), step, o.h)
			frame.at(o.x+float64(i)*step, o.y, 0).box(vec{-0.025, 0, -0.14}, vec{0.025, o.h, -0.06})
		}
		frame.at(o.x, o.y, 0).box(vec{0, o.h - 0.5, -0.14}, vec{o.w, o.h - 0.46, -0.07})
		frame.box(vec{o.x - 0.05, sill - 0.08, -0.02}, vec{o.x + o.w + 0.05, sill, 0.12})
		for i := range n { // panels below
			x := o.x + float64(i)*step
			frame.box(vec{x + 0.1, 0.12, -0.01}, vec{x + step - 0.1, sill - 0.16, 0.03})
		}
	}
	// Pilasters and the sign.
	for _, x := range []float64{0.02, h.width - 0.30} {
		frame.box(vec{x, 0, -0.02}, vec{x + 0.28, h.ground - 0.15, 0.1})
		frame.box(vec{x - 0.02, 0, -0.02}, vec{x + 0.30, 0.3, 0.13})
	}
	name := pick(h.c, names...)
	face := pick(h.c, h.town.faces...)
	board := h.ground - 0.18 - (head + 0.14)
	size := min(board*0.78, (h.width-1)/face.width(name))
	sign := b.at(h.width/2, head+0.14+board/2, 0.06)
	back := pick(h.c, h.bright.mul(0.45), vec{0.10, 0.11, 0.13}, vec{0.93, 0.90, 0.82})
	sign.of(paint, back).box(vec{-h.width/2 + 0.32, -board / 2, -0.06}, vec{h.width/2 - 0.32, board / 2, 0.04})
	letters := sign.at(0, 0, 0.04)
	switch {
	case back.Y > 0.5:
		letters.of(gloss, h.bright.mul(0.5)).text(face, name, size, 0.03)
	case h.town.style.lit > 0.2 && h.c.yes(0.6):
		letters.of(neon, pick(h.c, vec{1, 0.75, 0.45}, vec{1, 0.35, 0.30}, vec{0.45, 0.85, 1}, vec{0.9, 1, 0.8})).text(face, name, size, 0.04)
	case h.c.yes(0.5):
		letters.of(brass, rgb(0xe0bc70)).text(face, name, size, 0.04)
	default:
		letters.of(paint, vec{0.95, 0.93, 0.88}).text(face, name, size, 0.02)
	}
	if h.c.yes(0.6) {
		h.awning(b.at(0.35, head+0.1, 0.08), h.width-0.7)
	}
	if h.c.yes(0.6) {
		h.hangingSign(b.at(pick(h.c, 0.3, h.width-0.3), h.ground+0.55, 0))
	}
}

// display adds a pane with goods behind it, no two alike.
func (h *house) display(b brush, w, t float64) {
	g := b.of(display, pick(h.c, vec{1, 0.95, 0.88}, vec{1, 0.88, 0.70}, vec{0.9, 0.95, 1}))
	normal, tangent := vec{0, 0, 1}, vec{1, 0, 0}
	u, v := float64(h.c.IntN(8))*0.5, float64(h.c.IntN(4))*0.5
	var at [4]uint32
	for i, p := range [4]vec{{}, {w, 0, 0}, {w, t, 0}, {0, t, 0}} {
		at[i] = g.vertex(p, normal, tangent, u+p.X, v+p.Y)
	}
	g.triangle(at[0], at[1], at[2])
	g.triangle(at[0], at[2], at[3])
}

// awning adds striped cloth with a scalloped edge on thin arms.
func (h *house) awning(b brush, w float64) {
	const out, drop = 1.25, 0.55
	n := int(w / 0.22)
	step := w / float64(n)
	light := vec{0.94, 0.92, 0.86}
	for i := range n {
		s := b.of(canvas, h.bright)
		if i%2 == 1 {
			s = b.of(canvas, light)
		}
		x, y := float64(i)*step, float64(i+1)*step
		s.sheet(vec{x, -drop, out}, vec{y, -drop, out}, vec{y, 0, 0}, vec{x, 0, 0})
		// The valance hangs down in half circles.
		const arc = 5
		for k := range arc {
			a, c := math.Pi*float64(k)/arc, math.Pi*float64(k+1)/arc
			px, qx := x+step*(0.5-0.5*math.Cos(a)), x+step*(0.5-0.5*math.Cos(c))
			s.sheet(vec{px, -drop - 0.10 - 0.07*math.Sin(a), out}, vec{qx, -drop - 0.10 - 0.07*math.Sin(c), out}, vec{qx, -drop, out}, vec{px, -drop, out})
		}
	}
	arm := b.of(wire, vec{0.15, 0.15, 0.16})
	for _, x := range []float64{0.04, w - 0.04} {
		arm.rod(vec{x, -0.75, 0}, vec{x, -drop - 0.02, out - 0.02}, 0.014, 5)
	}
	arm.rod(vec{0, -drop - 0.01, out}, vec{w, -drop - 0.01, out}, 0.016, 5)
}

// hangingSign adds a board on a bracket that swings.
func (h *house) hangingSign(b brush) {
	iron := b.of(wire, vec{0.07, 0.07, 0.08})
	iron.rod(vec{0, 0.25, 0}, vec{0, 0.25, 1.05}, 0.016, 6)
	iron.tube([]vec{{0, -0.2, 0}, {0, 0.05, 0.25}, {0, 0.15, 0.5}, {0, 0.25, 0.75}}, 0.011, 5, false)
	pivot := b.to.apply(vec{0, 0.25, 0.6})
	axis := b.to.turn(vec{0, 0, 1})
	part := h.town.part(motion{pivot: pivot, axis: axis, facing: b.to, swing: h.c.between(0.04, 0.12), rate: h.c.between(1.2, 2.0), phase: h.c.between(0, 6)})
	s := b.as(part)
	for _, z := range []float64{-0.25, 0.25} {
		s.of(wire, vec{0.07, 0.07, 0.08}).rod(vec{0, 0, z}, vec{0, -0.14, z}, 0.008, 4)
	}
	round := h.c.yes(0.4)
	face := pick(h.c, h.town.faces...)
	text := pick(h.c, notices...)
	ink := vec{0.95, 0.92, 0.84}
	for _, side := range []float64{1, -1} {
		front := s.turned(vec{0, 1, 0}, side*math.Pi/2).at(0, -0.46, 0.02)
		if round {
			front.of(gloss, h.bright.mul(0.6)).cap(vec{}, vec{0, 0, 1}, 0.34, 28)
			front.of(brass, rgb(0xd8b060)).tube(circle(vec{}, vec{1, 0, 0}, vec{0, 1, 0}, 0.34, 28), 0.018, 6, true)
		} else {
			front.of(gloss, h.bright.mul(0.6)).quad(vec{-0.36, -0.30, 0}, vec{0.36, -0.30, 0}, vec{0.36, 0.30, 0}, vec{-0.36, 0.30, 0})
		}
		front.at(0, 0, 0.004).of(paint, ink).text(face, text, min(0.3, 0.58/face.width(text)), 0.006)
	}
	if !round {
		s.of(paint, vec{0.12, 0.11, 0.10}).at(0, -0.46, 0).box(vec{-0.019, -0.32, -0.38}, vec{0.019, 0.32, 0.38})
	}
}
