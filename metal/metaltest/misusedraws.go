package metaltest

import (
	"github.com/stretchr/testify/require"

	"weft/metal"
)

// drawing sets up all of a draw but the draw.
func (k *kit) drawing(e metal.RenderEncoder) metal.ArgumentTable {
	k.Helper()
	m := k.mesh(screen(0, red))
	e.SetRenderPipeline(k.pipeline())
	e.SetArgumentTable(m, both)
	return m
}

var badRender = []refusal{
	{"no pipeline", []string{"culprit"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) { e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0) })
	}},
	{"no table", []string{"culprit", "pipeline"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			e.SetRenderPipeline(k.pipeline())
			e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
		})
	}},
	{"an argument that is not set", []string{"mesh", "1"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			k.drawing(e).SetBuffer(nil, 0, 1)
			e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
		})
	}},
	{"a pipeline for another format", []string{"culprit"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			k.drawing(e)
			e.SetRenderPipeline(k.pipeline(func(d *metal.RenderPipelineDescriptor) { d.Colors[0].Format = metal.PixelFormatRGBA16Float }))
			e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
		})
	}},
	{"a pipeline for more samples", []string{"culprit"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			k.drawing(e)
			e.SetRenderPipeline(k.pipeline(fourSamples))
			e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
		})
	}},
	{"a pipeline for a pass with depth", []string{"culprit"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			k.drawing(e)
			e.SetRenderPipeline(k.depthPipeline(metal.PixelFormatDepth32Float))
			e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, 3, 1, 0)
		})
	}},
	{"another class of primitives", []string{"culprit"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			k.drawing(e)
			e.DrawPrimitives(metal.PrimitiveTypeLine, 0, 2, 1, 0)
		})
	}},
	{"a negative count", []string{"culprit"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			k.drawing(e)
			e.DrawPrimitives(metal.PrimitiveTypeTriangle, 0, -3, 1, 0)
		})
	}},
	{"indices beyond the buffer", []string{"indices"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			k.drawing(e)
			e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, 6, metal.IndexTypeUInt32, k.space("indices", 20), 0, 1, 0, 0)
		})
	}},
	{"indices at an odd offset", []string{"culprit"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			k.drawing(e)
			e.DrawIndexedPrimitives(metal.PrimitiveTypeTriangle, 3, metal.IndexTypeUInt32, k.space("indices", 64), 2, 1, 0, 0)
		})
	}},
	{"indirect arguments beyond the buffer", []string{"arguments"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			k.drawing(e)
			e.DrawPrimitivesIndirect(metal.PrimitiveTypeTriangle, k.space("arguments", 16), 4)
		})
	}},
	{"a scissor outside", []string{"culprit"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) { e.SetScissor(8, 8, 9, 1) })
	}},
	{"a table for foreign stages", []string{"culprit", "dispatch"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) { e.SetArgumentTable(k.table("t"), metal.StageDispatch) })
	}},
	{"an intra-pass barrier after fragment", []string{"culprit", "fragment"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			e.BarrierAfterEncoderStages(metal.StageFragment, metal.StageFragment, metal.VisibilityDevice)
		})
	}},
	{"an intra-pass barrier after tile", []string{"culprit", "tile"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			e.BarrierAfterEncoderStages(metal.StageVertex|metal.StageTile, metal.StageFragment, metal.VisibilityDevice)
		})
	}},
	{"an intra-pass barrier on foreign stages", []string{"culprit", "blit"}, func(k *kit) error {
		return k.drawFault(func(e metal.RenderEncoder) {
			e.BarrierAfterEncoderStages(metal.StageVertex, metal.StageBlit, metal.VisibilityDevice)
		})
	}},
}

// badPass is the error of a render pass that cannot be.
func badPass(change func(k *kit, d *metal.RenderPassDescriptor)) func(k *kit) error {
	return func(k *kit) error {
		d := cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16))
		d.Label = "culprit"
		change(k, d)
		b, a := k.other()
		return begun(k, b, a, func() error {
			e, err := b.RenderEncoder(d)
			if err == nil {
				e.EndEncoding()
			}
			return err
		})
	}
}

// resolving makes the first color many samples that are resolved into "one", and
// changes that.
func resolving(change func(k *kit, a *metal.Attachment)) func(k *kit) error {
	return badPass(func(k *kit, d *metal.RenderPassDescriptor) {
		a := &d.Colors[0].Attachment
		a.Texture, a.Store = k.sampled("many", metal.PixelFormatRGBA8Unorm, metal.StorageModePrivate), metal.StoreActionMultisampleResolve
		a.Resolve = k.target("one", metal.PixelFormatRGBA8Unorm, 16)
		change(k, a)
	})
}

