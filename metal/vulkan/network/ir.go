package network

import (
	"fmt"

	"weft/coreml"
	"weft/metal/vulkan/network/spirv"
)

// value is what operations hand on: a picture [N, C, H, W], a list, a bound
// tensor, or a constant.
type value struct {
	name string
	// dims are the extents, as the program has them.
	dims []int
	// shape is the extents of a picture. Values of a lower rank are pictures
	// whose first extents are 1, which is how Core ML broadcasts them; those
	// of a higher rank are none: their shape is zero.
	shape [4]int
	kind  coreml.DataType
	// view is where the elements of a list lie; nil for what is no list.
	view  *view
	from  *node // that computes it; nil for inputs and constants
	input int   // which input of the program; -1 for none
	// constant holds the elements, row-major, of a constant; integers holds
	// them where a float could not.
	constant []float32
	integers []int
	// wide asks for 32-bit floats whatever kind says: sums that halves
	// could not hold.
	wide bool

	// within is the value in whose memory v lies: a picture's channels are
	// part of its, from group at on; a list's view says where.
	within *value
	at     int

	image  *image // where it lives, once laid out; nil for bound tensors
	plane  int    // the image's plane at which it begins
	output int    // which output of the program its node stores to; -1 for none
}

func (v *value) elements() int { return elementsOf(v.dims) }

// groups is the number of four-channel planes of one picture.
func (v *value) groups() int { return ceilDiv(v.shape[1], 4) }

// perChannel reports whether v is a constant of at most one number a channel.
func (v *value) perChannel() bool {
	return v.constant != nil && v.shape[0] == 1 && v.shape[2] == 1 && v.shape[3] == 1
}

// single reports whether v is a constant of one number.
func (v *value) single() bool { return v.root().constant != nil && v.elements() == 1 }

func (v *value) String() string {
	return fmt.Sprintf("%s: %s %s", v.name, v.kind, coreml.FormatShape(v.dims))
}

// node becomes one kernel: a core that computes four channels of a pixel at a
// time, then steps on each result, and the store.
type node struct {
	names []string // of the operations it computes
	core  core
	// list is the core of a node whose result is a list; core is nil then.
	list  listCore
	in    []*value // what the core reads
	steps []step   // on the core's results
	// shuffle is the pixel shuffle after the steps: blocks of shuffle[0] rows
	// and shuffle[1] columns made of that many channels. {1, 1} is none.
	shuffle [2]int
	// block says that the core's channels are in the program's order, so that
	// the four of one result are neighbours in a block; see channelOrder.
	block bool
	after []step // on shuffled results
	out   *value
}

// step changes a result: an operation of one operand, or of two when other is
// set.
type step struct {
	op      string
	other   *value
	swapped bool    // the result is the second operand
	a, b    float32 // parameters of the operation
}

// core is what a kernel computes before its steps.
type core interface {
	// label names the core and what its shader is specialized for.
	label(n *node) string
	// tile is what one thread computes.
	tile(n *node) tile
	// reads is the area of input in that computing an area of results reads
	// without looking at edges: what lies beside the picture has to be zeros.
	reads(results area, in int) area
	// compute emits the core: results[row][pixel][group of the tile].
	compute(e *emitter) [][][]spirv.ID
}

// tile is the rows, columns and groups of four channels that one thread
// computes.
type tile struct{ rows, columns, groups int }

// border is a number of elements on each side of a picture.
type border struct{ left, top, right, bottom int }

// union is the border that holds both.
func (b border) union(c border) border {
	return border{max(b.left, c.left), max(b.top, c.top), max(b.right, c.right), max(b.bottom, c.bottom)}
}

// network is a program on its way to a plan.
type network struct {
	device  Device
	plan    *Plan
	nodes   []*node  // in the order they run
	outputs []*value // of the program
	check   *checked // set by Check, which goes on after a refusal
	// constants are the plan's weights and tables.
	constants [2]constantData
	// ranges and owners say, for each dispatch, what memory it touches and
	// which node it is of.
	ranges [][]span
	owners []int
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

func roundUp(a, to int) int { return ceilDiv(a, to) * to }
