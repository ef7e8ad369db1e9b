package scene

// house is a building of a row. Its front is the plane z = 0 of its brush, from
// x = 0 to width; the street lies at positive z.
type house struct {
	town          *town
	c             chance
	width, depth  float64
	floors        int     // above the ground floor
	ground, story float64 // heights of the ground floor and of the others
	walls         material
	tint          vec
	base          vec
	trim          vec
	wood          vec
	bright        vec
	shop          bool
	shutters      bool
	balconies     bool
	roofed        bool // else flat
	panes         int  // columns of panes in a window
}

// newHouse draws a house.
func (t *town) newHouse(c chance, width float64) house {
	s := t.style
	h := house{
		town: t, c: c, width: width, depth: 8,
		floors: 1 + c.IntN(3), ground: c.between(3.3, 3.9), story: c.between(2.8, 3.3),
		walls: pick(c, plaster, plaster, plaster, brick, brick, ashlar, boards),
		tint:  pick(c, s.walls...), trim: pick(c, s.trims...), wood: pick(c, s.woods...), bright: pick(c, s.bright...),
		shop: c.yes(0.65), shutters: c.yes(0.5), balconies: c.yes(0.4), roofed: c.yes(0.75),
		panes: 1 + c.IntN(3),
	}
	switch h.walls {
	case brick:
		h.tint = hsv(c.between(0.005, 0.06), c.between(0.40, 0.62), c.between(0.46, 0.70))
	case ashlar:
		h.tint = hsv(c.between(0.07, 0.14), c.between(0.05, 0.22), c.between(0.60, 0.82))
	}
	h.base = hsv(0.1, 0.08, c.between(0.40, 0.60))
	return h
}

func (h *house) height() float64 { return h.ground + float64(h.floors)*h.story }

// opening is a hole in a wall, from its lower left corner.
type opening struct{ x, y, w, h float64 }

// build adds the house.
func (h *house) build(b brush) {
	top := h.height()
	bays := max(int(h.width/2.1), 1)
	bay := h.width / float64(bays)

	// The ground floor.
	if h.shop {
		h.shopfront(b)
	} else {
		door := h.c.IntN(bays)
		var holes []opening
		for i := range bays {
			x := (float64(i) + 0.5) * bay
			if i == door {
				holes = append(holes, opening{x - 0.6, 0, 1.2, 2.4})
			} else {
				holes = append(holes, opening{x - 0.55, 0.95, 1.1, 1.6})
			}
		}
		h.wall(b, 0, h.ground, holes)
		for i, o := range holes {
			if i == door {
				h.door(b.at(o.x, o.y, 0), o.w, o.h)
			} else {
				h.window(b.at(o.x, o.y, 0), o.w, o.h, false)
			}
		}
		plinth := b.of(ashlar, h.base).shade(0.85)
		from := 0.0
		for i, o := range holes {
			if i == door {
				plinth.box(vec{from, 0, -0.02}, vec{o.x - 0.14, 0.55, 0.07})
				from = o.x + o.w + 0.14
			}
		}
		plinth.box(vec{from, 0, -0.02}, vec{h.width, 0.55, 0.07})
	}
	// A band above it, and a quoin at each edge.
	trim := b.of(paint, h.trim)
	trim.box(vec{0, h.ground - 0.12, -0.02}, vec{h.width, h.ground + 0.08, 0.09})
	trim.box(vec{0, h.ground + 0.08, -0.02}, vec{h.width, h.ground + 0.14, 0.14})
	if h.walls != boards && h.c.yes(0.6) {
		quoin := b.of(ashlar, h.trim)
		for i := range int((top - h.ground) / 0.42) {
			y, w := h.ground+0.16+0.42*float64(i), 0.30+0.14*float64(i%2)
			quoin.box(vec{0, y, -0.01}, vec{w, y + 0.38, 0.045})
			quoin.box(vec{h.width - w, y, -0.01}, vec{h.width, y + 0.38, 0.045})
		}
	}

	// The floors above.
	ww, wh := h.c.between(0.85, 1.1), h.c.between(1.35, 1.7)
	for f := range h.floors {
		y := h.ground + float64(f)*h.story
		var holes []opening
		balcony := h.balconies && f == 0
		for i := range bays {
			x := (float64(i) + 0.5) * bay
			o := opening{x - ww/2, y + 0.85, ww, min(wh, h.story-1.1)}
			if balcony && i == bays/2 {
				o.y, o.h = y+0.16, 2.2
			}
			holes = append(holes, o)
		}
		h.wall(b, y, y+h.story, holes)
		for i, o := range holes {
			tall := balcony && i == bays/2
			h.window(b.at(o.x, o.y, 0), o.w, o.h, !tall)
			if tall {
				h.balcony(b.at(o.x+o.w/2, y+0.14, 0), min(bay*1.1, 2.6))
			}
		}
	}
	h.roof(b.at(0, top, 0))
	// Sides and back, seen over lower neighbors.
	side := b.of(h.walls, h.tint).shade(0.9)
	side.quad(vec{h.width, 0, 0}, vec{h.width, 0, -h.depth}, vec{h.width, top, -h.depth}, vec{h.width, top, 0})
	side.quad(vec{0, 0, -h.depth}, vec{0, 0, 0}, vec{0, top, 0}, vec{0, top, -h.depth})
	side.quad(vec{h.width, 0, -h.depth}, vec{0, 0, -h.depth}, vec{0, top, -h.depth}, vec{h.width, top, -h.depth})
	h.pipes(b, top)
}

