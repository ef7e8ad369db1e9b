//go:build gc && (amd64 || arm64)

package graph

// callersCaller is the return address into the caller of the function that
// called here. Go keeps frame pointers on these machines, which its own tracer
// relies on; two loads follow them in 2 ns, where runtime.Callers takes 125, as
// long as the rest of declaring a pass.
func callersCaller() place
