package apple_test

import (
	"fmt"
	"time"

	"weft/metal"
	"weft/metal/apple"
	"weft/metal/apple/standin"
	"weft/metal/vulkan"
)

// On a Mac apple.Open(apple.Options{}) opens the GPU. Here the same messages go
// to the stand-in, which says at the end what was wrong with them: nothing, and
// that nothing is left.
func Example() {
	gpu, err := vulkan.Open(vulkan.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer gpu.Release()
	runtime := standin.New(standin.Options{Device: gpu})
	d, err := apple.OpenOn(runtime, apple.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	queue, _ := d.NewCommandQueue("main")
	allocator, _ := d.NewCommandAllocator("ring")
	commands, _ := d.NewCommandBuffer("frame")
	done, _ := d.NewSharedEvent("done")
	resident, _ := d.NewResidencySet("all")
	bytes, _ := d.NewBuffer(metal.BufferDescriptor{Label: "bytes", Length: 256})
	resident.Add(bytes)
	resident.Commit()
	queue.AddResidencySet(resident)

	_ = commands.Begin(allocator)
	if e, err := commands.ComputeEncoder("fill"); err == nil {
		e.FillBuffer(bytes, 0, 256, 7)
		e.EndEncoding()
	}
	if err := commands.End(); err != nil {
		fmt.Println(err) // the first thing that was wrong since Begin
	}
	_ = queue.Commit([]metal.CommandBuffer{commands})
	_ = queue.SignalEvent(done, 1)
	fmt.Println(done.Wait(1, time.Second), bytes.Contents()[255])

	queue.RemoveResidencySet(resident)
	for _, o := range []metal.Object{bytes, resident, done, commands, allocator, queue} {
		o.Release()
	}
	d.Release()
	fmt.Println(runtime.Close())
	// Output:
	// true 7
	// []
}
