package scene

import (
	"fmt"
	"math"
)

// town is everything that a seed builds: one mesh, the parts of it that move,
// the lamps and the camera's path.
type town struct {
	seed  int64
	style style
	faces []*lettering
	mesh  mesh
	parts []motion // of part 1 and up; part 0 stands still
	lamps []lamp
	shade occlusion
	path  path
}

// lamp shines from a place as far as reach; in meters.
type lamp struct {
	at    vec
	reach float64
	part  uint8 // that it hangs on: at is in the part's space
}

// maxLamps is the size of the array in shaders/view.glsl.
const maxLamps = 8

// newTown builds the scene of a seed.
func newTown(seed int64) (*town, error) {
	faces, err := typefaces()
	if err != nil {
		return nil, err
	}
	t := &town{seed: seed, style: newStyle(seed), faces: faces, path: newPath(seed)}
	b := brush{mesh: &t.mesh, to: identity, material: paint, tint: gray(1), open: 1}
	t.ground(b, newChance(seed, "ground"))
	t.rows(b)
	t.square(b)
	t.overhead(b, newChance(seed, "overhead"))
	t.skyline(b, newChance(seed, "skyline"))
	t.birds(b, newChance(seed, "birds"))
	t.shade.finish()
	if len(t.parts) > 255 {
		return nil, fmt.Errorf("scene: seed %d has %d moving parts: there is room for 255", seed, len(t.parts))
	}
	return t, nil
}

// part adds a moving part.
func (t *town) part(m motion) uint8 {
	t.parts = append(t.parts, m)
	return uint8(len(t.parts))
}

// shine makes a lamp light its surroundings, while there is room.
func (t *town) shine(at vec, reach float64) {
	if len(t.lamps) < maxLamps {
		t.lamps = append(t.lamps, lamp{at: at, reach: reach})
	}
}

// blocks notes that something on the ground keeps the sky's light away.
func (t *town) blocks(at vec, radius float64) { t.shade.disc(at.X, at.Z, radius) }

// The square: fronts of houses stand at these distances from its middle.
const (
	backFront = 14.0
	sideFront = 15.0
	openFront = 17.0 // where it ends behind the camera
)

// ground lays the pavement.
func (t *town) ground(b brush, c chance) {
	stone := func(low, high float64) vec {
		return hsv(c.between(0.04, 0.13), c.between(0.04, 0.22), c.between(low, high))
	}
	floor := func(m material, tint vec, x0, z0, x1, z1, y float64) {
		b.of(m, tint).quad(vec{x0, y, z1}, vec{x1, y, z1}, vec{x1, y, z0}, vec{x0, y, z0})
	}
	frame := func(m material, tint vec, in, out float64) {
		floor(m, tint, -out, -out, out, -in, 0)
		floor(m, tint, -out, in, out, out, 0)
		floor(m, tint, -out, -in, -in, in, 0)
		floor(m, tint, in, -in, out, in, 0)
	}
	field := pick(c, cobble, cobble, herringbone, tiles, ashlar)
	floor(field, stone(0.44, 0.72), -4, -4, 4, 4, 0)
	frame(ashlar, stone(0.58, 0.80), 4, 4.5)
	frame(pick(c, tiles, mosaic, herringbone, cobble), stone(0.44, 0.72), 4.5, 7.5)
	frame(ashlar, stone(0.58, 0.80), 7.5, 7.9)
	outer, outerTint := pick(c, cobble, herringbone, cobble), stone(0.42, 0.66)
	frame(outer, outerTint, 7.9, 11.2)
	frame(asphalt, gray(0.42), 11.2, 60)
	// Grates that drain it.
	for range 5 {
		x, z := c.between(-10, 10), c.sign()*c.between(8.2, 10.6)
		floor(grating, gray(0.5), x-0.45, z-0.22, x+0.45, z+0.22, 0.004)
		b.of(brushed, gray(0.35)).box(vec{x - 0.5, 0, z - 0.27}, vec{x + 0.5, 0.008, z - 0.22})
		b.of(brushed, gray(0.35)).box(vec{x - 0.5, 0, z + 0.22}, vec{x + 0.5, 0.008, z + 0.27})
	}
	// Sidewalks with curbs.
	walk, walkTint, curb := pick(c, tiles, herringbone, ashlar), stone(0.48, 0.74), stone(0.52, 0.72)
	slab := func(x0, z0, x1, z1 float64) {
		b.of(walk, walkTint).quad(vec{x0, 0.14, z1}, vec{x1, 0.14, z1}, vec{x1, 0.14, z0}, vec{x0, 0.14, z0})
		b.of(ashlar, curb).sides(vec{x0, 0, z0}, vec{x1, 0.14, z1}, false, false)
	}
	slab(-60, -backFront-4, 60, -11.6)
	slab(-sideFront-8, -11.6, -12.4, openFront)
	slab(12.4, -11.6, sideFront+8, openFront)
}

