package scene

import "math"

// pattern is a layer of the texture arrays.
type pattern int

const (
	patternPlain pattern = iota
	patternPlaster
	patternBrick
	patternAshlar
	patternCobble
	patternTiles
	patternPlanks
	patternBrushed
	patternRoof
	patternCanvas
	patternGrating
	patternAsphalt
	patternLouver
	patternHerringbone
	patternMosaic
	patternRoom
	patternShop
	patternRipples
	patternBark
	patternLeaf
	patterns int = iota
)

// texel is a point of a pattern.
type texel struct {
	color  vec     // sRGB code values
	height float64 // in widths of the whole texture
	rough  float64
	cavity float64 // ambient visibility
	tinted float64 // 1 where a thing's own tint colors it
}

// fine and coarse are noise for everything.
func (g grain) fine(u, v float64) float64   { return g.cloud(u, v, 24, 24, 4) }
func (g grain) coarse(u, v float64) float64 { return grain{g.seed + 9}.cloud(u, v, 3, 3, 4) }

func gray(v float64) vec { return vec{v, v, v} }

// draw is the pattern at u, v in [0, 1).
func (p pattern) draw(g grain, u, v float64) texel {
	switch p {
	case patternPlaster:
		fine, coarse := g.fine(u, v), g.coarse(u, v)
		pits := smooth(0.68, 0.86, grain{g.seed + 3}.cloud(u, v, 12, 12, 3))
		return texel{gray(0.93 + 0.12*(coarse-0.5) + 0.10*(fine-0.5) - 0.06*pits), 0.004*fine + 0.004*coarse - 0.002*pits, 0.9, 1 - 0.2*pits, 1}
	case patternBrick:
		return blocks(g, u, v, 8, 24, 0.5, 0.07, 0.14, 0.012, 0.22, vec{0.74, 0.72, 0.68})
	case patternAshlar:
		return blocks(g, u, v, 4, 8, 0.5, 0.03, 0.06, 0.008, 0.12, vec{0.62, 0.6, 0.57})
	case patternCobble:
		return stones(g, u, v, 14, 0.55)
	case patternTiles:
		t := blocks(g, u, v, 4, 4, 0, 0.03, 0.03, 0.006, 0.06, vec{0.55, 0.54, 0.52})
		odd := (int(u*4) + int(v*4)) % 2
		if odd == 1 {
			t.color = t.color.mul(0.45)
		}
		return t
	case patternPlanks:
		return plank(g, u, v, 8)
	case patternBrushed:
		streak := g.cloud(u, v, 3, 190, 2)
		return texel{gray(0.92 + 0.12*(streak-0.5)), 0.0008 * streak, 0.75 + 0.5*(streak-0.5) + 0.2*(g.coarse(u, v)-0.5), 1, 1}
	case patternRoof:
		return shingles(g, u, v, 6, 7)
	case patternCanvas:
		x, y := math.Sin(u*2*math.Pi*32), math.Sin(v*2*math.Pi*32)
		over := math.Sin(u*math.Pi*32)*math.Sin(v*math.Pi*32) > 0
		h := math.Abs(x)
		if over {
			h = math.Abs(y)
		}
		return texel{gray(0.84 + 0.14*h + 0.06*(g.fine(u, v)-0.5)), 0.006 * h, 0.95, 0.75 + 0.25*h, 1}
	case patternGrating:
		x, y := math.Mod(u*8, 1)-0.5, math.Mod(v*8, 1)-0.5
		hole := 1 - smooth(0.26, 0.34, math.Hypot(x, y))
		return texel{gray(0.8 - 0.75*hole + 0.1*(g.fine(u, v)-0.5)), -0.02 * hole, 0.6 + 0.4*hole, 1 - 0.85*hole, 1}
	case patternAsphalt:
		near, _, id := g.cell(u, v, 60, 0.9)
		chip := 1 - smooth(0.2, 0.55, near)
		return texel{gray(0.52 + 0.3*chip*(id-0.35) + 0.12*(g.coarse(u, v)-0.5)), 0.003*chip + 0.002*g.fine(u, v), 0.9 - 0.2*chip*id, 0.8 + 0.2*chip, 1}
	case patternLouver:
		t := math.Mod(v*10, 1)
		gap := smooth(0.84, 0.92, t)
		return texel{gray(0.95 - 0.12*t - 0.6*gap + 0.05*(g.fine(u, v)-0.5)), 0.05 * (1 - t) * (1 - gap), 0.8, 1 - 0.7*gap, 1}
	case patternHerringbone:
		return herring(g, u, v)
	case patternMosaic:
		near, second, id := g.cell(u, v, 20, 0.55)
		grout := 1 - smooth(0.04, 0.12, second-near)
		return texel{gray(0.62+0.38*id).mix(vec{0.75, 0.74, 0.7}, grout), -0.006*grout + 0.003*id, 0.6 + 1.8*grout + 0.4*id, 1 - 0.4*grout, 1 - grout}
	case patternRoom:
		return room(g, u, v)
	case patternShop:
		return shelves(g, u, v)
	case patternRipples:
		h := g.cloud(u, v, 5, 5, 3) + 0.5*grain{g.seed + 5}.cloud(u, v, 9, 9, 2)
		return texel{gray(1), 0.02 * h, 1, 1, 1}
	case patternBark:
		ridge := math.Abs(g.cloud(u, v, 14, 3, 4)-0.5) * 4
		return texel{gray(0.45 + 0.5*min(ridge, 1)), 0.02 * min(ridge, 1), 1, 0.5 + 0.5*min(ridge, 1), 1}
	case patternLeaf:
		vein := 1 - smooth(0, 0.06, math.Abs(math.Mod(u*4+math.Abs(math.Mod(v*4, 1)-0.5)*1.5, 1)-0.5))
		return texel{gray(0.78 + 0.3*(g.coarse(u, v)-0.5) + 0.25*(g.fine(u, v)-0.5) + 0.12*vein), 0.004 * (vein + g.fine(u, v)), 0.9, 1, 1}
	}
	fine := g.fine(u, v)
	return texel{gray(0.98 + 0.03*(fine-0.5)), 0.0008 * fine, 0.95 + 0.1*(g.coarse(u, v)-0.5), 1, 1}
}

