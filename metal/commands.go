package metal

// CommandQueue runs committed command buffers. Within a queue nothing but
// barriers orders the work of one buffer, or of two.
type CommandQueue interface {
	Object
	AddResidencySet(s ResidencySet)
	RemoveResidencySet(s ResidencySet)
	// Commit hands ended buffers to the GPU, in order. The objects may be
	// begun again at once; their allocators may not be reset before the GPU is
	// done with them.
	Commit(buffers []CommandBuffer) error
	// SignalEvent sets the event once all that was committed before is done.
	SignalEvent(e SharedEvent, value uint64) error
	// WaitForEvent holds all that is committed afterwards until the event has
	// reached value. Metal also takes a wait whose signal is given later; where
	// a device runs several command queues on one hardware queue, that would
	// wait for ever, so there a wait is refused with an error when no earlier
	// SignalEvent of any queue has such a value. Signal first, then wait: that
	// works everywhere.
	WaitForEvent(e SharedEvent, value uint64) error
}

// CommandAllocator is the memory that commands are recorded into. One open
// buffer at a time; Reset gives the memory back for reuse, once the GPU is done
// with everything that was recorded from it.
type CommandAllocator interface {
	Object
	Reset() error
}

// CommandBuffer records encoders, one after another. Begin, encode, End, then
// CommandQueue.Commit; then it may be begun again.
type CommandBuffer interface {
	Object
	// Begin opens the buffer and clears its residency sets.
	Begin(a CommandAllocator) error
	UseResidencySet(s ResidencySet)
	// The encoders. The descriptor is read before the call returns.
	RenderEncoder(d *RenderPassDescriptor) (RenderEncoder, error)
	ComputeEncoder(label string) (ComputeEncoder, error)
	MachineLearningEncoder(label string) (MachineLearningEncoder, error)
	// WriteTimestamp writes the time at which all earlier work is done. No
	// encoder may be open.
	WriteTimestamp(h CounterHeap, index int)
	// End closes the buffer and returns the first fault of anything recorded
	// since Begin; a buffer with a fault cannot be committed.
	End() error
}

// Encoder is what the three kinds have in common.
type Encoder interface {
	// BarrierAfterQueueStages is the consumer barrier: later commands of this
	// encoder in the stages before wait for the stages after of all earlier
	// encoders of the queue, those of earlier command buffers included.
	BarrierAfterQueueStages(after, before Stages, visibility VisibilityOptions)
	// BarrierAfterStages is the producer barrier: the stages before of all
	// later encoders wait for the stages after of what was encoded so far, here
	// and in all earlier encoders.
	BarrierAfterStages(after, before Stages, visibility VisibilityOptions)
	// BarrierAfterEncoderStages is the intra-pass barrier: later commands of
	// this encoder wait for earlier ones of it. Both sets hold only stages that
	// this encoder owns; after may not hold fragment or tile, which tile-based
	// GPUs cannot order inside one pass.
	BarrierAfterEncoderStages(after, before Stages, visibility VisibilityOptions)
	// UpdateFence tells the fence of the stages after of what was encoded here so
	// far: those that wait for it in later encoders of the queue come afterwards,
	// and see what was written. Only stages that this encoder owns; a later update
	// takes the place of an earlier one.
	UpdateFence(f Fence, after Stages)
	// WaitForFence holds the stages before of later commands of this encoder until
	// what last updated the fence is done. That is an encoder committed earlier to
	// the same queue, or encoded earlier in the same commit; where there is none
	// Commit refuses, and between queues, too: those have SharedEvent. An encoder
	// that does both waits first.
	WaitForFence(f Fence, before Stages)
	// DiscardContents says that the life of a texture in shared memory begins
	// here: what it holds is undefined until the next write, which comes in
	// stages. It orders nothing. In a render encoder it belongs before the first
	// draw. Metal needs no such call and ignores it; on Vulkan it starts the
	// image's layout anew.
	DiscardContents(t Texture, stages Stages)
	PushDebugGroup(label string)
	PopDebugGroup()
	EndEncoding()
}

// RenderEncoder draws (MTL4RenderCommandEncoder). At the start there is no
// pipeline, no argument table, no depth test and no culling; clockwise
// triangles face the viewer; the viewport and scissor are the whole attachment.
// Clip space is Metal's: y up, z from 0 to 1, and texture row 0 is on top.
type RenderEncoder interface {
	Encoder
	SetRenderPipeline(p RenderPipeline)
	SetArgumentTable(t ArgumentTable, stages Stages)
	SetViewport(v Viewport)
	SetScissor(x, y, width, height int)
	SetCullMode(m CullMode)
	SetFrontFacing(w Winding)
	SetDepthStencilState(s DepthStencilState)
	// SetDepthBias adds bias + slope*slopeScale to depths, at most clamp where
	// that is not 0.
	SetDepthBias(bias, slopeScale, clamp float32)
	SetBlendColor(r, g, b, a float32)
	SetStencilReference(value uint32)
	DrawPrimitives(p PrimitiveType, vertexStart, vertexCount, instanceCount, baseInstance int)
	DrawIndexedPrimitives(p PrimitiveType, indexCount int, t IndexType, indices Buffer, offset, instanceCount, baseVertex, baseInstance int)
	// DrawPrimitivesIndirect reads DrawIndirectArguments at offset.
	DrawPrimitivesIndirect(p PrimitiveType, arguments Buffer, offset int)
	// DrawIndexedPrimitivesIndirect reads DrawIndexedIndirectArguments.
	DrawIndexedPrimitivesIndirect(p PrimitiveType, t IndexType, indices Buffer, indexOffset int, arguments Buffer, offset int)
	// WriteTimestamp writes the time at which the stages of earlier commands
	// of this encoder are done.
	WriteTimestamp(after Stages, h CounterHeap, index int)
}

