package record_test

import (
	"fmt"

	"weft/metal"
	"weft/metal/record"
)

// A dispatch without a pipeline is refused when the buffer ends, by name.
func Example() {
	d := record.New(record.Options{Log: true})
	b, _ := d.NewCommandBuffer("frame")
	a, _ := d.NewCommandAllocator("ring 0")
	_ = b.Begin(a)
	e, _ := b.ComputeEncoder("blur")
	e.DispatchThreadgroups(metal.Size{Width: 8, Height: 8, Depth: 1}, metal.Size{Width: 8, Height: 8, Depth: 1})
	e.EndEncoding()
	if fault, ok := b.End().(*record.Fault); ok {
		fmt.Println(fault.Object)
		fmt.Println(fault.Call+":", fault.Reason)
	}
	fmt.Print(record.Text(d.Calls()[2:]))
	// Output:
	// command buffer "frame", compute encoder "blur"
	// DispatchThreadgroups: no pipeline is set: call SetComputePipeline first
	// command buffer "frame": Begin allocator=command allocator "ring 0"
	// command buffer "frame": ComputeEncoder label=blur
	// compute encoder "blur": DispatchThreadgroups groups=8x8x1 threads=8x8x1
	// compute encoder "blur": EndEncoding
	// command buffer "frame": End
}
