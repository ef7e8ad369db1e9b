package metal

import "io/fs"

// Function is one shader function in the forms that the drivers take: SPIR-V
// for Vulkan and MSL for Metal, made from one source.
//
// Resources bind by the same indices in both. In SPIR-V, descriptor set 0 holds
// buffers and tensors, set 1 textures and set 2 samplers, and the binding is
// the index in the argument table: binding 3 of set 0 is [[buffer(3)]]. The
// entry point is "main" in SPIR-V and "main0" in MSL.
type Function struct {
	Name  string // as errors name it, such as "mesh.vert"
	Stage Stages // StageVertex, StageFragment or StageDispatch
	SPIRV []byte // little-endian words
	MSL   string
	// Threads is the size of the threadgroup that a compute function is
	// written for; 0 in other stages.
	Threads Size
}

// RenderPipelineDescriptor describes a render pipeline. Fragment may be the
// zero Function: depth only. DepthStencilFormat is what the passes that use the
// pipeline have attached; Metal 4 does not need it, Vulkan does.
type RenderPipelineDescriptor struct {
	Label              string
	Vertex, Fragment   Function
	Colors             []PipelineColor
	DepthStencilFormat PixelFormat
	Samples            int           // 0 means 1
	Topology           PrimitiveType // the class that draws use: points, lines or triangles
	AlphaToCoverage    bool
}

// PipelineColor is one color attachment of a render pipeline. A zero Blend
// writes the color as it is; a zero WriteMask means all channels.
type PipelineColor struct {
	Format    PixelFormat
	Blend     *Blend
	WriteMask ColorWriteMask
}

// Blend is result = source*SourceX op destination*DestinationX.
type Blend struct {
	Operation, AlphaOperation     BlendOperation
	SourceColor, DestinationColor BlendFactor
	SourceAlpha, DestinationAlpha BlendFactor
}

// ComputePipelineDescriptor describes a compute pipeline.
type ComputePipelineDescriptor struct {
	Label    string
	Function Function
}

// Network names a neural network. A driver that runs Core ML packages itself
// reads Package, the folder NAME.mlpackage with Manifest.json at its root. The
// Metal driver loads Compiled, the path of the .mtlpackage that
// metal-package-builder made of it.
type Network struct {
	Name     string
	Package  fs.FS
	Compiled string
}

// MachineLearningPipelineDescriptor describes a network at fixed extents.
type MachineLearningPipelineDescriptor struct {
	Label   string
	Network Network
	// InputDimensions gives the extents of each input by name, innermost
	// first. Inputs whose extents are all fixed may be left out.
	InputDimensions map[string][]int
}
