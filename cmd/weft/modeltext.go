package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"weft/coreml"
)

// write writes the report as a person reads it.
func (r *modelReport) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "%s: ML Program, operation set %s, specification version %d\n", r.Package, r.Opset, r.SpecificationVersion)
	if r.Incomplete != "" {
		fmt.Fprintf(b, "weights missing: %s\n", r.Incomplete)
	}
	fmt.Fprintln(b, "inputs:")
	for _, f := range r.Inputs {
		f.write(b)
	}
	fmt.Fprintln(b, "outputs:")
	for _, f := range r.Outputs {
		f.write(b)
	}
	total := 0
	var list []string
	for _, c := range r.Operations {
		total += c.Count
		list = append(list, fmt.Sprintf("%s %d", c.Type, c.Count))
	}
	fmt.Fprintf(b, "operations: %d: %s\n", total, strings.Join(list, ", "))
	fmt.Fprintf(b, "parameters: %s in %s\n", grouped(r.Parameters), size(r.WeightBytes))
	fmt.Fprintf(b, "work: %.3g GFLOP of convolutions and products\n", 2e-9*float64(r.MultiplyAdds))
	fmt.Fprintf(b, "values: %s, %s at one time\n", size(r.ValueBytes), size(r.LiveBytes))
	if r.Scratch != nil {
		fmt.Fprintf(b, "runs: %d dispatches of %d kernels, %s of scratch, of which %s are in use at one time\n",
			r.Dispatches, r.Kernels, size(*r.Scratch), size(r.ScratchBound))
		return
	}
	fmt.Fprintf(b, "does not run: %d refused\n", len(r.Refused))
	r.writeRefused(b)
}

func (f *featureReport) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "  %s: ", f.Name)
	if f.ColorSpace != "" {
		fmt.Fprintf(b, "%s %s, ", f.Kind, f.ColorSpace)
	}
	fmt.Fprintf(b, "%s %s", f.DataType, coreml.FormatShape(f.Shape))
	if f.Extents != "" {
		fmt.Fprintf(b, "; takes %s", f.Extents)
	}
	if f.Optional {
		b.WriteString("; optional")
	}
	b.WriteByte('\n')
}

// writeRefused lists what is refused under each reason.
func (r *modelReport) writeRefused(b *bytes.Buffer) {
	var reasons []string
	for _, x := range r.Refused {
		if !slices.Contains(reasons, x.Why) {
			reasons = append(reasons, x.Why)
		}
	}
	for _, why := range reasons {
		fmt.Fprintf(b, "  %s:\n", why)
		for _, x := range r.Refused {
			if x.Why == why && x.Operation >= 0 {
				fmt.Fprintf(b, "    operation %d, %s %q (output %s)\n", x.Operation, x.Type, x.Name, x.Output)
			}
		}
	}
}

// grouped writes a number as in 24,592.
func grouped(n int64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// size writes a number of bytes.
func size(n int64) string {
	switch {
	case n >= 10<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 10<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
