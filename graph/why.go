package graph

import "strings"

// Reason says why a plan is as it is: why a pass was left out, why two resources
// do not share memory, why two passes do not share an encoder.
type Reason struct {
	Subject string // "culled normals", "a and b share no memory"
	Text    string // "no kept pass reads what it writes: debug"
}

// String is the reason in a line.
func (r Reason) String() string { return r.Subject + ": " + r.Text }

// reasons are the phases that can say why, after the fact.
var reasons = []func(*compilation) []Reason{whyEncoders, whyApart}

// Why lists reasons: of the passes that were left out, then those that phases of
// the compiler give. They are found when asked for.
func (p *Plan) Why() []Reason {
	list := whyCulled(p.c)
	for _, why := range reasons {
		list = append(list, why(p.c)...)
	}
	return list
}

// whyCulled says why passes are not kept.
func whyCulled(c *compilation) []Reason {
	var list []Reason
	for i, kept := range c.kept {
		if p := &c.g.passes[i]; !kept {
			list = append(list, Reason{"culled " + p.name, c.whyNotKept(p)})
		}
	}
	return list
}

func (c *compilation) whyNotKept(p *pass) string {
	var written []string
	for _, a := range c.g.accessesOf(p) {
		name := c.g.resources[a.resource].name
		if a.write && (len(written) == 0 || written[len(written)-1] != name) {
			written = append(written, name)
		}
	}
	if len(written) == 0 {
		return "it writes nothing and has no side effect"
	}
	return "no kept pass reads what it writes: " + strings.Join(written, ", ")
}
