// Package spirv reads what a driver must know of a SPIR-V module: its stage,
// its threadgroup size, and which resources it uses, at which set and binding,
// and whether it reads or writes them. It also moves resources to other sets
// and bindings.
//
// It reads no more than that: a module is not validated, only every access to
// its words is checked, so that a broken file gives an error and never a panic.
// Numbers are those of the SPIR-V specification, version 1.6, section 3.
package spirv
