// Package weft has no code: it is the module's front page.
//
// weft is a render-graph engine whose passes draw, compute, copy and run neural
// networks. Start with weft/graph, which declares and runs frames; weft/passes
// has ready passes; weft/metal is the vocabulary both speak, and the drivers
// are below it. ARCHITECTURE.md shows the rooms and one frame's way through
// them.
package weft
