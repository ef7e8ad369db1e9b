package metal

import "time"

// Device makes everything else. Its methods may be called from several
// goroutines; what they return may not, unless it says so. Everything made must
// be released before its device, and not before the GPU is done with it.
type Device interface {
	Name() string
	Limits() Limits

	NewCommandQueue(label string) (CommandQueue, error)
	NewCommandAllocator(label string) (CommandAllocator, error)
	NewCommandBuffer(label string) (CommandBuffer, error)
	NewResidencySet(label string) (ResidencySet, error)
	NewSharedEvent(label string) (SharedEvent, error)
	NewFence(label string) (Fence, error)
	// NewCounterHeap makes a heap of 1 to MaxCounters timestamps.
	NewCounterHeap(label string, count int) (CounterHeap, error)

	NewHeap(HeapDescriptor) (Heap, error)
	// NewBuffer makes a buffer with memory of its own: a shared one holds zeros
	// at first, what a private one holds is undefined.
	NewBuffer(BufferDescriptor) (Buffer, error)
	NewTexture(TextureDescriptor) (Texture, error)
	NewTensor(TensorDescriptor) (Tensor, error)
	BufferSizeAndAlign(BufferDescriptor) (SizeAndAlign, error)
	TextureSizeAndAlign(TextureDescriptor) (SizeAndAlign, error)
	TensorSizeAndAlign(TensorDescriptor) (SizeAndAlign, error)

	NewSampler(SamplerDescriptor) (Sampler, error)
	NewDepthStencilState(DepthStencilDescriptor) (DepthStencilState, error)
	NewArgumentTable(ArgumentTableDescriptor) (ArgumentTable, error)
	NewRenderPipeline(RenderPipelineDescriptor) (RenderPipeline, error)
	NewComputePipeline(ComputePipelineDescriptor) (ComputePipeline, error)
	NewMachineLearningPipeline(MachineLearningPipelineDescriptor) (MachineLearningPipeline, error)

	Release()
}

// Limits are what a device can do. Sizes are in bytes unless they say texels.
type Limits struct {
	MaxTextureSize  int // texels a side of a 2D texture
	MaxBufferLength int
	MaxThreads      int // threads a threadgroup
	// TimestampNanoseconds is the length of one tick of a counter heap.
	TimestampNanoseconds float64
}

// SizeAndAlign is what a resource needs in a heap, in bytes. Class tells
// resources apart that this device cannot put in one heap: two may share a heap
// only if their classes are equal. On most devices all are 0.
type SizeAndAlign struct {
	Size, Align int
	Class       int
}

// Limits of an argument table, Metal 4's own.
const (
	MaxBuffers  = 31
	MaxTextures = 128
	MaxSamplers = 16
)

// MaxCounters is the largest number of timestamps of a counter heap here: far
// more than a frame writes, and few enough to make on every device.
const MaxCounters = 1 << 16

// Object is what every object of a device has.
type Object interface {
	Label() string
	Release()
}

// Allocation is memory that residency sets hold: a Buffer, Texture, Tensor or Heap.
type Allocation interface {
	Object
	AllocatedSize() int
}

// HeapDescriptor describes a placement heap.
type HeapDescriptor struct {
	Label   string
	Size    int
	Storage StorageMode // Private or Shared
	Class   int         // SizeAndAlign.Class of what it will hold
}

// Heap is memory in which the caller places resources at offsets of its own
// choice; ranges may overlap, and nothing orders the accesses of resources that
// share memory. Offsets are multiples of SizeAndAlign.Align.
type Heap interface {
	Allocation
	Size() int
	NewBuffer(d BufferDescriptor, offset int) (Buffer, error)
	NewTexture(d TextureDescriptor, offset int) (Texture, error)
}

// BufferDescriptor describes a buffer of Length bytes. Storage is Shared by
// default.
type BufferDescriptor struct {
	Label   string
	Length  int
	Storage StorageMode
}

// Buffer is linear memory.
type Buffer interface {
	Allocation
	Length() int
	// Contents is the memory of a shared buffer, for the CPU; nil for a
	// private one. It stays valid, and in place, until Release.
	Contents() []byte
	// NewTensor makes a tensor that uses this buffer's memory from offset on.
	// With TensorUsageMachineLearning the offset must be 0.
	NewTensor(d TensorDescriptor, offset int) (Tensor, error)
}

// Texture is an image in the GPU's own order.
type Texture interface {
	Allocation
	Descriptor() TextureDescriptor // normalized
	NewView(TextureViewDescriptor) (Texture, error)
}

// Tensor is a multi-dimensional array of elements, backed by a buffer.
type Tensor interface {
	Allocation
	Descriptor() TensorDescriptor // normalized: with strides
	Buffer() Buffer
	Offset() int // in Buffer, bytes
}

// Sampler samples textures.
type Sampler interface{ Object }

// DepthStencilState is a compiled DepthStencilDescriptor.
type DepthStencilState interface{ Object }

// RenderPipeline is a compiled RenderPipelineDescriptor.
type RenderPipeline interface{ Object }

// ComputePipeline is a compiled ComputePipelineDescriptor.
type ComputePipeline interface{ Object }

// MachineLearningPipeline is a network compiled for one set of extents.
type MachineLearningPipeline interface {
	Object
	// Bindings lists the inputs and outputs: match them by name.
	Bindings() []TensorBinding
	// IntermediatesHeapSize is the least size, in bytes, of the heap that
	// DispatchNetwork needs; it may be 0.
	IntermediatesHeapSize() int
}

// ArgumentTableDescriptor says how many arguments a table has room for, at
// most MaxBuffers, MaxTextures and MaxSamplers.
type ArgumentTableDescriptor struct {
	Label                       string
	Buffers, Textures, Samplers int
}

// ArgumentTable holds the arguments of shaders. Draws, dispatches and networks
// take a snapshot, so a table may be changed between two of them. Unknown
// indices are an error at CommandBuffer.End.
type ArgumentTable interface {
	Object
	SetBuffer(b Buffer, offset, index int)
	SetTexture(t Texture, index int)
	SetSampler(s Sampler, index int)
	SetTensor(t Tensor, index int) // index among the buffers
}

// ResidencySet is a set of allocations. Changes take effect at Commit.
type ResidencySet interface {
	Object
	Add(a Allocation)
	Remove(a Allocation)
	Contains(a Allocation) bool
	Commit()
}

// SharedEvent is a counter that queues signal and the CPU reads and waits for.
// It may be used from any goroutine.
type SharedEvent interface {
	Object
	SignaledValue() uint64
	// Wait blocks until the counter has reached value. It returns false when
	// timeout passes first or the device is lost.
	Wait(value uint64, timeout time.Duration) bool
}

// Fence orders encoders of one queue, one before another where barriers hold
// back all that come later (MTLFence): Encoder.UpdateFence and WaitForFence. It
// may be used again and again.
type Fence interface{ Object }

// CounterHeap holds timestamps (MTL4CounterHeap).
type CounterHeap interface {
	Object
	Count() int
	// Resolve copies the ticks of entries [start, start+len(into)) into into.
	// The GPU must have finished writing them. A tick lasts
	// Limits.TimestampNanoseconds.
	Resolve(start int, into []uint64) error
}
