package coreml_test

import (
	"fmt"

	"weft/coreml"
	"weft/coreml/mil"
)

// A network that takes any size is made ready for one.
func ExampleProgram_Specialize() {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, 4, coreml.Dynamic, coreml.Dynamic)
	b.Output(b.Op("pixel_shuffle", "y", mil.Args{"x": x, "upscale_factor": 2}))
	pkg, err := b.Package()
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = pkg.Specialize(nil)
	fmt.Println(err)
	program, err := pkg.Specialize(map[string][]int{"x": {1, 4, 360, 640}})
	if err != nil {
		fmt.Println(err)
		return
	}
	op := &program.Ops[0]
	fmt.Println(op.Type, "of", op.Input("x"), "by", op.Int("upscale_factor", 1), "gives", op.Output())
	// Output:
	// coreml: the input "x" is of the type fp32 [1, 4, ?, ?]: give the shape to run at; it takes [1, 4, 1.., 1..], by default [1, 4, 1, 1]
	// pixel_shuffle of x by 2 gives y: fp32 [1, 1, 720, 1280]
}
