package network

import (
	"fmt"

	"weft/metal/vulkan/network/spirv"
)

// eachPixel computes a tile of one group by a function of the pixel's place.
func eachPixel(e *emitter, t tile, pixel func(row, column int) spirv.ID) [][][]spirv.ID {
	out := make([][][]spirv.ID, t.rows)
	for r := range out {
		out[r] = make([][]spirv.ID, t.columns)
		for c := range out[r] {
			out[r][c] = []spirv.ID{pixel(r, c)}
		}
	}
	return out
}

// nothing is what cores read without looking at edges that look at edges.
func nothing(area, int) area { return area{} }

// remap gives each pixel the value of a pixel of its input: the same, or by a
// table for rows and one for columns. It also carries elementwise operations,
// as steps, and broadcasts.
type remap struct {
	// from holds, for each row and each column of the output, the input's;
	// -1 for fill. nil is the same place.
	from [2][]int
	fill float32
}

func (m *remap) identity() bool { return m.from[0] == nil && m.from[1] == nil }

func (m *remap) label(*node) string {
	if m.identity() {
		return "elementwise"
	}
	return "remap"
}

func (m *remap) tile(*node) tile { return tile{1, 4, 1} }

func (m *remap) reads(a area, in int) area { return nothing(a, in) }

func (m *remap) compute(e *emitter) [][][]spirv.ID {
	in := e.node.in[0]
	if m.identity() {
		return eachPixel(e, e.grid.tile, func(r, c int) spirv.ID {
			return e.read(in, place{e.picture, e.g[0], e.y[r], e.x[c]})
		})
	}
	y, x := e.lookUp(m.from[0], 2, e.y), e.lookUp(m.from[1], 3, e.x)
	zero := e.IntConstant(0)
	return eachPixel(e, e.grid.tile, func(r, c int) spirv.ID {
		v := e.read(in, place{e.picture, e.g[0], y[r], x[c]})
		ok := e.Both(e.GreaterEqual(y[r], zero), e.GreaterEqual(x[c], zero))
		return e.Select(ok, v, e.Splat(e.FloatConstant(m.fill), 4))
	})
}

// lookUp reads a table of input rows or columns at the tile's, four in an
// element.
func (e *emitter) lookUp(from []int, d int, at []spirv.ID) []spirv.ID {
	data := make([]float32, roundUp(len(from), 4))
	for i, f := range from {
		data[i] = float32(f)
	}
	texels := e.extentTable(data)
	out := make([]spirv.ID, len(at))
	for i, v := range at {
		v = e.edge(v, e.node.out, d)
		element := e.Fetch(texels, e.ShiftRight(v, e.IntConstant(2)))
		out[i] = e.ToInt(e.ComponentAt(element, e.And(v, e.IntConstant(3))))
	}
	return out
}

// blend gives each pixel a bilinear blend of four.
type blend struct{ from [2][]sample }

// sample is where a row or column reads: two of the input's, and the second's
// share.
type sample struct {
	low, high int
	share     float32
}

func (b *blend) label(*node) string { return "bilinear" }

func (b *blend) tile(*node) tile { return tile{1, 4, 1} }

func (b *blend) reads(a area, in int) area { return nothing(a, in) }

func (b *blend) compute(e *emitter) [][][]spirv.ID {
	y, x := e.samples(b.from[0], 2, e.y), e.samples(b.from[1], 3, e.x)
	in := e.node.in[0]
	mix := func(p, q, share spirv.ID) spirv.ID { return e.Add(p, e.Mul(e.Sub(q, p), share)) }
	return eachPixel(e, e.grid.tile, func(r, c int) spirv.ID {
		at := func(y, x spirv.ID) spirv.ID { return e.read(in, place{e.picture, e.g[0], y, x}) }
		top := mix(at(y[r][0], x[c][0]), at(y[r][0], x[c][1]), x[c][2])
		bottom := mix(at(y[r][1], x[c][0]), at(y[r][1], x[c][1]), x[c][2])
		return mix(top, bottom, y[r][2])
	})
}

// samples reads a table of samples, one an element: low, high, share.
func (e *emitter) samples(from []sample, d int, at []spirv.ID) [][3]spirv.ID {
	var data []float32
	for _, s := range from {
		data = append(data, float32(s.low), float32(s.high), s.share, 0)
	}
	texels := e.extentTable(data)
	out := make([][3]spirv.ID, len(at))
	for i, v := range at {
		element := e.Fetch(texels, e.edge(v, e.node.out, d))
		out[i] = [3]spirv.ID{
			e.ToInt(e.Component(element, 0)), e.ToInt(e.Component(element, 1)), e.Component(element, 2),
		}
	}
	return out
}

// depthToSpace is a pixel shuffle by itself.
type depthToSpace struct{ factor int }

func (d *depthToSpace) label(*node) string { return fmt.Sprintf("pixel shuffle %d", d.factor) }

func (d *depthToSpace) tile(*node) tile { return tile{1, 4, 1} }

func (d *depthToSpace) reads(a area, in int) area { return nothing(a, in) }

func (d *depthToSpace) compute(e *emitter) [][][]spirv.ID {
	in := e.node.in[0]
	factor := e.IntConstant(d.factor)
	return eachPixel(e, e.grid.tile, func(r, c int) spirv.ID {
		// Beside the picture the division would not round down; nobody
		// keeps what is read there.
		y, x := e.edge(e.y[r], e.node.out, 2), e.edge(e.x[c], e.node.out, 3)
		iy, ix := e.Div(y, factor), e.Div(x, factor)
		in4 := e.Add(e.Mul(e.Sub(y, e.Mul(iy, factor)), factor), e.Sub(x, e.Mul(ix, factor)))
		var parts [4]spirv.ID
		for lane := range parts {
			out := e.Add(e.Mul(e.g[0], e.IntConstant(4)), e.IntConstant(lane))
			channel := e.Add(e.Mul(out, e.IntConstant(d.factor*d.factor)), in4)
			channel = e.Min(channel, e.Sub(e.once(extentOf{in, 1}, in.shape[1]), e.IntConstant(1)))
			parts[lane] = e.readChannel(in, [4]spirv.ID{e.picture, channel, iy, ix})
		}
		return e.Compose(parts[:]...)
	})
}

// readChannel reads one channel, known only when running, at a place in the
// picture: picture, channel, row, column.
func (e *emitter) readChannel(v *value, at [4]spirv.ID) spirv.ID {
	texel := e.readInside(v, place{at[0], e.ShiftRight(at[1], e.IntConstant(2)), at[2], at[3]})
	return e.ComponentAt(texel, e.And(at[1], e.IntConstant(3)))
}
