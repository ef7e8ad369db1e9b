package main

import (
	"bytes"
	"fmt"

	"weft/graph"
)

func (t *terminal) plan(args []string) error {
	f := t.flags("plan", "GRAPH.json", "Writes the plan of a graph: order, encoders, barriers, memory.")
	prefer := words(f, "prefer", "`time` (default): share memory only where it costs nothing; memory: use as little as can be", "time", "memory")
	format := words(f, "format", "`json` (default), text, with the reason for each barrier, or dot, for Graphviz", "json", "text", "dot")
	why := f.Bool("why", false, "with -format text: also why each culled pass is culled, and why what shares no memory or encoder does not")
	out := f.String("o", "", "write to `FILE`, whole or not at all, instead of to standard output")
	files, err := t.parse(f, args, "GRAPH.json")
	if err != nil {
		return err
	}
	if *why && *format != "text" {
		return t.misuse(f, "-why is for text: add -format text")
	}
	g, err := t.readGraph(files[0])
	if err != nil {
		return err
	}
	var option []graph.Option
	if *prefer == "memory" {
		option = append(option, graph.PreferMemory())
	}
	p, err := g.Plan(option...)
	if err != nil {
		return inFile(files[0], err)
	}
	var text bytes.Buffer
	switch *format {
	case "json":
		if err := p.WriteJSON(&text); err != nil {
			return err
		}
	case "text":
		text.WriteString(p.String())
		if *why {
			for _, reason := range p.Why() {
				fmt.Fprintln(&text, reason)
			}
		}
	case "dot":
		text.WriteString(p.DOT())
	}
	return t.write(*out, &text)
}
