// Package spirv writes compute shaders as SPIR-V modules, instruction by
// instruction, for kernels that are made while a program runs.
//
// A [Module] is one compute shader with the entry point "main". Its methods
// append instructions to that one function and return the [ID] of the result:
//
//	m := spirv.New(32, 1, 1)
//	src, dst := m.Texels(0), m.Storage(1, m.Vector(m.Float(), 4), true)
//	i := m.Component(m.GlobalInvocation(), 0)
//	m.StoreElement(dst, i, m.Mul(m.Fetch(src, i), m.FloatConstant(2)))
//	words := m.Words()
//
// The module knows the type of every ID, so Add is an integer or a float
// instruction as its operands are, and a scalar beside a vector is repeated.
// Integers are signed. Types and constants are declared once, wherever they
// are asked for. Control flow is structured: [Module.If] and [Module.Loop] take
// the body as a function; a value that changes in a loop lives in a variable
// ([Module.Variable]).
//
// Operands of types that no instruction takes are a mistake of the caller's
// code, not of its data, and panic with "BUG:". Numbers of instructions are
// those of the unified SPIR-V specification, version 1.6.
package spirv
