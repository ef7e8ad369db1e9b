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
//     convolutions with a pixel shuffle, most other operations on pictures a
//     table that says which pixel or channel goes where. Operations on lists
//     become a few kernels of which many are made: a softmax is a reduction,
//     a map, a reduction and a map. Where an operation wants a picture and
//     gets a list, or the other way round, a node converts it (convert).
//   - fuse: bias, activations, residual sums and pixel shuffles become part of
//     the convolution before them; chains of elementwise operations one node,
//     or part of the product, reduction or move before them.
//   - weights: convolutions whose weights are no constants get a node before them
//     that brings these into order.
//   - layout: the place, border and element type of every intermediate. Values
//     joined or split along channels become parts of one image, without a copy,
//     where they are whole groups of four.
//   - pack: lifetimes to offsets in the heap, in the best of several orders.
//   - emit: SPIR-V (package spirv), bindings and barriers. A node's core
//     (conv, remap, blend, gather, pool, reduce) computes tiles; steps and
//     stores are common to all. The core of a list (mapping, reduction, scan,
//     product, choice, padding, ...) computes four neighbors at a time.
//
// # Pictures and lists
//
// A value lives in one of two ways. Convolutions, pools, resizing, and what
// works on each element of their results, are on pictures; everything else,
// and every value that has not four dimensions or is not of floats, is a list.
//
// Pictures hold channels in groups of four: an image of C channels is
// ceil(C/4) planes of four-component elements, as half or float, with a border
// of zeros around each plane as wide as its readers need. A convolution then
// reads without looking at edges; results that a tile computes beyond what is
// kept read whatever lies there, and nobody stores them. Kernels read
// intermediates through uniform texel buffers, which llvmpipe reads several
// times faster than storage buffers, and write them through storage buffers.
//
// Lists hold the elements in row-major order, of up to six dimensions: floats
// as half or float, four to a texel, integers and truth values as 32-bit
// integers. Another value may see the memory of a list in its own order, by a
// first element and a step for each dimension: transposes, slices, splits, most
// reshapes and broadcasts need no kernel, and parts are written where the whole
// they are joined to will be. A kernel walks over the extents of its result,
// neighbors joined where every access allows it; extents and steps are push
// constants, so that shapes share kernels. The second operand of a product is
// put in panels of eight columns first, of which the lanes of a subgroup fetch
// one element each; a constant is stored so.
package network
