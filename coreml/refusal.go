package coreml

import "fmt"

// Refusal is an operation that cannot be used, and why. It names the operation
// and its output in its text.
type Refusal struct {
	Op  Op
	Err error
}

// Error is as in `conv "conv_0" (output y: fp16 [1, 8, 4, 4]): why`.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%s %q (output %s): %v", r.Op.Type, r.Op.Name, r.Op.Output(), r.Err)
}

// Unwrap returns why.
func (r *Refusal) Unwrap() error { return r.Err }
