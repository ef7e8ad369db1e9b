package graph

import (
	"fmt"
	"strings"
)

// DOT draws the plan for Graphviz: a box for each encoder, an edge for each pair
// of passes that a barrier is there for, dashed where it goes into the next
// frame.
func (p *Plan) DOT() string {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=Helvetica];\n  edge [fontname=Helvetica, fontsize=9];\n", quote(p.Name()))
	for i, e := range p.Encoders() {
		fmt.Fprintf(&b, "  subgraph cluster_%d {\n    label=%s;\n", i, quote(fmt.Sprintf("%d %v", i, e.Kind)))
		for _, pass := range e.Passes {
			fmt.Fprintf(&b, "    %s;\n", quote(pass))
		}
		b.WriteString("  }\n")
	}
	for i := range p.Barriers() {
		x := &p.Barriers()[i]
		for _, w := range x.Because {
			style := "solid"
			if w.Frames > 0 {
				style = "dashed"
			}
			fmt.Fprintf(&b, "  %s -> %s [label=%s, style=%s];\n", quote(w.From), quote(w.To),
				quote(fmt.Sprintf("%s\n%v to %v", w.Resource, x.After, x.Before)), style)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// quote writes a string as DOT takes it.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
