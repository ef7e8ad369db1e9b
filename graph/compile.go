package graph

import (
	"errors"

	"weft/metal"
)

// Option changes how a graph is compiled.
type Option func(*options)

type options struct {
	preferMemory bool
	timestamps   bool
	inFlight     int
}

// PreferMemory shares memory wherever lifetimes allow it, at the price of more
// barriers. Without it memory is shared only where that costs nothing.
func PreferMemory() Option { return func(o *options) { o.preferMemory = true } }

// Timestamps measures each pass on the GPU; see [Plan.Times].
func Timestamps() Option { return func(o *options) { o.timestamps = true } }

// FramesInFlight is how many frames the CPU may be ahead of the GPU, from 1 to
// 8; 3 without this option.
func FramesInFlight(n int) Option { return func(o *options) { o.inFlight = n } }

var errNotYet = errors.New("graph: the compiler is not there yet")

// Compile compiles the graph for a device: the plan can run. The graph's passes
// belong to the plan until [Plan.Release].
func (g *Graph) Compile(device metal.Device, o ...Option) (*Plan, error) { return nil, errNotYet }

// Plan compiles the graph without a device, with sizes that need none.
func (g *Graph) Plan(o ...Option) (*Plan, error) { return nil, errNotYet }

// Preparation is what a pass may use and say in Prepare.
type Preparation struct {
	g       *Graph
	device  metal.Device
	scratch *int
}

// Device is the device that the graph is compiled for.
func (p *Preparation) Device() metal.Device { return p.device }

// Scratch says how many bytes of intermediates the pass needs.
func (p *Preparation) Scratch(bytes int) { *p.scratch = bytes }

// Graph is the graph being compiled, for its descriptors; do not add to it.
func (p *Preparation) Graph() *Graph { return p.g }
