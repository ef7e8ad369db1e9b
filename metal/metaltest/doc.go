// Package metaltest is the suite that every driver of weft/metal must pass: one
// reading of the interfaces' comments, in code.
//
// A driver runs it from its own tests:
//
//	func TestConformance(t *testing.T) {
//		metaltest.Run(t, func(t *testing.T) metal.Device { ... }, metaltest.Options{Executes: true})
//	}
//
// Each area (buffers, copies, compute, render and so on) opens a device of its
// own, records small frames with the barriers that they need and no more, and
// reads the results back. A driver that draws nothing, as weft/metal/record,
// leaves Options.Executes false: the suite then records the same frames and
// checks all that does not depend on what shaders compute.
//
// Its shader functions are in metaltest/shaders.
package metaltest
