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
	// Two elements a group: the channels of its lanes, and their inputs.
	data := make([]float32, 0, 8*e.node.out.groups())
	for first := 0; first < len(g.from); first += 4 {
		var channels, which [4]float32
		for lane := range 4 {
			channels[lane] = -1
			if first+lane < len(g.from) {
				channels[lane], which[lane] = float32(g.from[first+lane].channel), float32(g.from[first+lane].input)
			}
		}
		data = append(append(data, channels[:]...), which[:]...)
	}
	table := e.table(data)
	row := e.Mul(e.g[0], e.IntConstant(2))
	channels := e.ToInt(e.Fetch(table, row))
	which := e.ToInt(e.Fetch(table, e.Add(row, e.IntConstant(1))))
	return eachPixel(e, e.grid.tile, func(r, c int) spirv.ID {
		var parts [4]spirv.ID
		for lane := range parts {
			channel := e.Component(channels, lane)
			parts[lane] = e.FloatConstant(g.fill)
			for i, v := range inputs {
				last := e.Sub(e.once(extentOf{v, 1}, v.shape[1]), e.IntConstant(1))
				read := e.readChannel(v, e.Clamp(channel, e.IntConstant(0), last), e.y[r], e.x[c])
				mine := e.Both(e.GreaterEqual(channel, e.IntConstant(0)), e.Equal(e.Component(which, lane), e.IntConstant(i)))
				parts[lane] = e.Select(mine, read, parts[lane])
			}
		}
		return e.Compose(parts[:]...)
	})
}
