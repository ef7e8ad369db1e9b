package network

import "weft/metal"

// Plan is all that a driver needs to run one network at one set of extents.
// It is a plain value, never written to after [Compile].
type Plan struct {
	// Inputs and Outputs are the tensors that the caller binds, in the
	// program's order.
	Inputs, Outputs []Tensor
	// Weights are the program's constants; bindings name ranges of them. Plans
	// of one program for several extents mostly have the same.
	Weights []byte
	// Tables are constants that follow from the extents.
	Tables []byte
	// IntermediatesHeapSize is the bytes of scratch that a run needs, a
	// multiple of 256; 0 when the network needs none.
	IntermediatesHeapSize int64
	// Intermediates are the ranges of the heap, for tools and tests.
	Intermediates []Intermediate
	// Kernels are the distinct shaders.
	Kernels []Kernel
	// Dispatches are the work, in order.
	Dispatches []Dispatch
	// Strides says which push constants hold strides of bound tensors.
	Strides []StrideConstant
	// MultiplyAdds is the work of convolutions and products of one run.
	MultiplyAdds int64
}

// Tensor is an input or output of the network.
type Tensor struct {
	Name string
	Type metal.TensorDataType
	// Dimensions are the extents, innermost first: a picture is
	// {width, height, channels, 1}.
	Dimensions []int
}

// Intermediate is a value that lives in the heap from dispatch First, which
// writes it, to dispatch Last, which reads it for the last time.
type Intermediate struct {
	Name         string
	Offset, Size int64
	First, Last  int
}

// LiveBytes is the most bytes of intermediates in use at one time: the least
// that the heap could have for these dispatches in this order.
func (p *Plan) LiveBytes() int64 {
	most := int64(0)
	for d := range p.Dispatches {
		now := int64(0)
		for _, m := range p.Intermediates {
			if m.First <= d && d <= m.Last {
				now += m.Size
			}
		}
		most = max(most, now)
	}
	return most
}

// Kernel is one shader and its interface.
type Kernel struct {
	// Label names the kind of kernel and its shape: "conv 3x3 4x4x1 prelu".
	Label string
	// Words are the SPIR-V module, version 1.3 or later; entry point "main".
	Words []uint32
	// Bindings are the kinds of binding 0, 1, ... of set 0.
	Bindings []BindingKind
	// Constants is the number of 32-bit push constants, at most 32.
	Constants int
}

// BindingKind is the kind of a descriptor.
type BindingKind uint8

// The kinds of descriptor.
const (
	StorageBuffer BindingKind = iota
	UniformTexelBuffer
)

// String is the kind's name in Vulkan's words.
func (k BindingKind) String() string {
	return [...]string{"storage buffer", "uniform texel buffer"}[k]
}

// ElementFormat is the format of a texel buffer's elements.
type ElementFormat uint8

// The texel formats, whose support as uniform texel buffers Vulkan requires.
const (
	NoFormat    ElementFormat = iota
	RGBA16Float               // VK_FORMAT_R16G16B16A16_SFLOAT
	RGBA32Float               // VK_FORMAT_R32G32B32A32_SFLOAT
)

// Bytes is the size of one element; 0 for NoFormat.
func (f ElementFormat) Bytes() int { return [...]int{0, 8, 16}[f] }

// Source says which memory a binding is a range of.
type Source uint8

// The sources of bindings.
const (
	FromWeights Source = iota // Plan.Weights
	FromTables                // Plan.Tables
	FromHeap                  // the intermediates heap
	FromInput                 // the tensor bound for Plan.Inputs[Index]
	FromOutput                // the tensor bound for Plan.Outputs[Index]
)

// Binding is one descriptor of a dispatch.
type Binding struct {
	Kind   BindingKind
	Format ElementFormat // of a UniformTexelBuffer
	Source Source
	Index  int // of the tensor, for FromInput and FromOutput
	// Offset and Size are bytes, Offset a multiple of 256. Tensors are bound
	// whole: Offset is 0, and Size is that of the tensor with packed strides;
	// a driver binds the size of the tensor it has.
	Offset, Size int64
}

// Dispatch is one run of a kernel.
type Dispatch struct {
	// Label names the operations it computes, as the program calls them.
	Label  string
	Kernel int // in Plan.Kernels
	// Barrier says that all earlier dispatches of the plan must be complete,
	// and their writes visible, before this one starts.
	Barrier   bool
	Bindings  []Binding
	Constants []uint32
	Groups    [3]uint32 // threadgroups; their size is in the shader
}

// StrideConstant says that push constant Constant of dispatch Dispatch holds
// stride Dimension (in elements) of a tensor.
type StrideConstant struct {
	Dispatch, Constant int
	Source             Source // FromInput or FromOutput
	Index, Dimension   int
}

// Device is what Compile needs to know of a device, in Vulkan's words.
type Device struct {
	MaxStorageBufferRange  int64
	MaxTexelBufferElements int64
	// MaxComputeWorkGroupCount is the largest number of threadgroups.
	MaxComputeWorkGroupCount [3]uint32
	// FloatHeapSize is the size in bytes up to which the intermediates heap
	// may hold values that the program declares as fp16 as 32-bit floats: in
	// twice the memory, more exact, and faster on devices that convert halves
	// slowly. 0: never.
	FloatHeapSize int64
	// SubgroupShuffle says that compute shaders may use subgroup basic and
	// shuffle operations, and that a subgroup has at least eight lanes.
	SubgroupShuffle bool
}
