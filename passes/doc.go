// Package passes has ready nodes for a [graph.Graph].
//
// [Render], [Compute] and [Blit] are a declaration and a function: say what the
// function touches, and encode in it. The others are whole:
//
//   - [Fullscreen] runs a fragment function over every pixel of its targets.
//   - [Present] shows a texture in another, scaled and encoded as that one is.
//   - [GenerateMips] fills the smaller mips of a texture.
//   - [MachineLearning] runs a network. Textures among its inputs and outputs
//     are packed into tensors and back by passes that it adds.
//   - [TextureToTensor] and [TensorToTexture] are those passes.
//   - [ReadTexture] gives the CPU a texture's pixels.
//
// Nodes are values; a node that makes pipelines adds a pass that holds them, so
// a value may be added to several graphs. Faults come back from Graph.Compile.
package passes
