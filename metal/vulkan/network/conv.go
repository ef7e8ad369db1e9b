package network

import (
	"fmt"

	"weft/metal/vulkan/network/spirv"
)

// window is how a kernel walks over a picture: rows first, then columns.
type window struct{ kernel, stride, dilation, before [2]int }

// reads is the area of the input under an area of results.
func (w window) reads(a area, _ int) area {
	return area{
		top: a.top*w.stride[0] - w.before[0], left: a.left*w.stride[1] - w.before[1],
		bottom: a.bottom*w.stride[0] - w.before[0] + (w.kernel[0]-1)*w.dilation[0],
		right:  a.right*w.stride[1] - w.before[1] + (w.kernel[1]-1)*w.dilation[1],
	}
}

// conv is a convolution, in the style that runs fast on llvmpipe and is good
// on a GPU: one thread computes a few pixels of a few groups of four output
// channels, straight-line, for one group of input channels at a time. Its
// weights are fetched a few to a lane of the subgroup and handed round by
// shuffles, which are much cheaper there than fetches.
type conv struct {
	window
	groups    int // of channels that do not meet; each is whole groups of four
	cout, cin int
	// weights are [cout][cin/groups][kernel rows][kernel columns]; their
	// numbers where the node reads them, as its second input.
	weights   []float32
	depthwise bool // groups == cin == cout
}

// newConv makes a convolution. Channel groups that are not whole groups of
// four become part of one group, with zero weights between them; except when
// each channel is alone.
func newConv(groups, cout, cin int, weights []float32) *conv {
	c := &conv{groups: groups, cout: cout, cin: cin, weights: weights}
	switch {
	case groups == 1:
	case groups == cin && cin == cout:
		c.depthwise = true
	case cin/groups%4 != 0 || cout/groups%4 != 0:
		c.groups, c.weights = 1, spread(groups, cout, cin, weights)
	}
	return c
}

// spread writes the weights of channel groups as those of one group.
func spread(groups, cout, cin int, weights []float32) []float32 {
	part := cin / groups
	taps := len(weights) / (cout * part)
	dense := make([]float32, cout*cin*taps)
	for o := range cout {
		first := o / (cout / groups) * part
		copy(dense[(o*cin+first)*taps:], weights[o*part*taps:(o+1)*part*taps])
	}
	return dense
}

// reads is the area that the window meets; of weights, nothing beside them.
func (c *conv) reads(results area, in int) area {
	if in > 0 {
		return nothing(results, in)
	}
	return c.window.reads(results, in)
}

// rowwise reports whether the shader loops over the rows of the kernel, too,
// because the whole kernel in a line would be too long to compile.
func (c *conv) rowwise() bool { return c.kernel[0]*c.kernel[1] > 36 }

// tile is chosen by trial on llvmpipe: about 600 multiply-adds of four in a
// line, and as many output groups as there are.
func (c *conv) tile(n *node) tile {
	taps := c.kernel[0] * c.kernel[1]
	outputs := n.coreGroups() / c.groups
	pairs := outputs%2 == 0 || outputs > 6 && c.groups == 1
	switch {
	case c.depthwise:
		return tile{2, 4, 1}
	case c.rowwise():
		return tile{2, 4, 1}
	case taps > 9:
		return tile{2, 4, 1}
	case taps == 1 && outputs%4 == 0:
		return tile{1, 4, 4}
	case pairs:
		return tile{2, 4, 2}
	}
	return tile{4, 4, 1}
}

func (c *conv) label(n *node) string {
	name := "conv"
	if c.depthwise {
		name = "depthwise conv"
	}
	t := c.tile(n)
	return fmt.Sprintf("%s %dx%d/%d, %dx%dx%d", name, c.kernel[0], c.kernel[1], c.stride[0], t.rows, t.columns, t.groups)
}

// inputs is the number of input groups that meet one output group.
func (c *conv) inputs() int {
	if c.depthwise {
		return 1
	}
	return ceilDiv(c.cin/c.groups, 4)
}

// pack orders the weights as the shader reads them: for each output group and
// each input group the kernel, row by row; for each of its taps four elements,
// one for each input channel, that hold a weight for each output channel. A
// depthwise kernel has one element a tap.
func (c *conv) pack(n *node) []float32 {
	taps := c.kernel[0] * c.kernel[1]
	each := 4
	if c.depthwise {
		each = 1
	}
	part := c.cin / c.groups
	var data []float32
	for g := range n.coreGroups() {
		for i := range c.inputs() {
			for tap := range taps {
				for k := range each {
					for lane := range 4 {
						o, in := n.channel(g, lane), i*4+k
						w := float32(0)
						if o >= 0 && in < part {
							w = c.weights[(o*part+in)*taps+tap]
						}
						data = append(data, w)
					}
				}
			}
		}
	}
	// The last fetch of a subgroup reads up to seven elements too many.
	return append(data, make([]float32, 4*7)...)
}

