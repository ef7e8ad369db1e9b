// Package metal is Metal 4's vocabulary in Go: the enumerations with Apple's
// own values, the descriptors, and the small interfaces that a driver
// implements.
//
// # The model
//
// A [Device] makes everything. Work is recorded by a [CommandBuffer], whose
// memory comes from a [CommandAllocator], through one open encoder at a time:
// a [RenderEncoder] draws, a [ComputeEncoder] dispatches and copies (Metal 4
// has no blit encoder), a [MachineLearningEncoder] runs one network. A
// [CommandQueue] commits buffers and signals a [SharedEvent] on which the CPU
// waits.
//
// Nothing is tracked. Two passes may overlap or swap places unless a barrier
// orders them, and that holds from one command buffer to the next as well, so
// even the same frame committed twice needs barriers between its two runs.
// Three kinds exist, all on [Encoder]: a consumer barrier
// (BarrierAfterQueueStages) holds later work of its encoder until stages of
// earlier encoders have finished; a producer barrier (BarrierAfterStages)
// holds stages of later encoders until the work so far has finished; an
// intra-pass barrier (BarrierAfterEncoderStages) orders commands inside one
// encoder. [VisibilityNone] orders execution, which is enough to write after a
// read; [VisibilityDevice] also makes writes visible.
//
// Nothing is resident by itself either: buffers, textures and heaps that a
// command reaches must be in a [ResidencySet] of the queue or the buffer.
//
// # Where this differs from Apple's headers
//
// Verbs of encoders return no error; the first fault is kept and returned by
// [CommandBuffer].End, so that a frame loop reads as straight as it does in
// Objective-C. Arguments that are GPU addresses there are a buffer and an
// offset here; a driver that needs the address adds it. Shader functions carry
// SPIR-V and MSL side by side ([Function]) and bind by the same indices in
// both. Vertex functions pull their vertices from buffers, so there is no
// vertex descriptor. Descriptors are plain structs whose zero value is useful.
//
// Drivers: weft/metal/apple (Metal 4), weft/metal/vulkan, weft/metal/record (no
// GPU, checks every rule).
// weft/metal/system opens this machine's default device.
package metal