// wall fills the front from y0 to y1 around its openings, which stand side by
// side, and lines them.
func (h *house) wall(b brush, y0, y1 float64, holes []opening) {
	b = b.of(h.walls, h.tint)
	panel := func(xa, ya, xb, yb float64) {
		if xb > xa && yb > ya {
			b.quad(vec{xa, ya, 0}, vec{xb, ya, 0}, vec{xb, yb, 0}, vec{xa, yb, 0})
		}
	}
	const in = -0.16
	x := 0.0
	for _, o := range holes {
		r, t := o.x+o.w, o.y+o.h
		panel(x, y0, o.x, y1)
		panel(o.x, y0, r, o.y)
		panel(o.x, t, r, y1)
		x = r
		reveal := b.shade(0.7)
		reveal.quad(vec{o.x, o.y, 0}, vec{o.x, o.y, in}, vec{o.x, t, in}, vec{o.x, t, 0})
		reveal.quad(vec{r, o.y, in}, vec{r, o.y, 0}, vec{r, t, 0}, vec{r, t, in})
		reveal.quad(vec{o.x, o.y, 0}, vec{r, o.y, 0}, vec{r, o.y, in}, vec{o.x, o.y, in})
		reveal.quad(vec{o.x, t, in}, vec{r, t, in}, vec{r, t, 0}, vec{o.x, t, 0})
	}
	panel(x, y0, h.width, y1)
}

// pane adds glass, lit from behind or dark.
func (h *house) pane(b brush, x0, y0, x1, y1, z float64, chance float64) {
	g := b.of(glass, vec{0.10, 0.13, 0.17}).shade(0.9)
	if h.c.yes(chance) {
		g = b.of(window, pick(h.c, vec{1, 0.95, 0.85}, vec{1, 0.85, 0.65}, vec{0.85, 0.9, 1}))
	}
	g.at(x0, y0, z).quad(vec{}, vec{x1 - x0, 0, 0}, vec{x1 - x0, y1 - y0, 0}, vec{0, y1 - y0, 0})
}

// window adds frame, panes, sill, surround and perhaps shutters and flowers.
func (h *house) window(b brush, w, t float64, dressed bool) {
	h.pane(b, 0, 0, w, t, -0.13, 0.5)
	frame := b.of(paint, h.trim).shade(0.85)
	if h.wood.X < 0.5 {
		frame = b.of(paint, h.wood.mul(0.8)).shade(0.85)
	}
	const f = 0.055
	frame.box(vec{0, 0, -0.14}, vec{f, t, -0.09})
	frame.box(vec{w - f, 0, -0.14}, vec{w, t, -0.09})
	frame.box(vec{f, 0, -0.14}, vec{w - f, f, -0.09})
	frame.box(vec{f, t - f, -0.14}, vec{w - f, t, -0.09})
	for i := 1; i <= h.panes; i++ {
		x := w * float64(i) / float64(h.panes+1)
		frame.box(vec{x - 0.014, f, -0.135}, vec{x + 0.014, t - f, -0.1})
	}
	for y := 0.5; y < t-0.25; y += 0.5 {
		frame.box(vec{f, y - 0.012, -0.135}, vec{w - f, y + 0.012, -0.1})
	}
	trim := b.of(paint, h.trim)
	if h.walls == brick {
		trim = b.of(ashlar, h.trim)
	}
	trim.box(vec{-0.12, -0.10, -0.02}, vec{w + 0.12, 0, 0.10})
	trim.box(vec{-0.10, t, -0.02}, vec{w + 0.10, t + 0.16, 0.05})
	trim.box(vec{-0.10, 0, -0.02}, vec{0, t, 0.03})
	trim.box(vec{w, 0, -0.02}, vec{w + 0.10, t, 0.03})
	if !dressed {
		return
	}
	if h.shutters {
		s := b.of(louver, h.bright)
		s.box(vec{-0.10 - w/2, 0.01, 0.03}, vec{-0.11, t - 0.01, 0.075})
		s.box(vec{w + 0.11, 0.01, 0.03}, vec{w + 0.10 + w/2, t - 0.01, 0.075})
	}
	if h.c.yes(0.3) {
		h.town.planter(b.at(w/2, 0, 0.18), h.c, w, 0.2)
	}
}

