package scene

import (
	"math"
	"slices"
)

// point is a point of a plane, y up.
type point struct{ x, y float64 }

func (a point) mix(b point, t float64) point {
	return point{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t}
}

// turn is twice the area of a, b, c: positive if they run counterclockwise.
func turn(a, b, c point) float64 { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }

// area is positive for a contour that runs counterclockwise.
func area(c []point) float64 {
	sum := 0.0
	for i, p := range c {
		q := c[(i+1)%len(c)]
		sum += p.x*q.y - q.x*p.y
	}
	return sum / 2
}

// inside reports whether p lies in contour c.
func inside(p point, c []point) bool {
	in := false
	for i, a := range c {
		b := c[(i+1)%len(c)]
		if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(p.y-a.y)/(b.y-a.y)*(b.x-a.x) {
			in = !in
		}
	}
	return in
}

// triangulate cuts the area between clockwise outer contours and
// counterclockwise holes into counterclockwise triangles.
func triangulate(contours [][]point) (points []point, triangles []int) {
	for _, outer := range contours {
		if area(outer) >= 0 {
			continue
		}
		var holes [][]point
		for _, c := range contours {
			if area(c) > 0 && inside(c[0], outer) {
				holes = append(holes, c)
			}
		}
		polygon := slices.Clone(outer)
		for len(holes) > 0 {
			polygon, holes = bridge(polygon, holes)
		}
		slices.Reverse(polygon)
		base := len(points)
		points = append(points, polygon...)
		for _, i := range clip(polygon) {
			triangles = append(triangles, base+i)
		}
	}
	return points, triangles
}

// bridge joins the hole that a shortest free line reaches to the polygon.
func bridge(polygon []point, holes [][]point) ([]point, [][]point) {
	best, h, i, j := math.Inf(1), 0, 0, 0
	for hn, hole := range holes {
		for jn, b := range hole {
			for in, a := range polygon {
				d := math.Hypot(a.x-b.x, a.y-b.y)
				if d < best && within(polygon, in, b) && clear(a, b, polygon, holes) {
					best, h, i, j = d, hn, in, jn
				}
			}
		}
	}
	hole := holes[h]
	joined := slices.Clone(polygon[:i+1])
	joined = append(joined, hole[j:]...)
	joined = append(joined, hole[:j+1]...)
	joined = append(joined, polygon[i:]...)
	return joined, slices.Delete(slices.Clone(holes), h, h+1)
}

// within reports whether the way from corner i of a clockwise polygon to b
// begins inside it. Of two corners at one place, where an earlier bridge left,
// this picks the right one.
func within(polygon []point, i int, b point) bool {
	n := len(polygon)
	before, a, after := polygon[(i+n-1)%n], polygon[i], polygon[(i+1)%n]
	if turn(before, a, after) < 0 {
		return turn(before, a, b) < 0 && turn(a, after, b) < 0
	}
	return turn(before, a, b) < 0 || turn(a, after, b) < 0
}

// clear reports whether the line from a to b crosses no side.
func clear(a, b point, polygon []point, holes [][]point) bool {
	crosses := func(c []point) bool {
		for i, p := range c {
			q := c[(i+1)%len(c)]
			if turn(a, b, p)*turn(a, b, q) < 0 && turn(p, q, a)*turn(p, q, b) < 0 {
				return true
			}
		}
		return false
	}
	return !crosses(polygon) && !slices.ContainsFunc(holes, crosses)
}

// clip cuts ears off a counterclockwise polygon until nothing is left.
func clip(polygon []point) []int {
	left := make([]int, len(polygon))
	for i := range left {
		left[i] = i
	}
	var out []int
	for len(left) > 2 {
		n := len(left)
		ear, flat := -1, -1
		for k := range n {
			a, b, c := polygon[left[(k+n-1)%n]], polygon[left[k]], polygon[left[(k+1)%n]]
			t := turn(a, b, c)
			if math.Abs(t) < 1e-12 {
				flat = k
				continue
			}
			if t < 0 {
				continue
			}
			free := true
			for j, i := range left {
				p := polygon[i]
				if p == a || p == b || p == c || turn(polygon[left[(j+n-1)%n]], p, polygon[left[(j+1)%n]]) > 0 {
					continue // only corners that point inwards can be in the way
				}
				if turn(a, b, p) >= 0 && turn(b, c, p) >= 0 && turn(c, a, p) >= 0 {
					free = false
					break
				}
			}
			if free {
				ear = k
				break
			}
		}
		if ear < 0 {
			if flat < 0 {
				break // not a simple polygon: what is left stays open
			}
			left = slices.Delete(left, flat, flat+1)
			continue
		}
		out = append(out, left[(ear+n-1)%n], left[ear], left[(ear+1)%n])
		left = slices.Delete(left, ear, ear+1)
	}
	return out
}
