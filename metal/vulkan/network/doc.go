// Package network turns a Core ML Program into kernels for the Vulkan driver.
//
// It is pure Go and calls no Vulkan: [Compile] takes a specialized
// [coreml.Program] and the limits of a device, and returns a [Plan], a plain
// value that says everything a driver has to do. The driver makes the
// pipelines once, and executes the plan in each frame.
//
// # The model
//
// A plan is a list of dispatches in order. Each runs one [Kernel] (a SPIR-V
// compute shader, entry point "main", descriptor set 0) with bindings, push
// constants and a number of threadgroups. Bytes live in three places:
//
//   - [Plan.Weights] and [Plan.Tables]: constants, uploaded once, read only; the
//     weights of one program's plans are mostly the same.
//   - the intermediates heap: [Plan.IntermediatesHeapSize] bytes that the
//     caller gives, whose content means nothing before or after the network.
//     Every intermediate is a range of it; ranges are reused as soon as the
//     last reader is done.
//   - the tensors that the caller binds, one for each of [Plan.Inputs] and
//     [Plan.Outputs], in the layout of Metal 4: strides in elements, innermost
//     first, stride[1] a multiple of 64 bytes, the rest packed.
//
// # Executing a plan
//
// For each dispatch, in order: when Barrier is set, one global memory barrier
// from compute shader writes to compute shader reads and writes; then bind the
// kernel's pipeline, set 0, push the constants, and dispatch Groups. The plan
// starts and ends without a barrier: what comes before and after the network
// is ordered by the caller's machineLearning stage.
//
// A pipeline layout has binding i of set 0 for entry i of [Kernel.Bindings],
// stage compute, and one push constant range of 4*[Kernel.Constants] bytes
// from offset 0. Kernels are distinct: equal layers share one, and the sizes
// of pictures are push constants, so that another picture size needs no other
// pipeline.
//
// Kernels are compiled for the tightest strides of every tensor
// (metal.PackedStrides). A tensor with a longer stride[1] needs its strides
// written over some push constants: [Plan.Strides] lists which.
//
// Kernels need the SPIR-V capabilities Shader, SampledBuffer and, where
// [Device.SubgroupShuffle] says so, GroupNonUniformShuffle: no feature has to be
// switched on for them. Shaders compute in 32-bit floats.
//
// # How a program becomes a plan
//
// The phases, each in files of its name:
//
//   - lower: each operation becomes a node, or is refused by name; what depends
//     on constants alone is computed (fold). Transposed convolutions become
//     convolutions with a pixel shuffle, most other operations a table that
//     says which pixel or channel goes where.
//   - fuse: bias, activations, residual sums and pixel shuffles become part of
//     the convolution before them; chains of elementwise operations one node.
//   - weights: convolutions whose weights are no constants get a node before them
//     that brings these into order.
//   - layout: the place, border and element type of every intermediate. Values
//     joined or split along channels become parts of one image, without a copy,
//     where they are whole groups of four.
//   - pack: lifetimes to offsets in the heap.
//   - emit: SPIR-V (package spirv), bindings and barriers. A node's core
//     (conv, remap, blend, gather, pool, reduce) computes tiles; steps and
//     stores are common to all.
//
// Intermediates hold channels in groups of four: an image of C channels is
// ceil(C/4) planes of four-component elements, as half or float, with a border
// of zeros around each plane as wide as its readers need. A convolution then
// reads without looking at edges; results that a tile computes beyond what is
// kept read whatever lies there, and nobody stores them. Kernels read
// intermediates through uniform texel buffers, which llvmpipe reads several
// times faster than storage buffers, and write them through storage buffers.
package network
