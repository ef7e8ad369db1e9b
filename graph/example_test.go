package graph_test

import (
	"fmt"
	"log"
	"strings"

	"weft/graph"
	"weft/metal"
	"weft/metal/record"
	"weft/passes"
)

// A frame is planned without a device: what is culled, and how much memory the
// rest needs.
func ExampleGraph_Plan() {
	g := graph.New()
	size := metal.TextureDescriptor{Format: metal.PixelFormatRGBA16Float, Width: 640, Height: 360}
	color, bloom, debug := g.Texture("color", size), g.Texture("bloom", size), g.Texture("debug", size)
	screen := g.Texture("screen", metal.TextureDescriptor{Format: metal.PixelFormatBGRA8Unorm, Width: 640, Height: 360}, graph.Fresh)

	g.Add(passes.Render{Name: "scene", Color: []graph.Attachment{{Texture: color, Load: graph.Clear(0, 0, 0, 1)}}})
	g.Add(passes.Render{Name: "normals", Color: []graph.Attachment{{Texture: debug}}})
	g.Add(passes.Compute{Name: "bloom", Reads: passes.In(0, color), Writes: passes.In(0, bloom)})
	g.Add(passes.Present{Source: bloom, Target: screen})

	plan, err := g.Plan()
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range plan.Encoders() {
		fmt.Println(e.Kind, e.Passes)
	}
	for _, c := range plan.Culled() {
		fmt.Printf("culled %s: %s\n", c.Pass, c.Reason)
	}
	fmt.Println("memory:", plan.Memory().Peak)
	// Output:
	// render [scene]
	// compute [bloom]
	// render [present]
	// culled normals: no kept pass reads what it writes: debug
	// memory: 3686400
}

// Mistakes come back all together, each with its line, and with what would be
// right.
func ExampleGraph_Compile_faults() {
	g := graph.New()
	color := g.Texture("color", metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: 8, Height: 8})
	g.Add(passes.Compute{Name: "blur", Reads: passes.In(metal.StageFragment, color), SideEffect: true})

	_, err := g.Plan()
	for line := range strings.Lines(err.Error()) {
		_, problem, _ := strings.Cut(line, "pass ")
		fmt.Print(problem)
	}
	// Output:
	// "blur": resource "color": reads it in stage fragment, which a compute pass does not run: use dispatch|blit|accelerationStructure
	// "blur": resource "color": is read, and no earlier pass writes that part of it: declare the pass that writes it before this one, or make the resource Persistent
}

// A plan runs every frame; what is fresh is bound before each.
func ExamplePlan_Run() {
	device := record.New(record.Options{}) // draws nothing and checks every call
	queue, err := device.NewCommandQueue("queue")
	if err != nil {
		log.Fatal(err)
	}
	size := metal.TextureDescriptor{Format: metal.PixelFormatRGBA8Unorm, Width: 64, Height: 64, Usage: metal.TextureUsageRenderTarget}
	drawable, err := device.NewTexture(size)
	if err != nil {
		log.Fatal(err)
	}

	g := graph.New()
	screen := g.Texture("screen", size, graph.Fresh)
	g.Add(passes.Render{
		Name: "scene", Color: []graph.Attachment{{Texture: screen, Load: graph.Clear(0, 0, 0, 1)}},
		Draw: func(f *graph.Frame, _ metal.RenderEncoder) error {
			fmt.Println("frame", f.Number())
			return nil
		},
	})
	plan, err := g.Compile(device)
	if err != nil {
		log.Fatal(err)
	}
	for range 3 {
		if err := plan.BindTexture(screen, drawable); err != nil {
			log.Fatal(err)
		}
		if err := plan.Run(queue); err != nil {
			log.Fatal(err)
		}
	}
	plan.Release()
	// Output:
	// frame 0
	// frame 1
	// frame 2
}

// The document of a frame can be planned as well, and tools write plans down.
func ExampleReadJSON() {
	g, err := graph.ReadJSON(strings.NewReader(`{"version": 1,
		"resources": [{"name": "log", "kind": "buffer", "size": 256, "lifetime": "persistent"}],
		"passes": [{"name": "count", "kind": "compute", "writes": [{"resource": "log", "stage": "dispatch"}]}]}`))
	if err != nil {
		log.Fatal(err)
	}
	plan, err := g.Plan()
	if err != nil {
		log.Fatal(err)
	}
	for _, b := range plan.Barriers() {
		fmt.Println(b)
		for _, why := range b.Because {
			fmt.Println(" ", why)
		}
	}
	// Output:
	// consumer barrier: dispatch waits for dispatch, flush
	//   log: count -> count, write after write of the frame before
}
