package graph

import (
	"fmt"
	"strings"

	"weft/metal"
)

// String lists the plan: passes in order of encoding, each barrier with the
// resources that it is there for, the memory, and what was left out and why.
func (p *Plan) String() string {
	var b strings.Builder
	p.write(&b)
	for _, c := range p.Culled() {
		fmt.Fprintf(&b, "culled %s: %s\n", c.Pass, c.Reason)
	}
	return b.String()
}

// Explained is the list of [Plan.String] with the reasons of [Plan.Why].
func (p *Plan) Explained() string {
	var b strings.Builder
	p.write(&b)
	for _, r := range p.Why() {
		fmt.Fprintf(&b, "%s\n", r)
	}
	return b.String()
}

func (p *Plan) write(b *strings.Builder) {
	passes := 0
	for _, e := range p.Encoders() {
		passes += len(e.Passes)
	}
	if p.Name() != "" {
		fmt.Fprintf(b, "%s: ", p.Name())
	}
	fmt.Fprintf(b, "%s in %s, %s\n", count(passes, "pass"), count(len(p.Encoders()), "encoder"), count(len(p.Barriers()), "barrier"))
	next := 0 // barriers come sorted by place
	for i, e := range p.Encoders() {
		fmt.Fprintf(b, "encoder %d, %v\n", i, e.Kind)
		for _, pass := range e.Passes {
			for ; next < len(p.Barriers()) && p.Barriers()[next].Encoder == i && p.Barriers()[next].BeforePass == pass; next++ {
				p.Barriers()[next].write(b)
			}
			fmt.Fprintf(b, "  %s\n", pass)
			for ; next < len(p.Barriers()) && p.Barriers()[next].Encoder == i && p.Barriers()[next].BeforePass == "" && p.Barriers()[next].AfterPass == pass; next++ {
				p.Barriers()[next].write(b)
			}
		}
	}
	p.Memory().write(b)
}

func (x *Barrier) write(b *strings.Builder) {
	fmt.Fprintf(b, "    %s\n", x)
	for _, w := range x.Because {
		fmt.Fprintf(b, "      %s\n", w)
	}
}

// String is the barrier in a line, without its reasons.
func (x Barrier) String() string {
	flush := "execution only"
	if x.Visibility&metal.VisibilityDevice != 0 {
		flush = "flush"
	}
	return fmt.Sprintf("%v barrier: %v waits for %v, %s", x.Kind, x.Before, x.After, flush)
}

// String is the hazard in a line.
func (w Because) String() string {
	kind := map[Hazard]string{ReadAfterWrite: "read after write", WriteAfterRead: "write after read", WriteAfterWrite: "write after write"}[w.Hazard]
	s := fmt.Sprintf("%s: %s -> %s, %s", w.Resource, w.From, w.To, kind)
	if w.Aliasing {
		s += " in shared memory"
	}
	switch w.Frames {
	case 0:
	case 1:
		s += " of the frame before"
	default:
		s += fmt.Sprintf(" of %d frames before", w.Frames)
	}
	return s
}

func (m Memory) write(b *strings.Builder) {
	if len(m.Heaps) == 0 {
		return
	}
	fmt.Fprintf(b, "memory %s, at least %s, without sharing %s\n", bytesOf(m.Peak), bytesOf(m.LiveLowerBound), bytesOf(m.WithoutAliasing))
	for i, h := range m.Heaps {
		fmt.Fprintf(b, "  heap %d, %s, %s\n", i, h.Kind, bytesOf(h.Size))
		for _, x := range h.Placements {
			fmt.Fprintf(b, "    %s: %s at %d\n", x.Resource, bytesOf(x.Size), x.Offset)
		}
	}
}

// bytesOf writes a size: exact below 1 MiB.
func bytesOf(n int) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

func count(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case strings.HasSuffix(what, "s"):
		return fmt.Sprintf("%d %ses", n, what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
