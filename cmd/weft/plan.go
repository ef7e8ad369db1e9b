package main

import (
	"bytes"
	"fmt"
	"strings"

	"weft/graph"
)

func (t *terminal) plan(args []string) error {
	f := t.flags("plan", "GRAPH.json", "Writes the plan of a graph: order, encoders, barriers, memory.")
	prefer := words(f, "prefer", "`time` (default): share memory only where it costs nothing; memory: use as little as can be", "time", "memory")
	format := words(f, "format", "`json` (default), text, with the reason for each barrier, or dot, for Graphviz", "json", "text", "dot")
	why := f.Bool("why", false, "with -format text: also why pairs that share no memory or encoder do not")
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
			explain(&text, p)
		}
	case "dot":
		text.WriteString(p.DOT())
	}
	return t.write(*out, &text)
}

// explain adds the reasons that the text of the plan has not given.
func explain(text *bytes.Buffer, p *graph.Plan) {
	given := make(map[string]bool)
	for line := range strings.Lines(text.String()) {
		given[strings.TrimSpace(line)] = true
	}
	for _, reason := range p.Why() {
		if line := reason.String(); !given[line] {
			fmt.Fprintln(text, line)
		}
	}
}
