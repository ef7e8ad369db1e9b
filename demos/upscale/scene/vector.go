package scene

import "math"

// vec is a point, direction or color.
type vec struct{ X, Y, Z float64 }

func (a vec) add(b vec) vec            { return vec{a.X + b.X, a.Y + b.Y, a.Z + b.Z} }
func (a vec) sub(b vec) vec            { return vec{a.X - b.X, a.Y - b.Y, a.Z - b.Z} }
func (a vec) mul(s float64) vec        { return vec{a.X * s, a.Y * s, a.Z * s} }
func (a vec) scale(b vec) vec          { return vec{a.X * b.X, a.Y * b.Y, a.Z * b.Z} }
func (a vec) dot(b vec) float64        { return a.X*b.X + a.Y*b.Y + a.Z*b.Z }
func (a vec) length() float64          { return math.Sqrt(a.dot(a)) }
func (a vec) mix(b vec, t float64) vec { return a.mul(1 - t).add(b.mul(t)) }

func (a vec) cross(b vec) vec {
	return vec{a.Y*b.Z - a.Z*b.Y, a.Z*b.X - a.X*b.Z, a.X*b.Y - a.Y*b.X}
}

// unit is a scaled to length 1; the zero vector becomes up.
func (a vec) unit() vec {
	if l := a.length(); l > 0 {
		return a.mul(1 / l)
	}
	return vec{0, 1, 0}
}

// perpendicular is some unit vector at right angles to the unit vector a.
func (a vec) perpendicular() vec {
	if math.Abs(a.Y) < 0.9 {
		return vec{0, 1, 0}.cross(a).unit()
	}
	return vec{1, 0, 0}.cross(a).unit()
}

// affine maps points: rows of a 3x3 matrix, then a translation.
type affine struct{ x, y, z, move vec }

var identity = affine{x: vec{1, 0, 0}, y: vec{0, 1, 0}, z: vec{0, 0, 1}}

func (m affine) turn(d vec) vec  { return vec{m.x.dot(d), m.y.dot(d), m.z.dot(d)} }
func (m affine) apply(p vec) vec { return m.turn(p).add(m.move) }

// then is the map that does n first and m after it.
func (m affine) then(n affine) affine {
	column := func(a vec) vec { return m.turn(a) }
	cx := column(vec{n.x.X, n.y.X, n.z.X})
	cy := column(vec{n.x.Y, n.y.Y, n.z.Y})
	cz := column(vec{n.x.Z, n.y.Z, n.z.Z})
	return affine{x: vec{cx.X, cy.X, cz.X}, y: vec{cx.Y, cy.Y, cz.Y}, z: vec{cx.Z, cy.Z, cz.Z}, move: m.apply(n.move)}
}

func moving(d vec) affine { m := identity; m.move = d; return m }

func scaling(s float64) affine {
	return affine{x: vec{s, 0, 0}, y: vec{0, s, 0}, z: vec{0, 0, s}}
}

// turning rotates by angle radians about a unit axis, counterclockwise as seen
// against the axis.
func turning(axis vec, angle float64) affine {
	s, c := math.Sincos(angle)
	a, k := axis, 1-c
	return affine{
		x: vec{c + a.X*a.X*k, a.X*a.Y*k - a.Z*s, a.X*a.Z*k + a.Y*s},
		y: vec{a.Y*a.X*k + a.Z*s, c + a.Y*a.Y*k, a.Y*a.Z*k - a.X*s},
		z: vec{a.Z*a.X*k - a.Y*s, a.Z*a.Y*k + a.X*s, c + a.Z*a.Z*k},
	}
}

// matrix is a 4x4 matrix by columns, as shaders read it.
type matrix [16]float32

// mul is the matrix that does b first and a after it.
func (a matrix) mul(b matrix) matrix {
	var out matrix
	for c := range 4 {
		for r := range 4 {
			var sum float32
			for k := range 4 {
				sum += a[4*k+r] * b[4*c+k]
			}
			out[4*c+r] = sum
		}
	}
	return out
}

// rows makes a matrix from its rows.
func rows(r [4][4]float64) matrix {
	var out matrix
	for i := range 4 {
		for j := range 4 {
			out[4*j+i] = float32(r[i][j])
		}
	}
	return out
}

// looking maps the world to a camera's space: x right, y up, z against the view.
func looking(eye, right, up, forward vec) matrix {
	return rows([4][4]float64{
		{right.X, right.Y, right.Z, -right.dot(eye)},
		{up.X, up.Y, up.Z, -up.dot(eye)},
		{-forward.X, -forward.Y, -forward.Z, forward.dot(eye)},
		{0, 0, 0, 1},
	})
}

// perspective maps camera space to clip space; x and y are tangents of half the
// picture's angles. Depth runs from 0 at near to 1 at far.
func perspective(x, y, near, far float64) matrix {
	return rows([4][4]float64{
		{1 / x, 0, 0, 0},
		{0, 1 / y, 0, 0},
		{0, 0, far / (near - far), far * near / (near - far)},
		{0, 0, -1, 0},
	})
}

// orthographic maps a box of camera space, half as wide and high as given, to
// clip space.
func orthographic(x, y, near, far float64) matrix {
	return rows([4][4]float64{
		{1 / x, 0, 0, 0},
		{0, 1 / y, 0, 0},
		{0, 0, 1 / (near - far), near / (near - far)},
		{0, 0, 0, 1},
	})
}

func clamp(x, low, high float64) float64 { return min(max(x, low), high) }

func smooth(low, high, x float64) float64 {
	t := clamp((x-low)/(high-low), 0, 1)
	return t * t * (3 - 2*t)
}

func lerp(a, b, t float64) float64 { return a + (b-a)*t }
