package metal

import (
	"fmt"
	"math/bits"
)

// StorageMode says who can reach a resource's memory (MTLStorageMode).
type StorageMode uint64

// The storage modes, with MTLStorageMode's values. Managed memory does not
// exist on Metal 4 devices.
const (
	StorageModeShared     StorageMode = 0 // CPU and GPU: uploads and readback
	StorageModePrivate    StorageMode = 2 // GPU only
	StorageModeMemoryless StorageMode = 3 // tile memory: attachments of one pass
)

// TextureType is a texture's shape (MTLTextureType).
type TextureType uint64

// The texture types, with MTLTextureType's values. TextureType's zero value is
// Metal's 1D type; a zero TextureDescriptor.Type means 2D all the same, see
// there.
const (
	TextureType1D                 TextureType = 0
	TextureType1DArray            TextureType = 1
	TextureType2D                 TextureType = 2
	TextureType2DArray            TextureType = 3
	TextureType2DMultisample      TextureType = 4
	TextureTypeCube               TextureType = 5
	TextureTypeCubeArray          TextureType = 6
	TextureType3D                 TextureType = 7
	TextureType2DMultisampleArray TextureType = 8
)

var textureTypes = [...]string{"1D", "1DArray", "2D", "2DArray", "2DMultisample", "cube", "cubeArray", "3D", "2DMultisampleArray"}

// String is Metal's name without its prefix, first letters lowered: "2DArray".
func (t TextureType) String() string {
	if uint64(t) < uint64(len(textureTypes)) {
		return textureTypes[t]
	}
	return fmt.Sprintf("textureType(%d)", uint64(t))
}

// TextureUsage says what a texture is for (MTLTextureUsage).
type TextureUsage uint64

// The texture usages, with MTLTextureUsage's values. Copies need none.
const (
	TextureUsageUnknown         TextureUsage = 0
	TextureUsageShaderRead      TextureUsage = 1
	TextureUsageShaderWrite     TextureUsage = 2
	TextureUsageRenderTarget    TextureUsage = 4
	TextureUsagePixelFormatView TextureUsage = 16
)

// TextureDescriptor describes a texture. Zero counts mean 1. A zero Type is
// worked out: 3D where Depth > 1, else 2D, with "array" where Layers > 1 and
// "multisample" where Samples > 1 (a 1D texture is a 2D one of height 1 here).
type TextureDescriptor struct {
	Label   string
	Type    TextureType
	Format  PixelFormat
	Width   int // texels, 1 to Limits.MaxTextureSize
	Height  int
	Depth   int // more than 1 in a 3D texture only
	Layers  int // array layers; a cube has 6 of its own
	Mips    int
	Samples int
	Storage StorageMode // Private, whatever is given: textures are not CPU-readable; copy to a buffer
	Usage   TextureUsage
}

// Normalized returns the descriptor with every zero replaced by what it means.
func (d TextureDescriptor) Normalized() TextureDescriptor {
	d.Normalize()
	return d
}

// Normalize replaces every zero by what it means.
func (d *TextureDescriptor) Normalize() {
	d.Width, d.Height, d.Depth = max(d.Width, 1), max(d.Height, 1), max(d.Depth, 1)
	d.Layers, d.Mips, d.Samples = max(d.Layers, 1), max(d.Mips, 1), max(d.Samples, 1)
	if d.Type == 0 {
		switch {
		case d.Depth > 1:
			d.Type = TextureType3D
		case d.Samples > 1 && d.Layers > 1:
			d.Type = TextureType2DMultisampleArray
		case d.Samples > 1:
			d.Type = TextureType2DMultisample
		case d.Layers > 1:
			d.Type = TextureType2DArray
		default:
			d.Type = TextureType2D
		}
	}
	if d.Storage == StorageModeShared {
		d.Storage = StorageModePrivate
	}
}

// MaxMips is the length of a full mip chain of this size.
func (d TextureDescriptor) MaxMips() int {
	return max(bits.Len(uint(max(d.Width, d.Height, d.Depth, 0))), 1)
}