// blocks lays nx by ny rectangles, each row shifted. jx and jy are the joints'
// widths in blocks.
func blocks(g grain, u, v float64, nx, ny int, shift, jx, jy, depth, vary float64, mortar vec) texel {
	y := v * float64(ny)
	row := int(y)
	x := u*float64(nx) + shift*float64(row%2)
	column := wrap(int(math.Floor(x)), nx)
	fx, fy := x-math.Floor(x), y-float64(row)
	wobble := 0.25 * (g.cloud(u, v, 30, 30, 2) - 0.5)
	ex := min(fx, 1-fx)/jx + wobble
	ey := min(fy, 1-fy)/jy + wobble
	solid := smooth(0.3, 0.75, ex) * smooth(0.3, 0.75, ey)
	id := g.hash(column, row+1000)
	grit := g.cloud(u, v, 40, 40, 3)
	c := gray(0.88 + vary*(id-0.5) + 0.16*(grit-0.5))
	c.X += 0.05 * (g.hash(column, row+2000) - 0.5)
	return texel{mortar.mul(0.9+0.2*grit).mix(c, solid), depth*solid + 0.003*grit, 0.95 - 0.15*id*solid, 0.6 + 0.4*solid, solid}
}

// stones are rounded cobbles in loose rows.
func stones(g grain, u, v float64, n int, spread float64) texel {
	near, second, id := g.cell(u, v, n, spread)
	edge := second - near
	dome := smooth(0.02, 0.5, edge)
	grit := g.cloud(u, v, 50, 50, 3)
	c := gray(0.60 + 0.36*id + 0.18*(grit-0.5))
	joint := 1 - smooth(0.03, 0.14, edge)
	return texel{c.mix(vec{0.30, 0.28, 0.25}, joint), 0.018*dome + 0.002*grit, 0.75 + 0.25*grit + 0.2*joint, 0.45 + 0.55*dome, 1 - 0.7*joint}
}

// plank is wood with its grain along u.
func plank(g grain, u, v float64, n int) texel {
	y := v * float64(n)
	row := int(y)
	id := g.hash(row, 5)
	fy := y - float64(row)
	joint := 1 - smooth(0.01, 0.05, min(fy, 1-fy))
	butt := math.Mod(u+id, 1)
	joint = max(joint, 1-smooth(0.001, 0.004, min(butt, 1-butt)))
	warp := 0.6 * g.cloud(u, v, 3, 2*n, 3)
	ringed := math.Sin((fy*3+warp*5+id*20)*2*math.Pi)*0.5 + 0.5
	fiber := grain{g.seed + 4}.cloud(u, v, 8, 160, 2)
	c := vec{0.86, 0.80, 0.74}.mul(0.80 + 0.2*id + 0.14*(ringed-0.5) + 0.22*(fiber-0.5))
	return texel{c.mul(1 - 0.65*joint), -0.012*joint + 0.0018*fiber, 0.85 + 0.2*(fiber-0.5), 1 - 0.6*joint, 1}
}

