package metal

import "fmt"

// PixelFormat is the format of one texel (MTLPixelFormat).
type PixelFormat uint64

// The formats that weft's drivers know, with MTLPixelFormat's values.
const (
	PixelFormatInvalid              PixelFormat = 0
	PixelFormatR8Unorm              PixelFormat = 10
	PixelFormatR8Snorm              PixelFormat = 12
	PixelFormatR8Uint               PixelFormat = 13
	PixelFormatR8Sint               PixelFormat = 14
	PixelFormatR16Unorm             PixelFormat = 20
	PixelFormatR16Uint              PixelFormat = 23
	PixelFormatR16Sint              PixelFormat = 24
	PixelFormatR16Float             PixelFormat = 25
	PixelFormatRG8Unorm             PixelFormat = 30
	PixelFormatRG8Snorm             PixelFormat = 32
	PixelFormatR32Uint              PixelFormat = 53
	PixelFormatR32Sint              PixelFormat = 54
	PixelFormatR32Float             PixelFormat = 55
	PixelFormatRG16Unorm            PixelFormat = 60
	PixelFormatRG16Snorm            PixelFormat = 62
	PixelFormatRG16Float            PixelFormat = 65
	PixelFormatRGBA8Unorm           PixelFormat = 70
	PixelFormatRGBA8UnormSRGB       PixelFormat = 71
	PixelFormatRGBA8Snorm           PixelFormat = 72
	PixelFormatRGBA8Uint            PixelFormat = 73
	PixelFormatBGRA8Unorm           PixelFormat = 80
	PixelFormatBGRA8UnormSRGB       PixelFormat = 81
	PixelFormatRGB10A2Unorm         PixelFormat = 90
	PixelFormatRG11B10Float         PixelFormat = 92
	PixelFormatRGB9E5Float          PixelFormat = 93
	PixelFormatRG32Uint             PixelFormat = 103
	PixelFormatRG32Float            PixelFormat = 105
	PixelFormatRGBA16Unorm          PixelFormat = 110
	PixelFormatRGBA16Uint           PixelFormat = 113
	PixelFormatRGBA16Float          PixelFormat = 115
	PixelFormatRGBA32Uint           PixelFormat = 123
	PixelFormatRGBA32Sint           PixelFormat = 124
	PixelFormatRGBA32Float          PixelFormat = 125
	PixelFormatDepth16Unorm         PixelFormat = 250
	PixelFormatDepth32Float         PixelFormat = 252
	PixelFormatStencil8             PixelFormat = 253
	PixelFormatDepth32FloatStencil8 PixelFormat = 260
)

// formatFacts says what a format holds. bytes is the size of one texel. A
// format that is neither unsigned nor signed is read as floats by shaders.
type formatFacts struct {
	name             string
	bytes            int
	depth, stencil   bool
	srgb             bool
	unsigned, signed bool // integers
}