var badPasses = []refusal{
	{"no descriptor", []string{"nil"}, func(k *kit) error {
		b, a := k.other()
		return begun(k, b, a, func() error {
			_, err := b.RenderEncoder(nil)
			return err
		})
	}},
	{"a level before the first", []string{"target"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) { d.Colors[0].Level = -1 })},
	{"a slice before the first", []string{"target"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) { d.Colors[0].Slice = -1 })},
	{"a resolve into a level before the first", []string{"one"}, resolving(func(k *kit, a *metal.Attachment) { a.ResolveLevel = -1 })},
	{"a resolve into a level outside", []string{"one"}, resolving(func(k *kit, a *metal.Attachment) { a.ResolveLevel = 1 })},
	{"a resolve into a slice before the first", []string{"one"}, resolving(func(k *kit, a *metal.Attachment) { a.ResolveSlice = -1 })},
	{"a resolve of something else", []string{"culprit"}, resolving(func(k *kit, a *metal.Attachment) { a.Resolve = nil })},
	{"an unknown store action", []string{"77"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) { d.Colors[0].Store = 77 })},
	{"one target twice", []string{"target"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) { d.Colors[1] = d.Colors[0] })},
	{"a clear depth of 7", []string{"7"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) {
		k.withDepth(d, metal.PixelFormatDepth32Float, 16).Depth.ClearDepth = 7
	})},
	{"nothing attached", []string{"culprit"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) { d.Colors[0].Texture = nil })},
	{"sizes that differ", []string{"small"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) {
		d.Colors[1].Attachment = metal.Attachment{Texture: k.target("small", metal.PixelFormatRGBA8Unorm, 8), Load: metal.LoadActionClear, Store: metal.StoreActionStore}
	})},
	{"samples that differ", []string{"many"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) {
		d.Colors[1].Attachment = metal.Attachment{Texture: k.sampled("many", metal.PixelFormatRGBA8Unorm, metal.StorageModePrivate), Load: metal.LoadActionClear, Store: metal.StoreActionStore}
	})},
	{"a texture that is no target", []string{"plain"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) {
		d.Colors[0].Texture = k.texture(metal.TextureDescriptor{Label: "plain", Format: metal.PixelFormatRGBA8Unorm, Width: 16, Height: 16, Usage: metal.TextureUsageShaderRead})
	})},
	{"a level outside", []string{"target"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) { d.Colors[0].Level = 1 })},
	{"a slice outside", []string{"target"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) { d.Colors[0].Slice = 1 })},
	{"a color as depth", []string{"flat"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) {
		d.Depth.Attachment = metal.Attachment{Texture: k.target("flat", metal.PixelFormatRGBA8Unorm, 16), Load: metal.LoadActionClear}
	})},
	{"depth as a color", []string{"deep"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) {
		d.Colors[0].Texture = k.target("deep", metal.PixelFormatDepth32Float, 16)
	})},
	{"a resolve without a texture", []string{"culprit"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) {
		d.Colors[0].Texture = k.sampled("many", metal.PixelFormatRGBA8Unorm, metal.StorageModePrivate)
		d.Colors[0].Store = metal.StoreActionMultisampleResolve
	})},
	{"a resolve into another format", []string{"one"}, badPass(func(k *kit, d *metal.RenderPassDescriptor) {
		d.Colors[0].Texture = k.sampled("many", metal.PixelFormatRGBA8Unorm, metal.StorageModePrivate)
		d.Colors[0].Store, d.Colors[0].Resolve = metal.StoreActionMultisampleResolve, k.target("one", metal.PixelFormatBGRA8Unorm, 16)
	})},
	{"a load of memoryless samples", []string{"many"}, strict(badPass(func(k *kit, d *metal.RenderPassDescriptor) {
		d.Colors[0].Texture = k.sampled("many", metal.PixelFormatRGBA8Unorm, metal.StorageModeMemoryless)
		d.Colors[0].Load, d.Colors[0].Store = metal.LoadActionLoad, metal.StoreActionDontCare
	}))},
	{"a pass that is not recorded", []string{"culprit"}, strict(func(k *kit) error {
		// RenderEncoder's error is also End's.
		d := cleared(k.target("target", metal.PixelFormatRGBA8Unorm, 16))
		d.Label, d.Colors[0].Level = "culprit", 5
		return k.faulty(func(b metal.CommandBuffer) {
			_, err := b.RenderEncoder(d)
			require.Error(k, err)
		})
	})},
}
