package graph

import (
	"fmt"

	"weft/barriers"
)

// derive finds the barriers of the frame as it lies in memory. Without shared
// memory they are those that the encoders phase derived.
func derive(c *compilation) error {
	for i := range c.blocks {
		if c.blocks[i].shared {
			return c.deriveBarriers()
		}
	}
	return nil
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
