package reference_test

import (
	"fmt"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/coreml/reference"
)

func ExampleRun() {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("x", coreml.Float32, 1, 1, 1, 4)
	w := mil.Floats(coreml.Float32, []int{1, 1, 1, 3}, []float32{-1, 0, 1})
	b.Output(b.Op("conv", "slope", mil.Args{"x": x, "weight": w, "pad_type": "valid"}))
	pkg, err := b.Package()
	if err != nil {
		fmt.Println(err)
		return
	}
	program, err := pkg.Specialize(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := reference.Run(program, map[string][]float32{"x": {1, 2, 4, 8}}, reference.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(out["slope"].Type, out["slope"].Values)
	// Output: fp32 [1, 1, 1, 2] [3 6]
}
