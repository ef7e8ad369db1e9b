package scene

import (
	"math"
)

// vertex is a vertex as shaders/vertex.glsl reads it.
type vertex struct {
	Position [3]float32
	Normal   uint32 // octahedral, 12 bits x 12 bits; ambient visibility, 8 bits
	UV       [2]float32
	Tangent  uint32 // octahedral, 12 bits x 12 bits; moving part, 8 bits
	Tint     uint32 // r, g, b in sRGB code values, and material, 8 bits each
}

// mesh is all triangles of a scene: three indices each, counterclockwise as
// seen from outside.
type mesh struct {
	vertices []vertex
	indices  []uint32
}

// brush adds shapes to a mesh. It is a value: changing a copy leaves the
// original alone, so that a part of a thing starts from the thing's own brush.
type brush struct {
	mesh     *mesh
	to       affine // from the shape's space to its part's
	part     uint8
	material material
	tint     vec     // sRGB code values
	open     float64 // ambient visibility, 1 in the open
}

func (b brush) at(x, y, z float64) brush { b.to = b.to.then(moving(vec{x, y, z})); return b }
func (b brush) place(p vec) brush        { return b.at(p.X, p.Y, p.Z) }
func (b brush) scaled(s float64) brush   { b.to = b.to.then(scaling(s)); return b }
func (b brush) shade(open float64) brush { b.open *= open; return b }

// turned rotates what follows about an axis, in radians.
func (b brush) turned(axis vec, angle float64) brush {
	b.to = b.to.then(turning(axis, angle))
	return b
}

// of says what the shapes are made of.
func (b brush) of(m material, tint vec) brush { b.material, b.tint = m, tint; return b }

// as makes the shapes belong to a moving part, in that part's own space.
func (b brush) as(part uint8) brush { b.part, b.to = part, identity; return b }

// octahedron folds a direction into two numbers of 12 bits.
func octahedron(n vec) uint32 {
	s := math.Abs(n.X) + math.Abs(n.Y) + math.Abs(n.Z)
	x, y := n.X/s, n.Y/s
	if n.Z < 0 {
		fold := func(a, b float64) float64 { return math.Copysign(1-math.Abs(b), a) }
		x, y = fold(x, y), fold(y, x)
	}
	code := func(a float64) uint32 { return uint32(clamp(a*0.5+0.5, 0, 1)*4095 + 0.5) }
	return code(x) | code(y)<<12
}

// vertex adds a vertex; position, normal and tangent are in the brush's space.
func (b brush) vertex(p, normal, tangent vec, u, v float64) uint32 {
	w := b.to.apply(p)
	n, t := b.to.turn(normal).unit(), b.to.turn(tangent).unit()
	b.mesh.vertices = append(b.mesh.vertices, vertex{
		Position: [3]float32{float32(w.X), float32(w.Y), float32(w.Z)},
		Normal:   octahedron(n) | unorm8(b.open)<<24,
		UV:       [2]float32{float32(u), float32(v)},
		Tangent:  octahedron(t) | uint32(b.part)<<24,
		Tint:     unorm8(b.tint.X) | unorm8(b.tint.Y)<<8 | unorm8(b.tint.Z)<<16 | uint32(b.material)<<24,
	})
	return uint32(len(b.mesh.vertices) - 1)
}

func (b brush) triangle(i, j, k uint32) { b.mesh.indices = append(b.mesh.indices, i, j, k) }

// quad adds a flat four-cornered face, counterclockwise. The texture runs along
// the first side and is anchored in the brush's space, so that coplanar faces
// continue each other.
func (b brush) quad(p0, p1, p2, p3 vec) {
	tangent := p1.sub(p0).unit()
	normal := p1.sub(p0).cross(p2.sub(p0)).unit()
	across := normal.cross(tangent)
	var at [4]uint32
	for i, p := range [4]vec{p0, p1, p2, p3} {
		at[i] = b.vertex(p, normal, tangent, p.dot(tangent), p.dot(across))
	}
	b.triangle(at[0], at[1], at[2])
	b.triangle(at[0], at[2], at[3])
}

// sheet is a quad with two sides.
func (b brush) sheet(p0, p1, p2, p3 vec) {
	b.quad(p0, p1, p2, p3)
	b.quad(p1, p0, p3, p2)
}

// face adds a flat triangle, counterclockwise, in front of and behind which
// there is air.
func (b brush) face(p0, p1, p2 vec) {
	tangent := p1.sub(p0).unit()
	normal := p1.sub(p0).cross(p2.sub(p0)).unit()
	for _, n := range []vec{normal, normal.mul(-1)} {
		across := n.cross(tangent)
		var at [3]uint32
		for i, p := range [3]vec{p0, p1, p2} {
			at[i] = b.vertex(p, n, tangent, p.dot(tangent), p.dot(across))
		}
		b.triangle(at[0], at[1], at[2])
		p1, p2 = p2, p1
	}
}

// box adds a box between two corners.
func (b brush) box(low, high vec) { b.sides(low, high, true, true) }

// sides adds a box, with or without its bottom and top.
func (b brush) sides(l, h vec, bottom, top bool) {
	b.quad(vec{l.X, l.Y, h.Z}, vec{h.X, l.Y, h.Z}, vec{h.X, h.Y, h.Z}, vec{l.X, h.Y, h.Z})
	b.quad(vec{h.X, l.Y, l.Z}, vec{l.X, l.Y, l.Z}, vec{l.X, h.Y, l.Z}, vec{h.X, h.Y, l.Z})
	b.quad(vec{h.X, l.Y, h.Z}, vec{h.X, l.Y, l.Z}, vec{h.X, h.Y, l.Z}, vec{h.X, h.Y, h.Z})
	b.quad(vec{l.X, l.Y, l.Z}, vec{l.X, l.Y, h.Z}, vec{l.X, h.Y, h.Z}, vec{l.X, h.Y, l.Z})
	if top {
		b.quad(vec{l.X, h.Y, h.Z}, vec{h.X, h.Y, h.Z}, vec{h.X, h.Y, l.Z}, vec{l.X, h.Y, l.Z})
	}
	if bottom {
		b.quad(vec{l.X, l.Y, l.Z}, vec{h.X, l.Y, l.Z}, vec{h.X, l.Y, h.Z}, vec{l.X, l.Y, h.Z})
	}
}

// block adds a box of a size, standing on the middle of its bottom.
func (b brush) block(x, y, z float64) {
	b.box(vec{-x / 2, 0, -z / 2}, vec{x / 2, y, z / 2})
}

// beam adds a square bar from one point to another.
func (b brush) beam(from, to vec, width, height float64) {
	along := to.sub(from)
	length := along.length()
	d := along.unit()
	side := d.cross(vec{0, 1, 0})
	if side.length() < 1e-3 {
		side = vec{1, 0, 0}
	}
	side = side.unit()
	up := side.cross(d)
	b.to = b.to.then(affine{
		x: vec{d.X, up.X, side.X}, y: vec{d.Y, up.Y, side.Y}, z: vec{d.Z, up.Z, side.Z}, move: from,
	})
	b.box(vec{0, -height / 2, -width / 2}, vec{length, height / 2, width / 2})
}
