package network

import (
	"fmt"
	"slices"

	"weft/coreml"
	"weft/metal"
)

// layout is the third phase: which values live in the heap, as part of which
// image, with which borders; and which nodes store to bound tensors.
func (n *network) layout() error {
	n.bindOutputs()
	n.orderWeights()
	n.bindInputs()
	n.joinChannels()
	n.makeImages()
	n.growBorders()
	for i, t := range append(slices.Clone(n.plan.Inputs), n.plan.Outputs...) {
		if t.size() > n.device.MaxStorageBufferRange {
			return fmt.Errorf("tensor %d, %q, takes %d bytes; the device binds at most %d (maxStorageBufferRange): use a smaller picture",
				i, t.Name, t.size(), n.device.MaxStorageBufferRange)
		}
	}
	return nil
}

// copyNode makes a node that copies a value.
func copyNode(from *value, label string) *node {
	if from.isList() || from.whole() || len(from.dims) != 4 {
		out := newList(from.name, from.kind, from.dims)
		out.from = &node{names: []string{label}, list: &flatten{}, in: []*value{from}, shuffle: [2]int{1, 1}, out: out}
		if from.isList() {
			out.from.list = &mapping{}
		}
		return out.from
	}
	out := &value{name: from.name, kind: from.kind, dims: from.dims, shape: from.shape, input: -1, output: -1}
	out.from = &node{names: []string{label}, core: &remap{}, in: []*value{from}, shuffle: [2]int{1, 1}, out: out}
	return out.from
}

// bindOutputs lets nodes store to the program's outputs, where nothing else
// reads the result and the kernel can; and copies the others.
func (n *network) bindOutputs() {
	uses := n.uses()
	for i, v := range n.outputs {
		if v.from != nil && uses[v] == 1 && v.from.storesTo(n.plan.Outputs[i].Type) {
			v.output, v.view = i, nil
			v.from.toBlock()
			continue
		}
		if v.constant != nil && !v.isList() && (v.whole() || len(v.dims) != 4) {
			c := *v
			c.view = &view{step: natural(v.dims)}
			v = &c
		}
		store := copyNode(v, n.plan.Outputs[i].Name)
		store.out.output, store.out.view = i, nil
		n.nodes = append(n.nodes, store)
	}
}

// storesTo reports whether the node's kernel can store to a bound tensor of
// that type: it has the neighbours that share a word.
func (n *node) storesTo(t metal.TensorDataType) bool {
	if n.list != nil {
		return n.out.within == nil
	}
	per := perWord(t)
	if per == 1 {
		return true
	}
	if n.shuffle == [2]int{1, 1} {
		return n.core.tile(n).columns%per == 0
	}
	return n.operands() == 0 && (n.shuffle == [2]int{4, 4} || n.shuffle == [2]int{2, 2} && per == 2)
}

// bindInputs copies the inputs into images, except for kernels that read bound
// tensors themselves.
func (n *network) bindInputs() {
	copies := map[*value]*value{}
	var first []*node
	image := func(v *value) *value {
		if v.input < 0 {
			return v
		}
		if copies[v] == nil {
			c := copyNode(v, n.plan.Inputs[v.input].Name)
			first = append(first, c)
			copies[v] = c.out
		}
		return copies[v]
	}
	for _, node := range n.nodes {
		if node.list != nil {
			continue // they have been given lists, and flatten reads bound tensors
		}
		for i, v := range node.in {
			if !node.readsBound(v) {
				node.in[i] = image(v)
			}
		}
		for _, steps := range [][]step{node.steps, node.after} {
			for i, s := range steps {
				if s.other != nil {
					steps[i].other = image(s.other)
				}
			}
		}
	}
	n.nodes = append(first, n.nodes...)
}

// readsBound reports whether the node's kernel reads an input where it is bound.
func (n *node) readsBound(v *value) bool {
	switch c := n.core.(type) {
	case *remap:
		return c.identity() && v.shape == n.out.shape
	case *numbered:
		return true
	}
	return false
}

