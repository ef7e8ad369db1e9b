package network_test

import (
	"fmt"

	"weft/coreml"
	"weft/coreml/mil"
	"weft/metal/vulkan/network"
)

func ExampleCompile() {
	b := mil.NewBuilder("CoreML7")
	x := b.Input("color", coreml.Float16, 1, 3, 360, 640)
	weight := mil.Floats(coreml.Float16, []int{12, 3, 3, 3}, make([]float32, 12*3*3*3))
	y := b.Op("conv", "features", mil.Args{"x": x, "weight": weight, "pad_type": "same"})
	y = b.Op("relu", "positive", mil.Args{"x": y})
	b.Output(b.Op("pixel_shuffle", "upscaled", mil.Args{"x": y, "upscale_factor": 2}))
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
	plan, err := network.Compile(program, network.Device{
		MaxStorageBufferRange: 1 << 27, MaxTexelBufferElements: 1 << 27,
		MaxComputeWorkGroupCount: [3]uint32{65535, 65535, 65535}, SubgroupShuffle: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.Outputs[0].Name, plan.Outputs[0].Dimensions)
	fmt.Println(plan.IntermediatesHeapSize>>10, "KiB of intermediates")
	for _, d := range plan.Dispatches {
		fmt.Printf("%s: %s, after a barrier: %v\n", d.Label, plan.Kernels[d.Kernel].Label, d.Barrier)
	}
	// Output:
	// upscaled [1280 720 3 1]
	// 1815 KiB of intermediates
	// color: elementwise, after a barrier: false
	// features + positive + upscaled: conv 3x3/1, 4x4x1 relu shuffle 2x2, after a barrier: true
}
