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
		if err := c.deriveBarriers(); err != nil {
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
	user := c.firstUser(b)
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

// firstUser is the position of the pass that uses a block first: where it begins,
// or a later pass of that encoder, which has it as an attachment.
func (c *compilation) firstUser(b *block) int {
	i := int(b.first)
	for stagesOf(c.g.accessesOf(c.pass(i)), b.resource) == 0 {
		i++
	}
	return i
}

func (c *compilation) deriveBarriers() error {
	c.derived = c.deriver.Derive(&c.frame)
	if c.derived == nil {
		if err := c.frame.Validate(); err != nil {
			return fmt.Errorf("graph: BUG: %w", err)
		}
	}
	c.length = c.deriver.Makespan()
	return nil
}