// Validate says what is wrong with the descriptor, or nil.
func (d TextureDescriptor) Validate() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("metal: texture %q: %s", d.Label, fmt.Sprintf(format, args...))
	}
	if !d.Format.Known() {
		return bad("unknown pixel format %v", d.Format)
	}
	for i, n := range [...]int{d.Width, d.Height, d.Depth, d.Layers, d.Mips, d.Samples} {
		if n < 0 || n > 16384 {
			what := [...]string{"width", "height", "depth", "layers", "mips", "samples"}
			return bad("%s %d: must be from 1 to 16384", what[i], n)
		}
	}
	if d.Width == 0 || d.Height == 0 {
		return bad("%dx%d: width and height must be at least 1", d.Width, d.Height)
	}
	n := d
	n.Normalize()
	if n.Mips > 1 && n.Mips > n.MaxMips() {
		return bad("%d mips: %dx%dx%d has at most %d", n.Mips, n.Width, n.Height, n.Depth, n.MaxMips())
	}
	switch n.Samples {
	case 1, 2, 4, 8:
	default:
		return bad("%d samples: must be 1, 2, 4 or 8", n.Samples)
	}
	if n.Samples > 1 && (n.Mips > 1 || n.Depth > 1) {
		return bad("%d samples: a multisampled texture has one mip and is not 3D", n.Samples)
	}
	if n.Depth > 1 && n.Layers > 1 {
		return bad("depth %d with %d layers: a 3D texture has no layers", n.Depth, n.Layers)
	}
	if why := n.misshapen(); why != "" {
		return bad("type %v %s", n.Type, why)
	}
	if n.Storage != StorageModePrivate && n.Storage != StorageModeMemoryless {
		return bad("storage mode %d: must be private or memoryless", n.Storage)
	}
	return nil
}

// misshapen says how the extents of a normalized descriptor contradict its
// type, or "".
func (d *TextureDescriptor) misshapen() string {
	layers, samples, cube := false, false, false
	switch d.Type {
	case TextureType2D, TextureType3D:
	case TextureType2DArray:
		layers = true
	case TextureType2DMultisample:
		samples = true
	case TextureType2DMultisampleArray:
		layers, samples = true, true
	case TextureTypeCube:
		cube = true
	case TextureTypeCubeArray:
		layers, cube = true, true
	default:
		return "is not supported: use 2D, 3D, cube and their arrays; a 1D texture is a 2D one of height 1"
	}
	switch {
	case !layers && d.Layers > 1:
		return fmt.Sprintf("with %d layers: it has one; use an array type, or 0", d.Layers)
	case samples != (d.Samples > 1):
		return fmt.Sprintf("with %d samples: only multisample types have more than one; use 0", d.Samples)
	case d.Type != TextureType3D && d.Depth > 1:
		return fmt.Sprintf("with depth %d: it has depth 1; use 3D, or 0", d.Depth)
	case cube && d.Width != d.Height:
		return fmt.Sprintf("of %dx%d: a cube's faces are square", d.Width, d.Height)
	}
	return ""
}

// Slices is the number of array slices, a cube's faces counted: 6 a cube.
func (d TextureDescriptor) Slices() int {
	n := max(d.Layers, 1)
	if d.Type == TextureTypeCube || d.Type == TextureTypeCubeArray {
		return 6 * n
	}
	return n
}

// MipSize is the extent of one mip level in texels, at least 1 a side; a level
// below 0 has the size of level 0.
func (d TextureDescriptor) MipSize(level int) Size {
	n := d.Normalized()
	level = max(level, 0)
	return Size{max(n.Width>>level, 1), max(n.Height>>level, 1), max(n.Depth>>level, 1)}
}

// TextureViewDescriptor is a part of a texture seen as a texture. Ends are
// exclusive; a zero end means all that is left.
type TextureViewDescriptor struct {
	Label                string
	Format               PixelFormat // 0: the texture's own; another needs TextureUsagePixelFormatView
	Type                 TextureType // 0: the texture's own
	MipStart, MipEnd     int
	SliceStart, SliceEnd int
}

// Size is an extent: texels, threads or threadgroups.
type Size struct{ Width, Height, Depth int }

// Origin is a position in texels, from the top left.
type Origin struct{ X, Y, Z int }