// door adds a door of panels.
func (h *house) door(b brush, w, t float64) {
	wood := b.of(boards, h.bright).shade(0.8)
	wood.quad(vec{0, 0, -0.14}, vec{w, 0, -0.14}, vec{w, t, -0.14}, vec{0, t, -0.14})
	for _, x := range []float64{0.12, w/2 + 0.05} {
		for _, y := range []float64{0.2, 0.95, 1.7} {
			wood.box(vec{x, y, -0.15}, vec{x + w/2 - 0.17, y + 0.6, -0.11})
		}
	}
	b.of(brass, rgb(0xd8b060)).at(w-0.15, 1.05, -0.09).ball(0.045, 10)
	trim := b.of(ashlar, h.trim)
	trim.box(vec{-0.14, 0, -0.02}, vec{0, t + 0.14, 0.06})
	trim.box(vec{w, 0, -0.02}, vec{w + 0.14, t + 0.14, 0.06})
	trim.box(vec{0, t, -0.02}, vec{w, t + 0.14, 0.06})
	b.of(ashlar, h.base).box(vec{-0.2, 0, 0}, vec{w + 0.2, 0.1, 0.5})
	h.town.wallLamp(b.at(w+0.4, 2.1, 0))
}

// balcony adds a slab with a railing of thin bars.
func (h *house) balcony(b brush, w float64) {
	const out = 0.85
	b.of(ashlar, h.trim).box(vec{-w / 2, -0.12, 0}, vec{w / 2, 0, out})
	for _, x := range []float64{-w/2 + 0.15, w/2 - 0.3} {
		b.of(ashlar, h.trim).box(vec{x, -0.4, 0}, vec{x + 0.15, -0.12, 0.45})
	}
	h.town.railing(b, []vec{{-w/2 + 0.04, 0, 0}, {-w/2 + 0.04, 0, out - 0.04}, {w/2 - 0.04, 0, out - 0.04}, {w/2 - 0.04, 0, 0}}, 0.95, 0.11)
}

// pipes adds a gutter, a downpipe and a cable or two.
func (h *house) pipes(b brush, top float64) {
	metal := b.of(paint, vec{0.42, 0.44, 0.45})
	x := 0.12
	if h.c.yes(0.5) {
		x = h.width - 0.12
	}
	metal.rod(vec{x, 0.1, 0.08}, vec{x, top, 0.08}, 0.045, 8)
	for y := 1.5; y < top; y += 2.2 {
		metal.at(x, y, 0.08).box(vec{-0.06, 0, -0.08}, vec{0.06, 0.04, 0.055})
	}
	cable := b.of(wire, vec{0.08, 0.08, 0.09})
	y := h.ground + 0.3
	cable.tube(hanging(vec{0, y, 0.06}, vec{h.width, y + h.c.between(-0.1, 0.1), 0.06}, 0.06, 8), 0.011, 4, false)
}

