package graph

import (
	"fmt"

	"weft/barriers"
)

// derive finds the barriers of the frame as it lies in memory. Without shared
// memory they are those that the encoders phase derived.
func derive(c *compilation) error {
	shared := false
	for i := range c.blocks {
		if b := &c.blocks[i]; b.shared {
			shared = true
			c.discardWhole(b)
		}
	}
	if shared {
		if err := c.deriveBarriers(); err != nil {
			return err
		}
	}
	return c.leaveOut()
}

// discardWhole: on a device, a texture in shared memory is discarded whole where
// it is first used (on Vulkan a write by the layout transition), also if that
// pass uses a part of it only. Then the barriers must know.
func (c *compilation) discardWhole(b *block) {
	if c.device == nil || b.pass >= 0 || c.g.resources[b.resource].kind != kindTexture {
		return
	}
	p := c.pass(int(b.first))
	for _, a := range c.g.accessesOf(p) {
		if a.resource == b.resource && a.part == c.g.whole(&c.g.resources[b.resource]) {
			return
		}
	}
	c.frame.Accesses = append(c.frame.Accesses, barriers.Access{
		Pass: int(b.first), Resource: int(b.resource), Stages: stagesOf(c.g.accessesOf(p), b.resource), Write: true,
	})
}

func (c *compilation) deriveBarriers() error {
	c.derived = barriers.Derive(&c.frame)
	if c.derived == nil {
		if err := c.frame.Validate(); err != nil {
			return fmt.Errorf("graph: BUG: %w", err)
		}
	}
	return nil
}