// rows builds the houses on three sides.
func (t *town) rows(b brush) {
	row := func(stream string, b brush, length float64, gap float64) {
		c := newChance(t.seed, stream)
		for x := 0.0; x < length-3; {
			w := min(c.between(5.2, 8.8), length-x)
			if length-x-w < 4 {
				w = length - x
			}
			h := t.newHouse(c, w)
			h.build(b.at(x, 0.14, 0))
			x += w
			if gap > 0 && x > length*0.4 {
				x, gap = x+gap, 0
			}
		}
	}
	c := newChance(t.seed, "rows")
	gap := 0.0
	if c.yes(0.6) {
		gap = c.between(2.5, 4)
	}
	row("back", b.at(-sideFront-2, 0, -backFront), 2*sideFront+4, gap)
	row("left", b.at(-sideFront, 0, openFront-1).turned(vec{0, 1, 0}, math.Pi/2), openFront+backFront-1, 0)
	row("right", b.at(sideFront, 0, -backFront).turned(vec{0, 1, 0}, -math.Pi/2), openFront+backFront-1, 0)
	t.shade.outside(sideFront, backFront)
}

// square fills the space between with things, none on top of another.
func (t *town) square(b brush) {
	c := newChance(t.seed, "square")
	t.centerpiece(b, newChance(t.seed, "center"))
	t.blocks(vec{}, 2.2)
	taken := []vec{{0, 2.8, 0}} // x, radius, z
	place := func(radius float64, x0, x1, z0, z1 float64) (brush, bool) {
		for range 30 {
			p := vec{c.between(x0, x1), radius, c.between(z0, z1)}
			free := t.path.clear(p.X, p.Z, radius)
			for _, o := range taken {
				if math.Hypot(o.X-p.X, o.Z-p.Z) < o.Y+radius {
					free = false
				}
			}
			if free {
				taken = append(taken, p)
				t.blocks(p, radius*0.7)
				return b.at(p.X, 0, p.Z), true
			}
		}
		return b, false
	}
	spin := func(b brush) brush { return b.turned(vec{0, 1, 0}, c.between(0, 2*math.Pi)) }

	for _, x := range []float64{-8.6, 8.6} {
		for _, z := range []float64{-7.5, 4.5} {
			z += c.between(-1, 1)
			t.lampPost(b.at(x, 0, z), pick(c, 1, 2, 3))
			t.blocks(vec{x, 0, z}, 0.25)
			taken = append(taken, vec{x, 0.5, z})
		}
	}
	for range 3 + c.IntN(3) {
		side := c.sign()
		if p, ok := place(1.3, side*5.5-3, side*5.5+3, -10, 3); ok {
			t.tree(p, c, c.between(4.2, 6.5), 3400)
			p.of(grating, gray(0.4)).quad(vec{-0.7, 0.006, 0.7}, vec{0.7, 0.006, 0.7}, vec{0.7, 0.006, -0.7}, vec{-0.7, 0.006, -0.7})
		}
	}
	for range 1 + c.IntN(3) {
		if p, ok := place(1.7, -9, 9, -9, 2); ok {
			t.stall(p.turned(vec{0, 1, 0}, c.between(-0.7, 0.7)), c)
		}
	}
	for range 3 + c.IntN(3) {
		if p, ok := place(1.3, -10, 10, -8, 6); ok {
			t.table(spin(p), c, c.yes(0.55))
		}
	}
	for range 2 + c.IntN(3) {
		if p, ok := place(1.1, -9, 9, -7, 6.5); ok {
			t.bench(p.turned(vec{0, 1, 0}, math.Atan2(-p.to.move.X, -p.to.move.Z)), c)
		}
	}
	for range 2 + c.IntN(2) {
		if p, ok := place(0.9, -7, 7, -1, 6.5); ok {
			t.bicycle(spin(p), c)
		}
	}
	for range 2 {
		if p, ok := place(1.2, -10.5, 10.5, -10, 5); ok {
			t.crates(spin(p), c)
		}
	}
	for range 2 + c.IntN(2) {
		if p, ok := place(0.6, -8, 8, -6, 6); ok {
			t.signboard(p.turned(vec{0, 1, 0}, c.between(-0.7, 0.7)), c)
		}
	}
	for range 4 + c.IntN(4) {
		if p, ok := place(0.5, -10, 10, -10, 6); ok {
			t.bush(p, c, c.between(1.1, 1.8))
		}
	}
	// A fence round a patch, or bollards along the street.
	side := c.sign()
	if c.yes(0.6) {
		f := b.at(side*11.4, 0, c.between(-6, -2)).turned(vec{0, 1, 0}, side*-math.Pi/2)
		t.fence(f, c.between(5, 7.5), c.between(1.2, 1.7), 0.12)
	}
	t.bollards(b, vec{-side * 11.6, 0, -10}, vec{-side * 11.6, 0, 7}, 9)
	t.bollards(b, vec{-9, 0, -11.3}, vec{9, 0, -11.3}, 10)
}
