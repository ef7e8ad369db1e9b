package network

import "weft/coreml"

// Check returns all that keeps a program from running on a device, where
// [Compile] stops at the first: a [*coreml.Refusal] for each operation that is
// refused by itself, or else the one error of Compile. It returns nil if the
// program runs.
//
// A program may have been refused in part by [coreml.Program.Examine]: what
// reads a value of unknown type is left out.
func Check(program *coreml.Program, device Device) []error {
	n := &network{device: device, plan: &Plan{}, check: &checked{unknown: map[string]bool{}}}
	err := n.lower(program)
	if n.check.errs == nil && err == nil {
		_, err = Compile(program, device)
	}
	if n.check.errs == nil && err != nil {
		return []error{err}
	}
	return n.check.errs
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
