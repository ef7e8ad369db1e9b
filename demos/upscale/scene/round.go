package scene

import "math"

// tube adds a round bar through points. Where closed, the last point is joined
// to the first.
func (b brush) tube(points []vec, radius float64, sides int, closed bool) {
	n := len(points)
	direction := func(i int) vec {
		before, after := i-1, i+1
		if closed {
			before, after = (i+n-1)%n, (i+1)%n
		}
		return points[min(after, n-1)].sub(points[max(before, 0)]).unit()
	}
	side := direction(0).perpendicular()
	first := side
	rings, length := n, 0.0
	if closed {
		rings++
	}
	// Around a closed path the frame comes back turned: spread the difference.
	twist := 0.0
	if closed {
		s := side
		for i := range n {
			s = carry(s, direction(i), direction((i+1)%n))
		}
		d := direction(0)
		twist = math.Atan2(d.cross(s).dot(first), s.dot(first))
	}
	var previous []uint32
	for i := range rings {
		p, d := points[i%n], direction(i%n)
		if i > 0 {
			length += p.sub(points[(i-1)%n]).length()
		}
		if i > 0 {
			side = carry(side, direction((i-1)%n), d)
		}
		up := d.cross(side)
		ring := make([]uint32, sides+1)
		for k := range ring {
			a := 2*math.Pi*float64(k)/float64(sides) + twist*float64(i)/float64(max(rings-1, 1))
			s, c := math.Sincos(a)
			out := side.mul(c).add(up.mul(s))
			ring[k] = b.vertex(p.add(out.mul(radius)), out, d, length, radius*2*math.Pi*float64(k)/float64(sides))
		}
		for k := range sides {
			if i > 0 {
				b.triangle(previous[k], previous[k+1], ring[k+1])
				b.triangle(previous[k], ring[k+1], ring[k])
			}
		}
		previous = ring
	}
	if !closed {
		b.disc(points[0], direction(0).mul(-1), first, radius, sides)
		b.disc(points[n-1], direction(n-1), side, radius, sides)
	}
}

// carry turns a vector along when a path bends from one direction to another.
func carry(v, from, to vec) vec {
	axis := from.cross(to)
	s := axis.length()
	if s < 1e-9 {
		return v
	}
	return turning(axis.mul(1/s), math.Atan2(s, from.dot(to))).turn(v)
}

// rod is a straight tube.
func (b brush) rod(from, to vec, radius float64, sides int) {
	b.tube([]vec{from, to}, radius, sides, false)
}

// cap adds a disc.
func (b brush) cap(center, normal vec, radius float64, sides int) {
	b.disc(center, normal, normal.perpendicular(), radius, sides)
}

// disc adds a disc whose first corner lies to a side.
func (b brush) disc(center, normal, side vec, radius float64, sides int) {
	up := normal.cross(side)
	middle := b.vertex(center, normal, side, 0, 0)
	var last uint32
	for k := range sides + 1 {
		s, c := math.Sincos(2 * math.Pi * float64(k) / float64(sides))
		v := b.vertex(center.add(side.mul(c*radius)).add(up.mul(s*radius)), normal, side, c*radius, s*radius)
		if k > 0 {
			b.triangle(middle, last, v)
		}
		last = v
	}
}

// ring is a point of a lathe's profile: radius and height.
type ring struct{ r, y float64 }

// lathe turns a profile, from bottom to top on the outside, about the y axis.
// Where soft, the surface is smooth along the profile too.
func (b brush) lathe(profile []ring, sides int, soft bool) {
	slope := func(i int) vec { // normal of the segment from i, in the plane
		d := vec{profile[i+1].r - profile[i].r, profile[i+1].y - profile[i].y, 0}
		return vec{d.Y, -d.X, 0}.unit()
	}
	last := len(profile) - 2
	run := 0.0
	for i := range len(profile) - 1 {
		low, high := slope(i), slope(i)
		if soft {
			low, high = slope(max(i-1, 0)).add(low).unit(), slope(min(i+1, last)).add(high).unit()
		}
		a, c := profile[i], profile[i+1]
		step := math.Hypot(c.r-a.r, c.y-a.y)
		if step == 0 {
			continue
		}
		around := 2 * math.Pi * max(a.r, c.r)
		var left [2]uint32
		for k := range sides + 1 {
			t := float64(k) / float64(sides)
			sin, cos := math.Sincos(2 * math.Pi * t)
			out := func(p ring, n vec, v float64) uint32 {
				return b.vertex(vec{p.r * cos, p.y, -p.r * sin}, vec{n.X * cos, n.Y, -n.X * sin}, vec{-sin, 0, -cos}, t*around, v)
			}
			now := [2]uint32{out(a, low, run), out(c, high, run+step)}
			if k > 0 {
				if a.r > 0 {
					b.triangle(left[0], now[0], now[1])
				}
				if c.r > 0 {
					b.triangle(left[0], now[1], left[1])
				}
			}
			left = now
		}
		run += step
	}
}

// cylinder stands on the origin.
func (b brush) cylinder(radius, height float64, sides int) {
	b.lathe([]ring{{radius, 0}, {radius, height}, {0, height}}, sides, false)
}

// ball adds a sphere about the origin.
func (b brush) ball(radius float64, sides int) {
	n := max(sides/2, 3)
	profile := make([]ring, n+1)
	for i := range profile {
		s, c := math.Sincos(math.Pi * float64(i) / float64(n))
		profile[i] = ring{radius * s, -radius * c}
	}
	profile[0].r, profile[n].r = 0, 0
	b.lathe(profile, sides, true)
}

// circle is a closed path in the plane of two unit vectors.
func circle(center, x, y vec, radius float64, points int) []vec {
	all := make([]vec, points)
	for i := range all {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(points))
		all[i] = center.add(x.mul(c * radius)).add(y.mul(s * radius))
	}
	return all
}

// hanging is a wire between two points that sags by some meters in its middle.
func hanging(from, to vec, sag float64, points int) []vec {
	all := make([]vec, points)
	for i := range all {
		t := float64(i) / float64(points-1)
		all[i] = from.mix(to, t)
		all[i].Y -= 4 * sag * t * (1 - t)
	}
	return all
}
