// Package standin is an Objective-C runtime in Go that stands in for that of
// macOS in tests, on any system. Every message is checked against the macOS 26
// SDK's table (package sdk): the receiver lives and has the method; the words
// are as many as its arguments need and each is of its kind: a live object of
// the right class or protocol, nil only where it may be, a value that the
// enumeration has, an address that can be read, floats in float registers. What
// new, alloc and copy return is the client's, everything else is in an
// autorelease pool or of something that lives. What is right is carried out on a
// metal.Device; what is wrong is a fault, in words: Runtime.Faults and Close.
//
// Metal is silent about much of this. A message to nil is a fault here although
// Objective-C allows it, and nothing that has ended is ever found alive again,
// so what works on a Mac by luck does not work here.
//
// Hazards are judged queue by queue, with barriers and fences. Those between two
// queues, which only shared events order, are not judged: package barriers, which
// says what is a hazard, knows one queue, and the graph commits to one.
//
// # Mistakes, and what is said of them
//
//   - a wrong selector: [MTL4CommandBuffer endCommandBufer]: MTL4CommandBuffer has no such method; it has endCommandBuffer
//   - a method of the class, sent to an object: [MTLTextureDescriptor new]: it is a method of the class, sent to an instance
//   - a message to nil: [nil commit]: a message to nil does nothing and returns 0, which hides that something is missing: check for nil before
//   - a missing argument: [MTL4CommandQueue commit:count:]: 1 words of arguments, must be 2: it takes id<MTL4CommandBuffer> *, NSUInteger
//   - an extra argument: [MTL4CommandQueue commit:count:]: 3 words of arguments, must be 2: it takes id<MTL4CommandBuffer> *, NSUInteger
//   - an argument of another class: [MTLResidencySet addAllocation:]: argument 1 (allocation): MTL4CommandQueue, must be id<MTLAllocation>
//   - nil where an object must be: [MTLResidencySet addAllocation:]: argument 1 (allocation): nil, must be id<MTLAllocation>
//   - a wrong enumeration value: [MTLTextureDescriptor setPixelFormat:]: argument 1 (pixelFormat): 77 is no MTLPixelFormat
//   - a wrong flag: [MTLTextureDescriptor setResourceOptions:]: argument 1 (resourceOptions): 0x40 is no MTLResourceOptions: it has no bits 0x40
//   - a value of a later system: [MTLTensorDescriptor setDataType:]: argument 1 (dataType): MTLTensorDataTypeInt4 came with macOS 26.4, this is macOS 26.0
//   - a BOOL of 2: [MTLSamplerDescriptor setSupportArgumentBuffers:]: argument 1 (supportArgumentBuffers): 0x2 is no BOOL: it is 0 or 1
//   - a number that needs more bits: [MTL4ComputeCommandEncoder fillBuffer:range:value:]: argument 3 (value): 0x107 is no uint8_t: it has 8 bits
//   - a float in an integer word: [MTLSamplerDescriptor setLodMaxClamp:]: it takes 1 float: they travel in float registers, so send them by SendFloats
//   - alloc without init: [MTLBuffer setLabel:]: argument 1 (label): NSString is allocated and not initialized
//   - a leak: leak: 1 of MTLSharedEvent, made by [MTLDevice newSharedEvent], never released: MTLSharedEvent
//   - an over-release: [MTLSharedEvent release]: over-released: [MTLSharedEvent release] took the last reference of what [MTLDevice newSharedEvent] made; release it once less
//   - a release of what is another's: [MTL4ComputeCommandEncoder release]: it is not the client's to release: [MTL4CommandBuffer computeCommandEncoder] made it and somebody else holds it; retain it first, or release it once less
//   - a use after release: [MTLTextureDescriptor setWidth:]: used after its end: [MTLTextureDescriptor new] made it, [MTLTextureDescriptor release] took the last reference; retain it if it is needed longer
//   - an argument after its release: [MTL4CommandBuffer beginCommandBufferWithAllocator:]: argument 1 (allocator): MTL4CommandAllocator, made by [MTLDevice newCommandAllocatorWithDescriptor:error:], is used after its end: [MTL4CommandAllocator release] took the last reference
//   - a forgotten retain of an encoder: [MTL4ComputeCommandEncoder fillBuffer:range:value:]: used after its end: [MTL4CommandBuffer computeCommandEncoder] made it, the pop of the autorelease pool that it was in took the last reference; retain it if it is needed longer
//   - no pool: [MTL4CommandBuffer computeCommandEncoder]: MTL4ComputeCommandEncoder is autoreleased with no pool in place - leaking: open a pool on this thread around the message
//   - pools popped out of order: objc_autoreleasePoolPop: pool 1 is popped while pool 2, opened after it on this thread, is the innermost: pop that one first
//   - a pool that stays open: leak: pool 1 is never popped
//   - a forgotten residency: [MTL4CommandQueue commit:count:]: MTL4CommandBuffer, MTL4ComputeCommandEncoder copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:: MTLBuffer "target" is not resident: add it to a residency set of the queue or of the command buffer, and commit the set
//   - a dropped barrier: [MTL4CommandQueue commit:count:]: readAfterWrite: the read of "MTLBuffer \"source\"" by "an unnamed compute encoder, command 1 (copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:)" (blit) is not ordered after the write of "MTLBuffer \"source\"" by "an unnamed compute encoder, command 0 (fillBuffer:range:value:)" (blit); an intra-pass barrier before "an unnamed compute encoder, command 1 (copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:)", blit -> blit, with visibility device, mends it
//   - an encoder left open: [MTL4CommandBuffer endCommandBuffer]: MTL4ComputeCommandEncoder is open: end it first
//   - an allocator reset while in flight: [MTL4CommandAllocator reset]: commands recorded from it are in flight on MTL4CommandQueue: reset it only when all its buffers are complete, so wait for an event that is signaled after them
package standin
