package graph

func (c *compilation) orderForMemory() error { return nil }
