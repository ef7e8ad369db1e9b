package main

import (
	"bytes"
	"errors"
	"fmt"

	"weft/graph"
)

// errWrong ends a check that has found something.
var errWrong = errors.New("the plan is wrong")

func (t *terminal) check(args []string) error {
	f := t.flags("check", "GRAPH.json PLAN.json", "Says all that is wrong with a plan for a graph, whoever made it.")
	prefer := words(f, "prefer", "`time`: memory may be shared only where that costs nothing; memory: the peak must be near the least; without it neither is judged",
		"", "time", "memory")
	files, err := t.parse(f, args, "GRAPH.json", "PLAN.json")
	if err != nil {
		return err
	}
	g, err := t.readGraph(files[0])
	if err != nil {
		return err
	}
	d, err := t.readPlan(files[1])
	if err != nil {
		return err
	}
	v, err := g.Verify(d, map[string]graph.Preference{"time": graph.TimePreference, "memory": graph.MemoryPreference}[*prefer])
	if err != nil {
		return inFile(files[0], err)
	}
	var text bytes.Buffer
	report(&text, d, v)
	if err := t.write("", &text); err != nil {
		return err
	}
	if !v.OK() {
		return errWrong
	}
	return nil
}

func report(b *bytes.Buffer, d *graph.PlanDocument, v *graph.Verdict) {
	for _, x := range v.Findings {
		fmt.Fprintln(b, x)
	}
	for _, x := range v.Unjudged {
		fmt.Fprintf(b, "not judged: %s\n", x)
	}
	passes := 0
	for _, e := range d.Encoders {
		passes += len(e.Passes)
	}
	fmt.Fprintf(b, "%d passes in %d encoders, %d barriers, %d culled\n", passes, len(d.Encoders), len(d.Barriers), len(d.Culled))
	m := &d.Memory
	fmt.Fprintf(b, "memory: peak %d, live lower bound %d, without aliasing %d bytes\n", m.Peak, m.LiveLowerBound, m.WithoutAliasing)
	if v.Makespan > 0 {
		fmt.Fprintf(b, "makespan: %.6g", v.Makespan)
		ratio(b, v.Makespan, v.Derived, "with weft's barriers")
		ratio(b, v.Makespan, v.Bound, "at least, with any barriers")
		fmt.Fprintln(b)
	}
	if v.OK() {
		fmt.Fprintln(b, "nothing is wrong")
	} else {
		fmt.Fprintf(b, "findings: %d\n", len(v.Findings))
	}
}

func ratio(b *bytes.Buffer, makespan, other float64, what string) {
	if other > 0 {
		fmt.Fprintf(b, "; %.6g %s (ratio %.4f)", other, what, makespan/other)
	}
}
