package scene

import "math"

// motion is how a part moves: about an axis through its pivot, at spin radians
// a second, or swinging by swing radians at rate radians a second. facing is how
// it stands at rest.
type motion struct {
	pivot, axis              vec
	facing                   affine
	spin, swing, rate, phase float64
}

// at is the part's place at a time in seconds.
func (m motion) at(time float64) affine {
	angle := m.spin*time + m.swing*math.Sin(m.rate*time+m.phase)
	if m.spin != 0 {
		angle += m.phase
	}
	rest := m.facing
	rest.move = vec{}
	out := turning(m.axis, angle).then(rest)
	out.move = m.pivot
	return out
}

// path is where the camera goes: back and forth on a shallow arc, turned to a
// point near the middle of the square.
type path struct {
	from, to       vec
	target, wander vec
	phase, period  float64
	tangent        float64 // of half the vertical angle
}

func newPath(seed int64) path {
	c := newChance(seed, "camera")
	side := c.sign()
	p := path{
		from:   vec{side * c.between(3, 7.5), c.between(1.5, 2.3), c.between(8.2, 10.8)},
		target: vec{c.between(-1.2, 1.2), c.between(2.1, 2.9), -3},
		wander: vec{c.between(0.4, 1.2), c.between(0.1, 0.4), 0},
		phase:  c.between(0, 2*math.Pi), period: c.between(14, 20),
		tangent: math.Tan(c.between(19, 24) * math.Pi / 180),
	}
	p.to = p.from.add(vec{-side * c.between(2, 5), c.between(0.1, 1.6), c.between(-1.6, 0.6)})
	return p
}

// camera is a point of view; right, up and forward are unit vectors.
type camera struct{ eye, right, up, forward vec }

func (p path) at(time float64) camera {
	a := 2*math.Pi*time/p.period + p.phase
	eye := p.from.mix(p.to, 0.5-0.5*math.Cos(a))
	target := p.target.add(p.wander.mul(math.Sin(a * 0.7)))
	forward := target.sub(eye).unit()
	right := forward.cross(vec{0, 1, 0}).unit()
	return camera{eye: eye, right: right, up: right.cross(forward), forward: forward}
}

// clear reports whether a thing of some radius, standing at x, z, keeps away
// from the camera and does not hide the middle of the square.
func (p path) clear(x, z, radius float64) bool {
	for i := range 5 {
		eye := p.from.mix(p.to, float64(i)/4)
		if math.Hypot(x-eye.X, z-eye.Z) < radius+1.6 {
			return false
		}
		if radius < 1.2 {
			continue // low enough to look over
		}
		t := clamp((x*eye.X+z*eye.Z)/(eye.X*eye.X+eye.Z*eye.Z), 0, 1)
		if math.Hypot(x-t*eye.X, z-t*eye.Z) < radius+0.9 {
			return false
		}
	}
	return true
}
