package graph

import "io"

// ReadJSON reads a graph document, version 1. Its passes encode nothing: the
// graph can be planned, not run. Unknown keys, and values that mean nothing,
// are errors that name their place.
func ReadJSON(r io.Reader) (*Graph, error) { return nil, errNotYet }

// WriteJSON writes the graph as a document that ReadJSON reads.
func (g *Graph) WriteJSON(w io.Writer) error { return errNotYet }

// WriteJSON writes the plan as a document, version 1.
func (p *Plan) WriteJSON(w io.Writer) error { return errNotYet }

// MarshalJSON is WriteJSON's document.
func (p *Plan) MarshalJSON() ([]byte, error) { return nil, errNotYet }

// String lists the plan: passes in order, each barrier with the resources that
// it is there for, and the memory.
func (p *Plan) String() string { return "" }

// DOT draws the plan for Graphviz.
func (p *Plan) DOT() string { return "" }
