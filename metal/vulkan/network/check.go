package network

import (
	"fmt"

	"weft/coreml"
)

// Check is [Compile] that does not stop at the first refusal: it returns the
// plan, or all that keeps a program from running on a device: a
// [*coreml.Refusal] for each operation that is refused by itself, or else the
// one error of Compile.
//
// A program may have been refused in part by [coreml.Program.Examine]: what
// reads a value of unknown type is left out.
func Check(program *coreml.Program, device Device) (*Plan, []error) {
	n := &network{device: device, plan: &Plan{}, check: &checked{unknown: map[string]bool{}}}
	err := n.lower(program)
	switch {
	case n.check.errs != nil:
		return nil, n.check.errs
	case err != nil:
		return nil, []error{fmt.Errorf("network: %w", err)}
	}
	plan, err := Compile(program, device)
	if err != nil {
		return nil, []error{err}
	}
	return plan, nil
}

// checked is what Check has found while it lowers.
type checked struct {
	errs []error
	// unknown are the values that cannot be declared: what reads one says
	// nothing about itself.
	unknown map[string]bool
}

// skips reports whether an operation reads what is not known, so that its own
// error would say nothing.
func (c *checked) skips(op *coreml.Op) bool {
	if c == nil {
		return false
	}
	for _, args := range op.Inputs {
		for _, a := range args {
			if a.Value == nil && c.unknown[a.Name] {
				return true
			}
		}
	}
	return false
}

// pretend goes on as if an operation had run.
func (c *checked) pretend(l *lowering, op *coreml.Op) {
	for _, v := range op.Outputs {
		if _, err := l.declare(v); err != nil {
			c.unknown[v.Name] = true
		}
	}
}
