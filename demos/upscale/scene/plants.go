package scene

import "math"

// scatter is a random unit vector.
func (c chance) scatter() vec {
	z := c.between(-1, 1)
	s, cos := math.Sincos(c.between(0, 2*math.Pi))
	r := math.Sqrt(1 - z*z)
	return vec{r * cos, z, r * s}
}

// blade adds one two-sided leaf: a kite from p along d, its normals bent
// towards out, so that a crown is lit as a whole.
func (b brush) blade(p, d, out vec, length, width float64) {
	side := d.cross(out)
	if side.length() < 0.05 {
		side = d.perpendicular()
	}
	side = side.unit().mul(width / 2)
	flat := side.cross(d).unit()
	if flat.dot(out) < 0 {
		flat = flat.mul(-1)
		side = side.mul(-1)
	}
	soft := flat.mix(out, 0.5).unit()
	corners := [4]vec{p, p.add(d.mul(length * 0.4)).add(side), p.add(d.mul(length)), p.add(d.mul(length * 0.4)).sub(side)}
	// flat is side x d, so base, side, tip run counterclockwise against it.
	for _, n := range []vec{soft, soft.mix(flat, 1.2).mul(-1).unit()} {
		var at [4]uint32
		for i, c := range corners {
			at[i] = b.vertex(c, n, d, float64(i%2)*width, c.sub(p).dot(d))
		}
		b.triangle(at[0], at[1], at[2])
		b.triangle(at[0], at[2], at[3])
		corners[1], corners[3] = corners[3], corners[1]
	}
}

// tree adds a trunk with boughs and a crown of leaves.
func (t *town) tree(b brush, c chance, height float64, leaves int) {
	green := hsv(pick(c, c.between(0.18, 0.34), c.between(0.22, 0.30), c.between(0.06, 0.14)), c.between(0.50, 0.78), c.between(0.44, 0.66))
	trunk := b.of(bark, hsv(0.07, 0.3, c.between(0.35, 0.6)))
	fork := height * c.between(0.32, 0.42)
	lean := vec{c.between(-0.2, 0.2), 0, c.between(-0.2, 0.2)}
	trunk.tube([]vec{{0, -0.1, 0}, lean.mul(0.3).add(vec{0, fork * 0.5, 0}), lean.add(vec{0, fork, 0})}, height*0.022, 9, false)
	boughs := 5 + c.IntN(3)
	each := leaves / boughs
	for i := range boughs {
		s, cos := math.Sincos(2*math.Pi*float64(i)/float64(boughs) + c.between(-0.3, 0.3))
		spread := height * c.between(0.12, 0.26)
		if i == 0 {
			spread *= 0.2
		}
		tip := lean.add(vec{spread * cos, fork + height*c.between(0.18, 0.5), spread * s})
		middle := lean.add(vec{spread * cos * 0.5, fork + (tip.Y-fork)*0.4, spread * s * 0.5})
		trunk.tube([]vec{lean.add(vec{0, fork - 0.05, 0}), middle, tip}, height*0.010, 5, false)
		radius := height * c.between(0.15, 0.21)
		crown(b, c, tip, vec{radius, radius * 0.8, radius}, each, 0.19, green)
	}
}

// crown fills an ellipsoid with leaves, dark inside and below.
func crown(b brush, c chance, center, size vec, leaves int, length float64, green vec) {
	for range leaves {
		out := c.scatter()
		depth := math.Cbrt(c.between(0.12, 1))
		p := center.add(out.scale(size).mul(depth))
		d := out.add(c.scatter().mul(0.9)).add(vec{0, -0.35, 0}).unit()
		shade := clamp(0.32+0.55*depth*depth+0.25*out.Y, 0.2, 1)
		tint := green.mul(c.between(0.75, 1.2))
		tint.X *= c.between(0.85, 1.25)
		b.of(leaf, tint).shade(shade).blade(p, d, out, length*c.between(0.7, 1.2), length*0.5)
	}
}

// planter adds a box of flowers, w wide, centered on the brush.
func (t *town) planter(b brush, c chance, w, height float64) {
	b.of(boards, pick(c, t.style.woods...)).at(0, 0, 0).block(w, height, 0.26)
	green := hsv(c.between(0.24, 0.34), 0.6, 0.42)
	flower := pick(c, hsv(0.97, 0.75, 0.85), hsv(0.13, 0.8, 0.95), hsv(0.8, 0.45, 0.8), vec{0.95, 0.93, 0.92}, hsv(0.03, 0.8, 0.9))
	for range int(70 * w) {
		p := vec{c.between(-w/2, w/2), height, c.between(-0.10, 0.10)}
		d := vec{c.between(-0.5, 0.5), 1, c.between(-0.5, 0.7)}.unit()
		b.of(leaf, green.mul(c.between(0.7, 1.2))).shade(0.7).blade(p, d, vec{d.X, 0.5, d.Z}.unit(), c.between(0.08, 0.2), 0.05)
	}
	for range int(26 * w) {
		p := vec{c.between(-w/2, w/2), height + c.between(0.05, 0.2), c.between(-0.12, 0.16)}
		b.of(petal, flower.mul(c.between(0.8, 1.1))).blade(p, c.scatter(), vec{0, 0.4, 1}.unit(), 0.06, 0.055)
	}
}

// bush adds a clipped ball or cone of leaves in a pot.
func (t *town) bush(b brush, c chance, height float64) {
	pot := pick(c, hsv(0.04, 0.6, 0.62), t.style.bright[0], gray(0.8))
	b.of(gloss, pot).lathe([]ring{{0.16, 0}, {0.24, 0.36}, {0.27, 0.38}, {0.27, 0.44}, {0.22, 0.44}, {0.21, 0.38}, {0, 0.38}}, 18, false)
	green := hsv(c.between(0.25, 0.36), 0.6, c.between(0.30, 0.44))
	b.of(bark, hsv(0.07, 0.3, 0.4)).rod(vec{0, 0.35, 0}, vec{0, height * 0.6, 0}, 0.025, 6)
	crown(b, c, vec{0, height * 0.72, 0}, vec{0.34, height * 0.3, 0.34}, 420, 0.11, green)
}
