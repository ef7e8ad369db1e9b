package graph

import "fmt"

// Range is a range from Start to End, which is exclusive. The zero Range is
// everything.
type Range struct{ Start, End int }

// Part names a part of a resource: mips and layers of a texture, or bytes of a
// buffer or tensor. The zero Part is the whole resource.
type Part struct{ Mips, Layers, Bytes Range }

// Mip is one mip level of a texture.
func Mip(level int) Part { return Part{Mips: Range{level, level + 1}} }

// Mips are the levels from start to end, exclusive.
func Mips(start, end int) Part { return Part{Mips: Range{start, end}} }

// Layer is one array slice of a texture; a cube's faces are slices.
func Layer(slice int) Part { return Part{Layers: Range{slice, slice + 1}} }

// Bytes are the bytes of a buffer or tensor from start to end, exclusive.
func Bytes(start, end int) Part { return Part{Bytes: Range{start, end}} }

// MipOfLayer is one mip level of one slice.
func MipOfLayer(level, slice int) Part {
	return Part{Mips: Range{level, level + 1}, Layers: Range{slice, slice + 1}}
}

// box is a part in numbers: mips by layers of a texture, bytes by one of
// anything else. Ends are exclusive.
type box struct{ a0, a1, b0, b1 int }

// firstMip is the first mip of the first slice.
var firstMip = box{0, 1, 0, 1}

func (x box) overlaps(y box) bool {
	return x.a0 < y.a1 && y.a0 < x.a1 && x.b0 < y.b1 && y.b0 < x.b1
}

func (x box) contains(y box) bool {
	return x.a0 <= y.a0 && y.a1 <= x.a1 && x.b0 <= y.b0 && y.b1 <= x.b1
}

// partIn keeps a box of r for an access, and returns what the access says of it.
func (g *Graph) partIn(r *resource, x box) int32 {
	if x == r.all {
		return -1
	}
	g.parts = append(g.parts, x)
	return int32(len(g.parts) - 1)
}

// boxOf is the part of an access.
func (g *Graph) boxOf(a *access) box {
	if a.part < 0 {
		return g.resources[a.resource].all
	}
	return g.parts[a.part]
}

// box resolves a part of r, or says what is wrong with it.
func (g *Graph) box(r *resource, p Part) (box, error) {
	all := r.all
	if p == (Part{}) {
		return all, nil
	}
	if r.kind != kindTexture {
		if p.Mips != (Range{}) || p.Layers != (Range{}) {
			return all, fmt.Errorf("mips and layers are parts of textures: a %s has bytes", r.kind)
		}
		out := all
		err := clip(&out.a0, &out.a1, p.Bytes, "bytes")
		return out, err
	}
	if p.Bytes != (Range{}) {
		return all, fmt.Errorf("bytes are parts of buffers and tensors: a texture has mips and layers")
	}
	out := all
	if err := clip(&out.a0, &out.a1, p.Mips, "mips"); err != nil {
		return all, err
	}
	if err := clip(&out.b0, &out.b1, p.Layers, "layers"); err != nil {
		return all, err
	}
	return out, nil
}

// clip narrows [start, end) to r.
func clip(start, end *int, r Range, what string) error {
	if r == (Range{}) {
		return nil
	}
	if r.Start < 0 || r.Start >= r.End || r.End > *end {
		return fmt.Errorf("%s [%d, %d): must lie inside [0, %d) and hold at least one", what, r.Start, r.End, *end)
	}
	*start, *end = r.Start, r.End
	return nil
}
