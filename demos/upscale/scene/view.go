package scene

import (
	"math"
	"unsafe"
)

// viewBlock is the uniform block of shaders/view.glsl.
type viewBlock struct {
	Project, ShadowProject  matrix
	Eye, Right, Up, Forward [4]float32
	Jitter                  [4]float32
	Sun, SunLight           [4]float32
	Zenith, Horizon, Bounce [4]float32
	Clouds                  [4]float32
	LampPosition, LampLight [maxLamps][4]float32
}

// partRow is one moving part as shaders/vertex.glsl reads it: the rows of an
// affine transform.
type partRow [3][4]float32

// bytes is the memory of a value without pointers.
func bytes[T any](v *T) []byte { return unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v)) }

// sliceBytes is the memory of a slice of values without pointers.
func sliceBytes[T any](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))
}

func four(v vec, w float64) [4]float32 {
	return [4]float32{float32(v.X), float32(v.Y), float32(v.Z), float32(w)}
}

// The planes between which the camera sees, in meters.
const near, far = 0.12, 220

// fill writes what the shaders need for a picture of width x height texels at a
// time in seconds. Jitter moves the picture by parts of a texel, y down; bias is
// added to the mip levels of textures.
func (t *town) fill(v *viewBlock, width, height int, time float64, jitter [2]float64, bias float64) {
	c := t.path.at(time)
	ty := t.path.tangent
	tx := ty * float64(width) / float64(height)
	jx, jy := 2*jitter[0]/float64(width), -2*jitter[1]/float64(height)
	shift := rows([4][4]float64{{1, 0, 0, jx}, {0, 1, 0, jy}, {0, 0, 1, 0}, {0, 0, 0, 1}})
	v.Project = shift.mul(perspective(tx, ty, near, far)).mul(looking(c.eye, c.right, c.up, c.forward))
	v.ShadowProject = t.sunView()
	v.Eye = four(c.eye, time)
	v.Right, v.Up, v.Forward = four(c.right.mul(tx), 0), four(c.up.mul(ty), 0), four(c.forward, 0)
	v.Jitter = [4]float32{float32(jx), float32(jy), float32(bias), 1.0 / shadowSide}
	s := &t.style
	v.Sun, v.SunLight = four(s.sun, s.glow), four(s.sunLight, s.exposure)
	v.Zenith, v.Horizon, v.Bounce = four(s.zenith, 0), four(s.horizon, 0), four(s.bounce, s.haze)
	v.Clouds = [4]float32{float32(s.cover), float32(s.cloudSize), float32(s.driftX + 0.01*time), float32(s.driftZ)}
	if s.lit == 0 {
		return
	}
	v.Forward[3] = float32(len(t.lamps))
	for i, l := range t.lamps {
		at := l.at
		if l.part > 0 {
			at = t.parts[l.part-1].at(time).apply(at)
		}
		v.LampPosition[i] = four(at, l.reach)
		v.LampLight[i] = four(light(vec{1, 0.80, 0.52}).mul(16*s.lit), 0)
	}
}

// place writes where all parts are at a time; rows has one more than there are
// parts.
func (t *town) place(rows []partRow, time float64) {
	rows[0] = partRow{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}
	for i, p := range t.parts {
		m := p.at(time)
		rows[i+1] = partRow{four(m.x, m.move.X), four(m.y, m.move.Y), four(m.z, m.move.Z)}
	}
}

// sunView maps the world to the shadow map: it just holds the square and the
// fronts of the houses, and all that can cast a shadow on them.
func (t *town) sunView() matrix {
	low, high := vec{-sideFront - 1.5, 0, -backFront - 1.5}, vec{sideFront + 1.5, 12, openFront - 4}
	forward := t.style.sun.mul(-1)
	right := forward.cross(vec{0, 1, 0}).unit()
	up := right.cross(forward)
	center := low.mix(high, 0.5)
	var x, y, z float64
	for i := range 8 {
		p := center.sub(vec{pickCorner(i, 1, low.X, high.X), pickCorner(i, 2, low.Y, high.Y), pickCorner(i, 4, low.Z, high.Z)})
		x, y, z = max(x, math.Abs(p.dot(right))), max(y, math.Abs(p.dot(up))), max(z, math.Abs(p.dot(forward)))
	}
	const before = 30 // meters towards the sun that still cast
	eye := center.sub(forward.mul(z + before))
	return orthographic(x, y, 0, 2*z+before).mul(looking(eye, right, up, forward))
}

func pickCorner(i, bit int, low, high float64) float64 {
	if i&bit != 0 {
		return high
	}
	return low
}
