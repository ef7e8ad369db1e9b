// Package mil writes Core ML packages that hold an ML Program, from Go: for
// tests, which need small networks of their own, and for tools.
//
// A [Builder] puts a program together operation by operation. The type of
// every value is inferred as package coreml infers it, so that only what the
// operation needs is said:
//
//	b := mil.NewBuilder("CoreML7")
//	x := b.Image("picture", coreml.RGB, 64, 64)
//	w := b.Const("weight", mil.Floats(coreml.Float32, []int{8, 3, 3, 3}, values))
//	y := b.Op("conv", "", mil.Args{"x": x, "weight": w, "pad_type": "same"})
//	b.Output(b.Op("relu", "result", mil.Args{"x": y}))
//	pkg, err := b.Package()
//
// The [coreml.Package] it gives can be used as it is, without any file.
// [Encode] turns a package into the files of an .mlpackage folder, and
// [WriteDir] writes them.
//
// Constants go where coremltools puts them: into weights/weight.bin from ten
// elements on, and into the program itself below.
package mil
