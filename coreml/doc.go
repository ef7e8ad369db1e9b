// Package coreml reads Core ML packages (.mlpackage) that hold an ML Program,
// and gives their main function as a typed, checked [Program].
//
// # Model
//
// A [Package] is what a person hands over: features (named inputs and
// outputs, images or arrays) and the [Program] behind them. A Program is a
// straight list of operations in the order they run. Every operation is an
// [Op]: a type such as "conv", named parameters, and the variables it
// produces. A parameter is bound to a variable or to a constant:
//
//	x := op.Input("x")             // the name of a variable
//	w := op.Const("weight")        // *Tensor, nil when absent or not constant
//	s := op.Ints("strides", 1, 1)  // a constant list, or the default given
//
// The format's own "const" operations do not appear in [Program.Ops]: they
// are resolved while reading, bound to every parameter that names them, and
// kept by name in [Program.Constants].
//
// Shapes are in Core ML's order, outermost first (NCHW for pictures), and
// constants are row-major, little-endian bytes, exactly as stored. Weights
// are slices of the one buffer that holds weight.bin; they are not copied,
// and must not be written to.
//
// # Dynamic shapes
//
// A [Type] may have the extent [Dynamic]. [Program.Specialize] fixes every
// such extent from the shapes of the inputs, infers the type of every value
// operation by operation, and checks that what the package declares is what
// follows. Only a specialized program can be run or turned into kernels. An
// operation whose signature this package does not know is refused there, by
// name.
//
// # Trust
//
// A package is data from strangers. Every length, offset, count and depth is
// checked before it is used; a broken package gives an error that names the
// file and, where there is one, the operation, and never a panic.
//
// Package coreml/mil writes packages, for tests and tools; package
// coreml/reference runs a specialized program slowly and obviously.
package coreml
