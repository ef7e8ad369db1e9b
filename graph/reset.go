package graph

// Reset empties the graph's declarations, so that the next frame can be declared
// into the same memory: declaring a frame of the same size again allocates
// nothing. Plans stay as they are.
//
// A handle is where its resource stands among the resources that were declared.
// Declared again in the same order, resources so have the same handles; other
// handles of before are void.
func (g *Graph) Reset() {
	if g.declared != nil && g.declared.readers > 0 {
		g.declared = g.emptyArrays() // plans read these
		g.declarations = g.declared.declarations
	}
	g.declarations.empty()
	g.shapes.reset()
	g.faults = faults{}
	g.name, g.document = "", false
}

// arrays is a set of slices that declarations are appended to, shared by the
// graph that fills them and the plans made meanwhile. The graph fills them anew
// when no plan reads them.
type arrays struct {
	declarations
	readers int
}

func (g *Graph) emptyArrays() *arrays {
	n := len(g.arrays)
	if n == 0 {
		return new(arrays)
	}
	a := g.arrays[n-1]
	g.arrays = g.arrays[:n-1]
	return a
}

// read makes c a reader of what g declares now.
func (c *compilation) read(g *Graph) {
	if g.declared == nil {
		g.declared = new(arrays)
	}
	g.declared.readers++
	c.owner, c.arrays = g, g.declared
	c.declared = Graph{name: g.name, number: g.number, declarations: g.declarations, faults: g.faults, document: g.document}
	c.g = &c.declared
}

// letGo ends that.
func (c *compilation) letGo() {
	a := c.arrays
	if a == nil {
		return
	}
	c.arrays = nil
	if a.readers--; a.readers == 0 && a != c.owner.declared {
		a.declarations = c.declared.declarations
		c.owner.arrays = append(c.owner.arrays, a)
	}
}