// shingles overlap downwards, every second row shifted.
func shingles(g grain, u, v float64, nx, ny int) texel {
	y := v * float64(2*ny)
	row := int(y)
	x := u*float64(nx) + 0.5*float64(row%2)
	fx, fy := x-math.Floor(x), y-float64(row)
	id := g.hash(wrap(int(math.Floor(x)), nx), row)
	round := 1 - 0.3*4*(fx-0.5)*(fx-0.5)
	low := smooth(0.02, 0.12, fy-0.22*(1-round))
	side := smooth(0.01, 0.06, min(fx, 1-fx))
	grit := g.cloud(u, v, 40, 40, 3)
	return texel{gray(0.66 + 0.34*id + 0.2*(grit-0.5)).mul(0.35 + 0.65*low*side), 0.03*(1-fy)*low + 0.01*round*side, 0.9, 0.4 + 0.6*low*side, 1}
}

// herring lays bricks of 1 by 2 in a herringbone.
func herring(g grain, u, v float64) texel {
	const n = 8
	x, y := u*n, v*n
	i, j := int(math.Floor(x)), int(math.Floor(y))
	k := wrap(i-j, 4)
	fx, fy := x-float64(i), y-float64(j)
	var a, b float64 // along a brick of length 2, across
	var bi, bj int
	switch k {
	case 0:
		a, b, bi, bj = fx, fy, i, j
	case 1:
		a, b, bi, bj = fx+1, fy, i-1, j
	case 2:
		a, b, bi, bj = fy+1, fx, i, j-1
	default:
		a, b, bi, bj = fy, fx, i, j
	}
	kind := 0
	if k >= 2 {
		kind = 500
	}
	id := g.hash(wrap(bi, n), wrap(bj, n)+kind)
	solid := smooth(0.03, 0.09, min(a, 2-a)) * smooth(0.03, 0.09, min(b, 1-b))
	grit := g.cloud(u, v, 40, 40, 3)
	return texel{vec{0.5, 0.48, 0.45}.mix(gray(0.72+0.28*id+0.16*(grit-0.5)), solid), 0.012*solid + 0.002*grit, 0.9, 0.55 + 0.45*solid, solid}
}

// room is what shows behind a window: a wall, curtains, a lamp's shine.
func room(g grain, u, v float64) texel {
	shine := math.Exp(-9 * ((u-0.5)*(u-0.5) + (v-0.72)*(v-0.72)))
	c := vec{0.50, 0.36, 0.22}.add(vec{0.42, 0.38, 0.26}.mul(shine))
	fold := 0.5 + 0.5*math.Sin(u*2*math.Pi*11+2*g.value(u, v, 3, 5))
	curtain := 1 - smooth(0.10, 0.22, min(u, 1-u)-0.10*math.Sin(v*3))
	c = c.mix(vec{0.72, 0.50, 0.34}.mul(0.55+0.5*fold), curtain)
	if v < 0.34 && curtain < 0.5 { // a sill with things on it
		col := int(u * 13)
		if v < 0.10+0.22*g.hash(col, 3) {
			c = vec{0.22, 0.13, 0.09}.mul(0.6 + g.hash(col, 4))
		}
	}
	return texel{c, 0.01 * g.cloud(u, v, 2, 2, 2), 0.9, 1, 0.6}
}

// shelves are goods in a shop's window: four meters by four, boards half a meter
// apart, on each a row of things in all colors.
func shelves(g grain, u, v float64) texel {
	row := int(v * 8)
	y := v*8 - float64(row)
	c := vec{0.46, 0.34, 0.24}.mul(0.7 + 0.5*math.Exp(-6*(y-0.9)*(y-0.9)))
	n := 10 + 6*(row%3)
	x := u * float64(n)
	i := int(x)
	x -= float64(i)
	tall := 0.25 + 0.55*g.hash(i, row)
	half := 0.25 + 0.2*g.hash(i+50, row)
	top := tall
	if g.hash(i, row+30) < 0.4 { // round, not square
		top = tall * math.Sqrt(max(0, 1-math.Pow((x-0.5)/half, 2)))
	}
	if d := math.Abs(x - 0.5); d < half && y > 0.08 && y < 0.08+top {
		c = hsv(g.hash(i, row+60), 0.15+0.5*g.hash(i, row+90), 0.22+0.5*g.hash(i, row+120)).mul(1 - 0.5*d/half)
		if g.hash(i, row+150) < 0.5 && math.Mod(y*9, 1) < 0.3 {
			c = c.mix(vec{0.95, 0.92, 0.85}, 0.7)
		}
	}
	if y < 0.08 {
		c = vec{0.60, 0.46, 0.32}
	}
	return texel{c, 0, 0.9, 1, 0.7}
}