// ComputeEncoder dispatches in the dispatch stage and copies and fills in the
// blit stage (MTL4ComputeCommandEncoder). Two of its commands may overlap
// unless an intra-pass barrier orders them.
type ComputeEncoder interface {
	Encoder
	SetComputePipeline(p ComputePipeline)
	SetArgumentTable(t ArgumentTable)
	// DispatchThreadgroups runs groups of threads each; threads must be the
	// function's Threads.
	DispatchThreadgroups(groups, threads Size)
	// DispatchThreadgroupsIndirect reads three uint32 group counts at offset.
	DispatchThreadgroupsIndirect(arguments Buffer, offset int, threads Size)
	CopyBuffer(src Buffer, srcOffset int, dst Buffer, dstOffset, size int)
	// CopyTexture copies one slice of one mip.
	CopyTexture(src TextureRegion, dst TextureRegion, size Size)
	// CopyBufferToTexture reads rows of bytesPerRow bytes, images (of a 3D
	// texture) of bytesPerImage bytes; both multiples of the texel's size.
	CopyBufferToTexture(src Buffer, offset, bytesPerRow, bytesPerImage int, size Size, dst TextureRegion)
	CopyTextureToBuffer(src TextureRegion, size Size, dst Buffer, offset, bytesPerRow, bytesPerImage int)
	// FillBuffer sets size bytes; offset and size are multiples of 4.
	FillBuffer(b Buffer, offset, size int, value byte)
	// GenerateMipmaps fills mips 1 and up of every slice from mip 0, each from
	// the one before with a box filter.
	GenerateMipmaps(t Texture)
	WriteTimestamp(h CounterHeap, index int)
}

// MachineLearningEncoder runs one network (MTL4MachineLearningCommandEncoder).
type MachineLearningEncoder interface {
	Encoder
	SetMachineLearningPipeline(p MachineLearningPipeline)
	SetArgumentTable(t ArgumentTable)
	// DispatchNetwork runs the network with its intermediates in heap, which it
	// uses as a whole: at least IntermediatesHeapSize, nil where that is 0.
	DispatchNetwork(heap Heap)
}

// TextureRegion is where a copy starts in a texture.
type TextureRegion struct {
	Texture      Texture
	Slice, Level int
	Origin       Origin
}

// Viewport is the part of the attachments that clip space maps to, in texels
// from the top left; depths from Near to Far, in [0, 1].
type Viewport struct{ X, Y, Width, Height, Near, Far float64 }

// ClearColor is the color of a clear, linear light for float and sRGB formats.
type ClearColor struct{ Red, Green, Blue, Alpha float64 }

// MaxColorAttachments is the number of color targets of a render pass.
const MaxColorAttachments = 8

// RenderPassDescriptor describes the attachments of a render pass. Attachments
// with a nil Texture are not there. The size of the pass is that of the first
// attachment; all have the same size and sample count.
type RenderPassDescriptor struct {
	Label          string
	Colors         [MaxColorAttachments]ColorAttachment
	Depth, Stencil DepthStencilAttachment
}

// Attachment is what every attachment has: one slice of one mip of a texture.
// Resolve takes the resolved samples where Store says so.
type Attachment struct {
	Texture                    Texture
	Level, Slice               int
	Resolve                    Texture
	ResolveLevel, ResolveSlice int
	Load                       LoadAction
	Store                      StoreAction
}

// ColorAttachment is a color target.
type ColorAttachment struct {
	Attachment
	Clear ClearColor
}

// DepthStencilAttachment is a depth or stencil target. A combined format is
// given in both places. Depth resolves take sample 0.
//
// With ReadOnly the pass tests against it and changes nothing: it is loaded,
// "stored" and not resolved, and passes that only test need no barrier between
// them. Metal has no word for it and needs none; on Vulkan a store of what has
// not changed would still be a write.
type DepthStencilAttachment struct {
	Attachment
	ReadOnly     bool
	ClearDepth   float64
	ClearStencil uint32
}

// DrawIndirectArguments is MTLDrawPrimitivesIndirectArguments as the GPU reads
// it.
type DrawIndirectArguments struct{ VertexCount, InstanceCount, VertexStart, BaseInstance uint32 }

// DrawIndexedIndirectArguments is MTLDrawIndexedPrimitivesIndirectArguments.
type DrawIndexedIndirectArguments struct {
	IndexCount, InstanceCount, IndexStart uint32
	BaseVertex                            int32
	BaseInstance                          uint32
}
