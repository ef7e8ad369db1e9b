package rules

import (
	"fmt"
	"slices"

	"weft/metal"
)

var storageNames = map[metal.StorageMode]string{
	metal.StorageModeShared: "shared", metal.StorageModePrivate: "private", metal.StorageModeMemoryless: "memoryless",
}

func storage(kind, label string, m metal.StorageMode) error {
	if m != metal.StorageModePrivate && m != metal.StorageModeShared {
		return bad(kind, label, "storage mode %d: must be shared or private", m)
	}
	return nil
}

// Buffer is the rule of buffers.
func Buffer(d metal.BufferDescriptor, l metal.Limits) error {
	if d.Length < 1 || d.Length > l.MaxBufferLength {
		return fmt.Errorf("%s of %d bytes: must be from 1 to %d", Describe("buffer", d.Label), d.Length, l.MaxBufferLength)
	}
	return storage("buffer", d.Label, d.Storage)
}

// Heap is the rule of heaps.
func Heap(d metal.HeapDescriptor) error {
	if d.Size < 1 {
		return fmt.Errorf("%s of %d bytes: must be at least 1", Describe("heap", d.Label), d.Size)
	}
	return storage("heap", d.Label, d.Storage)
}

// Texture is the rule of textures.
func Texture(d metal.TextureDescriptor, l metal.Limits) error {
	if err := d.Validate(); err != nil {
		return err
	}
	if side := l.MaxTextureSize; max(d.Width, d.Height, d.Depth) > side {
		return fmt.Errorf("%s of %dx%d: at most %d a side", Describe("texture", d.Label), d.Width, d.Height, side)
	}
	return nil
}

// Tensor is the rule of tensors.
func Tensor(d metal.TensorDescriptor, l metal.Limits) error {
	if err := d.Validate(); err != nil {
		return err
	}
	if n := d.Size(); n > l.MaxBufferLength {
		return fmt.Errorf("%s of %d bytes: at most %d", Describe("tensor", d.Label), n, l.MaxBufferLength)
	}
	return storage("tensor", d.Label, d.Storage)
}

// CounterHeap is the rule of counter heaps.
func CounterHeap(label string, count int) error {
	if count < 1 || count > metal.MaxCounters {
		return fmt.Errorf("%s for %d timestamps: must be from 1 to %d", Describe("counter heap", label), count, metal.MaxCounters)
	}
	return nil
}

// ArgumentTable is the rule of argument tables.
func ArgumentTable(d metal.ArgumentTableDescriptor) error {
	for _, n := range [...]struct {
		what       string
		have, most int
	}{{"buffers", d.Buffers, metal.MaxBuffers}, {"textures", d.Textures, metal.MaxTextures}, {"samplers", d.Samplers, metal.MaxSamplers}} {
		if n.have < 0 || n.have > n.most {
			return bad("argument table", d.Label, "%d %s: must be from 0 to %d", n.have, n.what, n.most)
		}
	}
	return nil
}

// Sampler is the rule of samplers.
func Sampler(d metal.SamplerDescriptor) error {
	if d.MinFilter > metal.FilterLinear || d.MagFilter > metal.FilterLinear || d.MipFilter > metal.MipFilterLinear {
		return bad("sampler", d.Label, "filters %d, %d, %d: one is unknown", d.MinFilter, d.MagFilter, d.MipFilter)
	}
	for _, a := range [...]metal.AddressMode{d.AddressU, d.AddressV, d.AddressW} {
		if a > metal.AddressModeClampToBorder {
			return bad("sampler", d.Label, "unknown address mode %d", a)
		}
	}
	if d.MaxAnisotropy < 0 || d.MaxAnisotropy > 16 {
		return bad("sampler", d.Label, "anisotropy %d: must be from 1 to 16", d.MaxAnisotropy)
	}
	if !(d.LodMin >= 0) || d.LodMax != 0 && !(d.LodMax >= d.LodMin) {
		return bad("sampler", d.Label, "levels of detail from %g to %g: must go up from 0", d.LodMin, d.LodMax)
	}
	if d.Compare > metal.CompareFunctionAlways || d.Border > metal.BorderColorOpaqueWhite {
		return bad("sampler", d.Label, "compare function %d, border color %d: one is unknown", d.Compare, d.Border)
	}
	return nil
}

// DepthStencil is the rule of depth-stencil states.
func DepthStencil(d metal.DepthStencilDescriptor) error {
	if d.DepthCompare > metal.CompareFunctionAlways {
		return bad("depth-stencil state", d.Label, "unknown compare function %d", d.DepthCompare)
	}
	for _, f := range [...]*metal.StencilDescriptor{&d.Front, &d.Back} {
		if f.Compare > metal.CompareFunctionAlways || max(f.StencilFail, f.DepthFail, f.Pass) > metal.StencilOperationDecrementWrap {
			return bad("depth-stencil state", d.Label, "unknown stencil compare function or operation in %+v", *f)
		}
	}
	return nil
}

// RenderPipeline is the rule of render pipelines, their functions left out.
func RenderPipeline(d *metal.RenderPipelineDescriptor) error {
	fail := func(format string, args ...any) error { return bad("render pipeline", d.Label, format, args...) }
	if len(d.Colors) > metal.MaxColorAttachments {
		return fail("%d color attachments: at most %d", len(d.Colors), metal.MaxColorAttachments)
	}
	for i, c := range d.Colors {
		if c.Format == metal.PixelFormatInvalid {
			continue
		}
		if !c.Format.Known() || c.Format.HasDepth() || c.Format.HasStencil() {
			return fail("color attachment %d: format %v: must be a color format", i, c.Format)
		}
		if b := c.Blend; b != nil {
			if c.Format.IsInteger() {
				return fail("color attachment %d: format %v: integers do not blend", i, c.Format)
			}
			if max(b.Operation, b.AlphaOperation) > metal.BlendOperationMax {
				return fail("color attachment %d: unknown blend operation", i)
			}
			if max(b.SourceColor, b.DestinationColor, b.SourceAlpha, b.DestinationAlpha) > metal.BlendFactorOneMinusBlendAlpha {
				return fail("color attachment %d: unknown blend factor", i)
			}
		}
	}
	if f := d.DepthStencilFormat; f != metal.PixelFormatInvalid && !f.HasDepth() && !f.HasStencil() {
		return fail("depth-stencil format %v: must be a depth or stencil format", f)
	}
	if !slices.Contains([]int{1, 2, 4, 8}, max(d.Samples, 1)) {
		return fail("%d samples: must be 1, 2, 4 or 8", d.Samples)
	}
	if Topology(d.Topology) < 0 {
		return fail("unknown topology %d", d.Topology)
	}
	return nil
}

// Topology is the class of a primitive type: 0 for points, 1 for lines, 2 for
// triangles, -1 for an unknown one.
func Topology(p metal.PrimitiveType) int {
	switch p {
	case metal.PrimitiveTypePoint:
		return 0
	case metal.PrimitiveTypeLine, metal.PrimitiveTypeLineStrip:
		return 1
	case metal.PrimitiveTypeTriangle, metal.PrimitiveTypeTriangleStrip:
		return 2
	}
	return -1
}
