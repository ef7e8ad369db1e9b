package graph

// order says in which order the kept passes are encoded: as they were declared.
func order(c *compilation) error {
	g := c.g
	c.position = make([]int32, len(g.passes))
	c.scratch = make([]int, len(g.passes))
	c.order = make([]int32, 0, len(g.passes))
	for i := range g.passes {
		c.position[i] = -1
		c.scratch[i] = g.passes[i].scratch
		if c.kept[i] {
			c.position[i] = int32(len(c.order))
			c.order = append(c.order, int32(i))
		}
	}
	return nil
}
