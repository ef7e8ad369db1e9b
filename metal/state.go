package metal

// PrimitiveType is what vertices make up (MTLPrimitiveType).
type PrimitiveType uint64

// The primitive types, with MTLPrimitiveType's values.
const (
	PrimitiveTypePoint         PrimitiveType = 0
	PrimitiveTypeLine          PrimitiveType = 1
	PrimitiveTypeLineStrip     PrimitiveType = 2
	PrimitiveTypeTriangle      PrimitiveType = 3
	PrimitiveTypeTriangleStrip PrimitiveType = 4
)

// IndexType is the size of an index (MTLIndexType).
type IndexType uint64

// The index types, with MTLIndexType's values.
const (
	IndexTypeUInt16 IndexType = 0
	IndexTypeUInt32 IndexType = 1
)

// Bytes is the size of one index.
func (t IndexType) Bytes() int { return 2 << t }

// CullMode says which triangles are dropped (MTLCullMode).
type CullMode uint64

// The cull modes, with MTLCullMode's values.
const (
	CullModeNone  CullMode = 0
	CullModeFront CullMode = 1
	CullModeBack  CullMode = 2
)

// Winding says which triangles face the viewer (MTLWinding). Clockwise is
// Metal's default.
type Winding uint64

// The windings, with MTLWinding's values.
const (
	WindingClockwise        Winding = 0
	WindingCounterClockwise Winding = 1
)

// CompareFunction compares a new value with a stored one (MTLCompareFunction).
type CompareFunction uint64

// The compare functions, with MTLCompareFunction's values.
const (
	CompareFunctionNever        CompareFunction = 0
	CompareFunctionLess         CompareFunction = 1
	CompareFunctionEqual        CompareFunction = 2
	CompareFunctionLessEqual    CompareFunction = 3
	CompareFunctionGreater      CompareFunction = 4
	CompareFunctionNotEqual     CompareFunction = 5
	CompareFunctionGreaterEqual CompareFunction = 6
	CompareFunctionAlways       CompareFunction = 7
)

// StencilOperation changes a stencil value (MTLStencilOperation).
type StencilOperation uint64

// The stencil operations, with MTLStencilOperation's values.
const (
	StencilOperationKeep           StencilOperation = 0
	StencilOperationZero           StencilOperation = 1
	StencilOperationReplace        StencilOperation = 2
	StencilOperationIncrementClamp StencilOperation = 3
	StencilOperationDecrementClamp StencilOperation = 4
	StencilOperationInvert         StencilOperation = 5
	StencilOperationIncrementWrap  StencilOperation = 6
	StencilOperationDecrementWrap  StencilOperation = 7
)

// StencilDescriptor is the stencil test of one face. The zero value tests
// nothing where it stands in a DepthStencilDescriptor without stencil use.
type StencilDescriptor struct {
	Compare                      CompareFunction
	StencilFail, DepthFail, Pass StencilOperation
	ReadMask, WriteMask          uint32
}

// DepthStencilDescriptor describes the depth and stencil tests. The zero value
// with DepthCompare Always is no test.
type DepthStencilDescriptor struct {
	Label        string
	DepthCompare CompareFunction
	DepthWrite   bool
	Stencil      bool // tests with Front and Back
	Front, Back  StencilDescriptor
}

// StencilWrite reports whether the stencil test of a face can change stencils.
func (d *DepthStencilDescriptor) StencilWrite() bool {
	return d.Stencil && (d.Front.writes() || d.Back.writes())
}

func (s *StencilDescriptor) writes() bool {
	const keep = StencilOperationKeep
	return s.WriteMask != 0 && (s.StencilFail != keep || s.DepthFail != keep || s.Pass != keep)
}

// BlendFactor scales a color in blending (MTLBlendFactor).
type BlendFactor uint64

