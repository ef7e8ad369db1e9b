package network

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"weft/metal/vulkan/network/spirv"
)

// threads is the number of threads of a threadgroup: a multiple of every
// subgroup size in use, so that no lane of a subgroup idles.
const threads = 64

// emit is the last phase: a shader and its dispatches for each node.
func (n *network) emit() error {
	known := map[string]int{}
	for i, node := range n.nodes {
		for _, part := range n.parts(node) {
			if err := n.emitPart(i, node, part, known); err != nil {
				return fmt.Errorf("%s: %w", strings.Join(node.names, " + "), err)
			}
		}
	}
	n.plan.Weights, n.plan.Tables = n.constants[0].bytes, n.constants[1].bytes
	n.timeline()
	n.barriers()
	return nil
}

// part is the share of a node's work that one dispatch does.
type part struct{ picture, pictures, group, groups int }

// parts cuts a node's work where what it writes is more than a storage buffer
// binds.
func (n *network) parts(node *node) []part {
	if node.list != nil {
		return []part{{}}
	}
	groups, batch := node.coreGroups(), node.out.shape[0]
	m := node.out.image
	if m == nil || m.size() <= n.device.MaxStorageBufferRange {
		return []part{{0, batch, 0, groups}}
	}
	// Whole output groups, each of area() groups of the core.
	bytes := int64(m.plane()) * int64(m.format.Bytes())
	room := n.device.MaxStorageBufferRange - int64(m.before+m.after)*int64(m.format.Bytes()) - alignment
	step := max(1, int(room/bytes)) * node.area()
	var all []part
	for p := range batch {
		for g := 0; g < groups; g += step {
			all = append(all, part{p, 1, g, min(step, groups-g)})
		}
	}
	return all
}

func (n *network) emitPart(index int, node *node, p part, known map[string]int) error {
	e := newEmitter(n, node, p)
	e.run()
	if e.err != nil {
		return e.err
	}
	if len(e.dispatch.Constants) > maxConstants {
		return fmt.Errorf("BUG: %d push constants; at most %d are possible", len(e.dispatch.Constants), maxConstants)
	}
	for d, g := range e.dispatch.Groups {
		if g > n.device.MaxComputeWorkGroupCount[d] {
			return fmt.Errorf("it takes %v threadgroups; the device runs at most %v: use a smaller picture", e.dispatch.Groups, n.device.MaxComputeWorkGroupCount)
		}
	}
	words := e.Words()
	key := identity(words, e.kinds)
	kernel, ok := known[key]
	if !ok {
		kernel = len(n.plan.Kernels)
		known[key] = kernel
		n.plan.Kernels = append(n.plan.Kernels, Kernel{
			Label: e.label(), Words: words, Bindings: e.kinds, Constants: len(e.dispatch.Constants),
		})
	}
	e.dispatch.Kernel = kernel
	e.dispatch.Label = strings.Join(node.names, " + ")
	n.plan.Strides = append(n.plan.Strides, e.strides...)
	n.plan.Dispatches = append(n.plan.Dispatches, e.dispatch)
	n.ranges = append(n.ranges, e.ranges)
	n.owners = append(n.owners, index)
	return nil
}

// identity is equal for equal kernels.
func identity(words []uint32, kinds []BindingKind) string {
	key := make([]byte, 0, 4*len(words)+len(kinds))
	for _, w := range words {
		key = binary.LittleEndian.AppendUint32(key, w)
	}
	for _, k := range kinds {
		key = append(key, byte(k))
	}
	return string(key)
}

// maxConstants is the push constants that every device takes: 128 bytes.
const maxConstants = 32

// timeline lists the images with the dispatches of their lives.
func (n *network) timeline() {
	for _, m := range n.images() {
		life := Intermediate{Name: m.name, Offset: m.offset, Size: m.size(), First: -1}
		for d, owner := range n.owners {
			if owner >= m.first && life.First < 0 {
				life.First = d
			}
			if owner <= m.last {
				life.Last = d
			}
		}
		n.plan.Intermediates = append(n.plan.Intermediates, life)
	}
}

// span is a range of memory that a dispatch reads or writes.
type span struct {
	source     Source
	index      int
	start, end int64
	writes     bool
}

// barriers marks the dispatches that touch what earlier ones, since the last
// barrier, have written, or that write what these have read.
func (n *network) barriers() {
	var open []span
	for i := range n.plan.Dispatches {
		for _, s := range n.ranges[i] {
			for _, o := range open {
				if s.conflicts(o) {
					n.plan.Dispatches[i].Barrier = true
				}
			}
		}
		if n.plan.Dispatches[i].Barrier {
			open = open[:0]
		}
		open = append(open, n.ranges[i]...)
	}
}