// formats is by format; bytes is 0 for those that are not known.
var formats = [...]formatFacts{
	PixelFormatR8Unorm:              {name: "r8Unorm", bytes: 1},
	PixelFormatR8Snorm:              {name: "r8Snorm", bytes: 1},
	PixelFormatR8Uint:               {name: "r8Uint", bytes: 1, unsigned: true},
	PixelFormatR8Sint:               {name: "r8Sint", bytes: 1, signed: true},
	PixelFormatR16Unorm:             {name: "r16Unorm", bytes: 2},
	PixelFormatR16Uint:              {name: "r16Uint", bytes: 2, unsigned: true},
	PixelFormatR16Sint:              {name: "r16Sint", bytes: 2, signed: true},
	PixelFormatR16Float:             {name: "r16Float", bytes: 2},
	PixelFormatRG8Unorm:             {name: "rg8Unorm", bytes: 2},
	PixelFormatRG8Snorm:             {name: "rg8Snorm", bytes: 2},
	PixelFormatR32Uint:              {name: "r32Uint", bytes: 4, unsigned: true},
	PixelFormatR32Sint:              {name: "r32Sint", bytes: 4, signed: true},
	PixelFormatR32Float:             {name: "r32Float", bytes: 4},
	PixelFormatRG16Unorm:            {name: "rg16Unorm", bytes: 4},
	PixelFormatRG16Snorm:            {name: "rg16Snorm", bytes: 4},
	PixelFormatRG16Float:            {name: "rg16Float", bytes: 4},
	PixelFormatRGBA8Unorm:           {name: "rgba8Unorm", bytes: 4},
	PixelFormatRGBA8UnormSRGB:       {name: "rgba8Unorm_sRGB", bytes: 4, srgb: true},
	PixelFormatRGBA8Snorm:           {name: "rgba8Snorm", bytes: 4},
	PixelFormatRGBA8Uint:            {name: "rgba8Uint", bytes: 4, unsigned: true},
	PixelFormatBGRA8Unorm:           {name: "bgra8Unorm", bytes: 4},
	PixelFormatBGRA8UnormSRGB:       {name: "bgra8Unorm_sRGB", bytes: 4, srgb: true},
	PixelFormatRGB10A2Unorm:         {name: "rgb10a2Unorm", bytes: 4},
	PixelFormatRG11B10Float:         {name: "rg11b10Float", bytes: 4},
	PixelFormatRGB9E5Float:          {name: "rgb9e5Float", bytes: 4},
	PixelFormatRG32Uint:             {name: "rg32Uint", bytes: 8, unsigned: true},
	PixelFormatRG32Float:            {name: "rg32Float", bytes: 8},
	PixelFormatRGBA16Unorm:          {name: "rgba16Unorm", bytes: 8},
	PixelFormatRGBA16Uint:           {name: "rgba16Uint", bytes: 8, unsigned: true},
	PixelFormatRGBA16Float:          {name: "rgba16Float", bytes: 8},
	PixelFormatRGBA32Uint:           {name: "rgba32Uint", bytes: 16, unsigned: true},
	PixelFormatRGBA32Sint:           {name: "rgba32Sint", bytes: 16, signed: true},
	PixelFormatRGBA32Float:          {name: "rgba32Float", bytes: 16},
	PixelFormatDepth16Unorm:         {name: "depth16Unorm", bytes: 2, depth: true},
	PixelFormatDepth32Float:         {name: "depth32Float", bytes: 4, depth: true},
	PixelFormatStencil8:             {name: "stencil8", bytes: 1, stencil: true, unsigned: true},
	PixelFormatDepth32FloatStencil8: {name: "depth32Float_stencil8", bytes: 8, depth: true, stencil: true},
}

// String is Metal's name without its prefix, first letters lowered, as graph
// and plan JSON write it: "rgba16Float".
func (f PixelFormat) String() string {
	if f.Known() {
		return formats[f].name
	}
	if f == PixelFormatInvalid {
		return "invalid"
	}
	return fmt.Sprintf("pixelFormat(%d)", uint64(f))
}

// Known reports whether weft knows the format.
func (f PixelFormat) Known() bool { return f.facts().bytes > 0 }

func (f PixelFormat) facts() *formatFacts {
	if f >= PixelFormat(len(formats)) {
		f = PixelFormatInvalid
	}
	return &formats[f]
}

// BytesPerPixel is the size of one texel in bytes; 0 for an unknown format.
func (f PixelFormat) BytesPerPixel() int { return f.facts().bytes }

// HasDepth reports whether the format has a depth part.
func (f PixelFormat) HasDepth() bool { return f.facts().depth }

// HasStencil reports whether the format has a stencil part.
func (f PixelFormat) HasStencil() bool { return f.facts().stencil }

// IsSRGB reports whether colors are stored by the sRGB curve: shaders read and
// write linear light.
func (f PixelFormat) IsSRGB() bool { return f.facts().srgb }

// IsUnsigned reports whether shaders read and write unsigned integers. Of a
// combined depth and stencil format they read the depth, a float.
func (f PixelFormat) IsUnsigned() bool { return f.facts().unsigned }

// IsSigned reports whether shaders read and write signed integers.
func (f PixelFormat) IsSigned() bool { return f.facts().signed }

// IsInteger reports whether shaders read and write integers of either kind:
// such formats are neither filtered nor blended.
func (f PixelFormat) IsInteger() bool { return f.IsUnsigned() || f.IsSigned() }

// ParsePixelFormat returns the format that String gives that name.
func ParsePixelFormat(name string) (PixelFormat, error) {
	for i := range formats {
		if f := PixelFormat(i); f.Known() && formats[i].name == name {
			return f, nil
		}
	}
	return 0, fmt.Errorf("metal: no pixel format is called %q: use Metal's names, such as rgba8Unorm, bgra8Unorm, rgba16Float, r32Float or depth32Float", name)
}
