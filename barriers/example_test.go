package barriers_test

import (
	"fmt"

	"weft/barriers"
	"weft/metal"
)

// A scene is drawn and a network enlarges it. The network waits for the drawing,
// and the next frame's drawing for the network.
func Example() {
	frame := &barriers.Frame{
		Encoders: []barriers.Encoder{{Kind: barriers.RenderEncoder}, {Kind: barriers.MachineLearningEncoder}},
		Passes: []barriers.Pass{
			{Name: "scene", Encoder: 0, Runs: metal.StageVertex | metal.StageFragment},
			{Name: "upscale", Encoder: 1},
		},
		Resources: []barriers.Resource{{Name: "color"}, {Name: "screen", Lifetime: barriers.Fresh}},
		Accesses: []barriers.Access{
			{Pass: 0, Resource: 0, Stages: metal.StageFragment, Write: true, Attachment: true},
			{Pass: 1, Resource: 0, Stages: metal.StageMachineLearning},
			{Pass: 1, Resource: 1, Stages: metal.StageMachineLearning, Write: true},
		},
	}
	list := barriers.Derive(frame)
	for _, b := range list {
		fmt.Println(b.Describe(frame))
		for _, h := range b.Because {
			fmt.Println(" ", h.Describe(frame))
		}
	}
	report := barriers.Check(frame, list)
	fmt.Println("enough and none too many:", report.OK())
	// Output:
	// producer after scene: fragment -> machineLearning, device
	//   color: scene (fragment) -> upscale (machineLearning) readAfterWrite
	//   color: scene (fragment) -> scene (fragment) writeAfterWrite, next frame
	// producer after upscale: machineLearning -> fragment, device
	//   color: scene (fragment) -> scene (fragment) writeAfterWrite, next frame
	//   color: upscale (machineLearning) -> scene (fragment) writeAfterRead, next frame
	// enough and none too many: true
}

// Check names what any set of barriers lacks.
func ExampleCheck() {
	frame := &barriers.Frame{
		Encoders:  []barriers.Encoder{{Kind: barriers.ComputeEncoder}},
		Passes:    []barriers.Pass{{Name: "fill"}, {Name: "sum"}},
		Resources: []barriers.Resource{{Name: "numbers", Lifetime: barriers.Fresh}},
		Accesses: []barriers.Access{
			{Pass: 0, Resource: 0, Stages: metal.StageBlit, Write: true},
			{Pass: 1, Resource: 0, Stages: metal.StageDispatch},
		},
	}
	report := barriers.Check(frame, nil)
	fmt.Println(&report)
	// Output:
	// readAfterWrite: the read of "numbers" by "sum" (dispatch) is not ordered after the write of "numbers" by "fill" (blit); an intra-pass barrier before "sum", blit -> dispatch, with visibility device, mends it
}
