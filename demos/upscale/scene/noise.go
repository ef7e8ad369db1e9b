package scene

import "math"

// grain is noise that repeats: every function of it has period 1 in x and y.
type grain struct{ seed uint32 }

// hash is a number in [0, 1) for a cell.
func (g grain) hash(x, y int) float64 {
	h := uint32(x)*0x8da6b343 ^ uint32(y)*0xd8163841 ^ g.seed*0xcb1ab31f
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	h *= 0x297a2d39
	h ^= h >> 15
	return float64(h) / (1 << 32)
}

func wrap(i, n int) int { return ((i % n) + n) % n }

// value is smooth noise in [0, 1] with nx by ny cells.
func (g grain) value(x, y float64, nx, ny int) float64 {
	x, y = x*float64(nx), y*float64(ny)
	fx, fy := math.Floor(x), math.Floor(y)
	u, v := x-fx, y-fy
	u, v = u*u*(3-2*u), v*v*(3-2*v)
	x0, y0 := wrap(int(fx), nx), wrap(int(fy), ny)
	x1, y1 := wrap(x0+1, nx), wrap(y0+1, ny)
	return lerp(lerp(g.hash(x0, y0), g.hash(x1, y0), u), lerp(g.hash(x0, y1), g.hash(x1, y1), u), v)
}

// cloud is noise in [0, 1] of several octaves; the first has nx by ny cells.
func (g grain) cloud(x, y float64, nx, ny, octaves int) float64 {
	sum, size, total := 0.0, 0.5, 0.0
	for i := range octaves {
		sum += size * grain{g.seed + 77*uint32(i)}.value(x, y, nx, ny)
		total += size
		size *= 0.5
		nx, ny = 2*nx, 2*ny
	}
	return sum / total
}

// cell is Worley's noise: the distances, in cells, to the nearest and second
// nearest of one point a cell, and the hash of the nearest.
func (g grain) cell(x, y float64, n int, spread float64) (near, second, id float64) {
	x, y = x*float64(n), y*float64(n)
	cx, cy := int(math.Floor(x)), int(math.Floor(y))
	near, second = 8, 8
	other := grain{g.seed + 1}
	for j := cy - 1; j <= cy+1; j++ {
		for i := cx - 1; i <= cx+1; i++ {
			wi, wj := wrap(i, n), wrap(j, n)
			px := float64(i) + 0.5 + spread*(g.hash(wi, wj)-0.5)
			py := float64(j) + 0.5 + spread*(other.hash(wi, wj)-0.5)
			d := math.Hypot(px-x, py-y)
			if d < near {
				near, second, id = d, near, g.hash(wi+100, wj)
			} else if d < second {
				second = d
			}
		}
	}
	return near, second, id
}
