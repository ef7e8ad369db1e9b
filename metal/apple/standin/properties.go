package standin

import (
	"math"
	"strings"

	"weft/metal"
	"weft/metal/apple/sdk"
)

// carryOut does what the message says.
func (c *call) carryOut() {
	m := c.method
	faults := len(c.runtime.faults)
	switch {
	case m.handle != nil:
		m.handle(c)
	case m.carry != nil:
		m.carry(c.runtime.machine, c)
	case m.property != "" && len(m.arguments) == 1:
		v := c.arguments[0]
		if v.object = v.object.copied(); v.object != nil {
			v.word = uint64(v.object.id)
		}
		c.receiver.set(m.property, v)
	case m.property != "":
		c.get()
	default:
		c.fault("the stand-in does not know how to carry this out")
	}
	if family(c.op) == "init" && m.result.Kind == sdk.Object {
		c.initialized()
	}
	if c.first == 0 && m.result.Kind == sdk.Object && m.ReturnsNull == sdk.Nonnull && len(c.runtime.faults) == faults {
		c.fault("the stand-in has no %s to return", m.Returns)
	}
}

// initialized ends a message of the init family: it takes the reference of
// alloc and gives it back with the object, or, where it returns nil, not.
func (c *call) initialized() {
	o := c.receiver
	if !o.raw {
		c.fault("it is initialized already: init follows alloc, once")
		return
	}
	o.raw = false
	if c.given == nil {
		c.runtime.release(o, "the init that returned nil")
	}
}

// get returns a property.
func (c *call) get() {
	o, m := c.receiver, c.method
	v, ok := o.get(m.property)
	switch m.result.Kind {
	case sdk.Object:
		if v.object == nil && m.ReturnsNull == sdk.Nonnull {
			t, _ := sdk.TypeNamed(m.result.Name)
			if t == nil || t.Protocol || t.ByHand {
				c.fault("the stand-in does not know how to carry this out")
				return
			}
			// Descriptors inside descriptors are there before they are set.
			v.object = c.runtime.make(m.result.Name, kindObject, c.made())
			o.set(m.property, v)
		}
		c.give(v.object)
	case sdk.Bool:
		c.yes(v.word != 0)
	case sdk.Integer:
		if t, _ := sdk.TypeNamed(o.class); !ok && t.Protocol {
			c.fault("the stand-in does not know how to carry this out")
		}
		c.answer(v.word)
	default:
		c.fault("the stand-in does not know how to carry this out")
	}
}

// defaults are the values of properties that are not 0 before they are set. The
// facts are those of the headers that are named, and of Apple's documentation
// of each class.
var defaults = map[string]map[string]value{
	// MTLTexture.h
	"MTLTextureDescriptor": {
		"textureType": number(metal.TextureType2D), "pixelFormat": number(metal.PixelFormatRGBA8Unorm),
		"width": number(1), "height": number(1), "depth": number(1),
		"mipmapLevelCount": number(1), "sampleCount": number(1), "arrayLength": number(1),
		"usage": number(metal.TextureUsageShaderRead),
	},
	// MTLHeap.h
	"MTLHeapDescriptor": {"storageMode": number(metal.StorageModePrivate)},
	// MTLTensor.h
	"MTLTensorDescriptor": {
		"dataType": number(metal.TensorDataTypeFloat32),
		"usage":    number(metal.TensorUsageRender | metal.TensorUsageCompute),
	},
	// MTLSampler.h
	"MTLSamplerDescriptor": {"maxAnisotropy": number(1), "lodMaxClamp": {floats: []float32{math.MaxFloat32}}},
	// MTLDepthStencil.h
	"MTLDepthStencilDescriptor": {"depthCompareFunction": number(metal.CompareFunctionAlways)},
	"MTLStencilDescriptor": {
		"stencilCompareFunction": number(metal.CompareFunctionAlways),
		"readMask":               number(uint32(math.MaxUint32)), "writeMask": number(uint32(math.MaxUint32)),
	},
	// MTLRenderPass.h: colors are stored and not loaded, depth and stencil are
	// cleared and not stored.
	"MTLRenderPassColorAttachmentDescriptor": {
		"storeAction": number(metal.StoreActionStore),
		"clearColor":  {doubles: []float64{0, 0, 0, 1}},
	},
	"MTLRenderPassDepthAttachmentDescriptor": {
		"loadAction": number(metal.LoadActionClear),
		"clearDepth": {doubles: []float64{1}},
	},
	"MTLRenderPassStencilAttachmentDescriptor": {"loadAction": number(metal.LoadActionClear)},
	// MTL4RenderPipeline.h
	"MTL4RenderPipelineColorAttachmentDescriptor": {
		"sourceRGBBlendFactor": number(metal.BlendFactorOne), "sourceAlphaBlendFactor": number(metal.BlendFactorOne),
		"writeMask": number(metal.ColorWriteMaskAll),
	},
	"MTL4RenderPipelineDescriptor": {"rasterSampleCount": number(1)},
	// MTL4ComputePipeline.h
	"MTL4ComputePipelineDescriptor": {"requiredThreadsPerThreadgroup": {words: []uint64{0, 0, 0}}},
	// CAMetalLayer.h
	"CAMetalLayer": {
		"pixelFormat": number(metal.PixelFormatBGRA8Unorm), "drawableSize": {doubles: []float64{0, 0}},
	},
}

func number[T ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64](n T) value {
	return value{word: uint64(n)}
}

// subscript returns the descriptor at an index of an array of descriptors,
// which has as many as there are attachments.
func subscript(c *call) {
	index := c.word(0)
	if index >= metal.MaxColorAttachments {
		c.fault("index %d: there are %d attachments", index, metal.MaxColorAttachments)
		return
	}
	o := c.receiver
	for uint64(len(o.list)) <= index {
		e := c.runtime.make(strings.TrimSuffix(o.class, "Array"), kindObject, c.made())
		e.held = 1
		o.list = append(o.list, e)
	}
	c.give(o.list[index])
}
