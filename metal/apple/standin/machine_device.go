package standin

import (
	"math"

	"weft/metal"
)

func (m *machine) deviceName(c *call) { c.give(c.text(m.device.Name())) }

// metal4 is MTLGPUFamilyMetal4.
const metal4 = 5002

func (m *machine) supportsFamily(c *call) {
	c.yes(c.word(0) <= metal4 && !(c.word(0) == metal4 && m.options.WithoutMetal4))
}

func (m *machine) supportsSamples(c *call) {
	n := c.word(0)
	c.yes(n == 1 || n == 2 || n == 4 || n == 8)
}

func (m *machine) maxBufferLength(c *call) { c.answer(uint64(m.device.Limits().MaxBufferLength)) }

// timestampFrequency is in ticks a second.
func (m *machine) timestampFrequency(c *call) {
	c.answer(uint64(math.Round(1e9 / m.device.Limits().TimestampNanoseconds)))
}

func (m *machine) counterEntrySize(c *call) { c.answer(8) }

func (m *machine) textureSize(c *call) {
	need, err := m.device.TextureSizeAndAlign(textureDescriptor(c, c.object(0)))
	c.sizeAndAlign(need, err)
}

func (m *machine) bufferSize(c *call) {
	s, _ := storageOf(c.word(1))
	need, err := m.device.BufferSizeAndAlign(metal.BufferDescriptor{Length: c.integer(0), Storage: s})
	c.sizeAndAlign(need, err)
}

func (c *call) sizeAndAlign(need metal.SizeAndAlign, err error) {
	if err != nil {
		c.fault("%v", err)
		return
	}
	if need.Class != 0 {
		c.fault("a resource of class %d: the device beneath cannot put everything in one heap, as Metal can", need.Class)
	}
	c.answer(uint64(need.Size), uint64(need.Align))
}

type sampler struct {
	object *object
	metal  metal.Sampler
	id     uint64
	usable bool // in argument tables
}

func (m *machine) newSampler(c *call) {
	d := c.object(0)
	s := &sampler{usable: d.integer("supportArgumentBuffers") != 0}
	lodMax := d.float("lodMaxClamp")
	if lodMax == math.MaxFloat32 {
		lodMax = 0 // no limit
	}
	var err error
	s.metal, err = m.device.NewSampler(metal.SamplerDescriptor{
		Label:     d.label(),
		MinFilter: metal.Filter(d.integer("minFilter")), MagFilter: metal.Filter(d.integer("magFilter")),
		MipFilter: metal.MipFilter(d.integer("mipFilter")),
		AddressU:  metal.AddressMode(d.integer("sAddressMode")), AddressV: metal.AddressMode(d.integer("tAddressMode")),
		AddressW: metal.AddressMode(d.integer("rAddressMode")), Border: metal.BorderColor(d.integer("borderColor")),
		MaxAnisotropy: d.integer("maxAnisotropy"), LodMin: d.float("lodMinClamp"), LodMax: lodMax,
		Compare: metal.CompareFunction(d.integer("compareFunction")),
	})
	if err != nil {
		c.fault("%v", err)
		return
	}
	s.id = m.name(s)
	s.object = c.create("MTLSamplerState", s)
}

type depthStencil struct {
	object     *object
	metal      metal.DepthStencilState
	descriptor metal.DepthStencilDescriptor
}

func (m *machine) newDepthStencil(c *call) {
	d := c.object(0)
	s := &depthStencil{}
	front, back := d.child("frontFaceStencil"), d.child("backFaceStencil")
	s.descriptor = metal.DepthStencilDescriptor{
		Label:        d.label(),
		DepthCompare: metal.CompareFunction(d.integer("depthCompareFunction")),
		DepthWrite:   d.integer("depthWriteEnabled") != 0,
		Stencil:      front != nil || back != nil,
		Front:        stencilOf(front), Back: stencilOf(back),
	}
	var err error
	if s.metal, err = m.device.NewDepthStencilState(s.descriptor); err != nil {
		c.fault("%v", err)
		return
	}
	s.object = c.create("MTLDepthStencilState", s)
}

// stencilOf reads an MTLStencilDescriptor; nil tests nothing.
func stencilOf(d *object) metal.StencilDescriptor {
	const all = math.MaxUint32
	if d == nil {
		return metal.StencilDescriptor{Compare: metal.CompareFunctionAlways, ReadMask: all, WriteMask: all}
	}
	return metal.StencilDescriptor{
		Compare:     metal.CompareFunction(d.integer("stencilCompareFunction")),
		StencilFail: metal.StencilOperation(d.integer("stencilFailureOperation")),
		DepthFail:   metal.StencilOperation(d.integer("depthFailureOperation")),
		Pass:        metal.StencilOperation(d.integer("depthStencilPassOperation")),
		ReadMask:    uint32(d.integer("readMask")), WriteMask: uint32(d.integer("writeMask")),
	}
}