// roof adds what is on top of the walls; y = 0 is their upper edge.
func (h *house) roof(b brush) {
	trim := b.of(paint, h.trim)
	trim.box(vec{-0.02, -0.22, -0.02}, vec{h.width + 0.02, -0.08, 0.16})
	trim.box(vec{-0.04, -0.08, -0.02}, vec{h.width + 0.04, 0.05, 0.30})
	for x := 0.2; x < h.width-0.1; x += 0.42 { // brackets
		trim.shade(0.8).box(vec{x, -0.34, 0}, vec{x + 0.1, -0.22, 0.14})
	}
	if !h.roofed {
		b.of(asphalt, gray(0.5)).quad(vec{0, 0.05, 0}, vec{h.width, 0.05, 0}, vec{h.width, 0.05, -h.depth}, vec{0, 0.05, -h.depth})
		h.town.railing(b.at(0, 0.05, 0), []vec{{0.05, 0, -3}, {0.05, 0, 0.1}, {h.width - 0.05, 0, 0.1}, {h.width - 0.05, 0, -3}}, 0.9, 0.14)
		h.town.antenna(b.at(h.width*h.c.between(0.2, 0.8), 0.05, -1.5), h.c, h.c.between(2.5, 4.5))
		h.town.tank(b.at(h.width*h.c.between(0.3, 0.7), 0.05, -3.5), h.c)
		return
	}
	rise := h.depth / 2 * h.c.between(0.55, 0.95)
	cover, tint := rooftile, hsv(h.c.between(0.035, 0.065), h.c.between(0.55, 0.72), h.c.between(0.50, 0.68))
	if h.c.yes(0.35) {
		cover, tint = slate, hsv(0.6, 0.1, h.c.between(0.34, 0.5))
	}
	over, middle := 0.38, -h.depth/2
	low := -over * rise / (h.depth / 2)
	tiled := b.of(cover, tint)
	tiled.quad(vec{-0.05, low + 0.06, over}, vec{h.width + 0.05, low + 0.06, over}, vec{h.width + 0.05, rise, middle}, vec{-0.05, rise, middle})
	tiled.quad(vec{h.width + 0.05, 0, -h.depth}, vec{-0.05, 0, -h.depth}, vec{-0.05, rise, middle}, vec{h.width + 0.05, rise, middle})
	tiled.rod(vec{-0.05, rise, middle}, vec{h.width + 0.05, rise, middle}, 0.11, 8)
	gable := b.of(h.walls, h.tint)
	gable.face(vec{h.width, 0, 0}, vec{h.width, 0, -h.depth}, vec{h.width, rise - 0.02, middle})
	gable.face(vec{0, 0, -h.depth}, vec{0, 0, 0}, vec{0, rise - 0.02, middle})
	b.of(paint, vec{0.42, 0.44, 0.45}).rod(vec{-0.05, low + 0.04, over + 0.05}, vec{h.width + 0.05, low + 0.04, over + 0.05}, 0.07, 8)

	slope := func(z float64) float64 { return rise * z / middle }
	// Dormers.
	if h.width > 5 && h.c.yes(0.6) {
		for _, at := range []float64{0.28, 0.72} {
			d := b.at(h.width*at, slope(-1.1), -1.1)
			wall := d.of(h.walls, h.tint)
			const w, t = 0.62, 1.15
			deep := t / (rise / (h.depth / 2))
			wall.quad(vec{-w, 0, 0}, vec{w, 0, 0}, vec{w, t, 0}, vec{-w, t, 0})
			wall.face(vec{w, 0, 0}, vec{w, t, -deep}, vec{w, t, 0})
			wall.face(vec{-w, 0, 0}, vec{-w, t, 0}, vec{-w, t, -deep})
			d.of(cover, tint).quad(vec{-w - 0.1, t - 0.02, 0.15}, vec{w + 0.1, t - 0.02, 0.15}, vec{w + 0.1, t + 0.25, -deep - 0.3}, vec{-w - 0.1, t + 0.25, -deep - 0.3})
			d.of(paint, h.trim).box(vec{-w + 0.08, 0.12, -0.02}, vec{w - 0.08, t - 0.08, 0.04})
			h.pane(d, -w+0.15, 0.19, w-0.15, t-0.15, 0.045, 0.5)
		}
	}
	// Chimneys with pots, and an antenna.
	for range 1 + h.c.IntN(2) {
		z := h.c.between(-3.2, -1.8)
		p := b.at(h.width*h.c.between(0.12, 0.88), slope(z)-0.4, z)
		p.of(brick, hsv(0.03, 0.5, 0.55)).block(0.7, 1.9, 0.5)
		p.of(ashlar, h.base).at(0, 1.9, 0).block(0.84, 0.1, 0.64)
		for _, x := range []float64{-0.18, 0.18} {
			p.of(rough, hsv(0.04, 0.55, 0.6)).at(x, 2, 0).lathe([]ring{{0.10, 0}, {0.085, 0.4}, {0.11, 0.42}, {0.11, 0.5}, {0.06, 0.5}}, 10, false)
		}
	}
	if h.c.yes(0.7) {
		z := h.c.between(-3, -1.2)
		h.town.antenna(b.at(h.width*h.c.between(0.15, 0.85), slope(z)-0.1, z), h.c, h.c.between(1.8, 3.4))
	}
}