// joinChannels drops the nodes that only put channels side by side, or take
// some of them, where these are whole groups: the parts become parts of one
// image. The last come first, so that a list that begins like a longer one
// after it (as in dense blocks) is a part of that.
func (n *network) joinChannels() {
	for i := len(n.nodes) - 1; i >= 0; i-- {
		node := n.nodes[i]
		g, ok := node.core.(*gather)
		if !ok || len(node.steps)+len(node.after) > 0 || node.out.output >= 0 {
			continue
		}
		if group, ok := g.part(node); ok {
			node.out.within, node.out.at = node.in[0], group
		} else if !g.joins(node) {
			continue
		} else if side, ok := neighbors(node.in); ok {
			node.out.within, node.out.at = side.within, side.at
		} else if joinable(node.in) {
			at := 0
			for _, v := range node.in {
				v.within, v.at = node.out, at
				at += v.groups()
			}
		} else {
			continue
		}
		n.nodes = slices.Delete(n.nodes, i, i+1)
	}
}

// whole reports whether all values but the last have channels in fours.
func whole(values []*value) bool {
	for _, v := range values[:len(values)-1] {
		if v.shape[1]%4 != 0 {
			return false
		}
	}
	return true
}

// joinable reports whether the values can be written into one image: whole
// groups, each computed by a node of its own into an image of its own.
func joinable(values []*value) bool {
	for i, v := range values {
		if v.from == nil || v.within != nil || v.output >= 0 || slices.Contains(values[:i], v) ||
			v.wide != values[0].wide || v.kind != values[0].kind {
			return false
		}
	}
	return whole(values)
}

// neighbors reports whether the values stand side by side in one whole
// already, and returns the first.
func neighbors(values []*value) (*value, bool) {
	at := values[0].at
	for _, v := range values {
		if v.within == nil || v.within != values[0].within || v.at != at {
			return nil, false
		}
		at += v.groups()
	}
	return values[0], whole(values)
}

// makeImages gives each value that a node computes its image; parts share
// their whole's.
func (n *network) makeImages() {
	for i, node := range n.nodes {
		for _, v := range append(node.reads(), node.out) {
			root := v.root()
			if root.constant != nil || v.input >= 0 || v.output >= 0 {
				continue
			}
			if v.isList() {
				n.makeList(root, i)
				v.image = root.image
				if v == node.out && !v.inFours() {
					v.image.halves = false
				}
				continue
			}
			if root.image == nil {
				root.image = &image{
					source: FromHeap, name: root.name, format: RGBA32Float,
					planes: root.groups(), batch: root.shape[0], first: i,
				}
				root.image.halves = root.kind == coreml.Float16 && !root.wide
			}
			v.image, v.plane = root.image, v.group()
			v.image.last = i
		}
	}
}

// root is the value whose image v is a part of.
func (v *value) root() *value {
	for v.within != nil {
		v = v.within
	}
	return v
}

// group is the group of the image at which v begins.
func (v *value) group() int {
	at := 0
	for ; v.within != nil; v = v.within {
		at += v.at
	}
	return at
}

// images lists the images of the heap, each once.
func (n *network) images() []*image {
	var all []*image
	for _, node := range n.nodes {
		for _, v := range append(slices.Clone(node.in), node.out) {
			if v.image != nil && v.image.source == FromHeap && !slices.Contains(all, v.image) {
				all = append(all, v.image)
			}
		}
	}
	return all
}

// grid is the pixels of the core's result that a node's threads cover: with
// the border of what is stored, from the corner of the border, in whole tiles.
type grid struct {
	tile           tile
	top, left      int // pixels before row and column 0
	tilesY, tilesX int
}

func (n *node) grid() grid {
	s := n.coreShape()
	g := grid{tile: n.core.tile(n)}
	height, width := s[2], s[3]
	if m := n.out.image; m != nil {
		g.top, g.left = m.border.top/n.shuffle[0], m.border.left/n.shuffle[1]
		height, width = ceilDiv(m.rows, n.shuffle[0]), ceilDiv(m.pitch, n.shuffle[1])
	}
	g.tilesY, g.tilesX = ceilDiv(height, g.tile.rows), ceilDiv(width, g.tile.columns)
	return g
}

// area is what the grid covers.
func (g grid) area() area {
	return area{-g.top, -g.left, g.tilesY*g.tile.rows - 1 - g.top, g.tilesX*g.tile.columns - 1 - g.left}
}
