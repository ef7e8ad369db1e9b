// Package reference runs a Core ML program on the CPU, slowly and obviously:
// what fast kernels are compared with.
//
// Every operation is a small function over float32 values in Core ML's order.
// Convolutions, linear and matmul use gonum's matrix products; nothing else
// is clever. By default values are float32 throughout, whatever element type
// the program declares, which is the more exact result; [Options.Half] rounds
// each value that the program declares as fp16, to see what that costs.
//
// Integers and truth values are float32 here too: exact up to 2^24.
package reference
