// Package graph turns declared passes into a Plan: what runs in which order,
// where transient memory lies, and which queue barriers keep it right.
//
// # The model
//
// A [Graph] holds resources and passes. Resources are typed handles, [Texture],
// [Buffer] and [Tensor], with a lifetime:
//
//   - transient (the default): lives inside one frame and may share memory with
//     others; its content is undefined before its first write.
//   - [Persistent]: one copy, whose content carries on to the next frame.
//   - [Imported]: the caller's, bound with [Plan.BindTexture] and its like.
//   - [Fresh]: imported, and another one each frame, such as a drawable. The
//     caller waits by itself before it gives one again.
//   - [History]: the versions of the last k frames are kept.
//
// A [Pass] says in Declare what it reads and writes, in which stages, and which
// parts; it encodes its work in Encode. A [Composite] adds passes instead. The
// order of declaration defines what the frame means: a read sees the latest
// earlier write that overlaps it. The compiler may run passes in any order that
// keeps this meaning, and drops those whose results nobody reads.
//
//	g := graph.New()
//	color := g.Texture("color", metal.TextureDescriptor{Format: metal.PixelFormatRGBA16Float, Width: 640, Height: 360})
//	screen := g.Texture("screen", metal.TextureDescriptor{...}, graph.Fresh)
//	g.Add(passes.Render{Name: "scene", Color: []graph.Attachment{{Texture: color, Load: graph.Clear(0, 0, 0, 1)}}, Draw: draw})
//	g.Add(passes.Present{Source: color, Target: screen})
//	plan, err := g.Compile(device)
//	for running {
//		plan.BindTexture(screen, drawable)
//		err = plan.Run(queue)
//	}
//
// # The compiler
//
// [Graph.Compile] is a list of phases, each in a file of its own: validate,
// cull, prepare, order, lifetimes, memory, barriers and, with a device, allocate.
// [Graph.Plan] runs the same list without a device. What people read of a plan,
// names and reasons, is made when they ask for it.
//
// Mistakes of a declaration are kept with the line that made them and come back
// all together from Compile.
//
// # Running
//
// [Plan.Run] records the whole frame into one command buffer and commits it.
// Up to three frames are in flight; the CPU waits only when all are. Running a
// frame allocates nothing.
package graph