func (s span) conflicts(o span) bool {
	return (s.writes || o.writes) && s.source == o.source && s.index == o.index && s.start < o.end && o.start < s.end
}

// emitter writes the shader of one node, and collects what its dispatch binds.
type emitter struct {
	*spirv.Module
	n    *network
	node *node
	part part

	dispatch Dispatch
	kinds    []BindingKind
	strides  []StrideConstant
	ranges   []span
	err      error

	constants map[any]spirv.ID // those asked for by key
	images    map[*image]geometry
	planar    map[*value]planar
	x, y, g   []spirv.ID // of the tile's columns, rows and groups
	picture   spirv.ID
	live      spirv.ID   // whether the thread's tile is one of the grid
	inside    []spirv.ID // whether the tile's groups are ones of the core; 0: yes
	px, py    spirv.ID   // the tile's place in the grid, in pixels
	top, left spirv.ID   // the grid's pixels before row and column 0
	grid      grid
}

func newEmitter(n *network, node *node, p part) *emitter {
	size := threads
	if p, ok := node.list.(*product); ok {
		size = p.threads(node)
	}
	e := &emitter{
		Module: spirv.New(uint32(size), 1, 1), n: n, node: node, part: p,
		constants: map[any]spirv.ID{}, images: map[*image]geometry{}, planar: map[*value]planar{},
	}
	if node.list == nil {
		e.grid = node.grid()
	}
	return e
}

// constant is a push constant of that value.
func (e *emitter) constant(v int) spirv.ID {
	if v > math.MaxInt32 || v < math.MinInt32 {
		e.err = fmt.Errorf("an index of %d does not fit 32 bits: use a smaller picture", v)
	}
	e.dispatch.Constants = append(e.dispatch.Constants, uint32(int32(v)))
	return e.PushConstant(len(e.dispatch.Constants) - 1)
}

// bind adds a descriptor and returns its index.
func (e *emitter) bind(b Binding) int {
	e.dispatch.Bindings = append(e.dispatch.Bindings, b)
	e.kinds = append(e.kinds, b.Kind)
	return len(e.kinds) - 1
}

// run emits the whole shader: where the thread stands, the core, the steps,
// the stores.
func (e *emitter) run() {
	if e.node.list != nil {
		e.node.list.emit(e)
		return
	}
	t := e.grid.tile
	e.dispatch.Groups = [3]uint32{
		uint32(ceilDiv(e.grid.tilesX*e.grid.tilesY, threads)), uint32(e.part.pictures), uint32(ceilDiv(e.part.groups, t.groups)),
	}
	position := e.GlobalInvocation()
	id, tiles, columns := e.Component(position, 0), e.constant(e.grid.tilesX*e.grid.tilesY), e.constant(e.grid.tilesX)
	e.live = e.Less(id, tiles)
	id = e.Min(id, e.Sub(tiles, e.IntConstant(1)))
	row := e.Div(id, columns)
	e.py = e.Mul(row, e.IntConstant(t.rows))
	e.px = e.Mul(e.Sub(id, e.Mul(row, columns)), e.IntConstant(t.columns))
	e.top, e.left = e.constant(e.grid.top), e.constant(e.grid.left)
	for r := range t.rows {
		e.y = append(e.y, e.Sub(e.Add(e.py, e.IntConstant(r)), e.top))
	}
	for c := range t.columns {
		e.x = append(e.x, e.Sub(e.Add(e.px, e.IntConstant(c)), e.left))
	}
	e.picture = e.Component(position, 1)
	first := e.Mul(e.Component(position, 2), e.IntConstant(t.groups))
	if e.part.group > 0 || e.part.picture > 0 {
		e.picture = e.Add(e.picture, e.constant(e.part.picture))
		first = e.Add(first, e.constant(e.part.group))
	}
	var end spirv.ID
	if e.part.groups%t.groups != 0 {
		end = e.constant(e.part.group + e.part.groups)
	}
	for q := range t.groups {
		g, ok := e.Add(first, e.IntConstant(q)), spirv.ID(0)
		if end != 0 {
			ok = e.Less(g, end)
			g = e.Min(g, e.Sub(end, e.IntConstant(1)))
		}
		e.g, e.inside = append(e.g, g), append(e.inside, ok)
	}
	results := e.node.core.compute(e)
	e.store(results)
}

// label names the kernel.
func (e *emitter) label() string {
	label := ""
	if e.node.list != nil {
		label = e.node.list.label(e.node)
	} else {
		label = e.node.core.label(e.node)
	}
	for _, s := range e.node.steps {
		label += " " + s.op
	}
	if e.node.area() > 1 {
		label += fmt.Sprintf(" shuffle %dx%d", e.node.shuffle[0], e.node.shuffle[1])
	}
	for _, s := range e.node.after {
		label += " " + s.op
	}
	return label
}
