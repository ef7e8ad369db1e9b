package network

import (
	"fmt"

	"weft/metal/vulkan/network/spirv"
)

// pool is the largest or the mean of each window.
type pool struct {
	window
	max bool
	// counts holds how many rows, and columns, of each window a mean divides
	// by.
	counts [2][]int
}

func (p *pool) label(*node) string {
	name := "average"
	if p.max {
		name = "maximum"
	}
	return fmt.Sprintf("%s %dx%d/%d", name, p.kernel[0], p.kernel[1], p.stride[0])
}

func (p *pool) tile(*node) tile { return tile{1, 2, 1} }

// reads is nothing: windows look at edges, since a maximum takes no zeros.
func (p *pool) reads(a area, in int) area { return nothing(a, in) }

func (p *pool) compute(e *emitter) [][][]spirv.ID {
	in := e.node.in[0]
	var rows, columns []spirv.ID
	if !p.max {
		rows, columns = e.lookUp(p.counts[0], 2, e.y), e.lookUp(p.counts[1], 3, e.x)
	}
	return eachPixel(e, e.grid.tile, func(r, c int) spirv.ID {
		y := e.Sub(e.Mul(e.y[r], e.IntConstant(p.stride[0])), e.once(beforeOf{0}, p.before[0]))
		x := e.Sub(e.Mul(e.x[c], e.IntConstant(p.stride[1])), e.once(beforeOf{1}, p.before[1]))
		start := float32(0)
		if p.max {
			start = -3.4e38
		}
		result := e.Variable(e.Splat(e.FloatConstant(start), 4))
		e.Loop(e.IntConstant(0), e.IntConstant(p.kernel[0]), func(ky spirv.ID) {
			e.Loop(e.IntConstant(0), e.IntConstant(p.kernel[1]), func(kx spirv.ID) {
				iy, ix := e.Add(y, ky), e.Add(x, kx)
				v := e.read(in, place{e.picture, e.g[0], iy, ix})
				if p.max {
					// An edge read for what lies beside the picture is one
					// of the window's own.
					e.Set(result, e.Max(e.Get(result), v))
					return
				}
				ok := e.Both(
					e.within(iy, e.once(extentOf{in, 2}, in.shape[2])),
					e.within(ix, e.once(extentOf{in, 3}, in.shape[3])))
				e.Set(result, e.Add(e.Get(result), e.Select(ok, v, e.Splat(e.FloatConstant(0), 4))))
			})
		})
		if p.max {
			return e.Get(result)
		}
		return e.Div(e.Get(result), e.Splat(e.ToFloat(e.Mul(rows[r], columns[c])), 4))
	})
}

// reduce is the sum, the largest or the smallest along rows (axis 1) or along
// columns (axis 0).
type reduce struct {
	op   string
	axis int
}

func (r *reduce) label(*node) string { return fmt.Sprintf("%s %d", r.op, r.axis) }

func (r *reduce) tile(*node) tile { return tile{1, 1, 1} }

func (r *reduce) reads(a area, in int) area { return nothing(a, in) }

func (r *reduce) compute(e *emitter) [][][]spirv.ID {
	in := e.node.in[0]
	at := place{e.picture, e.g[0], e.y[0], e.x[0]}
	part := func(i spirv.ID) spirv.ID {
		p := at
		if r.axis == 0 {
			p.y = i
		} else {
			p.x = i
		}
		return e.read(in, p)
	}
	result := e.Variable(part(e.IntConstant(0)))
	e.Loop(e.IntConstant(1), e.once(extentOf{in, 2 + r.axis}, in.shape[2+r.axis]), func(i spirv.ID) {
		v := part(i)
		switch r.op {
		case "reduce_max":
			v = e.Max(e.Get(result), v)
		case "reduce_min":
			v = e.Min(e.Get(result), v)
		default:
			v = e.Add(e.Get(result), v)
		}
		e.Set(result, v)
	})
	return eachPixel(e, e.grid.tile, func(int, int) spirv.ID { return e.Get(result) })
}

// beforeOf names the push constant of a window's padding before a dimension.
type beforeOf struct{ d int }