func (c *conv) compute(e *emitter) [][][]spirv.ID {
	t := c.tile(e.node)
	sums := newSums(e, t)
	in := e.node.in[0]
	geo := e.look(in.image)
	var weights spirv.ID
	if len(e.node.in) > 1 {
		weights = e.look(e.node.in[1].image).texels
	} else {
		weights = e.table(c.pack(e.node))
	}
	taps := c.kernel[0] * c.kernel[1]

	// The element under tap 0 of the tile's first pixel, in plane 0.
	y := e.Sub(e.Mul(e.y[0], e.IntConstant(c.stride[0])), e.constant(c.before[0]))
	x := e.Sub(e.Mul(e.x[0], e.IntConstant(c.stride[1])), e.constant(c.before[1]))
	corner := e.Add(e.Add(e.planeOf(in, e.picture, 0), e.Mul(y, geo.pitch)), x)

	if c.depthwise {
		plane := e.Add(corner, e.Mul(e.g[0], geo.plane))
		c.kernelRows(e, sums, geo, plane, taps, func(int) run {
			return e.run4(weights, e.Mul(e.g[0], e.IntConstant(taps)), taps)
		})
		return sums.results()
	}

	inputs := e.constant(c.inputs())
	if c.groups > 1 {
		// Every output group of the tile meets the same inputs.
		outputs := e.constant(c.cout / c.groups / 4)
		first := e.Mul(e.Div(e.g[0], outputs), inputs)
		corner = e.Add(corner, e.Mul(first, geo.plane))
	}
	e.Loop(e.IntConstant(0), inputs, func(i spirv.ID) {
		plane := e.Add(corner, e.Mul(i, geo.plane))
		c.kernelRows(e, sums, geo, plane, 4*taps, func(q int) run {
			first := e.Mul(e.Add(e.Mul(e.g[q], inputs), i), e.IntConstant(4*taps))
			return e.run4(weights, first, 4*taps)
		})
	})
	return sums.results()
}

// kernelRows emits the products of one input plane with the kernel, all in a
// line, or in a loop over the kernel's rows.
func (c *conv) kernelRows(e *emitter, sums *sums, geo geometry, plane spirv.ID, length int, weights func(q int) run) {
	if !c.rowwise() {
		c.products(e, sums, geo, plane, c.kernel[0], weights)
		return
	}
	row := length / c.kernel[0]
	e.Loop(e.IntConstant(0), e.IntConstant(c.kernel[0]), func(k spirv.ID) {
		first := e.Add(plane, e.Mul(e.Mul(k, e.IntConstant(c.dilation[0])), geo.pitch))
		c.products(e, sums, geo, first, 1, func(q int) run {
			whole := weights(q)
			return e.run4(whole.texels, e.Add(whole.first, e.Mul(k, e.IntConstant(row))), row)
		})
	})
}

// products emits, for a number of kernel rows from plane on, every product
// with the tile's pixels, each input element fetched once.
func (c *conv) products(e *emitter, sums *sums, geo geometry, plane spirv.ID, rows int, weights func(q int) run) {
	t := sums.tile
	sums.load()
	runs := make([]run, t.groups)
	for q := range runs {
		runs[q] = weights(q)
		runs[q].fetch()
	}
	for r := 0; r <= (t.rows-1)*c.stride[0]+(rows-1)*c.dilation[0]; r++ {
		line := map[int]spirv.ID{}
		first := spirv.ID(0)
		for py := range t.rows {
			at := r - py*c.stride[0]
			if at < 0 || at%c.dilation[0] != 0 || at/c.dilation[0] >= rows {
				continue
			}
			if first == 0 {
				first = e.Add(plane, e.Mul(geo.pitch, e.IntConstant(r)))
			}
			for kx := range c.kernel[1] {
				tap := at/c.dilation[0]*c.kernel[1] + kx
				for px := range t.columns {
					column := px*c.stride[1] + kx*c.dilation[1]
					if line[column] == 0 {
						line[column] = e.Fetch(geo.texels, e.Add(first, e.IntConstant(column)))
					}
				}
				c.tap(e, sums, py, tap, runs, func(px int) spirv.ID { return line[px*c.stride[1]+kx*c.dilation[1]] })
			}
		}
	}
	sums.store()
}

// tap adds the products of one tap for a row of the tile.
func (c *conv) tap(e *emitter, sums *sums, py, tap int, runs []run, input func(px int) spirv.ID) {
	for q := range runs {
		if c.depthwise {
			w := runs[q].at(tap)
			for px := range sums.tile.columns {
				sums.add(py, px, q, e.FMA(input(px), w, sums.get(py, px, q)))
			}
			continue
		}
		for k := range 4 {
			w := runs[q].at(4*tap + k)
			for px := range sums.tile.columns {
				sums.add(py, px, q, e.FMA(e.Repeat(input(px), k), w, sums.get(py, px, q)))
			}
		}
	}
}
