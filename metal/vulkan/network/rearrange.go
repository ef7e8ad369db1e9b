package network

import "weft/metal/vulkan/network/spirv"

// rearrange gives each element of the output one element of its input, by
// dimensions in another order (transpose), or by the same place in row-major
// order (reshape).
type rearrange struct {
	// order says which dimension of the input each of the output's is; nil
	// for a reshape.
	order []int
}

func (a *rearrange) label(*node) string {
	if a.order == nil {
		return "reshape"
	}
	return "transpose"
}

func (a *rearrange) tile(*node) tile { return tile{1, 2, 1} }

func (a *rearrange) reads(r area, in int) area { return nothing(r, in) }

func (a *rearrange) compute(e *emitter) [][][]spirv.ID {
	in, out := e.node.in[0], e.node.out
	last := e.Sub(e.once(extentOf{out, 1}, out.shape[1]), e.IntConstant(1))
	return eachPixel(e, e.grid.tile, func(r, c int) spirv.ID {
		y, x := e.edge(e.y[r], out, 2), e.edge(e.x[c], out, 3)
		var lanes [4]spirv.ID
		for lane := range lanes {
			channel := e.Min(e.Add(e.Mul(e.g[0], e.IntConstant(4)), e.IntConstant(lane)), last)
			from := a.source(e, [4]spirv.ID{e.picture, channel, y, x})
			lanes[lane] = e.readChannel(in, from)
		}
		return e.Compose(lanes[:]...)
	})
}

// source is the place in the input of a place in the output.
func (a *rearrange) source(e *emitter, at [4]spirv.ID) [4]spirv.ID {
	in, out := e.node.in[0], e.node.out
	var from [4]spirv.ID
	if a.order != nil {
		for d, o := range a.order {
			from[o] = at[d]
		}
		return from
	}
	index := at[0]
	for d := 1; d < 4; d++ {
		index = e.Add(e.Mul(index, e.once(extentOf{out, d}, out.shape[d])), at[d])
	}
	for d := 3; d > 0; d-- {
		extent := e.once(extentOf{in, d}, in.shape[d])
		whole := e.Div(index, extent)
		from[d] = e.Sub(index, e.Mul(whole, extent))
		index = whole
	}
	from[0] = index
	return from
}
