package graph

import (
	"fmt"

	"weft/metal"
)

// Preparation is what a pass may use and say in Prepare.
type Preparation struct {
	g       *Graph
	device  metal.Device
	scratch *int
}

// Device is the device that the graph is compiled for.
func (p *Preparation) Device() metal.Device { return p.device }

// Scratch says how many bytes of intermediates the pass needs; it overrides
// [Declaration.Scratch].
func (p *Preparation) Scratch(bytes int) { *p.scratch = bytes }

// Graph is the graph being compiled, for its descriptors; nothing may be added
// to it.
func (p *Preparation) Graph() *Graph { return p.g }

// prepare lets the kept passes make what they need of the device.
func prepare(c *compilation) error {
	c.scratch = resize(c.scratch, len(c.g.passes))
	for i := range c.scratch {
		c.scratch[i] = c.g.passes[i].scratch
	}
	if c.device == nil {
		return nil
	}
	if old := c.owner.running; old != nil {
		old.plan.Release() // the passes' objects are to be this plan's
	}
	for i := range c.g.passes {
		p := &c.g.passes[i]
		if !c.kept[i] {
			continue
		}
		if p.node == nil {
			return p.wrap(fmt.Errorf("was read from a document and encodes nothing: such a graph can be planned, not run"))
		}
		c.prepared = append(c.prepared, int32(i))
		n, ok := p.node.(Preparer)
		if !ok {
			continue
		}
		if err := n.Prepare(&Preparation{g: c.g, device: c.device, scratch: &c.scratch[i]}); err != nil {
			return p.wrap(err)
		}
		if n := c.scratch[i]; n < 0 || n > 0 && p.kind != MachineLearning {
			return p.wrap(fmt.Errorf("scratch of %d bytes in a %v pass: only machineLearning passes have scratch", n, p.kind))
		}
	}
	return nil
}

// wrap says which pass an error is about, and where it was declared.
func (p *pass) wrap(err error) error {
	if at := p.place.String(); at != "" {
		return fmt.Errorf("graph: %s: pass %q: %w", at, p.name, err)
	}
	return fmt.Errorf("graph: pass %q: %w", p.name, err)
}
