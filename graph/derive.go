package graph

import (
	"fmt"

	"weft/barriers"
)

// derive finds the barriers of the frame as it lies in memory. Where memory is
// shared only where the barriers of the encoders phase order it already, they
// are what it needs.
func derive(c *compilation) error {
	again := c.options.preferMemory
	for i := range c.blocks {
		if b := &c.blocks[i]; b.shared {
			again = c.discardWhole(b) || again
		}
	}
	if again {
		if err := c.deriveBarriers(thinned); err != nil {
			return err
		}
	}
	return c.leaveOut()
}

// discardWhole: on a device, a texture in shared memory is discarded whole where
// it is first used (on Vulkan a write by the layout transition), also if that
// pass uses a part of it only. Then the barriers must know; it reports whether
// that is so.
func (c *compilation) discardWhole(b *block) bool {
	if c.device == nil || b.pass >= 0 || c.g.resources[b.resource].kind != kindTexture {
		return false
	}
	r := b.resource
	user := int(b.user)
	list := c.g.accessesOf(c.pass(user))
	for _, a := range list {
		if a.resource == r && a.whole() {
			return false
		}
	}
	c.frame.Accesses = append(c.frame.Accesses, barriers.Access{
		Pass: user, Resource: int(r), Stages: stagesOf(list, r), Write: true, Attachment: user > int(b.first),
	})
	return true
}

// depth says how far barriers are derived.
type depth uint8

const (
	placed    depth = iota // without a search
	routed                 // each need met where it costs least
	shortened              // with a search for a shorter frame
	thinned                // and one for fewer barriers
)

func (c *compilation) deriveBarriers(d depth) error {
	c.derived = c.deriver.Place(&c.frame)
	if c.derived == nil {
		if err := c.frame.Validate(); err != nil {
			return fmt.Errorf("graph: BUG: %w", err)
		}
	}
	if d >= routed {
		c.deepen(routed)
	}
	if d >= shortened {
		c.deepen(shortened)
	}
	if d >= thinned {
		c.deepen(thinned)
	}
	return nil
}

// length is how long the frame takes with the barriers derived last.
func (c *compilation) length() float64 { return c.deriver.Makespan() }

// deepen goes one step deeper with the barriers derived last.
func (c *compilation) deepen(d depth) {
	switch d {
	case routed:
		c.derived = c.deriver.Route()
	case shortened:
		c.derived = c.deriver.Shorten()
	case thinned:
		c.derived = c.deriver.Thin()
	}
}
