package network

import (
	"slices"

	"weft/metal/vulkan/network/spirv"
)

// gather gives each output channel a channel of one of its inputs: concat,
// split, slices and gathers along channels. Most become parts of images
// instead (layout).
type gather struct {
	from []source // for each output channel
	fill float32
}

// source is a channel of an input; channel -1 is the number fill.
type source struct{ input, channel int }

// maxSources is how many inputs a gather reads at most.
const maxSources = 4

func (g *gather) label(*node) string { return "channels" }

func (g *gather) tile(*node) tile { return tile{1, 4, 1} }

func (g *gather) reads(a area, in int) area { return nothing(a, in) }

// part reports whether the output is some whole groups of one image, and which
// is the first.
func (g *gather) part(n *node) (int, bool) {
	in := n.in[0]
	first := g.from[0].channel
	if len(n.in) != 1 || in.input >= 0 || in.constant != nil || in.output >= 0 || first%4 != 0 {
		return 0, false
	}
	for i, s := range g.from {
		if s.channel != first+i {
			return 0, false
		}
	}
	// The channels that do not exist in the last group have to be zeros.
	return first / 4, first >= 0 && (len(g.from)%4 == 0 || first+len(g.from) == in.shape[1])
}

// joins reports whether the output is all inputs, one after the other.
func (g *gather) joins(n *node) bool {
	var all []source
	for i, v := range n.in {
		for c := range v.shape[1] {
			all = append(all, source{i, c})
		}
	}
	return slices.Equal(all, g.from)
}

func (g *gather) compute(e *emitter) [][][]spirv.ID {
	inputs := e.node.in
	// For each output group the channels of its lanes in each input, then
	// which input they are in; -1 for none.
	row := len(inputs) + 1
	data := make([]float32, 4*row*e.node.out.groups())
	for group := range e.node.out.groups() {
		which := data[4*(group*row+len(inputs)):]
		for lane := range 4 {
			which[lane] = -1
			if i := 4*group + lane; i < len(g.from) && g.from[i].channel >= 0 {
				s := g.from[i]
				which[lane] = float32(s.input)
				data[4*(group*row+s.input)+lane] = float32(s.channel)
			}
		}
	}
	table := e.table(data)
	first := e.Mul(e.g[0], e.IntConstant(row))
	entry := func(i int) spirv.ID { return e.ToInt(e.Fetch(table, e.Add(first, e.IntConstant(i)))) }
	which := entry(len(inputs))
	var channels []spirv.ID
	for i := range inputs {
		channels = append(channels, entry(i))
	}
	return eachPixel(e, e.grid.tile, func(r, c int) spirv.ID {
		y, x := e.edge(e.y[r], e.node.out, 2), e.edge(e.x[c], e.node.out, 3)
		var parts [4]spirv.ID
		for lane := range parts {
			parts[lane] = e.FloatConstant(g.fill)
			for i, v := range inputs {
				read := e.readChannel(v, [4]spirv.ID{e.picture, e.Component(channels[i], lane), y, x})
				parts[lane] = e.Select(e.Equal(e.Component(which, lane), e.IntConstant(i)), read, parts[lane])
			}
		}
		return e.Compose(parts[:]...)
	})
}