// The blend factors, with MTLBlendFactor's values.
const (
	BlendFactorZero                     BlendFactor = 0
	BlendFactorOne                      BlendFactor = 1
	BlendFactorSourceColor              BlendFactor = 2
	BlendFactorOneMinusSourceColor      BlendFactor = 3
	BlendFactorSourceAlpha              BlendFactor = 4
	BlendFactorOneMinusSourceAlpha      BlendFactor = 5
	BlendFactorDestinationColor         BlendFactor = 6
	BlendFactorOneMinusDestinationColor BlendFactor = 7
	BlendFactorDestinationAlpha         BlendFactor = 8
	BlendFactorOneMinusDestinationAlpha BlendFactor = 9
	BlendFactorSourceAlphaSaturated     BlendFactor = 10
	BlendFactorBlendColor               BlendFactor = 11
	BlendFactorOneMinusBlendColor       BlendFactor = 12
	BlendFactorBlendAlpha               BlendFactor = 13
	BlendFactorOneMinusBlendAlpha       BlendFactor = 14
)

// BlendOperation combines two scaled colors (MTLBlendOperation).
type BlendOperation uint64

// The blend operations, with MTLBlendOperation's values.
const (
	BlendOperationAdd             BlendOperation = 0
	BlendOperationSubtract        BlendOperation = 1
	BlendOperationReverseSubtract BlendOperation = 2
	BlendOperationMin             BlendOperation = 3
	BlendOperationMax             BlendOperation = 4
)

// ColorWriteMask says which channels a draw writes (MTLColorWriteMask).
type ColorWriteMask uint64

// The color write masks, with MTLColorWriteMask's values.
const (
	ColorWriteMaskNone  ColorWriteMask = 0
	ColorWriteMaskAlpha ColorWriteMask = 1
	ColorWriteMaskBlue  ColorWriteMask = 2
	ColorWriteMaskGreen ColorWriteMask = 4
	ColorWriteMaskRed   ColorWriteMask = 8
	ColorWriteMaskAll   ColorWriteMask = 15
)

// Filter samples between texels (MTLSamplerMinMagFilter).
type Filter uint64

// The filters, with MTLSamplerMinMagFilter's values.
const (
	FilterNearest Filter = 0
	FilterLinear  Filter = 1
)

// MipFilter samples between mips (MTLSamplerMipFilter).
type MipFilter uint64

// The mip filters, with MTLSamplerMipFilter's values.
const (
	MipFilterNotMipmapped MipFilter = 0
	MipFilterNearest      MipFilter = 1
	MipFilterLinear       MipFilter = 2
)

// AddressMode samples outside a texture (MTLSamplerAddressMode).
type AddressMode uint64

// The address modes, with MTLSamplerAddressMode's values.
const (
	AddressModeClampToEdge       AddressMode = 0
	AddressModeMirrorClampToEdge AddressMode = 1
	AddressModeRepeat            AddressMode = 2
	AddressModeMirrorRepeat      AddressMode = 3
	AddressModeClampToZero       AddressMode = 4
	AddressModeClampToBorder     AddressMode = 5
)

// BorderColor is what AddressModeClampToBorder samples (MTLSamplerBorderColor).
type BorderColor uint64

// The border colors, with MTLSamplerBorderColor's values.
const (
	BorderColorTransparentBlack BorderColor = 0
	BorderColorOpaqueBlack      BorderColor = 1
	BorderColorOpaqueWhite      BorderColor = 2
)

// SamplerDescriptor describes how a texture is sampled. A zero MaxAnisotropy
// means 1, a zero LodMax no upper limit.
type SamplerDescriptor struct {
	Label                        string
	MinFilter, MagFilter         Filter
	MipFilter                    MipFilter
	AddressU, AddressV, AddressW AddressMode
	Border                       BorderColor
	MaxAnisotropy                int
	LodMin, LodMax               float32
	Compare                      CompareFunction // Never: not a comparison sampler
}

// LoadAction is what a render pass does with an attachment before it draws
// (MTLLoadAction).
type LoadAction uint64

// The load actions, with MTLLoadAction's values.
const (
	LoadActionDontCare LoadAction = 0
	LoadActionLoad     LoadAction = 1
	LoadActionClear    LoadAction = 2
)

// StoreAction is what a render pass does with an attachment after it has drawn
// (MTLStoreAction).
type StoreAction uint64

// The store actions, with MTLStoreAction's values.
const (
	StoreActionDontCare                   StoreAction = 0
	StoreActionStore                      StoreAction = 1
	StoreActionMultisampleResolve         StoreAction = 2
	StoreActionStoreAndMultisampleResolve StoreAction = 3
)
