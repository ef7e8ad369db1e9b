package scene

import (
	"math"
	"runtime"
	"sync"
)

// textureSide is the size of a pattern in texels; its mips go down to 1x1.
const textureSide = 512

// tile is one layer of the two texture arrays with all mips, largest first,
// four bytes a texel: color in sRGB and roughness; normal, cavity and tint.
type tile struct{ colors, reliefs [][]byte }

// sample is a texel while mips are made: linear, the normal not normalized, so
// that its length tells how rough what it stands for is.
type sample struct {
	color, normal         vec
	rough, cavity, tinted float64
}

// draw makes all patterns.
func draw(seed int64) []tile {
	all := make([]tile, patterns)
	g := grain{newChance(seed, "textures").Uint32()}
	curves := newCurves()
	var wait sync.WaitGroup
	limit := make(chan bool, runtime.GOMAXPROCS(0))
	for p := range all {
		limit <- true
		wait.Go(func() {
			all[p] = pattern(p).tile(grain{g.seed + 1000*uint32(p)}, textureSide, curves)
			<-limit
		})
	}
	wait.Wait()
	return all
}

// tile draws a pattern with side by side texels.
func (p pattern) tile(g grain, side int, curves *curves) tile {
	texels := make([]texel, side*side)
	for y := range side {
		for x := range side {
			texels[y*side+x] = p.draw(g, (float64(x)+0.5)/float64(side), (float64(y)+0.5)/float64(side))
		}
	}
	level := make([]sample, side*side)
	height := func(x, y int) float64 { return texels[wrap(y, side)*side+wrap(x, side)].height }
	for y := range side {
		for x := range side {
			t := &texels[y*side+x]
			k := float64(side) / 2
			level[y*side+x] = sample{
				color:  vec{curves.decode(t.color.X), curves.decode(t.color.Y), curves.decode(t.color.Z)},
				normal: vec{(height(x-1, y) - height(x+1, y)) * k, (height(x, y-1) - height(x, y+1)) * k, 1}.unit(),
				rough:  clamp(t.rough, 0, 1), cavity: clamp(t.cavity, 0, 1), tinted: clamp(t.tinted, 0, 1),
			}
		}
	}
	var out tile
	for ; side > 0; side /= 2 {
		colors, reliefs := make([]byte, 4*side*side), make([]byte, 4*side*side)
		for i, s := range level {
			s.write(colors[4*i:], reliefs[4*i:], curves)
		}
		out.colors, out.reliefs = append(out.colors, colors), append(out.reliefs, reliefs)
		level = halve(level, side)
	}
	return out
}

// write encodes a texel. Where normals of a mip disagree, they are short, and
// the surface seems rougher (Toksvig).
func (s sample) write(color, relief []byte, curves *curves) {
	length := clamp(s.normal.length(), 0.3, 1)
	rough := math.Sqrt(math.Sqrt(s.rough*s.rough*s.rough*s.rough + (1-length)*0.7))
	n := s.normal.mul(1 / max(s.normal.Z, 0.05)) // slopes: the shader adds them to the surface's normal
	for i, c := range [4]float64{curves.encode(s.color.X), curves.encode(s.color.Y), curves.encode(s.color.Z), rough} {
		color[i] = byte(unorm8(c))
	}
	for i, c := range [4]float64{n.X*0.5 + 0.5, n.Y*0.5 + 0.5, s.cavity, s.tinted} {
		relief[i] = byte(unorm8(c))
	}
}

// halve averages 2x2 samples.
func halve(level []sample, side int) []sample {
	half := side / 2
	out := make([]sample, half*half)
	for y := range half {
		for x := range half {
			o := &out[y*half+x]
			for _, s := range [4]*sample{&level[2*y*side+2*x], &level[2*y*side+2*x+1], &level[(2*y+1)*side+2*x], &level[(2*y+1)*side+2*x+1]} {
				o.color, o.normal = o.color.add(s.color.mul(0.25)), o.normal.add(s.normal.mul(0.25))
				o.rough += s.rough / 4
				o.cavity += s.cavity / 4
				o.tinted += s.tinted / 4
			}
		}
	}
	return out
}
