package rules

import (
	"fmt"

	"weft/metal"
)

// Placed is the rule of resources in heaps: a resource of a kind that needs so
// much lies at offset.
func Placed(h metal.HeapDescriptor, size int, kind, label string, need metal.SizeAndAlign, s metal.StorageMode, offset int) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s "+format, append([]any{Describe(kind, label)}, args...)...)
	}
	switch {
	case s == metal.StorageModeMemoryless:
		return fail("is memoryless: it has no memory to place; use Device.NewTexture")
	case s != h.Storage:
		return fail("is %s, the heap %s: the storage modes must be equal", storageNames[s], storageNames[h.Storage])
	case need.Class != h.Class:
		return fail("is of class %d, the heap of class %d: make the heap with SizeAndAlign.Class", need.Class, h.Class)
	case offset < 0 || offset%need.Align != 0:
		return fail("at offset %d: must be a multiple of %d, its alignment", offset, need.Align)
	case need.Size > size || offset > size-need.Size:
		return fail("needs [%d, %d) of a heap of %d bytes", offset, offset+need.Size, size)
	}
	return nil
}

// TensorIn is the rule of tensors in buffers.
func TensorIn(b metal.Buffer, t metal.TensorDescriptor, offset int) error {
	if err := t.Validate(); err != nil {
		return err
	}
	switch size := t.Size(); {
	case t.Normalized().Usage&metal.TensorUsageMachineLearning != 0 && offset != 0:
		return bad("tensor", t.Label, "offset %d in %s: a tensor for machine learning begins at offset 0 of its buffer", offset, name("buffer", b))
	case offset < 0 || offset%t.Type.Bytes() != 0:
		return bad("tensor", t.Label, "offset %d in %s: must be a multiple of %d, the size of a %v", offset, name("buffer", b), t.Type.Bytes(), t.Type)
	case size > b.Length() || offset > b.Length()-size:
		return bad("tensor", t.Label, "it needs bytes [%d, %d) of %s, which has %d", offset, offset+size, name("buffer", b), b.Length())
	}
	return nil
}

// View is the rule of texture views; it returns the view's normalized
// descriptor, and what its ends mean.
func View(of metal.Texture, v metal.TextureViewDescriptor) (metal.TextureDescriptor, metal.TextureViewDescriptor, error) {
	n := of.Descriptor()
	fail := func(format string, args ...any) (metal.TextureDescriptor, metal.TextureViewDescriptor, error) {
		return n, v, bad("view", v.Label, format, args...)
	}
	if v.Format == 0 {
		v.Format = n.Format
	}
	if v.Type == 0 {
		v.Type = n.Type
	}
	if v.MipEnd == 0 {
		v.MipEnd = n.Mips
	}
	if v.SliceEnd == 0 {
		v.SliceEnd = n.Slices()
	}
	if v.MipStart < 0 || v.MipStart >= v.MipEnd || v.MipEnd > n.Mips {
		return fail("mips [%d, %d): %s has [0, %d)", v.MipStart, v.MipEnd, name("texture", of), n.Mips)
	}
	if v.SliceStart < 0 || v.SliceStart >= v.SliceEnd || v.SliceEnd > n.Slices() {
		return fail("slices [%d, %d): %s has [0, %d)", v.SliceStart, v.SliceEnd, name("texture", of), n.Slices())
	}
	if v.Format != n.Format {
		if n.Usage&metal.TextureUsagePixelFormatView == 0 {
			return fail("format %v of a %v texture: %s needs the usage pixelFormatView", v.Format, n.Format, name("texture", of))
		}
		if v.Format.BytesPerPixel() != n.Format.BytesPerPixel() {
			return fail("format %v of a %v texture: texels must be of one size", v.Format, n.Format)
		}
	}
	count := v.SliceEnd - v.SliceStart
	if !viewable(&n, v.Type, count) {
		return fail("type %v of %d slices of a %v texture: the shapes do not fit", v.Type, count, n.Type)
	}
	size := n.MipSize(v.MipStart)
	n.Label, n.Format, n.Type = v.Label, v.Format, v.Type
	n.Width, n.Height, n.Depth, n.Mips = size.Width, size.Height, size.Depth, v.MipEnd-v.MipStart
	n.Layers = count
	if v.Type == metal.TextureTypeCube || v.Type == metal.TextureTypeCubeArray {
		n.Layers = count / 6
	}
	return n, v, nil
}

// viewable reports whether so many slices of a texture can be seen as a type.
func viewable(n *metal.TextureDescriptor, as metal.TextureType, slices int) bool {
	switch as {
	case metal.TextureType2D:
		return n.Samples == 1 && n.Type != metal.TextureType3D && slices == 1
	case metal.TextureType2DArray:
		return n.Samples == 1 && n.Type != metal.TextureType3D
	case metal.TextureType2DMultisample:
		return n.Samples > 1 && slices == 1
	case metal.TextureType2DMultisampleArray:
		return n.Samples > 1
	case metal.TextureTypeCube:
		return n.Samples == 1 && slices == 6 && n.Width == n.Height
	case metal.TextureTypeCubeArray:
		return n.Samples == 1 && slices%6 == 0 && n.Width == n.Height
	case metal.TextureType3D:
		return n.Type == metal.TextureType3D
	}
	return false
}
