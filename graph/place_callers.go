//go:build !gc || !(amd64 || arm64)

package graph

import "runtime"

// callersCaller is the return address into the caller of the function that
// called here.
func callersCaller() place {
	var pc [1]uintptr
	runtime.Callers(4, pc[:])
	return place(pc[0])
}
